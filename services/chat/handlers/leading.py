"""Leading the room: how fast, who in turn, what waits for an adult, who reads along, and whether writing shows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from harbour.contracts.chat import (
    HoldEverything,
    LeadRound,
    MutePerson,
    PassTurn,
    RoomLed,
    RoomRuled,
    ShowWriting,
    SlowRoom,
    Ways,
)
from harbour.contracts.messages import Refused
from harbour.runtime.rooms import Says
from services.chat import rules
from services.chat.handlers.doors import Now, RoomBook, TheWays, router
from services.chat.rules import Seat
from services.chat.store import WaysBook

Leads = MutePerson | SlowRoom | HoldEverything | ShowWriting | LeadRound | PassTurn


@router.answers(MutePerson)
async def mute_person(wish: MutePerson, rooms: RoomBook, ways: TheWays, now: Now) -> Says:
    """Let a young person read along without writing, or write again."""
    place = rules.ruling_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    if rules.member_of(place, wish.person_id) is None:
        return Refused(reason="no-such-person")
    change = partial(rules.muted, person_id=wish.person_id, quiet=wish.muted)
    return await _led(wish, place, ways, change, now)


@router.answers(SlowRoom)
async def slow_room(wish: SlowRoom, rooms: RoomBook, ways: TheWays, now: Now) -> Says:
    """Ask every young person to rest between two messages."""
    place = rules.ruling_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    return await _led(wish, place, ways, partial(rules.slowed, seconds=wish.seconds), now)


@router.answers(HoldEverything)
async def hold_everything(wish: HoldEverything, rooms: RoomBook, ways: TheWays, now: Now) -> Says:
    """Have every young person's message wait for an adult, or no longer."""
    place = rules.ruling_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    return await _led(wish, place, ways, partial(rules.holding, on=wish.on), now)


@router.answers(ShowWriting)
async def show_writing(wish: ShowWriting, rooms: RoomBook, ways: TheWays, now: Now) -> Says:
    """Let everybody see who is writing, or no longer."""
    place = rules.ruling_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    return await _led(wish, place, ways, partial(rules.showing_writing, on=wish.on), now)


@router.answers(LeadRound)
async def lead_round(wish: LeadRound, rooms: RoomBook, ways: TheWays, now: Now) -> Says:
    """Begin a round, go on in it, or end it."""
    place = rules.ruling_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    here = [one for one in place.people if one.person_id not in place.out]
    if wish.step == "begin" and not rules.order_of(wish.order, here):
        return Refused(reason="nobody-here")
    return await _led(wish, place, ways, partial(rules.in_round, wish=wish, people=here), now)


@router.answers(PassTurn)
async def pass_turn(wish: PassTurn, rooms: RoomBook, ways: TheWays, now: Now) -> Says:
    """Pass one's own turn on."""
    place = rules.seat(await rooms.gathering(wish.session_id), wish.person_id)
    if isinstance(place, Refused):
        return place
    return await _led(wish, place, ways, partial(rules.passed_on, person_id=wish.person_id), now)


async def _led(wish: Leads, place: Seat, book: WaysBook, change: Callable[[Ways], Ways], now: datetime) -> Says:
    """Keep a change and say it, where it is one."""
    before = await book.to_change(wish.session_id)
    after = change(before)
    led = RoomLed(session_id=wish.session_id, ways=rules.ways_for(replace(place, ways=after)))
    if after == before:
        return led
    await book.keep(wish.session_id, after)
    return [led, RoomRuled.after(wish, by=place.person.person_id, ways=after, at=now)]
