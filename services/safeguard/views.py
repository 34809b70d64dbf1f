"""What staff see of an alert, and what is said when one changes: pure, like the rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from harbour.contracts.alerts import CheckInAnswers, ColleagueView, EarlierAlert, OpinionView
from harbour.contracts.desk import AlertAround, AlertMerged, AskOpinion, LeaseClock, MergeAlerts, OfferAlert
from harbour.contracts.messages import Event, Message, derived_id
from harbour.contracts.reminders import ReminderWhy, StaffReminded
from harbour.contracts.safeguard import (
    AlertDetails,
    AlertOverdue,
    AlertRaised,
    AlertState,
    AlertTaken,
    AlertView,
    CanaryView,
    ClaimAlert,
    ClaimClock,
    ContextLine,
    Deed,
    MessageFlagged,
    OnCallView,
    Queue,
)
from harbour.screening import Finding
from services.safeguard import closing, hands
from services.safeguard.closing import Closing
from services.safeguard.model import Alert, Colleague, Leases, Line

SCREENING = "Screening"
CLOCK = "The clock"
"""Who did it, on record, where it was no person."""
LEASES = Leases()
NOBODY: Mapping[str, tuple[str, ...]] = {}
ON_QUEUE = frozenset({AlertState.WAITING, AlertState.CLAIMED, AlertState.CLOSING})


@dataclass(frozen=True)
class Shown:
    """An alert with what the room knows around it."""

    alert: Alert
    title: str
    released: bool
    """Whether an adult has let the room read it since it was held."""
    closing: Closing | None = None
    """The closing it stands on, where somebody asked to close it."""
    active_at: datetime | None = None
    """When whoever has it last did something at the desk."""
    speaks_for: int = 0


# ── for staff ─────────────────────────────────────────────────────────────────────────────────────────────────


def view(shown: Shown, leases: Leases = LEASES) -> AlertView:
    """The alert as the queue lists it: no text."""
    alert = shown.alert
    in_hand = alert.state is AlertState.CLAIMED
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
        lease_until=hands.lease_until(alert, shown.active_at, leases) if in_hand else None,
        offered_to=alert.offered_to,
        offered_name=alert.offered_name,
        merged_into=alert.merged_into,
        speaks_for=shown.speaks_for,
    )


def earlier(shown: Shown) -> EarlierAlert:
    """An alert as it stands beside another of the same young person."""
    one = view(shown)
    known = one.model_dump(include=set(EarlierAlert.model_fields) - {"outcome"})
    return EarlierAlert(resolved_at=shown.alert.resolved_at, outcome=one.outcome or "", **known)


def around(
    shown: Shown, others: Sequence[Shown], opinions: Sequence[OpinionView], people: Sequence[ColleagueView],
    who: Colleague, leases: Leases,
) -> AlertAround:  # fmt: skip
    """What stands beside an alert, for this member of staff."""
    alert = shown.alert
    return AlertAround(
        alert=view(shown, leases),
        earlier=tuple(earlier(one) for one in others if one.alert.merged_into != alert.alert_id),
        merged=tuple(earlier(one) for one in others if one.alert.merged_into == alert.alert_id),
        mergeable=tuple(earlier(one) for one in others if hands.may_merge(who, alert, one.alert)),
        opinions=tuple(opinions),
        colleagues=tuple(people),
    )


def colleagues(people: Iterable[Colleague], on_call: Iterable[OnCallView], but: str) -> list[ColleagueView]:
    """Everybody else who answers alerts: whoever is on call now first, then by name."""
    there = {one.staff_id for one in on_call}
    others = [one for one in people if one.staff_id != but]
    listed = [ColleagueView(staff_id=one.staff_id, name=one.name, on_call=one.staff_id in there) for one in others]
    return sorted(listed, key=lambda one: (not one.on_call, one.name, one.staff_id))


def queue(
    shown: Iterable[Shown],
    resolved_today: int,
    leases: Leases = LEASES,
    asked: Mapping[str, tuple[str, ...]] = NOBODY,
) -> Queue:
    """What waits before what is in hand; the most urgent first, then the soonest due, then the oldest."""
    open_ = (one for one in shown if one.alert.state in ON_QUEUE)
    listed = [_asked(view(one, leases), asked) for one in open_]
    listed.sort(key=lambda one: (one.state is not AlertState.WAITING, -one.urgency.rank, one.due_at, one.raised_at))
    waiting = sum(one.state is AlertState.WAITING for one in listed)
    return Queue(alerts=tuple(listed), waiting=waiting, resolved_today=resolved_today)


def _asked(one: AlertView, asked: Mapping[str, tuple[str, ...]]) -> AlertView:
    return one.model_copy(update={"asked": asked[one.alert_id]}) if one.alert_id in asked else one


def tonight(queue: Queue, canaries: Iterable[CanaryView], on_call: Iterable[OnCallView]) -> Queue:
    """The queue with the practice alerts on it, and who is there."""
    return queue.model_copy(update={"canaries": tuple(canaries), "on_call": tuple(on_call)})


def details(
    shown: Shown, before: Sequence[Line], after: Sequence[Line], deeds: Sequence[Deed],
    check_ins: Sequence[CheckInAnswers] = (), leases: Leases = LEASES,
) -> AlertDetails:  # fmt: skip
    """The alert, whole: its words, those around it in order, and what was done."""
    alert = shown.alert
    context = [
        *(_context(line) for line in before),
        _context(alert.line).model_copy(update={"flagged": True}),
        *(_context(line) for line in after),
    ]
    return AlertDetails(
        alert=view(shown, leases),
        text=alert.line.text,
        version=alert.version,
        reasons=alert.reasons,
        context=tuple(context),
        deeds=tuple(deeds),
        check_ins=tuple(check_ins),
    )


def _context(line: Line) -> ContextLine:
    return ContextLine(at=line.at, nickname=line.nickname, speaker=line.speaker, text=line.text)


def taken(alert: Alert) -> AlertTaken:
    """Who has the alert, and how it stands."""
    return AlertTaken(
        alert_id=alert.alert_id, state=alert.state, claimed_by=alert.claimed_by, claimed_name=alert.claimed_name
    )


def by_link(wish: ClaimAlert) -> str:
    """How it was claimed, as the record puts it."""
    return "By the link in the page that was sent to them." if wish.by_link else ""


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
        raised_id = derived_id(cause.id, AlertRaised.fact, after.alert_id, after.urgency)
        raised = {"alert_id": after.alert_id, "urgency": after.urgency, "due_at": after.due_at}
        said.append(AlertRaised.after(cause, id=raised_id, **raised))
        said.append(clock(cause, after))
    return said


def _flagged(cause: Message, alert: Alert) -> MessageFlagged:
    return MessageFlagged.after(
        cause,
        # One message may bring up two of the same author's, whose subject is then the same; and heard once more, it may
        # find more around it than the first time.
        id=derived_id(cause.id, MessageFlagged.fact, alert.alert_id, alert.urgency, len(alert.reasons)),
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
    clock_id = derived_id(cause.id, ClaimClock.fact, alert.alert_id, alert.pages, alert.urgency)
    return ClaimClock.after(cause, id=clock_id, alert_id=alert.alert_id, step=alert.pages, due=alert.due_at)


def overdue(cause: ClaimClock, alert: Alert, page: Sequence[Colleague]) -> AlertOverdue:
    """Nobody claimed it in time; these people are to be paged."""
    return AlertOverdue.after(cause, urgency=alert.urgency, step=cause.step, page=tuple(one.staff_id for one in page))


def clock_again(alert: Alert, moment: datetime) -> ClaimClock:
    """A clock in place of one that was lost: it runs out at once, because the alert has waited long enough."""
    clock_id = derived_id("clock-again", alert.alert_id, alert.pages, moment.isoformat())
    return ClaimClock(id=clock_id, alert_id=alert.alert_id, step=alert.pages, due=moment)


def lease_clock(cause: Message, alert: Alert, due: datetime) -> LeaseClock:
    """When to look whether whoever has it has gone."""
    return LeaseClock.after(cause, alert_id=alert.alert_id, due=due)


def lease_again(alert: Alert, moment: datetime) -> LeaseClock:
    """A look in place of one that was lost."""
    clock_id = derived_id("lease-again", alert.alert_id, alert.claimed_by, moment.isoformat())
    return LeaseClock(id=clock_id, alert_id=alert.alert_id, due=moment)


def look_again(
    cause: LeaseClock, alert: Alert, active_at: datetime | None, leases: Leases, now: datetime
) -> LeaseClock | None:
    """The next look at whoever has it; none where it is in nobody's hands."""
    if alert.state is not AlertState.CLAIMED:
        return None
    due = hands.lease_until(alert, active_at, leases)
    return LeaseClock.after(cause, id=derived_id(cause.id, due.isoformat()), due=due)


def had_it(alert: Alert) -> str:
    """Who had it, as the record puts it."""
    return f"{alert.claimed_name} had it, and did nothing at the desk for a while."


def merged(wish: MergeAlerts, one: Alert, lead: Alert) -> list[Message]:
    """What is said of an alert that another speaks for now: its clock stops."""
    said = AlertMerged.after(wish, alert_id=one.alert_id, into_id=lead.alert_id)
    return [said, ClaimClock.cancelled(wish, alert_id=one.alert_id)]


def told(wish: OfferAlert | AskOpinion, why: ReminderWhy, other: Colleague) -> StaffReminded:
    """A named colleague is to hear, outside the page, that something waits for them."""
    return StaffReminded.after(wish, about_id=wish.alert_id, why=why, page=(other.staff_id,))
