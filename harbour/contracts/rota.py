"""What safeguard says and answers about the rota: who is on duty when, so that a page finds somebody who is there."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from harbour.contracts.alerts import ColleagueView
from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key, Query


class Period(Part):
    """From one moment to another."""

    begins: AwareDatetime
    ends: AwareDatetime


# ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────


class RotaChanged(Event, fact="safeguard.rota-changed", key=("staff_id",)):
    """Somebody was put on duty, or taken off."""

    staff_id: Key
    """Who changed it."""
    of_id: Key
    """Whose duties changed."""


# ── what it answers ───────────────────────────────────────────────────────────────────────────────────────────


class DutyView(Part):
    """Somebody on duty for a while."""

    duty_id: Key
    staff_id: Key
    name: str
    begins: AwareDatetime
    ends: AwareDatetime
    place: int
    """1 is called first."""


class Unwatched(Part):
    """An evening of a group during which, for a while at least, nobody is on duty; from when its doors open."""

    session_id: Key
    title: str
    starts_at: AwareDatetime


class RotaView(Answer):
    """Who is on duty in a stretch of time, and when nobody is."""

    duties: tuple[DutyView, ...]
    gaps: tuple[Period, ...]
    next: tuple[str, ...]
    """Who would be called now, by name, one after the other; the last of them together with everybody else."""
    people: tuple[ColleagueView, ...]
    """Who may be put on duty."""
    may_change: bool
    unwatched: tuple[Unwatched, ...] = ()
    """The evenings of this time that are still to come, or go on, and have nobody on duty; soonest first."""


class ReadRota(Query[RotaView], ask="safeguard.read-rota"):
    """Who is on duty when? Refused with `not-allowed`."""

    staff_id: Key
    begins: AwareDatetime
    days: int = Field(default=14, ge=1, le=62)


class RotaTaken(Answer):
    """The rota is as was asked."""

    of_id: Key


class PutOnDuty(Command[RotaTaken], ask="safeguard.put-on-duty"):
    """Put somebody on duty, for as many periods as are given.

    Refused with `not-allowed`, `nobody`, `too-long` (more than a day and a night), `past`.
    """

    staff_id: Key
    of_id: Key
    periods: Annotated[tuple[Period, ...], Field(min_length=1, max_length=26)]
    place: int = Field(default=1, ge=1, le=9)


class TakeOffDuty(Command[RotaTaken], ask="safeguard.take-off-duty"):
    """Take somebody off. Refused with `not-allowed`, `no-such-duty`."""

    staff_id: Key
    duty_id: Key
