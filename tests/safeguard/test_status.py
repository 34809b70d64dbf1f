"""What anybody may know of the desk is what is true of today."""

from datetime import timedelta

import pytest

from harbour.contracts.safeguard import ConfirmOnCall
from harbour.contracts.status import DeskStatus, Practice, ReadStatus
from harbour.contracts.worries import CanaryRun
from services.safeguard.status import practice
from tests.safeguard.test_cases import TUESDAY, Room, room

__all__ = ["room"]


def run(due: int, seen: int | None = None) -> CanaryRun:
    """A practice alert that is due so many minutes from now, and when it was seen."""
    seen_at = None if seen is None else TUESDAY + timedelta(minutes=seen)
    return CanaryRun(canary_id=f"c{due}", title="", due_at=TUESDAY + timedelta(minutes=due), seen_at=seen_at)


@pytest.mark.parametrize(
    ("runs", "stands"),
    [
        ([], Practice.NONE),
        ([run(-24 * 60, seen=-24 * 60)], Practice.NONE),
        ([run(2)], Practice.WAITING),
        ([run(-2)], Practice.MISSED),
        ([run(-2, seen=-3)], Practice.SEEN),
        ([run(-2, seen=-1)], Practice.MISSED),
        ([run(-9), run(-2, seen=-3)], Practice.SEEN),
        ([run(-9, seen=-10), run(-2)], Practice.MISSED),
    ],
)
def test_the_last_practice_alert_of_today_counts(runs: list[CanaryRun], stands: Practice) -> None:
    assert practice(runs, TUESDAY) is stands


async def test_whether_somebody_is_there_is_known_without_their_name(room: Room) -> None:
    assert await room.asks(ReadStatus()) is not None
    before = await room.asks(ReadStatus())
    await room.asks(ConfirmOnCall(staff_id="ada"))
    after = await room.asks(ReadStatus())
    assert isinstance(after, DeskStatus)
    assert (before.staffed, after.staffed) == (False, True)
    assert set(after.model_dump(exclude={"id"})) == {"staffed", "practice"}
