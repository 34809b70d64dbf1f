"""Live rooms full of signed-in people, made quickly: seats by asking, sign-in as the gateway itself keeps it."""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_hex, token_urlsafe
from typing import Any
from urllib.parse import urlsplit

from nats.js import JetStreamContext

from harbour.contracts.chat import CanarySent, KeepWatch, OpenSession, ReadRoom, RoomView, SendCanary, StartSession
from harbour.contracts.enrolment import AddStaff, Applied, Apply, CourseMade, Role, ScheduleCourse, StaffMade
from harbour.contracts.messages import Answer, Event, Refused, Wish, read_as
from harbour.contracts.safeguard import CanarySeen, OnCallConfirmed
from harbour.rehearsal import Trouble
from harbour.rehearsal.bench_house import House
from harbour.rehearsal.lines import NAMES
from harbour.rehearsal.town import PROGRAMME
from harbour.runtime.asking import Asker, Unavailable
from harbour.runtime.settings import BusSettings
from harbour.runtime.streams import connect
from services.gateway.auth import Sessions, cookie_name
from services.gateway.cache import open_cache
from services.gateway.settings import GatewaySettings

SEATS = 8
"""A course has no more; whoever else is in a room is an adult who leads it."""
_PATIENCE = 60.0
_AT_ONCE = 8
_PASSES = frozenset(
    {"unavailable", "no-such-staff", "no-such-course", "no-such-session", "not-yours", "not-open", "not-ready"}
)


@dataclass(frozen=True)
class Place:
    """One person's way into one room."""

    room: str
    url: str
    headers: Mapping[str, str]
    speaks: bool
    """A young person, whose words are judged at the door; an adult here only listens."""

    def as_json(self) -> dict[str, Any]:
        """The place as a line for any load generator."""
        return {"room": self.room, "url": self.url, "headers": dict(self.headers), "speaks": self.speaks}


@contextmanager
def told(env: Mapping[str, str]) -> Iterator[None]:
    """For as long as settings are read, the environment of a stack's services."""
    before = dict(os.environ)
    os.environ.update(env)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


async def make_rooms(
    house: House, rooms: int, members: int, tell: Callable[[int], None] = lambda _: None
) -> list[Place]:
    """So many live rooms with so many people each. `tell` hears how many are made. Raises Trouble."""
    with told(house.env):
        settings = GatewaySettings()
    cache = open_cache(settings.redis_url, settings.redis_password.get_secret_value())
    try:
        async with Asker(house.env["NATS_URL"]) as ask:
            nc = await connect(BusSettings(url=house.env["NATS_URL"]))
            try:
                builder = _Builder(house.url, ask, Sessions(cache, settings), cookie_name(settings), nc.jetstream())
                return await builder.build(rooms, members, tell)
            finally:
                await nc.close()
    finally:
        await cache.aclose()


class _Builder:
    def __init__(self, url: str, ask: Asker, sessions: Sessions, cookie: str, js: JetStreamContext) -> None:
        self._url, self._ask, self._sessions, self._cookie = url.rstrip("/"), ask, sessions, cookie
        self._js = js
        self._name = token_hex(4)
        self._limit = asyncio.Semaphore(_AT_ONCE)
        self._made = 0

    async def build(self, rooms: int, members: int, tell: Callable[[int], None]) -> list[Place]:
        adults = [await self._adult(number) for number in range(max(2, members - SEATS))]
        until = datetime.now(UTC) + timedelta(hours=12)
        await self._say(OnCallConfirmed(staff_id=adults[0], name="Adult 1", until=until))

        async def one(number: int) -> list[Place]:
            async with self._limit:
                places = await self._room(number, members, adults)
            self._made += 1
            tell(self._made)
            return places

        return [place for places in await asyncio.gather(*map(one, range(rooms))) for place in places]

    async def _adult(self, number: int) -> str:
        """A counsellor; the same ones lead every room, as nobody measures them."""
        email = f"bench-{number}-{self._name}@example.org"
        wish = AddStaff(name=f"Adult {number + 1}", email=email, password=token_urlsafe(18), roles=(Role.COUNSELLOR,))
        made = await self._granted(wish)
        assert isinstance(made, StaffMade)
        return made.staff_id

    async def _room(self, number: int, members: int, adults: list[str]) -> list[Place]:
        now = datetime.now(UTC)
        starts_at = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
        course = f"bench-{self._name}-{number}"
        wish = ScheduleCourse(course_id=course, programme=PROGRAMME, starts_at=starts_at, staff=tuple(adults))
        made = await self._granted(wish)
        assert isinstance(made, CourseMade)
        room = made.session_ids[0]
        young = [await self._seat(course, number, name) for name in NAMES[: min(members, SEATS)]]
        await self._open(room, adults)
        await self._granted(StartSession(session_id=room, staff_id=adults[0]))
        await self._known(room, adults[0], {one.member_id for one in young})
        places = [
            await self._place(room, True, kind="member", person_id=one.member_id, name=one.nickname, badge=one.badge)
            for one in young
        ]
        leads: dict[str, Any] = {"kind": "staff", "name": "Adult", "roles": frozenset({Role.COUNSELLOR})}
        present = adults[: members - len(young)]
        return places + [await self._place(room, False, person_id=staff_id, **leads) for staff_id in present]

    async def _open(self, room: str, adults: list[str]) -> None:
        """Open the doors. Where safeguard does not run, the bench says in its place what it would."""
        for staff_id in adults[:2]:
            await self._granted(KeepWatch(session_id=room, staff_id=staff_id))
        await self._granted(SendCanary(session_id=room, staff_id=adults[0]))
        sent = await self._js.get_last_msg(CanarySent.stream(), CanarySent.pattern(session_id=room))
        canary = read_as(CanarySent, sent.data or b"")
        await self._say(CanarySeen(canary_id=canary.canary_id, session_id=room, staff_id=adults[0]))
        await self._granted(OpenSession(session_id=room, staff_id=adults[0]))

    async def _say(self, event: Event) -> None:
        await self._js.publish(event.subject, event.body(), stream=event.stream(), headers=event.headers("bench"))

    async def _seat(self, course: str, number: int, nickname: str) -> Applied:
        email = f"{nickname.lower()}-{number}-{self._name}@example.org"
        seat = await self._granted(Apply(course_id=course, nickname=nickname, age=16, email=email))
        assert isinstance(seat, Applied)
        return seat

    async def _known(self, room: str, staff_id: str, members: set[str]) -> None:
        """Until the room has heard of everybody who belongs in it."""
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        while asyncio.get_running_loop().time() < deadline:
            view = await self._granted(ReadRoom(session_id=room, person_id=staff_id, limit=1))
            assert isinstance(view, RoomView)
            if members <= {person.person_id for person in view.people}:
                return
            await asyncio.sleep(0.1)
        raise Trouble("The rooms did not hear of everybody who has a seat.")

    async def _place(self, room: str, speaks: bool, **who: Any) -> Place:
        session = await self._sessions.begin(**who)
        parts = urlsplit(self._url)
        url = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}/live/{room}"
        headers = {"Cookie": f"{self._cookie}={session.token}", "Origin": self._url}
        return Place(room, url, headers, speaks)

    async def _granted(self, wish: Wish[Any]) -> Answer:
        """The answer; rooms that have not heard of each other yet are given a moment."""
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        while True:
            try:
                answer: Answer = await self._ask(wish)
            except Unavailable:
                answer = Refused(reason="unavailable")
            if not isinstance(answer, Refused):
                return answer
            if answer.reason not in _PASSES or asyncio.get_running_loop().time() > deadline:
                raise Trouble(f"{type(wish).__name__} was refused ({answer.reason}).")
            await asyncio.sleep(0.1)
