"""The doorkeeper knows a live room by heart for a moment, and turns nobody away on old knowledge."""

import asyncio
from collections.abc import Collection
from datetime import timedelta

from harbour.contracts.chat import RoomPerson, RoomState, Speaker
from harbour.contracts.messages import Refused
from services.chat.doorkeeper import Doorkeeper, Limits
from services.chat.rules import Gathering, Pace, Seat
from tests.chat.people import EVENING, gathering


class Book:
    """A room book that counts how often it is read, and a clock that goes when told."""

    def __init__(self, state: RoomState = RoomState.LIVE) -> None:
        self.room: Gathering | None = gathering(state)
        self.reads = 0
        self.read_together: list[str] = []
        self.time = 100.0
        self.slow: asyncio.Event | None = None
        self.line = 0
        self.doorkeeper = Doorkeeper(self.read, Limits(2000, Pace(2, 10)), 2.0, lambda: self.time, lambda: self.line)

    async def read(self, session_ids: Collection[str]) -> dict[str, Gathering]:
        self.reads += 1
        self.read_together = sorted(session_ids)
        found = self.room
        if self.slow is not None:
            await self.slow.wait()
        await asyncio.sleep(0)
        return dict.fromkeys(session_ids, found) if found else {}

    async def comes_in(self, person_id: str = "robin", session_id: str = "s1") -> str:
        """The room's state for somebody who has a place, else why they have none."""
        place = await self.doorkeeper.seat(session_id, person_id)
        return place.room.state.value if isinstance(place, Seat) else place.reason


async def test_a_live_room_is_read_once_and_then_known_by_heart() -> None:
    book = Book()
    assert [await book.comes_in() for _ in range(50)] == ["live"] * 50
    assert book.reads == 1


async def test_what_is_known_counts_for_two_seconds() -> None:
    book = Book()
    await book.comes_in()
    book.room = gathering(RoomState.ENDED)
    book.time += 2.0
    assert await book.comes_in() == "live"
    book.time += 0.1
    assert await book.comes_in() == "ended"


async def test_a_change_is_known_at_once_where_it_is_told() -> None:
    book = Book()
    await book.comes_in()
    book.room = gathering(RoomState.ENDED)
    book.time += 0.01
    book.doorkeeper.forget("s1")
    assert await book.comes_in() == "ended"


async def test_a_change_told_while_the_room_is_being_read_is_not_missed() -> None:
    book = Book()
    book.slow = asyncio.Event()
    first = asyncio.create_task(book.comes_in())
    while not book.reads:
        await asyncio.sleep(0)
    book.room = gathering(RoomState.ENDED)
    book.doorkeeper.forget("s1")
    book.time += 0.01
    book.slow.set()
    await first
    assert await book.comes_in() == "ended"


async def test_a_newcomer_is_let_in_at_once() -> None:
    book = Book()
    await book.comes_in()
    assert await book.comes_in("finch") == "not-yours"
    known = gathering()
    finch = RoomPerson(person_id="finch", nickname="Finch", badge="sun-sand", speaker=Speaker.MEMBER)
    book.room = Gathering(known.room, {**known.people, "finch": finch})
    book.time += 0.01
    assert await book.comes_in("finch") == "live"


async def test_nobody_is_kept_waiting_by_an_old_closed_door() -> None:
    book = Book(RoomState.DOORS)
    assert await book.comes_in() == "doors"
    book.room = gathering(RoomState.LIVE)
    book.time += 0.01
    assert await book.comes_in() == "live"


async def test_people_who_come_together_wait_for_one_reading() -> None:
    book = Book()
    assert set(await asyncio.gather(*(book.comes_in() for _ in range(40)))) == {"live"}
    assert book.reads == 1


async def test_a_room_that_is_not_there_is_refused_and_not_remembered() -> None:
    book = Book()
    book.room = None
    assert await book.comes_in() == "no-such-session"
    book.room = gathering()
    assert await book.comes_in() == "live"


async def test_only_an_adult_of_the_room_has_a_leading_place() -> None:
    book = Book()
    assert isinstance(await book.doorkeeper.leading_seat("s1", "sam"), Seat)
    refused = await book.doorkeeper.leading_seat("s1", "robin")
    assert isinstance(refused, Refused)
    assert refused.reason == "not-yours"


async def test_an_adult_who_no_longer_leads_decides_no_more_at_once() -> None:
    book = Book()
    await book.doorkeeper.leading_seat("s1", "sam")
    known = gathering()
    book.room = Gathering(known.room, {who: one for who, one in known.people.items() if who != "sam"})
    book.time += 0.01
    assert isinstance(await book.doorkeeper.leading_seat("s1", "sam"), Refused)


def test_each_person_has_a_pace_of_their_own() -> None:
    doorkeeper = Book().doorkeeper
    assert [doorkeeper.too_fast("robin", EVENING) for _ in range(3)] == [False, False, True]
    assert not doorkeeper.too_fast("wren", EVENING)
    assert not doorkeeper.too_fast("robin", EVENING + timedelta(seconds=5))


def test_breaths_are_forgotten_when_they_no_longer_matter() -> None:
    doorkeeper = Book().doorkeeper
    for n in range(12_000):
        assert not doorkeeper.too_fast(f"person{n}", EVENING + timedelta(seconds=n))
    assert len(doorkeeper._breaths) < 5_100


async def test_what_was_known_before_the_bus_was_away_counts_no_more() -> None:
    book = Book()
    await book.comes_in()
    book.room = gathering(RoomState.PAUSED)
    book.line += 1
    assert book.doorkeeper.known("s1", "robin") is None
    assert await book.comes_in() == "paused"


async def test_a_room_that_talks_is_read_again_before_its_time_is_over() -> None:
    book = Book()
    assert book.doorkeeper.known("s1", "robin") is None
    await book.comes_in()
    book.time += 1.9
    for _ in range(3):
        assert book.doorkeeper.known("s1", "robin") is not None
    await asyncio.sleep(0.01)
    assert book.reads == 2
    book.time += 1.0
    assert book.doorkeeper.known("s1", "robin") is not None
    book.doorkeeper.forget("s1")
    assert book.doorkeeper.known("s1", "robin") is None


async def test_rooms_that_talk_are_read_again_together_and_those_that_are_silent_or_new_are_not() -> None:
    book = Book()
    for name in ("s1", "s2", "silent"):
        await book.comes_in(session_id=name)
    book.time += 1.5
    await book.comes_in(session_id="new")
    for name in ("s2", "new"):
        assert book.doorkeeper.known(name, "robin") is not None
    book.time += 0.4
    assert book.doorkeeper.known("s1", "robin") is not None
    await asyncio.sleep(0.01)
    assert book.read_together == ["s1", "s2"]
    book.time += 1.0
    known = {name for name in ("s1", "s2", "silent", "new") if book.doorkeeper.known(name, "robin")}
    assert known == {"s1", "s2", "new"}


async def test_what_changes_while_rooms_are_read_again_together_is_not_missed() -> None:
    book = Book()
    await book.comes_in()
    book.time += 1.9
    book.slow = asyncio.Event()
    assert book.doorkeeper.known("s1", "robin") is not None
    while book.reads < 2:
        await asyncio.sleep(0)
    book.room = gathering(RoomState.PAUSED)
    book.time += 0.01
    book.doorkeeper.forget("s1")
    book.slow.set()
    await asyncio.sleep(0.01)
    assert book.doorkeeper.known("s1", "robin") is None
    assert await book.comes_in() == "paused"


async def test_a_room_that_cannot_be_read_again_is_known_no_longer_than_before() -> None:
    book = Book()
    await book.comes_in()
    book.time += 1.9

    async def away(session_ids: Collection[str]) -> dict[str, Gathering]:
        raise ConnectionError

    book.doorkeeper._read = away
    assert book.doorkeeper.known("s1", "robin") is not None
    await asyncio.sleep(0.01)
    book.time += 1.0
    assert book.doorkeeper.known("s1", "robin") is None
