"""What enrolment says and answers: programmes, courses, places, people and staff."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from harbour.contracts.messages import Answer, Command, Event, Key, Query

Nickname = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=24)]
Badge = Annotated[str, StringConstraints(pattern=r"^[a-z]+-[a-z]+$", max_length=24)]
"""A shape and a colour, e.g. `leaf-teal`; one of a set of twelve."""

BADGES: tuple[str, ...] = (
    "leaf-teal", "wave-blue", "sun-sand", "moon-plum", "star-gold", "cloud-slate",
    "pebble-sage", "shell-coral", "feather-sky", "acorn-brown", "lantern-amber", "boat-navy",
)  # fmt: skip


class Role(StrEnum):
    """What a member of staff may do."""

    COUNSELLOR = "counsellor"
    YOUTH_WORKER = "youth_worker"
    OFFICER = "officer"
    LEAD = "lead"
    SUPERVISOR = "supervisor"
    """Looks after the staff: how they are, and never what young people wrote."""
    COORDINATOR = "coordinator"
    OPERATOR = "operator"
    """Keeps the machine running: its health, its rules, its record, and never a young person's words."""


FACILITATES = frozenset({Role.COUNSELLOR, Role.YOUTH_WORKER})
SAFEGUARDS = frozenset({Role.OFFICER, Role.LEAD})
SUPERVISES = frozenset({Role.LEAD})
"""Who may watch a room that others lead."""


class Part(BaseModel):
    """A piece of a message; frozen like the whole."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class StepKind(StrEnum):
    """What a step of an evening asks of the room."""

    WORDS = "words"
    """Something a facilitator says: an opening, a closing."""
    PROMPT = "prompt"
    """A question to the group."""
    POLL = "poll"
    SCALE = "scale"
    """How it is right now, from 1 to 5."""
    REFLECTION = "reflection"
    """Private: it goes to the writer's own book."""
    BREATHING = "breathing"
    READING = "reading"
    CHALLENGE = "challenge"
    """Something to try before next week; private."""


class Step(Part):
    """One piece of an evening, as the run-sheet has it."""

    step_id: Key
    """Unique within the evening, and stable."""
    kind: StepKind
    title: str
    minutes: int
    """How long it is planned to take."""
    text: str = ""
    """What young people see."""
    options: tuple[str, ...] = ()
    """A poll's choices, 2 to 6."""
    low: str = ""
    """The words at the 1 of a scale."""
    high: str = ""
    """The words at the 5 of a scale."""
    say: tuple[str, ...] = ()
    """Prepared wording for facilitators at this point."""
    notes: str = ""
    """For facilitators alone."""


class Wording(Part):
    """Something a facilitator may want to say, written beforehand."""

    key: Key
    topic: str
    """What it is for, e.g. `A quiet moment`."""
    text: str


class SessionPlan(Part):
    """One evening of a course."""

    session_id: Key
    week: int
    topic: str
    starts_at: AwareDatetime
    minutes: int
    aim: str = ""
    """What the evening is for, in words for young people."""
    steps: tuple[Step, ...] = ()
    """The run-sheet, in order, as `course-scheduled` says it; empty in every view of a course, since it has notes."""


class CourseStaff(Part):
    """An adult who leads a course."""

    staff_id: Key
    name: str
    role: Role


# ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────


class CourseScheduled(Event, fact="enrolment.course-scheduled", key=("course_id",)):
    """A course has its dates and its adults."""

    course_id: Key
    programme: str
    title: str
    seats: int
    sessions: tuple[SessionPlan, ...]
    staff: tuple[CourseStaff, ...]
    wordings: tuple[Wording, ...] = ()
    """Prepared wording for facilitators, good on any evening."""


class Enrolled(Event, fact="enrolment.enrolled", key=("course_id", "member_id")):
    """A young person has a seat."""

    course_id: Key
    member_id: Key
    nickname: str
    badge: str


class Waitlisted(Event, fact="enrolment.waitlisted", key=("course_id", "member_id")):
    """A young person waits for a seat."""

    course_id: Key
    member_id: Key


class ContactGiven(Event, fact="enrolment.contact-given", key=("member_id",)):
    """How to reach a young person, sealed for notify alone."""

    member_id: Key
    sealed: str


class StaffAdded(Event, fact="enrolment.staff-added", key=("staff_id",)):
    """A member of staff has an account. Where to page them is sealed for notify alone."""

    staff_id: Key
    name: str
    roles: tuple[Role, ...]
    sealed: str


# ── what it answers ───────────────────────────────────────────────────────────────────────────────────────────


class CourseView(Part):
    """A course as the sign-up pages show it."""

    course_id: Key
    programme: str
    title: str
    seats: int
    free: int
    waiting: int
    sessions: tuple[SessionPlan, ...]


class Courses(Answer):
    """The courses that can be joined, soonest first."""

    courses: tuple[CourseView, ...]


class ListCourses(Query[Courses], ask="enrolment.list-courses"):
    """Which courses can somebody join?"""


class Applied(Answer):
    """What came of an application."""

    member_id: Key
    course_id: Key
    place: Literal["seat", "waitlist"]
    nickname: str
    badge: str


class Apply(Command[Applied], ask="enrolment.apply"):
    """A young person would like to join.

    Refused with `no-such-course`, `too-young`, `too-old`, `nickname-taken`, `nickname-tells` (it holds a contact
    detail), `address-unreadable`, `no-address`, `already-here`. The same id again gets the same answer.
    """

    course_id: Key
    nickname: Nickname
    age: int
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)] = Field(default="", repr=False)
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=32)] = Field(default="", repr=False)


class MemberView(Answer):
    """A young person as their own pages show them."""

    member_id: Key
    nickname: str
    badge: str
    place: Literal["seat", "waitlist"]
    course: CourseView


class FindMember(Query[MemberView], ask="enrolment.find-member"):
    """Who can be reached at this address? Refused with `unknown` or `address-unreadable`."""

    contact: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)] = Field(repr=False)


class ReadMember(Query[MemberView], ask="enrolment.read-member"):
    """Who is this, and which course are they in? Refused with `unknown`."""

    member_id: Key


class StaffView(Answer):
    """A member of staff, signed in."""

    staff_id: Key
    name: str
    roles: tuple[Role, ...]
    courses: tuple[CourseView, ...] = ()
    """The courses they lead."""


class CheckPassword(Query[StaffView], ask="enrolment.check-password"):
    """Is this the password of this member of staff? Refused with `wrong`, whichever of the two is."""

    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)] = Field(repr=False)
    password: str = Field(repr=False, max_length=256)


class CheckCode(Command[StaffView], ask="enrolment.check-code"):
    """Is this the code on their authenticator now? Refused with `wrong` or `used` (a code counts once)."""

    staff_id: Key
    code: Annotated[str, StringConstraints(strip_whitespace=True, max_length=12)] = Field(repr=False)


class ReadStaff(Query[StaffView], ask="enrolment.read-staff"):
    """Who is this member of staff now, and what do they lead? Refused with `unknown`."""

    staff_id: Key


class StaffMade(Answer):
    """A new account, and the secret for its authenticator, shown once."""

    staff_id: Key
    totp_secret: str = Field(repr=False)


class AddStaff(Command[StaffMade], ask="enrolment.add-staff"):
    """Give a member of staff an account. Refused with `already-here`, `password-weak`, `address-unreadable`."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)] = Field(repr=False)
    password: str = Field(repr=False, max_length=256)
    roles: tuple[Role, ...]
    totp_secret: str = Field(default="", repr=False)
    """Base32; empty for a fresh one."""


class CourseMade(Answer):
    """A course that can be joined."""

    course_id: Key
    session_ids: tuple[Key, ...]


class ScheduleCourse(Command[CourseMade], ask="enrolment.schedule-course"):
    """Put a course on the calendar. Refused with `no-such-programme`, `no-such-staff`.

    The same course_id again changes nothing and gets the same answer.
    """

    course_id: Key
    programme: str
    title: str = ""
    """Empty for the programme's own."""
    starts_at: AwareDatetime
    """The first evening; the others follow week by week at the same time of day in London."""
    seats: int = Field(default=8, ge=1, le=8)
    staff: tuple[Key, ...]
