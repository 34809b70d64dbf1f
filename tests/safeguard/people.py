"""Invented people and evenings, and the events that tell safeguard about them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from harbour.contracts.chat import MessageHeld, MessagePosted, Speaker
from harbour.contracts.concerns import Category, Reason, Urgency
from harbour.contracts.enrolment import CourseScheduled, Role, SessionPlan, StaffAdded
from harbour.screening import Finding
from services.safeguard.model import Clocks, Leases, Line

EVENING = datetime(2026, 11, 3, 19, 30, tzinfo=UTC)
CLOCKS = Clocks(
    immediate=timedelta(seconds=60), high=timedelta(minutes=5), medium=timedelta(hours=4), low=timedelta(hours=24)
)
LEASES = Leases(severe=timedelta(minutes=10), calm=timedelta(hours=2))

WORDS = {"pear": Urgency.LOW, "plum": Urgency.MEDIUM, "quince": Urgency.HIGH, "medlar": Urgency.IMMEDIATE}
"""Harmless words that stand for what worries an adult, so that these tests need no heavy ones."""


def posted(text: str, second: int = 0, member: str = "m1", message_id: str = "", held_id: str = "") -> MessagePosted:
    """A young person's message that the room reads, so many seconds into the evening."""
    return MessagePosted(
        id=message_id or f"posted-{member}-{second}",
        at=EVENING + timedelta(seconds=second),
        session_id="s1",
        member_id=member,
        speaker=Speaker.MEMBER,
        nickname=member.capitalize(),
        text=text,
        client_id=f"c{second}",
        held_id=held_id,
        released_by="sam" if held_id else "",
    )


def held(text: str, second: int = 0, member: str = "m1", message_id: str = "") -> MessageHeld:
    """A young person's message that waits for an adult at the door."""
    return MessageHeld(
        id=message_id or f"held-{member}-{second}",
        at=EVENING + timedelta(seconds=second),
        session_id="s1",
        member_id=member,
        speaker=Speaker.MEMBER,
        nickname=member.capitalize(),
        text=text,
        client_id=f"c{second}",
    )


def line(text: str, second: int = 0, speaker: Speaker = Speaker.MEMBER) -> Line:
    """A line of the transcript."""
    at = EVENING + timedelta(seconds=second)
    return Line(f"line-{second}", "s1", "m1", "Robin", str(speaker), at, text)


def added(staff_id: str, *roles: Role, hour: int = 0) -> StaffAdded:
    """A member of staff, who joined so many hours before or after the others."""
    at = EVENING + timedelta(days=-30, hours=hour)
    return StaffAdded(staff_id=staff_id, name=staff_id.capitalize(), roles=roles, sealed="", at=at)


TEAM = (
    added("ada", Role.OFFICER, hour=1),
    added("bea", Role.OFFICER, hour=2),
    added("lou", Role.LEAD, hour=0),
    added("cas", Role.COUNSELLOR, hour=0),
)
"""Two officers, a lead, and somebody who answers no alerts."""


def scheduled(title: str = "Next steps", hour: int = 0) -> CourseScheduled:
    """A course of two evenings, of which the second is tonight."""
    evenings = [
        SessionPlan(session_id=session_id, week=week, topic="Tonight", starts_at=EVENING, minutes=90)
        for week, session_id in ((1, "s0"), (2, "s1"))
    ]
    at = EVENING + timedelta(days=-10, hours=hour)
    return CourseScheduled(
        course_id="c1", programme="p", title=title, seats=8, sessions=tuple(evenings), staff=(), at=at
    )


def finding(urgency: Urgency, rule: str = "a-rule", category: Category = Category.SELF_HARM) -> Finding:
    """Something an adult should see."""
    reason = Reason(rule=rule, category=category, urgency=urgency, why=f"Because of {rule}.")
    return Finding(urgency=urgency, categories=(category,), reasons=(reason,), version="test-1")


def judge_by_words(text: str, earlier: Sequence[str] = ()) -> Finding | None:
    """Judges by the harmless words above; one split over two messages, `qui` and `nce`, is found where they meet."""
    before = "".join(earlier[-1:])
    met = {word for word in WORDS if word in before + text and word not in before}
    found = [finding(urgency, rule=word) for word, urgency in WORDS.items() if word in text or word in met]
    return max(found, key=lambda one: one.urgency.rank, default=None)
