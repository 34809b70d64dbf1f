"""Activities on the socket: everybody is given them, answers are counted, and nobody learns whose they are."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from harbour.contracts.enrolment import Step, StepKind, Wording
from services.gateway.limits import Pace
from tests.gateway.quay import HERON, JUNIPER, SAM, WREN, Quay, Screen, quay, until

PACE = Pace(idle_seconds=30, visitor_seconds=0.1, person_frames=1000, burst_frames=200, frames_per_second=200)
STEPS = (
    Step(
        step_id="s-poll",
        kind=StepKind.POLL,
        title="What helps you most?",
        minutes=10,
        options=("A walk", "Music", "A friend"),
        notes="Leave time for silence.",
    ),
    Step(step_id="s-scale", kind=StepKind.SCALE, title="How is it?", minutes=5, low="Hard", high="Okay"),
)


@pytest.fixture
async def harbourside(tmp_path: Path, redis: Redis) -> AsyncIterator[Quay]:
    """The gateway on a port, with a real bus behind it, and an evening with a plan."""
    async with quay(tmp_path, redis, pace=PACE) as here:
        here.house.steps = STEPS
        here.house.wordings = (Wording(key="quiet", topic="A quiet moment", text="No hurry."),)
        yield here


async def _pushed(sam: Screen, step_id: str = "s-poll") -> str:
    before = len(sam.of("activity"))
    await sam.send(type="push", step_id=step_id)
    await until(lambda: len(sam.of("activity")) > before)
    return str(sam.of("activity")[-1]["activity"]["activity_id"])


def _last(screen: Screen) -> Any:
    return screen.of("activity")[-1]


async def test_what_is_pushed_everybody_is_given_once(harbourside: Quay) -> None:
    juniper, wren, sam = [await harbourside.comes_in(who) for who in (JUNIPER, WREN, SAM)]
    activity_id = await _pushed(sam)
    for screen in (juniper, wren):
        await until(lambda screen=screen: screen.of("activity"))  # type: ignore[misc]
        assert _last(screen)["activity"]["activity_id"] == activity_id
    await harbourside.house.post(WREN, "a sign that all has passed")
    await juniper.reads("a sign that all has passed")
    assert len(juniper.of("activity")) == 1
    assert "Leave time" not in "".join(juniper.raw)


async def test_answers_are_counted_live_and_nobody_learns_whose_they_are(harbourside: Quay) -> None:
    juniper, wren, sam = [await harbourside.comes_in(who) for who in (JUNIPER, WREN, SAM)]
    activity_id = await _pushed(sam)
    await juniper.send(type="choose", activity_id=activity_id, choice=1)
    await until(lambda: any(frame["mine"] == 1 for frame in juniper.of("activity")))
    await wren.send(type="choose", activity_id=activity_id, choice=2)
    await until(lambda: _last(sam)["activity"]["tallies"] == [0, 1, 1])
    await juniper.send(type="choose", activity_id=activity_id, choice=2)
    for screen in (juniper, wren, sam):
        await until(lambda screen=screen: _last(screen)["activity"]["tallies"] == [0, 0, 2])  # type: ignore[misc]
    for screen in (wren, sam):
        told = "".join(text for text in screen.raw if '"activity"' in text[:20])
        assert "juniper" not in told
    assert {frame["mine"] for frame in sam.of("activity")} == {None}


async def test_who_comes_back_finds_what_is_open_and_their_own_answer(harbourside: Quay) -> None:
    juniper, sam = [await harbourside.comes_in(who) for who in (JUNIPER, SAM)]
    activity_id = await _pushed(sam, "s-scale")
    await juniper.send(type="choose", activity_id=activity_id, choice=3)
    await until(lambda: any(frame["mine"] == 3 for frame in juniper.of("activity")))
    again, heron = await harbourside.comes_in(JUNIPER), await harbourside.comes_in(HERON)
    for screen, mine in ((again, 3), (heron, None)):
        await until(lambda screen=screen: screen.of("activity"))  # type: ignore[misc]
        assert (_last(screen)["activity"]["tallies"], _last(screen)["mine"]) == ([0, 0, 0, 1, 0], mine)


async def test_a_closed_activity_takes_no_answer_and_its_numbers_stay(harbourside: Quay) -> None:
    juniper, sam = [await harbourside.comes_in(who) for who in (JUNIPER, SAM)]
    activity_id = await _pushed(sam)
    await sam.send(type="shut", activity_id=activity_id)
    await until(lambda: juniper.of("activity") and _last(juniper)["activity"]["closed_at"])
    await juniper.send(type="choose", activity_id=activity_id, choice=1)
    await juniper.sees("refused", reason="closed")


async def test_only_facilitators_push_close_and_read_the_run_sheet(harbourside: Quay) -> None:
    juniper, sam = [await harbourside.comes_in(who) for who in (JUNIPER, SAM)]
    before = len(harbourside.house.asked)
    for frame in ({"type": "push", "step_id": "s-poll"}, {"type": "shut", "activity_id": "a"}, {"type": "sheet"}):
        seen = len(juniper.of("refused"))
        await juniper.send(**frame)
        await until(lambda seen=seen: len(juniper.of("refused")) > seen)  # type: ignore[misc]
    assert {frame["reason"] for frame in juniper.of("refused")} == {"not-allowed"}
    assert len(harbourside.house.asked) == before
    await sam.send(type="sheet")
    sheet = await sam.sees("sheet")
    assert [step["title"] for step in sheet["steps"][:2]] == ["What helps you most?", "How is it?"]
    assert sheet["wordings"][0]["text"] == "No hurry."


async def test_an_activity_that_was_missed_is_given_once_one_screen_knows(harbourside: Quay) -> None:
    juniper, sam = [await harbourside.comes_in(who) for who in (JUNIPER, SAM)]
    say = harbourside.house.say
    harbourside.house.say = lambda event: _lost()  # type: ignore[method-assign]
    await sam.send(type="push", step_id="s-poll")
    await until(lambda: sam.of("activity"))
    harbourside.house.say = say  # type: ignore[method-assign]
    assert not juniper.of("activity")
    await next(iter(harbourside.hub._rooms.values())).look()
    await until(lambda: juniper.of("activity"))


async def _lost() -> int:
    return 0
