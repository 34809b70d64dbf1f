"""Who is asked after when a message was taken back: exactly those who had it on their screen. Pure, like the rules."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from harbour.contracts.chat import ExposureFound, MessageWithdrawn
from harbour.contracts.enrolment import CourseScheduled, Enrolled
from harbour.contracts.messages import derived_id
from harbour.contracts.tasks import Task, TaskWhy
from services.safeguard.groups import Evening, Member

PATIENCE = timedelta(minutes=10)
"""How long a task waits to learn who somebody is, which other consumers hear."""
SOMEBODY = "Somebody in this group"
"""What stands on a task for a name that was never heard."""

Shown = MessageWithdrawn | ExposureFound
"""What tells of somebody who had a withdrawn message on their screen."""


def member_of(event: Enrolled) -> Member:
    """What is kept of somebody who has a seat."""
    return Member(event.course_id, event.member_id, event.nickname, event.badge)


def evenings_of(event: CourseScheduled) -> list[Evening]:
    """What is kept of the evenings of a course."""
    return [
        Evening(plan.session_id, event.course_id, f"{event.title}, week {plan.week}", plan.starts_at, plan.minutes)
        for plan in event.sessions
    ]


def shown_to(event: Shown, author: str) -> tuple[str, ...]:
    """The young people this tells of, each once, and never the author."""
    told = event.shown_to if isinstance(event, MessageWithdrawn) else (event.member_id,)
    return tuple(sorted({*told} - {author}))


def may_still_come(event: Shown, now: datetime) -> bool:
    """Whether who they are may only be a moment late."""
    return now - event.at < PATIENCE


def check_in(event: Shown, member_id: str, evening: Evening | None, known: Mapping[str, Member], now: datetime) -> Task:
    """The one task about this person and this message."""
    who = known.get(member_id)
    return Task(
        task_id=derived_id("aftercare", event.message_id, member_id),
        session_id=event.session_id,
        member_id=member_id,
        nickname=who.nickname if who else SOMEBODY,
        badge=who.badge if who else "",
        title=evening.title if evening else "",
        evening=evening.starts_at if evening else event.at,
        why=(TaskWhy.SHOWN,),
        opened_at=now,
    )
