"""Whom a coordinator asks after, and who may say that it is done."""

from datetime import datetime, timedelta

from harbour.contracts.chat import AttendanceTaken, Attended, Came
from harbour.contracts.enrolment import Role
from harbour.contracts.messages import Refused, derived_id
from harbour.contracts.tasks import Task, TaskOpened, TaskWhy
from services.enrolment.records import StaffRecord

SHOWN_FOR = timedelta(days=14)
"""How long what is done stays on the list."""


def is_missed(seat: Attended) -> bool:
    """Whether somebody had a seat, did not come, and did not say that they would not."""
    return seat.came is Came.NEVER_CAME


def task(event: AttendanceTaken, seat: Attended, missed: int, now: datetime) -> Task:
    """What there is to do about somebody who was missed: one for each person and evening."""
    return Task(
        task_id=derived_id("missed", event.session_id, seat.member_id),
        session_id=event.session_id,
        member_id=seat.member_id,
        nickname=seat.nickname,
        badge=seat.badge,
        title=f"{event.title}, week {event.week}",
        evening=event.starts_at,
        why=(TaskWhy.NEVER_CAME,),
        missed=missed,
        opened_at=now,
    )


def opened(event: AttendanceTaken, one: Task) -> TaskOpened:
    """What is said of it."""
    return TaskOpened.after(event, task_id=one.task_id, member_id=one.member_id, why=one.why)


def why_not_read(who: StaffRecord | None) -> Refused | None:
    """Tasks are for coordinators."""
    return None if who is not None and Role.COORDINATOR in who.roles else Refused(reason="not-allowed")


def why_not_finish(one: Task | None, note: str) -> Refused | None:
    """Why a task cannot be done so."""
    if one is None:
        return Refused(reason="no-such-task")
    if one.done_at is not None:
        return Refused(reason="done", say=f"{one.done_by} has done it.")
    return None if note else Refused(reason="note-needed")
