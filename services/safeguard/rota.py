"""Who is called, in which order, and when nobody is on duty: pure, like the rules."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import JsonValue

from harbour.contracts.messages import Refused
from harbour.contracts.rota import DutyView, Period, PutOnDuty, Unwatched
from services.safeguard.groups import Evening
from services.safeguard.model import Colleague

LONGEST = timedelta(hours=26)
"""How long one duty may be: a day and a night, and the hour that autumn gives."""

DOORS = timedelta(minutes=15)
"""How long before an evening somebody has to be there: when its doors open."""


@dataclass(frozen=True)
class Standing:
    """Who answers alerts, and how they stand just now."""

    people: tuple[Colleague, ...]
    confirmed: tuple[str, ...] = ()
    """Who has said that they are there now."""
    on_duty: tuple[str, ...] = ()
    """Who is on duty by the rota, whoever is called first first."""


def turns(standing: Standing) -> list[tuple[Colleague, ...]]:
    """Who is called one after the other.

    First those on duty who have said that they are there, then others who have said so, then the rest of those on duty;
    where there is nobody of these, every officer in the order they joined. Then the lead or leads.
    """
    everyone = _in_order(standing.people)
    by_id = {one.staff_id: one for one in everyone}
    there = set(standing.confirmed)
    first = [
        *(one for one in standing.on_duty if one in there),
        *(one.staff_id for one in everyone if one.staff_id in there),
        *standing.on_duty,
    ]
    called = [by_id[one] for one in dict.fromkeys(first) if one in by_id]
    called = called or [one for one in everyone if one.officer]
    leads = tuple(one for one in everyone if one.lead)
    return [*((one,) for one in called), *([leads] if leads else [])]


def who_to_page(standing: Standing, called: Collection[str]) -> tuple[Colleague, ...]:
    """Whose turn it is: the first turn in which somebody was not called yet, as people stand now. Once all have had
    theirs, everybody every time. Empty only where nobody answers alerts."""
    left = (turn for turn in turns(standing) if any(one.staff_id not in called for one in turn))
    return next(left, tuple(_in_order(standing.people)))


def _in_order(people: Iterable[Colleague]) -> list[Colleague]:
    answering = (one for one in people if one.safeguards)
    return sorted(answering, key=lambda one: (one.added_at, one.staff_id))


def gaps(duties: Sequence[DutyView], begins: datetime, ends: datetime) -> list[Period]:
    """When nobody is on duty between two moments."""
    found, covered = list[Period](), begins
    for duty in sorted(duties, key=lambda one: one.begins):
        if duty.begins > covered:
            found.append(Period(begins=covered, ends=min(duty.begins, ends)))
        covered = max(covered, duty.ends)
        if covered >= ends:
            return found
    return [*found, Period(begins=covered, ends=ends)]


def unwatched(
    evenings: Iterable[Evening], duties: Sequence[DutyView], begins: datetime, ends: datetime
) -> list[Unwatched]:
    """The evenings between two moments during which, for a while at least, nobody is on duty."""
    found = []
    for one in evenings:
        opens, closes = one.starts_at - DOORS, one.starts_at + timedelta(minutes=one.minutes)
        first, last = max(opens, begins), min(closes, ends)
        if first < last and gaps(duties, first, last):
            found.append(Unwatched(session_id=one.session_id, title=one.title, starts_at=one.starts_at))
    return found


def why_not_see(who: Colleague) -> Refused | None:
    """Those who answer alerts see the rota, and those who may change it."""
    return None if who.safeguards or who.coordinator else Refused(reason="not-allowed")


def may_change(who: Colleague) -> bool:
    """Whether somebody plans who is on duty: a lead or a coordinator."""
    return who.lead or who.coordinator


def why_not_put(who: Colleague, other: Colleague, wish: PutOnDuty, now: datetime) -> Refused | None:
    """A lead or a coordinator puts somebody who answers alerts on duty, for a day and a night at most at a time."""
    if not may_change(who):
        return Refused(reason="not-allowed")
    if not other.safeguards:
        return Refused(reason="nobody", say="Choose somebody who answers alerts.")
    if any(one.ends <= now for one in wish.periods):
        return Refused(reason="past", say="That is over already.")
    if any(not timedelta(0) < one.ends - one.begins <= LONGEST for one in wish.periods):
        return Refused(reason="too-long", say="A duty lasts for a day and a night at most. Put in several.")
    return None


def names(order: Collection[tuple[Colleague, ...]]) -> tuple[str, ...]:
    """Who is called, one after the other, by name."""
    return tuple(" and ".join(one.name for one in turn) for turn in order)


def facts(wish: PutOnDuty) -> dict[str, JsonValue]:
    """What the record keeps of duties that were put in."""
    periods: list[JsonValue] = [[one.begins.isoformat(), one.ends.isoformat()] for one in wish.periods]
    return {"periods": periods, "place": wish.place}
