"""What this room thinks in: a line, an alert, a colleague, and the clocks."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from harbour.contracts.concerns import Category, Reason, Urgency
from harbour.contracts.safeguard import AlertState


@dataclass(frozen=True)
class Line:
    """A message as it was said; released from a hold or not, it is one line."""

    message_id: str
    """The id of its origin: that of `MessageHeld` where it was held first, else its own."""
    session_id: str
    member_id: str
    nickname: str
    speaker: str
    at: datetime
    text: str = field(repr=False)
    held: bool = False
    """Whether it was held at the door, so that peers had not seen it then."""


@dataclass(frozen=True)
class Alert:
    """Something an adult must look at, and where that stands."""

    alert_id: str
    line: Line
    urgency: Urgency
    categories: tuple[Category, ...]
    reasons: tuple[Reason, ...]
    version: str
    state: AlertState
    raised_at: datetime
    due_at: datetime
    """When the present clock runs out."""
    pages: int = 0
    """How often somebody was paged; also the step of the present clock."""
    claimed_by: str = ""
    claimed_name: str = ""
    resolved_at: datetime | None = None
    resolved_with: str = ""
    """The id of the wish that resolved it, or asks to, so that asking twice is answered twice and done once. It is
    also the id of its closing."""
    claimed_at: datetime | None = None
    offered_to: str = ""
    offered_name: str = ""
    """The colleague who was asked to take it over, and has not answered yet."""
    merged_into: str = ""
    """The alert of the same young person that speaks for this one."""


@dataclass(frozen=True)
class Colleague:
    """A member of staff, as far as this room needs to know them."""

    staff_id: str
    name: str
    officer: bool
    lead: bool
    added_at: datetime
    coordinator: bool = False
    supervisor: bool = False

    @property
    def safeguards(self) -> bool:
        """Whether they answer alerts."""
        return self.officer or self.lead


def stranger(staff_id: str) -> Colleague:
    """Somebody we have not heard of, who answers no alerts."""
    return Colleague(staff_id, "", officer=False, lead=False, added_at=datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True)
class Clocks:
    """How long each urgency may wait to be claimed, and a closing for its second person."""

    immediate: timedelta
    high: timedelta
    medium: timedelta
    low: timedelta
    sign_off: timedelta = timedelta(minutes=30)
    silence: timedelta = timedelta(minutes=5)
    """How long somebody may say nothing after a goodbye."""

    def of(self, urgency: Urgency) -> timedelta:
        """The time there is to claim an alert of this urgency."""
        spans = {Urgency.IMMEDIATE: self.immediate, Urgency.HIGH: self.high, Urgency.MEDIUM: self.medium}
        return spans.get(urgency, self.low)


@dataclass(frozen=True)
class Leases:
    """How long an alert stays in hand when whoever has it does nothing at the desk."""

    severe: timedelta = timedelta(minutes=10)
    calm: timedelta = timedelta(hours=2)

    def of(self, urgency: Urgency) -> timedelta:
        """The time an alert of this urgency stays in hand."""
        return self.severe if urgency.rank >= Urgency.HIGH.rank else self.calm
