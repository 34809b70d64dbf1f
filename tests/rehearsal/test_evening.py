"""Evenings through the real gateway, bus and services: a tiny one, and a whole one with everything used once."""

import asyncio
import json
import os
import re
import signal
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path

import psutil
import pytest
import pytest_asyncio
from rich.console import Console

from harbour.rehearsal import Trouble, lines
from harbour.rehearsal.evening import Options, rehearse
from harbour.rehearsal.house import House, own_house
from tests.journeys.memory import CHEAP
from tests.rehearsal.everything.afterwards import end
from tests.rehearsal.everything.arriving import arrive
from tests.rehearsal.everything.cast import an_evening
from tests.rehearsal.everything.leading import lead
from tests.rehearsal.everything.looking_after import look_after_each_other, take_back
from tests.rehearsal.everything.reckoning import reckon
from tests.rehearsal.everything.talking import talk
from tests.rehearsal.everything.together import do_things_together

SHORTER = {**CHEAP, "CHAT_AWAY_SECONDS": "5", "GATEWAY_SIGN_IN_FLOOR_MS": "0", "SCREENING_MEANING_FOLDER": "/nowhere"}
"""An adult's absence is noticed sooner than on a real evening, signing in costs less, and what comes up does not depend
on whether the meaning model could be had."""


@pytest_asyncio.fixture(scope="module", loop_scope="module", name="house")
async def open_house() -> AsyncIterator[House]:
    """A stack as `make run` starts it, which stands for more than one evening."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SHORTER.items():
            patch.setenv(name, value)
        async with own_house(None) as house:
            yield house


async def press_ctrl_c(printed: StringIO, after: str) -> None:
    """Press it as soon as this was printed."""
    async with asyncio.timeout(90):
        while after not in printed.getvalue():
            await asyncio.sleep(0.05)
    os.kill(os.getpid(), signal.SIGINT)


async def test_a_tiny_evening_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    texts, numbers = tmp_path / "texts", tmp_path / "numbers.json"
    texts.write_text("\n".join(lines.EVERYDAY[:20]), "utf-8")
    printed = StringIO()
    options = Options(texts=texts, courses=1, members=4, json_out=numbers)
    came = (await rehearse(options, Console(file=printed, width=100))).reckoning
    assert (came.lost, came.doubled, came.unanswered, came.unrecorded) == (0, 0, 0, 0)
    assert came.sent == came.stored == 22
    assert came.held == came.released + came.declined == 1
    assert len(came.seen_each) == 6
    assert came.seen == came.expected > 0
    assert came.flagged == came.alerts >= 1
    assert came.is_sound
    assert json.loads(numbers.read_text())["lost"] == 0
    shown = " ".join(printed.getvalue().split())
    assert "sent │ 22 of 22" in shown
    assert [text for text in (*lines.EVERYDAY, *lines.WORRYING, *lines.CONTACTS) if text in shown] == []


@pytest.mark.asyncio(loop_scope="module")
async def test_on_a_whole_evening_everybody_is_shown_all_that_is_theirs_and_nothing_else(house: House) -> None:
    async with an_evening(house) as evening:
        for act in (arrive, talk, do_things_together, look_after_each_other, lead, take_back, end):
            await act(evening)
        await reckon(evening)


@pytest.mark.asyncio(loop_scope="module")
async def test_ctrl_c_ends_the_talking_and_the_table_tells_what_was_said_so_far(house: House, tmp_path: Path) -> None:
    texts, printed = tmp_path / "texts", StringIO()
    texts.write_text("\n".join(lines.EVERYDAY * 20), "utf-8")
    pressing = asyncio.create_task(press_ctrl_c(printed, " said "))
    outcome = await rehearse(
        Options(texts=texts, courses=1, members=2, url=house.url, bus=house.bus), Console(file=printed, width=100)
    )
    await pressing
    assert outcome.reckoning.sent < outcome.planned == 667
    assert (outcome.reckoning.lost, outcome.reckoning.doubled, outcome.reckoning.unanswered) == (0, 0, 0)
    assert "Nothing new is said" in printed.getvalue()
    assert re.search(rf"sent +│ +{outcome.reckoning.sent} of 667", printed.getvalue())


async def test_ctrl_c_before_the_evening_stops_the_stack_and_says_so() -> None:
    printed, ours = StringIO(), psutil.Process()
    before = set(ours.children())
    pressing = asyncio.create_task(press_ctrl_c(printed, "Starting"))
    with pytest.raises(Trouble, match="nothing to count"):
        await rehearse(Options(courses=1, members=2), Console(file=printed))
    await pressing
    assert set(ours.children()) <= before
