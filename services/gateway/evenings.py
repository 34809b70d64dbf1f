"""Which evening is meant: tonight's, the next one, all of them; time is an argument."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from harbour.contracts.enrolment import CourseView, SessionPlan

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Evening:
    """One evening of one course, for somebody who leads it."""

    course: CourseView
    plan: SessionPlan


def ends(plan: SessionPlan) -> datetime:
    """When this evening is over."""
    return plan.starts_at + timedelta(minutes=plan.minutes)


def is_today(plan: SessionPlan, now: datetime) -> bool:
    """Whether this evening is on today's page of the calendar in London, or going on right now."""
    same_day = plan.starts_at.astimezone(LONDON).date() == now.astimezone(LONDON).date()
    return same_day or plan.starts_at <= now < ends(plan)


def next_evening(sessions: Iterable[SessionPlan], now: datetime) -> SessionPlan | None:
    """The evening that is on or comes next; None when the course is over."""
    return min((plan for plan in sessions if ends(plan) > now), key=lambda plan: plan.starts_at, default=None)


def tonight(sessions: Iterable[SessionPlan], now: datetime) -> SessionPlan | None:
    """Today's evening: the one that is on or still to come, else the last of those that are over."""
    today = sorted((plan for plan in sessions if is_today(plan, now)), key=lambda plan: plan.starts_at)
    return next_evening(today, now) or (today[-1] if today else None)


def so_far(sessions: Iterable[SessionPlan], now: datetime) -> list[SessionPlan]:
    """The evenings that have begun, in order; the last of them is this week's."""
    return sorted((plan for plan in sessions if plan.starts_at <= now), key=lambda plan: plan.starts_at)


def led(courses: Iterable[CourseView], now: datetime) -> tuple[list[Evening], list[Evening]]:
    """The evenings somebody leads today, and those still to come, soonest first."""
    every = sorted(
        (Evening(course, plan) for course in courses for plan in course.sessions), key=lambda one: one.plan.starts_at
    )
    today = [one for one in every if is_today(one.plan, now)]
    return today, [one for one in every if one.plan.starts_at > now and one not in today]
