"""What staff see of an alert, and what is said when one changes: pure, like the rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from harbour.contracts.messages import Event, Message, derived_id
from harbour.contracts.safeguard import (
    AlertDetails,
    AlertOverdue,
    AlertRaised,
    AlertState,
    AlertTaken,
    AlertView,
    CanaryView,
    ClaimClock,
    ContextLine,
    Deed,
    MessageFlagged,
    OnCallView,
    Queue,
)
from harbour.screening import Finding
from services.safeguard import closing
from services.safeguard.closing import Closing
from services.safeguard.model import Alert, Colleague, Line

SCREENING = "Screening"
CLOCK = "The clock"
"""Who did it, on record, where it was no person."""


@dataclass(frozen=True)
class Shown:
    """An alert with what the room knows around it."""

    alert: Alert
    title: str
    released: bool
    """Whether an adult has let the room read it since it was held."""
    closing: Closing | None = None
    """The closing it stands on, where somebody asked to close it."""


# ── for staff ─────────────────────────────────────────────────────────────────────────────────────────────────


def view(shown: Shown) -> AlertView:
    """The alert as the queue lists it: no text."""
    alert = shown.alert
    return AlertView(
        alert_id=alert.alert_id,
        urgency=alert.urgency,
        categories=alert.categories,
        why=tuple(dict.fromkeys(reason.why for reason in alert.reasons)),
        nickname=alert.line.nickname,
        session_id=alert.line.session_id,
        title=shown.title,
        raised_at=alert.raised_at,
        due_at=alert.due_at,
        state=alert.state,
        claimed_by=alert.claimed_by,
        claimed_name=alert.claimed_name,
        pages=alert.pages,
        held=alert.line.held and not shown.released,
        closing=closing.view(shown.closing) if shown.closing and alert.state is AlertState.CLOSING else None,
        outcome=shown.closing.outcome if shown.closing and alert.state is AlertState.RESOLVED else None,
    )


def queue(shown: Iterable[Shown], resolved_today: int) -> Queue:
    """What waits before what is in hand; the most urgent first, then the soonest due, then the oldest."""
    listed = [view(one) for one in shown if one.alert.state is not AlertState.RESOLVED]
    listed.sort(key=lambda one: (one.state is not AlertState.WAITING, -one.urgency.rank, one.due_at, one.raised_at))
    waiting = sum(one.state is AlertState.WAITING for one in listed)
    return Queue(alerts=tuple(listed), waiting=waiting, resolved_today=resolved_today)


def tonight(queue: Queue, canaries: Iterable[CanaryView], on_call: Iterable[OnCallView]) -> Queue:
    """The queue with the practice alerts on it, and who is there."""
    return queue.model_copy(update={"canaries": tuple(canaries), "on_call": tuple(on_call)})


def details(shown: Shown, before: Sequence[Line], after: Sequence[Line], deeds: Sequence[Deed]) -> AlertDetails:
    """The alert, whole: its words, those around it in order, and what was done."""
    alert = shown.alert
    context = [
        *(_context(line) for line in before),
        _context(alert.line).model_copy(update={"flagged": True}),
        *(_context(line) for line in after),
    ]
    return AlertDetails(
        alert=view(shown),
        text=alert.line.text,
        version=alert.version,
        reasons=alert.reasons,
        context=tuple(context),
        deeds=tuple(deeds),
    )


def _context(line: Line) -> ContextLine:
    return ContextLine(at=line.at, nickname=line.nickname, speaker=line.speaker, text=line.text)


def taken(alert: Alert) -> AlertTaken:
    """Who has the alert, and how it stands."""
    return AlertTaken(
        alert_id=alert.alert_id, state=alert.state, claimed_by=alert.claimed_by, claimed_name=alert.claimed_name
    )


def names(page: Sequence[Colleague]) -> str:
    """Who was paged, as the record puts it."""
    return ", ".join(one.name for one in page) or "Nobody is on the rota."


def why(finding: Finding) -> str:
    """Why it came up, as the record puts it."""
    return " ".join(dict.fromkeys(reason.why for reason in finding.reasons))


def judgement(alert: Alert) -> dict[str, JsonValue]:
    """What was found, as the record keeps it: no words of anybody's."""
    return {
        "urgency": alert.urgency.value,
        "categories": [one.value for one in alert.categories],
        "rules": [one.rule for one in alert.reasons],
        "version": alert.version,
        "due_at": alert.due_at.isoformat(),
    }


# ── for the bus ───────────────────────────────────────────────────────────────────────────────────────────────


def news(cause: Message, before: Alert | None, after: Alert) -> list[Event]:
    """What there is to say when a finding made or changed an alert; nothing where it changed nothing.

    A risen urgency is said again with its clock, unless somebody already has the alert in hand.
    """
    if before == after:
        return []
    said: list[Event] = [_flagged(cause, after)]
    risen = before is None or before.urgency != after.urgency
    if risen and after.state is AlertState.WAITING:
        said.append(AlertRaised.after(cause, alert_id=after.alert_id, urgency=after.urgency, due_at=after.due_at))
        said.append(clock(cause, after))
    return said


def _flagged(cause: Message, alert: Alert) -> MessageFlagged:
    return MessageFlagged.after(
        cause,
        # One message may bring up two of the same author's, whose subject is then the same.
        id=derived_id(cause.id, MessageFlagged.fact, alert.alert_id),
        session_id=alert.line.session_id,
        member_id=alert.line.member_id,
        alert_id=alert.alert_id,
        message_id=alert.line.message_id,
        urgency=alert.urgency,
        categories=alert.categories,
        reasons=alert.reasons,
        version=alert.version,
    )


def clock(cause: Message, alert: Alert) -> ClaimClock:
    """The clock the alert now waits on."""
    return ClaimClock.after(cause, alert_id=alert.alert_id, step=alert.pages, due=alert.due_at)


def overdue(cause: ClaimClock, alert: Alert, page: Sequence[Colleague]) -> AlertOverdue:
    """Nobody claimed it in time; these people are to be paged."""
    return AlertOverdue.after(cause, urgency=alert.urgency, step=cause.step, page=tuple(one.staff_id for one in page))


def clock_again(alert: Alert, moment: datetime) -> ClaimClock:
    """A clock in place of one that was lost: it runs out at once, because the alert has waited long enough."""
    clock_id = derived_id("clock-again", alert.alert_id, alert.pages, moment.isoformat())
    return ClaimClock(id=clock_id, alert_id=alert.alert_id, step=alert.pages, due=moment)
