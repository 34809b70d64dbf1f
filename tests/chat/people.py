"""Invented people and what they say."""

from datetime import UTC, datetime, timedelta

from harbour.contracts.chat import MessageDeclined, MessageHeld, MessagePosted, RoomPerson, RoomState, Speaker
from harbour.contracts.concerns import Category, Reason, Urgency
from harbour.contracts.enrolment import (
    CourseScheduled,
    CourseStaff,
    Enrolled,
    Role,
    SessionPlan,
    Step,
    StepKind,
    Wording,
)
from harbour.contracts.messages import derived_id
from services.chat.rules import Gathering, Room

EVENING = datetime(2026, 3, 3, 19, 0, tzinfo=UTC)
ROBIN = RoomPerson(person_id="robin", nickname="Robin", badge="leaf-teal", speaker=Speaker.MEMBER)
WREN = RoomPerson(person_id="wren", nickname="Wren", badge="wave-blue", speaker=Speaker.MEMBER)
SAM = RoomPerson(person_id="sam", nickname="Sam", speaker=Speaker.FACILITATOR, role="counsellor")
ASH = RoomPerson(person_id="ash", nickname="Ash", speaker=Speaker.FACILITATOR, role="youth_worker")
A_NUMBER = "you can text me on 07700 900123"
"""A contact detail, which is held at the door."""

STEPS = (
    Step(step_id="s-words", kind=StepKind.WORDS, title="Welcome", minutes=5, say=("Good evening, and welcome.",)),
    Step(
        step_id="s-poll",
        kind=StepKind.POLL,
        title="What helps you most?",
        minutes=10,
        options=("A walk", "Music", "A friend"),
        notes="Leave time for silence.",
    ),
    Step(step_id="s-scale", kind=StepKind.SCALE, title="How is it?", minutes=5, low="Hard", high="Okay"),
    Step(step_id="s-private", kind=StepKind.REFLECTION, title="Just for you", minutes=10, text="What would you keep?"),
)
COURSE = CourseScheduled(
    course_id="c1",
    programme="seven-weeks",
    title="Tuesday group",
    seats=8,
    sessions=(
        SessionPlan(session_id="s1", week=1, topic="Hello", starts_at=EVENING, minutes=90, aim="To meet.", steps=STEPS),
        SessionPlan(session_id="s2", week=2, topic="Waves", starts_at=EVENING + timedelta(days=7), minutes=90),
    ),
    staff=(
        CourseStaff(staff_id="sam", name="Sam", role=Role.COUNSELLOR),
        CourseStaff(staff_id="ash", name="Ash", role=Role.YOUTH_WORKER),
    ),
    wordings=(Wording(key="quiet", topic="A quiet moment", text="No hurry. We are here."),),
    at=EVENING - timedelta(days=30),
)
ENROLLED = tuple(
    Enrolled(course_id="c1", member_id=one.person_id, nickname=one.nickname, badge=one.badge) for one in (ROBIN, WREN)
)


def gathering(state: RoomState = RoomState.LIVE, opened_at: datetime | None = EVENING) -> Gathering:
    """Tuesday's room with two young people and two adults."""
    room = Room("s1", "c1", "Tuesday group", 1, "Hello", EVENING, 90, state, opened_at)
    return Gathering(room, {one.person_id: one for one in (ROBIN, WREN, SAM, ASH)})


def posted(words: str, person: RoomPerson = ROBIN, session: str = "s1", client_id: str = "") -> MessagePosted:
    """A message the room may read."""
    name = client_id or derived_id(words)
    return MessagePosted(
        id=derived_id("message", session, person.person_id, name),
        session_id=session,
        member_id=person.person_id,
        speaker=person.speaker,
        nickname=person.nickname,
        badge=person.badge,
        text=words,
        client_id=name,
    )


def held(words: str = A_NUMBER, person: RoomPerson = ROBIN, session: str = "s1", client_id: str = "") -> MessageHeld:
    """A message that waits for an adult."""
    why = Reason(
        rule="contact.phone", category=Category.CONTACT_OR_PII, urgency=Urgency.MEDIUM, why="Gives a phone number"
    )
    message = posted(words, person, session, client_id)
    return MessageHeld(
        **message.model_dump(exclude={"held_id", "released_by"}), id=message.id, reasons=(why,), version="1"
    )


def declined(message: MessageHeld) -> MessageDeclined:
    """What is said when an adult keeps a message from the room."""
    return MessageDeclined.after(message, id=derived_id("declined", message.id), held_id=message.id, staff_id="sam")
