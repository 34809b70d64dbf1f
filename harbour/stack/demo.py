"""A demo evening: invented people and a session that is live now, set out by asking the services as anybody would.

Setting it out twice changes nothing: every wish has an id that derives from what it wishes for.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from harbour.contracts.chat import (
    CanaryState,
    EveningStands,
    KeepWatch,
    OpenSession,
    PostMessage,
    SendCanary,
    StartSession,
)
from harbour.contracts.enrolment import (
    AddStaff,
    Applied,
    Apply,
    CheckPassword,
    CourseMade,
    CourseView,
    ReadStaff,
    Role,
    ScheduleCourse,
    StaffMade,
    StaffView,
)
from harbour.contracts.messages import Answer, Refused, Wish, derived_id
from harbour.contracts.safeguard import ConfirmOnCall, Queue, ReadQueue, SeeCanary
from harbour.runtime.asking import Unavailable
from harbour.stack import Trouble
from harbour.stack.folder import write_private

LONDON = ZoneInfo("Europe/London")
PASSWORD = "lantern-by-the-quay-7"  # noqa: S105 - the demo's, printed on the screen; real staff choose their own
PROGRAMME = "seven-weeks"
_ENOUGH = timedelta(minutes=30)
"""With less time left than this, a newcomer would hardly see the evening."""

_PASSES = frozenset({"no-such-session", "not-yours", "not-allowed", "not-ready", "not-open", "not-live", "too-fast"})
"""Refusals that pass by themselves, once the rooms have heard of each other."""

_OVER = ("ended", "cancelled")
_HERE_SECONDS = 5.0

Ask = Callable[[Wish[Any]], Awaitable[Answer]]


@dataclass(frozen=True)
class Adult:
    """An invented member of staff."""

    name: str
    email: str
    role: Role


@dataclass(frozen=True)
class Person:
    """An invented young person."""

    nickname: str
    age: int
    email: str


STAFF = (
    Adult("Sam", "sam@example.org", Role.COUNSELLOR),
    Adult("Jo", "jo@example.org", Role.YOUTH_WORKER),
    Adult("Ade", "ade@example.org", Role.OFFICER),
    Adult("Mina", "mina@example.org", Role.OFFICER),
    Adult("Ruth", "ruth@example.org", Role.LEAD),
    Adult("Noor", "noor@example.org", Role.COORDINATOR),
    Adult("Imani", "imani@example.org", Role.SUPERVISOR),
    Adult("Kit", "kit@example.org", Role.OPERATOR),
)
PEOPLE = (
    Person("Robin", 15, "robin@example.org"),
    Person("Skye", 16, "skye@example.org"),
    Person("Ash", 17, "ash@example.org"),
)
SAID = (
    (
        "Sam",
        "Hello, and welcome. I'm Sam, and Jo is here too. No need to say anything until you want to.",
    ),
    ("Robin", "hi. first time here, bit nervous"),
    ("Jo", "That makes sense, Robin. Take all the time you like."),
    ("Skye", "same as robin. it helps that nobody can see me"),
    ("Ash", "hello everyone, glad I came"),
    ("Sam", "Good to have you all. We'll begin with something easy: one small thing that was okay today?"),
)


@dataclass(frozen=True)
class Evening:
    """What was set out, for the screen and for scripts."""

    course_id: str
    session_id: str
    secrets: dict[str, str] = field(repr=False)
    """The authenticator secret of each member of staff, by mail address."""
    leaders: tuple[str, ...] = ()
    """The adults who lead tonight, by id."""


async def set_out(ask: Ask, secrets_file: Path, now: datetime, patience: float = 30.0) -> Evening:
    """Give the staff accounts, put tonight's and next week's course on the calendar, and begin tonight's session."""
    demo = _Demo(ask, time.monotonic() + patience)
    secrets = authenticator_secrets(secrets_file)
    staff = {adult.name: await demo.account(adult, secrets[adult.email]) for adult in STAFF}
    leaders = (staff[STAFF[0].name], staff[STAFF[1].name])
    await demo.course(f"demo-next-{next_week(now):%G-w%V}", next_week(now), leaders)
    officer = staff[STAFF[2].name]
    await demo.on_call(officer)
    course_id, session_id = await demo.live_session(now, leaders, officer)
    members = {person.nickname: await demo.seat(course_id, person) for person in PEOPLE}
    await demo.conversation(session_id, staff | members)
    return Evening(course_id, session_id, secrets, leaders)


async def look_after(ask: Ask, evening: Evening) -> None:
    """Be there as the adults of tonight until cancelled, so that a newcomer's room does not pause itself."""
    while True:
        for staff_id in evening.leaders:
            with suppress(Unavailable):
                await ask(KeepWatch(session_id=evening.session_id, staff_id=staff_id))
        await asyncio.sleep(_HERE_SECONDS)


def authenticator_secrets(file: Path) -> dict[str, str]:
    """The demo's authenticator secrets, made once and kept in a file only its owner may read."""
    import pyotp

    kept: dict[str, str] = {}
    if file.exists():
        try:
            kept = dict(json.loads(file.read_text()))
        except (ValueError, TypeError):
            raise Trouble(f"{file} is damaged. To begin anew: make run FRESH=1") from None
    whole = {adult.email: kept.get(adult.email) or pyotp.random_base32() for adult in STAFF}
    if whole != kept:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(file, json.dumps(whole, indent=2))
    return whole


def next_week(now: datetime) -> datetime:
    """Seven in the evening in London, on this day of the next week."""
    return (now.astimezone(LONDON) + timedelta(days=7)).replace(hour=19, minute=0, second=0, microsecond=0)


def quarter(now: datetime) -> datetime:
    """The quarter of an hour that has just begun."""
    return now.astimezone(UTC).replace(minute=now.minute // 15 * 15, second=0, microsecond=0)


def is_late(course: CourseView, now: datetime) -> bool:
    """Whether too little is left of its first evening for somebody who comes now."""
    first = course.sessions[0]
    return now + _ENOUGH > first.starts_at + timedelta(minutes=first.minutes)


class _Demo:
    """Asks until it is answered, as services that have just begun may need a moment to hear of each other."""

    def __init__(self, ask: Ask, until: float) -> None:
        self._ask = ask
        self._until = until

    async def _granted(self, wish: Wish[Any], *unless: str) -> Answer:
        """The answer to this wish, or a refusal for one of these reasons; one that passes with time is waited out."""
        while True:
            answer = await self._ask(wish)
            if not isinstance(answer, Refused) or answer.reason in unless:
                return answer
            if answer.reason not in _PASSES or time.monotonic() > self._until:
                raise Trouble(f"The demo could not be set out: {type(wish).__name__} was refused ({answer.reason}).")
            await asyncio.sleep(0.2)

    async def account(self, adult: Adult, secret: str) -> str:
        """The staff id of this adult, who gets an account unless they have one."""
        wish = AddStaff(
            id=derived_id("demo", "staff", adult.email, secret),
            name=adult.name,
            email=adult.email,
            password=PASSWORD,
            roles=(adult.role,),
            totp_secret=secret,
        )
        answer = await self._granted(wish, "already-here")
        if isinstance(answer, StaffMade):
            return answer.staff_id
        known = await self._ask(CheckPassword(email=adult.email, password=PASSWORD))
        if not isinstance(known, StaffView):
            raise Trouble(f"{adult.email} has an account with another password. To begin anew: make run FRESH=1")
        return known.staff_id

    async def on_call(self, officer: str) -> None:
        """An officer is there tonight."""
        await self._granted(ConfirmOnCall(staff_id=officer, hours=14))

    async def course(self, course_id: str, starts_at: datetime, leaders: tuple[str, ...]) -> CourseMade:
        """A course that begins then, or the one of this id that is there already."""
        wish = ScheduleCourse(
            id=derived_id("demo", course_id),
            course_id=course_id,
            programme=PROGRAMME,
            starts_at=starts_at,
            staff=leaders,
        )
        made = await self._granted(wish)
        assert isinstance(made, CourseMade)
        return made

    async def live_session(self, now: datetime, leaders: tuple[str, ...], officer: str) -> tuple[str, str]:
        """Today's course and its session, begun; another one where today's last has ended or soon will."""
        known = await self._granted(ReadStaff(staff_id=leaders[0]))
        courses = {course.course_id: course for course in known.courses} if isinstance(known, StaffView) else {}
        for number in range(1, 100):
            day = f"{now.astimezone(LONDON):%Y-%m-%d}"
            course_id = f"demo-{day}" if number == 1 else f"demo-{day}-{number}"
            if course_id in courses and is_late(courses[course_id], now):
                continue
            made = await self.course(course_id, quarter(now), leaders)
            if await self._begin(made.session_ids[0], leaders, officer):
                return course_id, made.session_ids[0]
        raise Trouble("Today has had a hundred demo courses. To begin anew: make run FRESH=1")

    async def _begin(self, session_id: str, leaders: tuple[str, ...], officer: str) -> bool:
        """Open the doors as the house does, and begin; whether the session is live now rather than over."""
        while isinstance(answer := await self._open(session_id, leaders, officer), Refused):
            if answer.reason in _OVER:
                return False
            if answer.reason not in _PASSES or time.monotonic() > self._until:
                raise Trouble(f"The demo could not be set out: the doors stay shut ({answer.say or answer.reason}).")
            await asyncio.sleep(0.2)
        start = StartSession(id=derived_id("demo", session_id), session_id=session_id, staff_id=leaders[0])
        return not isinstance(await self._granted(start, *_OVER), Refused)

    async def _open(self, session_id: str, leaders: tuple[str, ...], officer: str) -> Answer:
        """Two adults are there, the officer sees the practice alert, and the doors open."""
        for staff_id in leaders:
            stands = await self._ask(KeepWatch(session_id=session_id, staff_id=staff_id))
            if isinstance(stands, EveningStands) and stands.canary in (CanaryState.NOT_SENT, CanaryState.LATE):
                await self._ask(SendCanary(session_id=session_id, staff_id=staff_id))
        queue = await self._granted(ReadQueue(staff_id=officer))
        for canary in queue.canaries if isinstance(queue, Queue) else ():
            await self._ask(SeeCanary(canary_id=canary.canary_id, staff_id=officer))
        return await self._ask(OpenSession(session_id=session_id, staff_id=leaders[0]))

    async def seat(self, course_id: str, person: Person) -> str:
        """The member id of this person, who has a seat on the course."""
        wish = Apply(
            id=derived_id("demo", course_id, person.nickname),
            course_id=course_id,
            nickname=person.nickname,
            age=person.age,
            email=person.email,
        )
        applied = await self._granted(wish, "already-here")
        return applied.member_id if isinstance(applied, Applied) else ""

    async def conversation(self, session_id: str, people: dict[str, str]) -> None:
        """The first words of the evening, each said once however often this is asked."""
        for number, (name, text) in enumerate(SAID, 1):
            if not people[name]:
                continue
            client_id = f"demo-{number}"
            wish = PostMessage(
                id=derived_id("demo", session_id, client_id),
                session_id=session_id,
                person_id=people[name],
                client_id=client_id,
                text=text,
            )
            await self._granted(wish)
