"""What comes to the desk without a message: an adult's own worry, a missed week, a practice alert nobody saw. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from harbour.contracts.chat import AttendanceTaken, Attended, Came, Speaker
from harbour.contracts.concerns import Category, Reason, Urgency
from harbour.contracts.messages import Event, Message, Refused, derived_id
from harbour.contracts.safeguard import AlertRaised
from harbour.contracts.worries import CanaryClock, CanaryRun, RaiseConcern
from harbour.screening import Finding
from services.safeguard import rules, views
from services.safeguard.model import Alert, Clocks, Colleague, Line

PRACTICE = "practice"
"""Whose line it is where nobody's is: no case is opened on it, and no rule reads it."""
ABSENT = frozenset({Came.NEVER_CAME, Came.NOT_TONIGHT})
KINDS = {"alert": "an alert", "case": "a case", "task": "a task of the desk"}


def _finding(rule: str, urgency: Urgency, why: str, version: str) -> Finding:
    reason = Reason(rule=rule, category=Category.SELF_HARM, urgency=urgency, why=why, tier="person")
    return Finding(urgency=urgency, categories=(), reasons=(reason,), version=version)


# ── an adult's own worry ──────────────────────────────────────────────────────────────────────────────────────


def why_not_raise(who: Colleague, wish: RaiseConcern) -> Refused | None:
    """Everybody who works here may bring something to the desk, in words."""
    if not who.name:
        return Refused(reason="not-allowed")
    return None if wish.words else Refused(reason="words-needed", say="Say in a few words what worries you.")


def line_of_worry(wish: RaiseConcern, who: Colleague, now: datetime) -> Line:
    """What stands on the desk: the adult's words, about the young person."""
    text = f"{who.name} worries about {wish.nickname}: {wish.words}"
    line_id = derived_id("worry", wish.id)
    return Line(line_id, wish.session_id, wish.member_id, wish.nickname, str(Speaker.MEMBER), now, text)


def worried(wish: RaiseConcern, who: Colleague) -> Finding:
    """What it comes up as: as urgent as the adult said."""
    return _finding("adult.worry", wish.urgency, f"{who.name} worries about them, and tells the desk why.", "worry")


# ── a missed week ─────────────────────────────────────────────────────────────────────────────────────────────


def missing(event: AttendanceTaken, open_now: Mapping[str, Collection[str]]) -> list[tuple[Attended, tuple[str, ...]]]:
    """Those who did not come while something of theirs was still open from before, with what that is."""
    absent = (seat for seat in event.seats if seat.came in ABSENT and open_now.get(seat.member_id))
    return [(seat, tuple(kind for kind in KINDS if kind in open_now[seat.member_id])) for seat in absent]


def line_of_missing(event: AttendanceTaken, seat: Attended) -> Line:
    """What stands on the desk for somebody who did not come."""
    said = "They had said “not tonight”." if seat.came is Came.NOT_TONIGHT else "They had not said “not tonight”."
    text = f"{seat.nickname} did not come to {event.title}, week {event.week}. {said}"
    line_id = derived_id("missed", event.session_id, seat.member_id)
    who = (event.session_id, seat.member_id, seat.nickname)
    return Line(line_id, *who, str(Speaker.MEMBER), event.starts_at, text)


def missed(seat: Attended, kinds: Collection[str]) -> Finding:
    """What it comes up as: today, or worth noting where they told us."""
    urgency = Urgency.LOW if seat.came is Came.NOT_TONIGHT else Urgency.MEDIUM
    still = " and ".join(KINDS[kind] for kind in kinds)
    return _finding("missed.open", urgency, f"They missed an evening while {still} of theirs is open.", "attendance")


# ── a practice alert that nobody saw ──────────────────────────────────────────────────────────────────────────


def canary_clock(cause: Message, canary_id: str, session_id: str, due: datetime) -> CanaryClock:
    """When to look whether somebody has seen it."""
    return CanaryClock.after(cause, canary_id=canary_id, session_id=session_id, due=due)


def failed_canary(event: CanaryClock, now: datetime, clocks: Clocks) -> Alert:
    """The alert about it, whose clock has run out already: nobody looks at the queue, so somebody is called at once."""
    text = "Nobody said that they see the practice alert. Until somebody does, the room stays shut."
    line = Line(event.canary_id, event.session_id, PRACTICE, "Practice alert", PRACTICE, now, text)
    why = "Nobody saw the practice alert in time, so a real one might wait too."
    alert = rules.first_alert(line, _finding("canary.unseen", Urgency.HIGH, why, "canary"), now, clocks)
    return replace(alert, due_at=now)


def news_of_canary(event: CanaryClock, alert: Alert) -> list[Event]:
    """What there is to say of it: it is about no young person, so no message was flagged."""
    raised = AlertRaised.after(event, alert_id=alert.alert_id, urgency=alert.urgency, due_at=alert.due_at)
    return [raised, views.clock(event, alert)]


def as_run(run: CanaryRun, now: datetime) -> CanaryRun:
    """A practice alert as it stands now."""
    in_time = run.seen_at is not None and run.seen_at <= run.due_at
    return run.model_copy(update={"in_time": in_time, "waits": run.seen_at is None and now < run.due_at})
