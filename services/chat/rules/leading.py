"""How a room is led: what each wish of an adult changes, who may write now, and what each person is shown of it."""

from collections.abc import Iterable
from datetime import datetime

from harbour.contracts.chat import LeadRound, RoomPerson, RoomState, Round, Speaker, Ways
from harbour.contracts.messages import Refused
from services.chat.rules.evening import Gathering, Seat, leading_seat

# ── who may lead ──────────────────────────────────────────────────────────────────────────────────────────────


def ruling_seat(gathering: Gathering | None, staff_id: str) -> Seat | Refused:
    """The place of an adult who may say how the room is led: until the evening is over."""
    place = leading_seat(gathering, staff_id)
    if isinstance(place, Refused) or place.room.state is not RoomState.ENDED:
        return place
    return Refused(reason="ended")


def member_of(place: Seat, person_id: str) -> RoomPerson | None:
    """This young person of the same room; None where there is none."""
    young = (one for one in place.people if one.speaker is Speaker.MEMBER)
    return next((one for one in young if one.person_id == person_id), None)


# ── what a wish changes ───────────────────────────────────────────────────────────────────────────────────────


def muted(ways: Ways, person_id: str, quiet: bool) -> Ways:
    """This person may read and not write, or write again."""
    others = tuple(one for one in ways.muted if one != person_id)
    return _changed(ways, muted=(*others, person_id) if quiet else others) if _muted(ways, person_id) != quiet else ways


def slowed(ways: Ways, seconds: int) -> Ways:
    """So long a rest between two messages of one person."""
    return _changed(ways, slow_seconds=seconds)


def holding(ways: Ways, on: bool) -> Ways:
    """Everything waits for an adult, or no longer."""
    return _changed(ways, hold_all=on)


def showing_writing(ways: Ways, on: bool) -> Ways:
    """Everybody sees who is writing, or no longer."""
    return _changed(ways, show_writing=on)


def in_round(ways: Ways, wish: LeadRound, people: Iterable[RoomPerson]) -> Ways:
    """The round after this step; a step for somebody whose turn it no longer is changes nothing."""
    if wish.step == "begin":
        return _changed(ways, round=_round(order_of(wish.order, people)))
    if wish.step == "end":
        return _changed(ways, round=None)
    return passed_on(ways, wish.turn, again=wish.step == "later")


def passed_on(ways: Ways, person_id: str, *, again: bool = False) -> Ways:
    """The turn of this person passed on, to come again at the end or not; a round ends after the last turn."""
    if ways.round is None or ways.round.turn != person_id:
        return ways
    return _changed(ways, round=_round((*ways.round.order[1:], *((person_id,) if again else ()))))


def without(ways: Ways, person_id: str) -> Ways:
    """No turn of a round waits for this person, who has stepped out; a round of nobody ends."""
    if ways.round is None or person_id not in ways.round.order:
        return ways
    return _changed(ways, round=_round(tuple(one for one in ways.round.order if one != person_id)))


def _round(order: tuple[str, ...]) -> Round | None:
    return Round(order=order) if order else None


def order_of(wished: tuple[str, ...], people: Iterable[RoomPerson]) -> tuple[str, ...]:
    """Who takes part in a round: those wished for who belong in the room, or every young person by name."""
    members = sorted((one for one in people if one.speaker is Speaker.MEMBER), key=lambda one: one.nickname.casefold())
    known = [one.person_id for one in members]
    return tuple(dict.fromkeys(one for one in wished or known if one in known))


def _changed(ways: Ways, **fields: object) -> Ways:
    after = ways.model_copy(update=fields)
    return after if after == ways else after.model_copy(update={"revision": ways.revision + 1})


def _muted(ways: Ways, person_id: str) -> bool:
    return person_id in ways.muted


# ── who may write now ─────────────────────────────────────────────────────────────────────────────────────────


def why_not_now(place: Seat) -> str | None:
    """Why this person is asked to wait with what they have written; adults who lead never are."""
    if place.leads:
        return None
    if _muted(place.ways, place.person.person_id):
        return "muted"
    its = place.ways.round
    return "not-your-turn" if its is not None and its.turn != place.person.person_id else None


def is_slowed(place: Seat) -> bool:
    """Whether this person rests between two messages."""
    return place.ways.slow_seconds > 0 and not place.leads


def is_led_plainly(place: Seat) -> bool:
    """Whether nothing in how the room is led stands against what this person says."""
    return place.leads or (why_not_now(place) is None and not is_slowed(place) and not place.ways.hold_all)


def is_too_soon(ways: Ways, last: datetime | None, now: datetime) -> bool:
    """Whether somebody who spoke at `last` is still to rest."""
    return last is not None and (now - last).total_seconds() < ways.slow_seconds


# ── what a person is shown ────────────────────────────────────────────────────────────────────────────────────


def ways_for(place: Seat) -> Ways:
    """How the room is led, as this person may see it: that another young person is muted is nobody's business."""
    if place.sees_all:
        return place.ways
    own = tuple(one for one in place.ways.muted if one == place.person.person_id)
    return place.ways.model_copy(update={"muted": own})
