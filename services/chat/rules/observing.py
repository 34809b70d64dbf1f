"""Who may watch a room, what their place is, and which evenings of others somebody may come to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from harbour.contracts.chat import EveningView, ObservingBegun, ObservingEnded, RoomPerson, Speaker
from harbour.contracts.enrolment import FACILITATES, SUPERVISES, Role, StaffAdded
from harbour.contracts.messages import Refused, derived_id
from services.chat.rules.evening import Gathering, Seat, seat
from services.chat.rules.moves import OVER

LOOKS_BACK = timedelta(hours=6)
LOOKS_AHEAD = timedelta(hours=18)
"""Tonight, for somebody who looks for an evening: those that began or begin about now."""


@dataclass(frozen=True)
class Colleague:
    """A member of staff, whatever they lead."""

    staff_id: str
    name: str
    roles: frozenset[Role]
    known_at: datetime

    @property
    def supervises(self) -> bool:
        """Whether they may watch rooms of others."""
        return bool(self.roles & SUPERVISES)

    @property
    def facilitates(self) -> bool:
        """Whether they lead evenings, this one or others."""
        return bool(self.roles & FACILITATES)

    @property
    def leads_as(self) -> Role:
        """What they are in a room they lead."""
        return Role.COUNSELLOR if Role.COUNSELLOR in self.roles else Role.YOUTH_WORKER


@dataclass(frozen=True)
class Observer:
    """A supervisor who watches a room, or last did."""

    session_id: str
    staff_id: str
    name: str
    since: datetime
    heard_at: datetime
    until: datetime | None = None
    """When it ended; None while it goes on."""

    def here(self, now: datetime, away: timedelta) -> bool:
        """Whether their page was heard a moment ago."""
        return self.until is None and now - self.heard_at < away


def colleague_of(event: StaffAdded) -> Colleague:
    """What this room keeps of a member of staff."""
    return Colleague(event.staff_id, event.name, frozenset(event.roles), event.at)


def why_not_observe(gathering: Gathering | None, who: Colleague | None, staff_id: str) -> Refused | None:
    """Why this person may not watch here; None where they may."""
    if gathering is None:
        return Refused(reason="no-such-session")
    if staff_id in gathering.people:
        return Refused(reason="leads")
    return None if who is not None and who.supervises else Refused(reason="not-yours")


def reading_seat(
    gathering: Gathering | None, person_id: str, observers: Iterable[Observer], now: datetime, away: timedelta
) -> Seat | Refused:
    """Somebody's place in the room for reading: their own, or that of somebody who watches while it is on record."""
    watching = next((one for one in observers if one.staff_id == person_id and one.here(now, away)), None)
    if gathering is None or person_id in gathering.people or watching is None:
        return seat(gathering, person_id)
    person = RoomPerson(person_id=person_id, nickname=watching.name, speaker=Speaker.FACILITATOR, role=Role.LEAD)
    people = tuple(gathering.people.values())
    return Seat(gathering.room, person, people, gathering.ways, gathering.out, observes=True)


def adult_seat(
    gathering: Gathering | None, staff_id: str, observers: Iterable[Observer], now: datetime, away: timedelta
) -> Seat | Refused:
    """The place of an adult who leads the room or watches it."""
    place = reading_seat(gathering, staff_id, observers, now, away)
    return place if isinstance(place, Refused) or place.sees_all else Refused(reason="not-yours")


def observing_begun(one: Observer) -> ObservingBegun:
    """What is said when it begins, the same every time it is said."""
    return ObservingBegun(
        id=derived_id("observing-begun", one.session_id, one.staff_id, one.since.isoformat()),
        at=one.since,
        session_id=one.session_id,
        staff_id=one.staff_id,
        name=one.name,
    )


def observing_ended(one: Observer) -> ObservingEnded:
    """What is said when it has ended."""
    return ObservingEnded(
        id=derived_id("observing-ended", one.session_id, one.staff_id, one.since.isoformat()),
        at=one.heard_at,
        session_id=one.session_id,
        staff_id=one.staff_id,
        name=one.name,
        since=one.since,
    )


def observers_for(place: Seat, observers: Iterable[Observer]) -> tuple[Observer, ...]:
    """What this person sees of it: an adult who is or was watching, a young person nothing."""
    return tuple(observers) if place.sees_all else ()


def evening_for(gathering: Gathering, who: Colleague) -> EveningView | None:
    """An evening as somebody sees it who does not lead it; None where it is not theirs to come to."""
    room = gathering.room
    if who.staff_id in gathering.people or room.state in OVER or not (who.supervises or who.facilitates):
        return None
    adults = tuple(one for one in gathering.people.values() if one.speaker is Speaker.FACILITATOR)
    return EveningView(
        session_id=room.session_id,
        title=room.title,
        week=room.week,
        topic=room.topic,
        starts_at=room.starts_at,
        minutes=room.minutes,
        state=room.state,
        adults=tuple(one.nickname for one in adults),
        may_watch=who.supervises,
        may_take_over=who.facilitates,
        led_by=adults,
    )
