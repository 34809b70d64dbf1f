"""What only the adults of a room are given: who is here, and what they tell one another."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from harbour.contracts.chat import RoomPerson, Speaker
from services.gateway.limits import Pace
from services.gateway.presence import Presence
from services.gateway.seats import Seat
from tests.gateway.quay import JUNIPER, SAM, SESSION, WREN, Quay, quay, until

PACE = Pace(idle_seconds=30, visitor_seconds=0.1, person_frames=1000, burst_frames=200, frames_per_second=200)
ASH = RoomPerson(person_id="ash", nickname="Ash", speaker=Speaker.FACILITATOR)


@pytest.fixture
async def harbourside(tmp_path: Path, redis: Redis) -> AsyncIterator[Quay]:
    """The gateway on a port, with a real bus behind it, and two adults."""
    async with quay(tmp_path, redis, pace=PACE) as here:
        here.house.people.append(ASH)
        yield here


# ── who is here ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_facilitators_learn_who_is_here_and_young_people_do_not(harbourside: Quay) -> None:
    juniper, wren, sam = [await harbourside.comes_in(who) for who in (JUNIPER, WREN, SAM)]
    await sam.sees("presence", here=["juniper", "sam", "wren"])
    await wren.leave()
    await harbourside.house.post(SAM, "a sign that all has passed")
    await juniper.reads("a sign that all has passed")
    assert not juniper.of("presence")


async def test_who_left_is_not_here_after_a_few_beats_and_who_is_on_another_copy_is(redis: Redis) -> None:
    time = 1000.0
    juniper, sam = _seat("juniper"), _seat("sam", leads=True)
    rooms_here: dict[str, set[Seat]] = {SESSION: {juniper, sam}}
    rooms_there = {SESSION: {_seat("wren")}}
    here = Presence(redis, lambda: rooms_here, beat_seconds=2, clock=lambda: time)
    there = Presence(redis, lambda: rooms_there, beat_seconds=2, clock=lambda: time)
    await there.tell()
    await here.tell()
    assert list(sam.here or ()) == ["juniper", "sam", "wren"]
    rooms_here[SESSION].remove(juniper)
    for _ in range(4):
        time += 2
        await there.tell()
        await here.tell()
    assert list(sam.here or ()) == ["sam", "wren"]
    before = len(sam.out)
    await here.tell()
    assert len(sam.out) == before, "what is no news is not told again"
    assert juniper.here is None


def _seat(person_id: str, *, leads: bool = False) -> Seat:
    seat = Seat(person_id)
    seat.greeted, seat.facilitator = True, leads
    return seat


# ── between the adults ────────────────────────────────────────────────────────────────────────────────────────


async def test_what_adults_tell_one_another_reaches_no_young_person(harbourside: Quay) -> None:
    """Not live, not on coming in, not on coming back, not when everything is read again."""
    juniper, sam, ash = [await harbourside.comes_in(who) for who in (JUNIPER, SAM, ASH)]
    await sam.send(type="note", client_id="c-1", text="Could you look after Wren?")
    await sam.send(type="handover", client_id="c-2", text="We are at the second step.")
    for screen in (sam, ash):
        await screen.sees("note", text="Could you look after Wren?", handover=False, name="Sam")
        await screen.sees("note", text="We are at the second step.", handover=True)
    wren, ash_again = await harbourside.comes_in(WREN), await harbourside.comes_in(ASH)
    await until(lambda: len(ash_again.of("note")) == 2)
    harbourside.hub.resync()
    await harbourside.house.post(SAM, "a sign that all has passed")
    for screen in (juniper, wren, ash):
        await screen.reads("a sign that all has passed")
    for screen in (juniper, wren):
        assert "look after" not in "".join(screen.raw)
        assert "second step" not in "".join(screen.raw)
    assert len(ash.of("note")) == 2


@pytest.mark.parametrize("kind", ["note", "handover"])
async def test_a_young_person_writes_nothing_there(harbourside: Quay, kind: str) -> None:
    juniper, sam = [await harbourside.comes_in(who) for who in (JUNIPER, SAM)]
    await juniper.send(type=kind, client_id="c-1", text="hello")
    await juniper.sees("refused", reason="not-allowed")
    assert not sam.of("note")
