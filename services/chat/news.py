"""What is said when an evening moves on, and the clocks that move it: pure, like the rules."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from harbour.contracts.chat import (
    BY_ITSELF,
    AdultsDue,
    AttendanceDue,
    CanaryDue,
    CanarySent,
    ClosingDue,
    DoorsDue,
    DoorsKeptShut,
    EndDue,
    Lack,
    RoomChanged,
    RoomState,
    SessionCancelled,
    SessionClosing,
    SessionEnded,
    SessionOpened,
    SessionPaused,
    SessionResumed,
    SessionStarted,
)
from harbour.contracts.enrolment import CourseScheduled, SessionPlan
from harbour.contracts.messages import Event, Message, Timer, derived_id
from services.chat.rules import COUNTED_AFTER, Room, Terms

_SAID: dict[RoomState, type[Event]] = {
    RoomState.DOORS: SessionOpened,
    RoomState.CLOSING: SessionClosing,
    RoomState.ENDED: SessionEnded,
    RoomState.CANCELLED: SessionCancelled,
}
_CLOCKS: tuple[type[Timer], ...] = (DoorsDue, ClosingDue, EndDue)


def moved(
    cause: Message, room: Room, to: RoomState, now: datetime, staff_id: str = BY_ITSELF, words: str = ""
) -> list[Message]:
    """The answer that an evening has moved on, and what is said of it."""
    known = {"session_id": room.session_id, "course_id": room.course_id, "staff_id": staff_id, "at": now}
    answer = RoomChanged(session_id=room.session_id, state=to)
    if to is RoomState.PAUSED:
        return [answer, SessionPaused.after(cause, **known, why="facilitator", words=words)]
    if room.state is RoomState.PAUSED and to is not RoomState.ENDED:
        return [answer, SessionResumed.after(cause, **known, state=to)]
    said = _SAID.get(to, SessionStarted).after(cause, **known)
    if to is not RoomState.ENDED:
        return [answer, said]
    return [answer, said, AttendanceDue.after(cause, session_id=room.session_id, due=now + COUNTED_AFTER)]


def paused(cause: Message, room: Room, now: datetime) -> SessionPaused:
    """The room has paused itself, because no adult is there."""
    return SessionPaused.after(cause, course_id=room.course_id, why="adults-away", at=now)


def adults_due(cause: Message, session_id: str, due: datetime) -> AdultsDue:
    """The clock that looks whether an adult is still there."""
    return AdultsDue.after(cause, session_id=session_id, due=due)


def canary(cause: Message, session_id: str, due_at: datetime) -> tuple[CanarySent, CanaryDue]:
    """A practice alert, and the clock that looks for it."""
    canary_id = derived_id("canary", cause.id, session_id)
    event = CanarySent.after(cause, session_id=session_id, canary_id=canary_id, due_at=due_at)
    return event, CanaryDue.after(cause, session_id=session_id, canary_id=canary_id, due=due_at)


def kept_shut(cause: Message, room: Room, lacks: Sequence[Lack], page: Iterable[str]) -> DoorsKeptShut:
    """It is time, and the doors cannot open."""
    return DoorsKeptShut.after(
        cause, course_id=room.course_id, lacks=tuple(lacks), page=tuple(dict.fromkeys(page))
    )  # fmt: skip


def timers_of(event: CourseScheduled, gone: Sequence[str], terms: Terms, now: datetime) -> list[Message]:
    """The clocks of every evening that is not over; those of evenings that are on the plan no more are taken back."""
    said: list[Message] = [kind.cancelled(event, session_id=one) for one in gone for kind in _CLOCKS]
    for plan in event.sessions:
        if now < terms.over_at(plan.starts_at, plan.minutes):
            said += _clocks_of(event, plan, terms, now)
    return said


def _clocks_of(event: CourseScheduled, plan: SessionPlan, terms: Terms, now: datetime) -> list[Timer]:
    def at(kind: type[Timer], due: datetime) -> Timer:
        return kind.after(event, session_id=plan.session_id, due=max(due, now))

    return [
        at(DoorsDue, terms.doors_at(plan.starts_at)),
        at(ClosingDue, terms.closing_at(plan.starts_at, plan.minutes)),
        at(EndDue, terms.over_at(plan.starts_at, plan.minutes)),
    ]
