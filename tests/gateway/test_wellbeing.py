"""The page on which somebody of the desk says how they are, in front of a real safeguard."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.safeguard import judging
from tests.gateway.desk import DeskPages, desk_pages, press, words
from tests.safeguard.people import judge_by_words


@pytest.fixture
async def desk(tmp_path: Path, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DeskPages]:
    """The pages of the desk, with a budget of one."""
    monkeypatch.setattr(judging, "judge", judge_by_words)
    monkeypatch.setenv("SAFEGUARD_HEAVY_BUDGET", "1")
    async with desk_pages(tmp_path, redis) as pages:
        yield pages


async def test_two_minutes_are_suggested_taken_and_read_by_whoever_supervises(desk: DeskPages) -> None:
    at = f"/queue/{await desk.alert('quince')}"
    async with await desk.somebody("ada") as ada, await desk.somebody("lou") as lou:
        assert "Take two minutes" not in words(await ada.get("/queue"))
        await press(ada, await ada.get(at), f"{at}/open")
        assert "Take two minutes for yourself" in words(await ada.get("/queue"))
        mine = await ada.get("/wellbeing")
        assert "live.css" in mine.text, "which sets out what was written before"
        assert "You’ve read 1 urgent message in the last 8 hours." in words(mine)
        again = await press(ada, mine, "/wellbeing", words="It stays with me.")
        assert (again.status_code, "Choose the nearest one." in words(again)) == (422, True)
        assert "It stays with me." in again.text
        kept = await press(ada, again, "/wellbeing", feels="heavy", words="It stays with me.", talk="yes")
        assert "It’s kept, for you and whoever supervises you." in words(kept)
        assert "Take two minutes" not in words(await ada.get("/queue"))
        hers = await lou.get("/wellbeing")
        assert "It stays with me." in words(hers)
        action = next(part.split('"')[0] for part in hers.text.split('action="')[1:] if "/talked" in part.split('"')[0])
        await press(lou, hers, action)
        assert "Lou talked with you" in words(await ada.get("/wellbeing"))


async def test_nobody_else_reads_it(desk: DeskPages) -> None:
    async with await desk.somebody("bea") as bea, await desk.somebody("noor") as noor:
        assert "Your colleagues" not in words(await bea.get("/wellbeing"))
        assert (await noor.get("/wellbeing")).status_code == 403
