"""The rota as pages, in front of a real safeguard: who is on duty, when nobody is, and who may change it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis.asyncio import Redis

from harbour.contracts.enrolment import CourseScheduled, SessionPlan
from harbour.contracts.rota import Period
from services.gateway.web.rota import read_periods
from tests.gateway.desk import DeskPages, desk_pages, press, words

TYPED = {"who": "bea", "day": "2099-03-24", "from": "18:00", "until": "08:00", "weeks": "2", "place": "1"}


@pytest.fixture
async def desk(tmp_path: Path, redis: Redis) -> AsyncIterator[DeskPages]:
    """The pages of the desk."""
    async with desk_pages(tmp_path, redis) as pages:
        yield pages


async def test_a_coordinator_puts_an_officer_on_duty_every_week_and_takes_her_off(desk: DeskPages) -> None:
    async with await desk.somebody("noor") as noor, await desk.somebody("ada") as ada:
        shown = await press(noor, await noor.get("/rota"), "/rota", **TYPED)
        assert "Bea 6pm to Wednesday 25 March at 8am , called first" in words(shown)
        assert "Tuesday 24 March Nobody until 6pm" in words(shown)
        assert "Wednesday 25 March Nobody from 8am" in words(shown)
        assert "Thursday 26 March Nobody all day" in words(shown)
        assert words(shown).count("Bea 6pm") == 2
        read = await ada.get("/rota?from=2099-03-24")
        assert words(read).count("Bea 6pm") == 2
        assert "Put somebody on duty" not in words(read)
        off = next(part.split('"')[0] for part in shown.text.split('action="')[1:] if part.split('"')[0] != "/rota")
        assert words(await press(noor, shown, off)).count("Bea 6pm") == 1


async def test_mistakes_are_named_beside_what_was_typed(desk: DeskPages) -> None:
    async with await desk.somebody("lou") as lou:
        for changed, sorry in (
            ({"who": ""}, "Choose somebody who answers alerts."),
            ({"day": "soon"}, "Choose the day it begins."),
            ({"until": "late"}, "A time looks like 18:00."),
            ({"day": "9999-12-31"}, "Choose the day it begins."),
            ({"who": "é"}, "Choose somebody who answers alerts."),
            ({"day": "2020-03-24"}, "That is over already."),
        ):
            shown = await press(lou, await lou.get("/rota"), "/rota", **{**TYPED, **changed})
            assert (shown.status_code, sorry in words(shown)) == (422, True), changed
            assert 'aria-invalid="true"' in shown.text


async def test_the_rota_says_who_would_be_called_now(desk: DeskPages) -> None:
    async with await desk.somebody("ada") as ada:
        assert "one after the other: Ada, then Bea, then Lou ." in words(await ada.get("/rota"))
        await press(ada, await ada.get("/queue"), "/queue/on-call")
        assert "one after the other: Ada, then Lou ." in words(await ada.get("/rota"))


async def test_an_evening_with_nobody_on_duty_is_named_until_somebody_is(desk: DeskPages) -> None:
    starts = datetime(2099, 3, 24, 19, tzinfo=UTC)
    plan = SessionPlan(session_id="s1", week=2, topic="Tonight", starts_at=starts, minutes=90)
    await desk.hears(
        CourseScheduled(course_id="c1", programme="p", title="Next steps", seats=8, sessions=(plan,), staff=())
    )
    async with await desk.somebody("noor") as noor:
        shown = await noor.get("/rota?from=2099-03-20")
        assert "Evenings with nobody on duty Tuesday 24 March at 7pm: Next steps, week 2" in words(shown)
        assert "Evenings with nobody" not in words(await noor.get("/rota"))
        await press(noor, shown, "/rota", **TYPED)
        assert "Evenings with nobody" not in words(await noor.get("/rota?from=2099-03-20"))


def test_the_clock_on_the_wall_stays_the_same_when_summer_time_begins() -> None:
    periods, wrong = read_periods({**TYPED, "day": "2026-03-24", "until": "22:00"})
    assert wrong == {}
    assert periods == (
        Period(begins=datetime(2026, 3, 24, 18, tzinfo=UTC), ends=datetime(2026, 3, 24, 22, tzinfo=UTC)),
        Period(begins=datetime(2026, 3, 31, 17, tzinfo=UTC), ends=datetime(2026, 3, 31, 21, tzinfo=UTC)),
    )


@pytest.mark.parametrize("day", ["soon", "0001-01-01", "9999-12-31"])
async def test_a_day_that_no_rota_reaches_shows_today(desk: DeskPages, day: str) -> None:
    async with await desk.somebody("ada") as ada:
        shown = await ada.get(f"/rota?from={day}")
        assert (shown.status_code, words(shown)) == (200, words(await ada.get("/rota")))
