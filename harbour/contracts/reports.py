"""How the desk did over a while: counts and times, never a person's name but those of staff, and never a score."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from harbour.contracts.closing import Outcome
from harbour.contracts.concerns import Category, Urgency
from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Key, Query


class Waited(Part):
    """How long alerts of one urgency waited, in seconds: so many, half of them no longer, 95 in 100 no longer."""

    urgency: Urgency
    number: int
    half: Annotated[float | None, Field(description="p50; nothing where there are none")] = None
    most: Annotated[float | None, Field(description="p95")] = None
    open: int = 0
    """How many wait still."""


class Work(Part):
    """What one member of the desk did: counts only."""

    name: str
    claimed: int = 0
    closed: int = 0
    signed_off: int = 0


class DeskReport(Answer):
    """The desk over a while."""

    begins: AwareDatetime
    ends: AwareDatetime
    alerts: int
    by_urgency: tuple[tuple[Urgency, int], ...]
    by_category: tuple[tuple[Category, int], ...]
    """One alert may stand under several."""
    by_outcome: tuple[tuple[Outcome, int], ...]
    closed: int
    """How many of them are closed, with an outcome."""
    to_claim: tuple[Waited, ...]
    to_reply: tuple[Waited, ...]
    """To the first private word of an adult to the same young person, or the first "spoke with them" in a case."""
    work: tuple[Work, ...]
    cut: bool = False
    """Whether there were more alerts than a report counts."""


class ReadReport(Query[DeskReport], ask="safeguard.read-report"):
    """How did the desk do, for alerts raised from one moment up to another, at most a year?

    Refused with `not-allowed`, `too-long`.
    """

    staff_id: Key
    begins: AwareDatetime
    ends: AwareDatetime
