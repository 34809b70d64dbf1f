"""Who is in which room is told to chat at once, then rarely, and when they have gone; never for each beat."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from harbour.contracts.chat import RecordStays, RoomState, Stay, StaysRecorded
from harbour.runtime.asking import Unavailable
from services.gateway.rooms import Room
from services.gateway.seats import Seat
from services.gateway.stays import Stays

BEGIN = datetime(2026, 3, 3, 19, 0, tzinfo=UTC)


class Chat:
    """Takes what it is told, unless it is away."""

    def __init__(self) -> None:
        self.told: list[Stay] = []
        self.away = False

    async def __call__(self, wish: RecordStays) -> StaysRecorded:
        """Keep it."""
        if self.away:
            raise Unavailable(wish.ask)
        self.told += wish.stays
        return StaysRecorded()

    def taken(self) -> list[tuple[str, int, int]]:
        """What was told since we asked last: who, and the seconds from and to."""
        told, self.told = self.told, []
        return [(one.person_id, _second(one.began_at), _second(one.until)) for one in told]


def _second(at: datetime) -> int:
    return int((at - BEGIN).total_seconds())


class Evening:
    """A room whose seats come and go, on a clock of its own."""

    def __init__(self) -> None:
        self.now, self.chat = BEGIN, Chat()
        self.room = Room("s1", cast(Any, None), cast(Any, None))
        self.room.state = RoomState.LIVE
        self.stays = Stays(cast(Any, self.chat), lambda: {"s1": self.room}, clock=lambda: self.now)

    def comes(self, person: str, *, may_lead: bool = False, greeted: bool = True) -> Seat:
        """Somebody opens the room."""
        seat = Seat(person, may_lead=may_lead)
        seat.greeted = greeted
        self.room.seats.add(seat)
        return seat

    async def goes_on(self, seconds: int) -> None:
        """So many seconds, in beats of five."""
        for _ in range(seconds // 5):
            await self.stays.tell()
            self.now += timedelta(seconds=5)


@pytest.fixture
def evening() -> Evening:
    """An empty room that is live."""
    return Evening()


async def test_who_comes_is_told_at_once_and_then_once_a_minute(evening: Evening) -> None:
    evening.comes("juniper")
    evening.comes("juniper")
    evening.comes("sam", may_lead=True)
    evening.comes("wren", greeted=False)
    await evening.goes_on(5)
    assert evening.chat.taken() == [("juniper", 0, 0)]
    await evening.goes_on(120)
    assert evening.chat.taken() == [("juniper", 0, 60), ("juniper", 0, 120)]


async def test_who_goes_is_told_once_and_who_is_back_in_a_moment_was_never_away(evening: Evening) -> None:
    seat = evening.comes("juniper")
    await evening.goes_on(20)
    evening.room.seats.discard(seat)
    await evening.goes_on(20)
    evening.room.seats.add(seat)
    await evening.goes_on(5)
    evening.room.seats.discard(seat)
    assert evening.chat.taken() == [("juniper", 0, 0)]
    await evening.goes_on(120)
    assert evening.chat.taken() == [("juniper", 0, 40)]
    evening.room.seats.add(seat)
    await evening.goes_on(5)
    assert evening.chat.taken() == [("juniper", 165, 165)]


async def test_only_who_has_been_away_for_half_a_minute_is_told_to_be_gone(evening: Evening) -> None:
    seat = evening.comes("juniper")
    await evening.goes_on(70)
    assert {one.gone for one in evening.chat.told} == {False}
    evening.room.seats.discard(seat)
    await evening.goes_on(60)
    assert [one.gone for one in evening.chat.told][-1]
    assert [one.gone for one in evening.chat.told].count(True) == 1
    evening.comes("juniper")
    await evening.goes_on(5)
    await evening.stays.stop()
    assert not evening.chat.told[-1].gone


@pytest.mark.parametrize("state", [RoomState.SCHEDULED, RoomState.ENDED, RoomState.CANCELLED])
async def test_whoever_waits_before_or_stays_after_is_not_told(evening: Evening, state: RoomState) -> None:
    evening.room.state = state
    evening.comes("juniper")
    await evening.goes_on(60)
    assert evening.chat.taken() == []


async def test_what_chat_did_not_hear_is_told_again(evening: Evening) -> None:
    evening.chat.away = True
    seat = evening.comes("juniper")
    await evening.goes_on(60)
    evening.room.seats.discard(seat)
    await evening.goes_on(60)
    evening.chat.away = False
    await evening.goes_on(5)
    assert evening.chat.taken() == [("juniper", 0, 55)]
    assert evening.stays._seen == {}


async def test_a_gateway_that_goes_tells_all_it_knows(evening: Evening) -> None:
    evening.comes("juniper")
    await evening.goes_on(30)
    evening.chat.taken()
    await evening.stays.stop()
    assert evening.chat.taken() == [("juniper", 0, 25)]
