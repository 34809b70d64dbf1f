"""A supervisor on the socket and on the pages: reads along, is seen by the adults alone, and leads nothing."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from harbour.contracts.chat import EveningView, KeepObserving, RoomState
from harbour.contracts.enrolment import Role, StaffView
from services.gateway.auth import cookie_name
from services.gateway.frames import Close
from services.gateway.limits import Pace
from tests.gateway.browsing import Browser
from tests.gateway.quay import JUNIPER, SAM, SESSION, Quay, Screen, quay, until
from tests.gateway.wall import Town

PACE = Pace(idle_seconds=30, visitor_seconds=0.1, person_frames=1000, burst_frames=200, frames_per_second=200)


@pytest.fixture
async def harbourside(tmp_path: Path, redis: Redis) -> AsyncIterator[Quay]:
    """The gateway on a port, with a real bus behind it."""
    async with quay(tmp_path, redis, pace=PACE) as here:
        yield here


async def ruth_watches(harbourside: Quay) -> Screen:
    """Ruth opens the room."""
    ruth = await harbourside.looks(await harbourside.token("ruth", Role.LEAD))
    await ruth.sees("hello", observing=True)
    await ruth.sees("messages", more=False)
    return ruth


async def test_the_adults_see_who_watches_and_no_young_person_does(harbourside: Quay) -> None:
    juniper, sam = [await harbourside.comes_in(who) for who in (JUNIPER, SAM)]
    ruth = await ruth_watches(harbourside)
    await sam.sees("observer", person_id="ruth", name="Ruth", until=None)
    await juniper.send(type="say", client_id="c-1", text="hello all")
    await ruth.reads("hello all")
    await sam.send(type="note", client_id="n-1", text="good to have you")
    await ruth.sees("note", text="good to have you")
    await ruth.send(type="note", client_id="n-2", text="you are doing well")
    await sam.sees("note", name="Ruth", text="you are doing well")
    await juniper.send(type="whisper", client_id="p-1", text="just for Sam")
    await sam.sees("private", text="just for Sam")
    await harbourside.house.end_observing("ruth")
    await until(lambda: [frame for frame in sam.of("observer") if frame["until"]])
    assert "just for Sam" not in "".join(ruth.raw)
    assert "ruth" not in "".join(juniper.raw).lower()


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "release", "held_id": "h"},
        {"type": "pause"},
        {"type": "practise"},
        {"type": "hold", "on": True},
        {"type": "handover", "client_id": "n", "text": "hello"},
        {"type": "remove", "person_id": "juniper", "reason": "because"},
        {"type": "withdraw", "number": 1},
    ],
    ids=lambda frame: str(frame["type"]),
)
async def test_who_watches_leads_nothing(harbourside: Quay, frame: dict[str, Any]) -> None:
    ruth = await ruth_watches(harbourside)
    before = len(harbourside.house.asked)
    await ruth.send(**frame)
    await ruth.sees("refused", reason="not-allowed")
    assert len(harbourside.house.asked) == before


async def test_their_page_keeps_them_on_record_and_one_that_fell_silent_comes_back_anew(harbourside: Quay) -> None:
    ruth = await ruth_watches(harbourside)
    asked = harbourside.house.asked
    before = sum(isinstance(wish, KeepObserving) for wish in asked)
    await ruth.send(type="here")
    await until(lambda: sum(isinstance(wish, KeepObserving) for wish in asked) == before + 1)
    await harbourside.house.end_observing("ruth")
    await next(iter(harbourside.hub._rooms.values())).look()
    assert await ruth.closes() == Close.TRY_AGAIN
    again = await ruth_watches(harbourside)
    assert again.of("observer")[-1]["until"] is None


async def test_other_staff_do_not_come_in_and_an_officer_has_no_console(harbourside: Quay) -> None:
    for who, role in (("nell", Role.LEAD), ("olu", Role.OFFICER), ("cora", Role.COORDINATOR)):
        token = await harbourside.token(who, role)
        assert await (await harbourside.looks(token)).closes() == Close.NOT_YOURS
        cookies = {cookie_name(harbourside.app.state.settings): token}
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{harbourside.port}", cookies=cookies) as browser:
            assert (await browser.get(f"/console/{SESSION}")).status_code == 403


async def test_a_supervisor_finds_tonights_rooms_at_home(town: Town, browser: Browser) -> None:
    town.staff["omar"] = StaffView(staff_id="omar", name="Omar", roles=(Role.LEAD,))
    town.evenings = (
        EveningView(
            session_id="s9", title="Tuesday group", week=2, topic="Waves", starts_at=datetime.now(UTC), minutes=90,
            state=RoomState.LIVE, adults=("Sam", "Jo"), may_watch=True,
        ),
    )  # fmt: skip
    await browser.send_form("/staff/sign-in", email="omar@example.org", password="tide-by-tide")
    await browser.send_form("/staff/code", code=town.totp)
    home = await browser.get("/staff")
    assert "Sam and Jo lead" in home.text
    assert 'href="/console/s9">Watch' in home.text
    town.silent = {"chat.list-evenings"}
    assert "We can’t see tonight’s other evenings just now" in (await browser.get("/staff")).text
