"""Gets an evening ready: staff with accounts, courses, young people with a seat, everybody signed in."""

import asyncio
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from secrets import token_hex, token_urlsafe
from typing import Any

from harbour.contracts.enrolment import AddStaff, CourseMade, Role, ScheduleCourse, StaffMade
from harbour.contracts.messages import Answer, Refused, Wish
from harbour.contracts.notify import Mailbox, ReadMailbox
from harbour.rehearsal import Trouble
from harbour.rehearsal.browser import Browser, join, sign_in, sign_in_staff
from harbour.rehearsal.lines import NAMES
from harbour.runtime.asking import Asker, Unavailable

PROGRAMME = "seven-weeks"
_PATIENCE = 60.0
_CODE = re.compile(r"\b\d{6}\b")
_PASSES = frozenset({"unavailable", "no-such-staff", "no-such-course", "unknown"})


@dataclass(frozen=True)
class Adult:
    """A member of staff of this rehearsal."""

    staff_id: str
    email: str
    password: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass
class Course:
    """One course: its room, and the browsers of those who sit in it, signed in."""

    session_id: str
    members: list[Browser]
    facilitators: list[tuple[str, Browser]]


@dataclass
class Town:
    """Everybody, signed in."""

    courses: list[Course]
    officer: Browser

    async def close(self) -> None:
        """Close every browser."""
        everybody = [self.officer]
        for course in self.courses:
            everybody += [*course.members, *(browser for _, browser in course.facilitators)]
        await asyncio.gather(*(browser.close() for browser in everybody))


class Mayor:
    """Sets out courses and people by asking over the bus as the operator, and by the pages."""

    def __init__(self, ask: Asker, url: str, random: Random) -> None:
        self._ask, self._url, self._random = ask, url, random
        self._name = token_hex(4)
        self._at_once = asyncio.Semaphore(4)

    async def build(self, courses: int, members: int) -> Town:
        """The whole town. Raises Trouble where a step does not lead where it should."""
        officer = await self._adult(0, "Officer", Role.OFFICER)
        made = await asyncio.gather(*(self._course(number, members) for number in range(courses)))
        return Town(list(made), await self._staff_browser(officer))

    async def colleague(self, name: str, role: Role) -> Browser:
        """One more member of staff, signed in."""
        return await self._staff_browser(await self._adult(0, name, role))

    async def _course(self, number: int, members: int) -> Course:
        leaders = [
            await self._adult(number, "Counsellor", Role.COUNSELLOR),
            await self._adult(number, "Worker", Role.YOUTH_WORKER),
        ]
        now = datetime.now(UTC)
        wish = ScheduleCourse(
            course_id=f"rehearsal-{self._name}-{number}",
            programme=PROGRAMME,
            starts_at=now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0),
            staff=tuple(adult.staff_id for adult in leaders),
        )
        made = await self._granted(wish)
        assert isinstance(made, CourseMade)
        young = await asyncio.gather(*(self._member(made.course_id, number, one) for one in range(members)))
        browsers = [(adult.staff_id, await self._staff_browser(adult)) for adult in leaders]
        return Course(made.session_ids[0], list(young), browsers)

    async def _adult(self, number: int, name: str, role: Role) -> Adult:
        email = f"{name.lower()}-{number}-{self._name}@example.org"
        password = token_urlsafe(18)
        made = await self._granted(AddStaff(name=f"{name} {number + 1}", email=email, password=password, roles=(role,)))
        assert isinstance(made, StaffMade)
        return Adult(made.staff_id, email, password, made.totp_secret)

    async def _staff_browser(self, adult: Adult) -> Browser:
        browser = Browser(self._url)
        async with self._at_once:
            await sign_in_staff(browser, adult.email, adult.password, adult.secret)
        return browser

    async def _member(self, course_id: str, course: int, number: int) -> Browser:
        """Somebody who signs up in one browser and signs in with a code in another."""
        email = f"{NAMES[number].lower()}-{course}-{self._name}@example.org"
        first, second = Browser(self._url), Browser(self._url)
        async with self._at_once:
            await join(first, course_id, NAMES[number], self._random.randint(14, 18), email)
            await first.close()
            await sign_in(second, email, self._code_of)
        return second

    async def _code_of(self, email: str) -> str:
        box = await self._granted(ReadMailbox())
        assert isinstance(box, Mailbox)
        found = (_CODE.search(item.text) for item in box.items if item.to == email)
        return next((code[0] for code in found if code), "")

    async def _granted(self, wish: Wish[Any]) -> Answer:
        """The answer; rooms that have not heard of each other yet are given a moment."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                answer: Answer = await self._ask(wish)
            except Unavailable:
                answer = Refused(reason="unavailable")
            if not isinstance(answer, Refused):
                return answer
            if answer.reason not in _PASSES or time.monotonic() > deadline:
                raise Trouble(f"{type(wish).__name__} was refused ({answer.reason}).")
            await asyncio.sleep(0.3)
