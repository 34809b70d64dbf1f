"""Who needs somebody after an evening, and who may say that it is done: pure, like the rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from harbour.contracts.chat import AttendanceTaken, Attended, Came, DebriefWritten
from harbour.contracts.follow_ups import FollowUpOpened
from harbour.contracts.messages import Event, Refused, derived_id
from harbour.contracts.reminders import ReminderWhy, StaffReminded
from harbour.contracts.tasks import Task, TaskWhy
from services.safeguard.model import Colleague

VERY_HARD = 1
"""The lowest of what somebody may say at the check-in."""
SHOWN_FOR = timedelta(days=14)
"""How long what is done stays on the list."""
_CLOCKS = timedelta(minutes=1)
"""How far the clocks of two machines may be apart."""


@dataclass(frozen=True)
class Concern:
    """Something of somebody's that came up, or was held."""

    at: datetime
    help: bool = False
    """Whether they pressed "I need help now"."""


@dataclass(frozen=True)
class Departure:
    """Somebody who left an evening early."""

    session_id: str
    member_id: str
    last_at: datetime
    nickname: str
    badge: str
    title: str
    evening: datetime


def departures(event: AttendanceTaken) -> list[Departure]:
    """Everybody who left early."""
    title, evening = _title(event), event.starts_at
    return [
        Departure(event.session_id, seat.member_id, seat.last_at, seat.nickname, seat.badge, title, evening)
        for seat in event.seats
        if seat.came is Came.LEFT_EARLY and seat.last_at is not None
    ]


def after_evening(event: AttendanceTaken, concerns: Mapping[str, Sequence[Concern]], now: datetime) -> list[Task]:
    """What there is for the desk to do: one task at most for each person."""
    return [
        Task(
            task_id=task_id(event.session_id, seat.member_id),
            session_id=event.session_id,
            member_id=seat.member_id,
            nickname=seat.nickname,
            badge=seat.badge,
            title=_title(event),
            evening=event.starts_at,
            why=why,
            opened_at=now,
        )
        for seat in event.seats
        if (why := (*_left_after(seat, concerns.get(seat.member_id, ())), *_said_at_the_door(seat)))
    ]


def after_all(gone: Departure, concerns: Iterable[Concern], now: datetime) -> Task | None:
    """The task about somebody who had left early when something of theirs came up late."""
    if not (why := _after(gone.last_at, concerns)):
        return None
    known = {name: value for name, value in vars(gone).items() if name != "last_at"}
    return Task(task_id=task_id(gone.session_id, gone.member_id), why=why, opened_at=now, **known)


def worries(event: DebriefWritten, now: datetime) -> list[Task]:
    """The tasks about those an adult worries about, with the adult's words."""
    return [
        Task(
            task_id=derived_id("worry", event.session_id, event.staff_id, one.member_id),
            session_id=event.session_id,
            member_id=one.member_id,
            nickname=one.nickname,
            badge=one.badge,
            title=_title(event),
            evening=event.starts_at,
            why=(TaskWhy.WORRY,),
            words=event.debrief.worry,
            by=event.name,
            opened_at=now,
        )
        for one in event.worries
    ]


def would_talk(event: DebriefWritten, rota: Iterable[Colleague]) -> list[StaffReminded]:
    """Word to the leads that whoever wrote this would like somebody to talk with; to nobody where they would not."""
    if not event.debrief.talk:
        return []
    leads = tuple(one.staff_id for one in rota if one.lead and one.staff_id != event.staff_id)
    return [StaffReminded.after(event, about_id=event.session_id, why=ReminderWhy.DEBRIEF, page=leads)]


def task_id(session_id: str, member_id: str) -> str:
    """The one task about this person after this evening."""
    return derived_id("follow-up", session_id, member_id)


def _title(event: AttendanceTaken | DebriefWritten) -> str:
    return f"{event.title}, week {event.week}"


def _left_after(seat: Attended, concerns: Iterable[Concern]) -> tuple[TaskWhy, ...]:
    if seat.came is not Came.LEFT_EARLY or seat.last_at is None:
        return ()
    return _after(seat.last_at, concerns)


def _after(last_at: datetime, concerns: Iterable[Concern]) -> tuple[TaskWhy, ...]:
    """Why somebody who was last there at this moment is to be looked after: what came up before it."""
    before = [one for one in concerns if one.at <= last_at + _CLOCKS]
    found = {
        TaskWhy.LEFT_AFTER_HELP: any(one.help for one in before),
        TaskWhy.LEFT_AFTER_CONCERN: any(not one.help for one in before),
    }
    return tuple(why for why, is_so in found.items() if is_so)


def _said_at_the_door(seat: Attended) -> tuple[TaskWhy, ...]:
    away = seat.came in (Came.NOT_TONIGHT, Came.NEVER_CAME)
    found = {
        TaskWhy.HARD_EVENING: seat.feeling == VERY_HARD and seat.came is not Came.STAYED,
        TaskWhy.TOLD_US: seat.told_us and away,
    }
    return tuple(why for why, is_so in found.items() if is_so)


def opened(cause: Event, one: Task) -> FollowUpOpened:
    """What is said of a task: never words."""
    return FollowUpOpened.after(
        cause, task_id=one.task_id, session_id=one.session_id, member_id=one.member_id, why=one.why
    )


def why_not_finish(one: Task | None, note: str) -> Refused | None:
    """Why a task cannot be done so."""
    if one is None:
        return Refused(reason="no-such-task")
    if one.done_at is not None:
        return Refused(reason="done", say=f"{one.done_by} has done it.")
    return None if note else Refused(reason="note-needed")
