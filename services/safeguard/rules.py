"""Why a message becomes an alert, how soon somebody must look, who is called next, and who may do what.

Nothing here rates a person: urgency belongs to a message, and says only how fast an adult must look.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from harbour.contracts.chat import MemberCheckedIn, MessageHeld, MessagePosted, PrivateWordSent, Speaker
from harbour.contracts.concerns import Category, Reason, Urgency
from harbour.contracts.enrolment import CourseScheduled, Role, StaffAdded
from harbour.contracts.messages import Refused, derived_id
from harbour.contracts.safeguard import AlertState
from harbour.screening import Finding
from services.safeguard.model import Alert, Clocks, Colleague, Line

LONDON = ZoneInfo("Europe/London")


# ── a message ─────────────────────────────────────────────────────────────────────────────────────────────────


Said = MessagePosted | MessageHeld | PrivateWordSent | MemberCheckedIn
"""What a young person may have said where an adult should look."""


def line_of(event: Said) -> Line:
    """The line an event tells of; held and then released, it is the same line. Peers never see a check-in or
    a private word."""
    if isinstance(event, MemberCheckedIn):
        who = {"session_id": event.session_id, "member_id": event.member_id, "nickname": event.nickname}
        return Line(message_id=event.id, **who, speaker=str(Speaker.MEMBER), at=event.at, text=event.text, held=True)
    if isinstance(event, PrivateWordSent):
        speaker = Speaker.FACILITATOR if event.by_adult else Speaker.MEMBER
        who = {"session_id": event.session_id, "member_id": event.author_id, "nickname": event.nickname}
        return Line(message_id=event.id, **who, speaker=str(speaker), at=event.at, text=event.text, held=True)
    held_id = event.held_id if isinstance(event, MessagePosted) else ""
    return Line(
        message_id=held_id or event.id,
        session_id=event.session_id,
        member_id=event.member_id,
        nickname=event.nickname,
        speaker=str(event.speaker),
        at=event.at,
        text=event.text,
        held=bool(held_id) or isinstance(event, MessageHeld),
    )


def as_first_heard(line: Line, at: datetime) -> Line:
    """The line in its place among the others: where it was first heard, however often it is."""
    return replace(line, at=at)


def is_release(event: Said) -> bool:
    """Whether an adult has just let the room read a message that was held."""
    return isinstance(event, MessagePosted) and bool(event.held_id)


def alert_id_for(message_id: str) -> str:
    """The one alert that a message can become, whoever judges it and however often."""
    return derived_id("alert", message_id)


def is_judged(line: Line) -> bool:
    """Only young people's messages are judged; the adults' are kept as context."""
    return line.speaker == Speaker.MEMBER


Judge = Callable[[str, Sequence[str]], Finding | None]


def judge_around(line: Line, before: Sequence[Line], after: Sequence[Line], judge: Judge) -> list[tuple[Line, Finding]]:
    """What comes up in this line, and in those of its author that overtook it, each with all that went before.

    Copies work at once, so a line may be heard after the next one. The next one is then judged once more, because
    what was split over both only shows now.
    """
    if not is_judged(line):
        return []
    run = [*before, line, *after]
    found = []
    for place in range(len(before), len(run)):
        finding = judge(run[place].text, [one.text for one in run[:place]])
        if finding is not None:
            found.append((run[place], finding))
    return found


def could_not_be_judged() -> Finding:
    """What stands in for a judgement that failed: somebody reads the message themselves, within the session."""
    why = "This message could not be judged; please read it."
    reason = Reason(rule="judging-failed", category=Category.SELF_HARM, urgency=Urgency.HIGH, why=why)
    return Finding(urgency=Urgency.HIGH, categories=(), reasons=(reason,), version="judging-failed")


# ── an alert and its clock ────────────────────────────────────────────────────────────────────────────────────


def due(urgency: Urgency, now: datetime, clocks: Clocks) -> datetime:
    """When an alert of this urgency must have been claimed, if its clock starts now."""
    return now + clocks.of(urgency)


def first_alert(line: Line, finding: Finding, now: datetime, clocks: Clocks) -> Alert:
    """The alert that this finding becomes where there was none."""
    return Alert(
        alert_id=alert_id_for(line.message_id),
        line=line,
        urgency=finding.urgency,
        categories=finding.categories,
        reasons=finding.reasons,
        version=finding.version,
        state=AlertState.WAITING,
        raised_at=now,
        due_at=due(finding.urgency, now, clocks),
    )


def joined(alert: Alert, finding: Finding, now: datetime, clocks: Clocks) -> Alert:
    """The alert with a later finding on the same message: reasons are added and urgency only ever rises.

    Where it rises, the clock is never later than the new urgency allows, and an alert that was already resolved,
    or about to be, waits again, because what was resolved was less than this.
    """
    reasons = _merged(alert.reasons, finding.reasons)
    if reasons == alert.reasons and finding.urgency.rank <= alert.urgency.rank:
        return alert
    categories = tuple(dict.fromkeys([*alert.categories, *finding.categories]))
    grown = replace(alert, reasons=reasons, categories=categories, version=finding.version)
    if finding.urgency.rank <= alert.urgency.rank:
        return grown
    soonest = due(finding.urgency, now, clocks)
    grown = replace(grown, urgency=finding.urgency)
    if alert.state is AlertState.WAITING:
        return replace(grown, due_at=min(alert.due_at, soonest))
    if alert.state in (AlertState.RESOLVED, AlertState.CLOSING, AlertState.MERGED):
        return waiting_again(grown, soonest)
    return grown


def _merged(known: Sequence[Reason], new: Sequence[Reason]) -> tuple[Reason, ...]:
    """Each rule once, at its most urgent, the most urgent first."""
    by_rule = {reason.rule: reason for reason in known}
    for reason in new:
        if reason.rule not in by_rule or by_rule[reason.rule].urgency.rank < reason.urgency.rank:
            by_rule[reason.rule] = reason
    return tuple(sorted(by_rule.values(), key=lambda reason: -reason.urgency.rank))


def waiting_again(alert: Alert, due_at: datetime) -> Alert:
    """The alert in nobody's hands, with its clock running."""
    return replace(
        alert,
        state=AlertState.WAITING,
        due_at=due_at,
        claimed_by="",
        claimed_name="",
        claimed_at=None,
        offered_to="",
        offered_name="",
        merged_into="",
        resolved_at=None,
        resolved_with="",
    )


def begins_anew(before: Alert | None, after: Alert) -> bool:
    """Whether one that somebody had dealt with waits again, so that its calls begin with whoever is there now."""
    dealt_with = (AlertState.RESOLVED, AlertState.CLOSING, AlertState.MERGED)
    return before is not None and before.state in dealt_with and is_waiting(after)


def is_waiting(alert: Alert) -> bool:
    """Whether nobody has taken it on yet."""
    return alert.state is AlertState.WAITING


def is_present_clock(alert: Alert, step: int, due: datetime) -> bool:
    """Whether this clock is the one the alert waits on; each step pages once, however often it is heard.

    Two copies may publish in another order than they committed, so an old clock may come in place of the present one.
    """
    return alert.pages == step and due >= alert.due_at


def paged(alert: Alert, now: datetime, clocks: Clocks) -> Alert:
    """The alert after a page: the next clock runs."""
    return replace(alert, pages=alert.pages + 1, due_at=due(alert.urgency, now, clocks))


# ── the people who answer ─────────────────────────────────────────────────────────────────────────────────────


def colleague_of(event: StaffAdded) -> Colleague:
    """What this room keeps of a member of staff: who they are and whether they answer alerts."""
    return Colleague(
        staff_id=event.staff_id,
        name=event.name,
        officer=Role.OFFICER in event.roles,
        lead=Role.LEAD in event.roles,
        coordinator=Role.COORDINATOR in event.roles,
        supervisor=Role.SUPERVISOR in event.roles,
        added_at=event.at,
    )


def titles_of(event: CourseScheduled) -> dict[str, str]:
    """What each evening of a course is called on the queue."""
    return {plan.session_id: f"{event.title}, week {plan.week}" for plan in event.sessions}


# ── what somebody may do ──────────────────────────────────────────────────────────────────────────────────────


NO_SUCH_ALERT = Refused(reason="no-such-alert")
CLOSING = Refused(reason="closing", say="It waits for a second person to sign it off.")
MERGED = Refused(reason="merged", say="Another alert speaks for this one.")


def why_not_read(who: Colleague) -> Refused | None:
    """Only those who answer alerts see the queue and open an alert."""
    if who.safeguards:
        return None
    return Refused(reason="not-allowed", say="Only safeguarding officers and leads work with alerts.")


def why_not_claim(who: Colleague, alert: Alert) -> Refused | None:
    """An alert has one owner; claiming one's own again is fine."""
    if refused := why_not_read(who):
        return refused
    if alert.state is AlertState.RESOLVED:
        return Refused(reason="resolved")
    if alert.state is AlertState.CLOSING:
        return CLOSING
    if alert.state is AlertState.MERGED:
        return MERGED
    if alert.state is AlertState.CLAIMED and alert.claimed_by != who.staff_id:
        return Refused(reason="claimed", say=f"{alert.claimed_name} has this one.")
    return None


def why_not_resolve(who: Colleague, alert: Alert, note: str) -> Refused | None:
    """Its owner closes an alert, with a note; a lead may close any."""
    if refused := why_not_read(who):
        return refused
    if alert.state is AlertState.RESOLVED:
        return Refused(reason="resolved")
    if alert.state is AlertState.CLOSING:
        return CLOSING
    if alert.state is AlertState.MERGED:
        return MERGED
    if alert.claimed_by != who.staff_id and not who.lead:
        say = f"{alert.claimed_name} has this one." if alert.claimed_name else "Claim it first."
        return Refused(reason="not-yours", say=say)
    if not note.strip():
        return Refused(reason="note-needed", say="Write down what you did, so that the next person knows.")
    return None


def claimed(alert: Alert, who: Colleague, now: datetime) -> Alert:
    """The alert in the hands of one adult; what was offered to somebody is not any more."""
    return replace(
        alert,
        state=AlertState.CLAIMED,
        claimed_by=who.staff_id,
        claimed_name=who.name,
        claimed_at=now,
        offered_to="",
        offered_name="",
    )


def resolved(alert: Alert, who: Colleague, now: datetime, wish_id: str) -> Alert:
    """The alert, done; one that nobody had claimed counts as taken by the lead who closed it."""
    taken = alert if alert.claimed_by else claimed(alert, who, now)
    return replace(taken, state=AlertState.RESOLVED, resolved_at=now, resolved_with=wish_id)


def start_of_day(now: datetime) -> datetime:
    """When today began in London."""
    return datetime.combine(now.astimezone(LONDON).date(), time.min, LONDON)


def on_call_until(now: datetime, hours: int) -> datetime:
    """Until when somebody is there who says so now."""
    return now + timedelta(hours=hours)
