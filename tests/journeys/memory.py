"""The town in memory: real rooms and real SQL; what one says is carried to all who hear it before anybody goes on."""

import asyncio
import importlib
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harbour.contracts.chat import SessionEnded, SessionOpened, SessionStarted
from harbour.contracts.messages import Event, Message, Refused, Timer, TimerCancelled, Wish, now, read_as, read_event
from harbour.runtime.rooms import the_present
from harbour.runtime.service import Service
from services.chat.app import furnishings
from services.chat.transcript import Line, MemoryTranscript, Stored
from services.notify.channels import Letter, Post
from tests.journeys.town import SERVICES, A, E, T
from tests.rooms import Stage, rehearsed

CHEAP = {"ENROLMENT_PASSWORD_MEMORY_KIB": "8192", "ENROLMENT_PASSWORD_ROUNDS": "1"}
"""Passwords are hashed as on real servers, at less cost."""
TIMES_HEARD = 2
"""The bus brings everything at least once; here it is always twice, so that a room that minds would show."""
RINGS = 100
"""How many clocks may ring while the test moves time on once."""


class Clock:
    """The time in this town: that of the world, and how far the test has moved it on."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The present."""
        return now() + self._ahead

    def move_to(self, moment: datetime) -> None:
        """Let it be this moment, unless it is later already."""
        self._ahead += max(timedelta(), moment - self.now())


@dataclass
class Letterbox:
    """The town wall: every mail that left the house."""

    letters: list[Letter] = field(default_factory=list)

    async def send(self, letter: Letter) -> None:
        """Take it."""
        self.letters.append(letter)


class TalkingTranscript(MemoryTranscript):
    """A transcript that tells what it keeps, as the stream `CHAT` does: each line once."""

    def __init__(self, tell: Callable[[Event], None]) -> None:
        super().__init__()
        self._tell = tell

    async def append(self, event: Line) -> Stored[Event]:
        """Keep an event, and tell of it where it is new."""
        known = event.id in self._by_id
        stored = await super().append(event)
        if not known and stored.event is event:
            self._tell(event)
        return stored


class MemoryTown:
    """Four rooms on stage, and a bus that is a list."""

    def __init__(self) -> None:
        self.clock, self.letterbox = Clock(), Letterbox()
        self.stages: dict[str, Stage] = {}
        self.record: list[Event] = []
        self._ids: set[str] = set()
        self._waiting: deque[Event] = deque()
        self._timers: dict[str, Timer] = {}
        self._carrying = asyncio.Lock()
        self.forget_room: Callable[[str], None] = lambda _: None

    async def asks(self, wish: Wish[A]) -> A | Refused:
        """The answer, after all that follows from it has happened."""
        arrived = read_as(type(wish), wish.body(), id=wish.id)
        answer: A | Refused = await self.stages[wish.owner()].asks(arrived)
        await self.settled()
        return answer

    async def mail_to(self, address: str) -> list[str]:
        """The text of every mail this address was sent."""
        return [letter.text for letter in self.letterbox.letters if letter.to == address]

    async def facts(self, kind: type[E], **key: Any) -> list[E]:
        """Everything said of this kind whose fields are these."""
        found = [event for event in self.record if isinstance(event, kind)]
        return [event for event in found if all(getattr(event, name) == value for name, value in key.items())]

    async def clocks(self, kind: type[T], **key: Any) -> list[T]:
        """Every timer of this kind that is set."""
        found = [one for one in self._timers.values() if isinstance(one, kind)]
        return [one for one in found if all(getattr(one, name) == value for name, value in key.items())]

    async def holds(self, words: str) -> bool:
        """Whether these words stand in anything that was said."""
        return any(words.encode() in event.body() for event in (*self.record, *self._timers.values()))

    async def settled(self) -> None:
        """Carry what was said until nobody has anything more to say."""
        async with self._carrying:
            while self._gather():
                await self._carry(self._waiting.popleft())

    async def time_passes(self, until: datetime) -> None:
        """Move the clock, and ring every timer that is due by then in the order of their times."""
        self.clock.move_to(until)
        for _ in range(RINGS):
            due = sorted((one for one in self._timers.values() if one.due <= self.clock.now()), key=_due)
            if not due:
                return
            self._publish(self._timers.pop(due[0].set_subject))
            await self.settled()
        raise AssertionError("a clock rings without end")

    def tell(self, message: Message) -> None:
        """Take what somebody says, as the bus would: a timer is set or taken back, an event goes on record once."""
        if isinstance(message, TimerCancelled):
            self._timers.pop(message.set_subject, None)
        elif isinstance(message, Event) and message.id not in self._ids:
            self._ids.add(message.id)
            if isinstance(message, Timer):
                self._timers[message.set_subject] = message
            else:
                self._publish(message)

    def _publish(self, event: Event) -> None:
        arrived = read_event(event.headers(event.owner()), event.body())
        self.record.append(arrived)
        self._waiting.append(arrived)

    def _gather(self) -> bool:
        """Collect what the rooms have said; whether anything waits to be carried."""
        for stage in self.stages.values():
            said, stage.said[:] = list(stage.said), []
            for message in said:
                self.tell(message)
        return bool(self._waiting)

    async def _carry(self, event: Event) -> None:
        if isinstance(event, SessionOpened | SessionStarted | SessionEnded):
            self.forget_room(event.session_id)
        for _ in range(TIMES_HEARD):
            for stage in self.stages.values():
                await stage.hears(event)


def _due(timer: Timer) -> datetime:
    return timer.due


@asynccontextmanager
async def in_memory(folder: Path) -> AsyncIterator[MemoryTown]:
    """A town with SQLite in this folder and no server at all."""
    town = MemoryTown()
    async with AsyncExitStack() as house:
        patch = house.enter_context(pytest.MonkeyPatch.context())
        for name, value in CHEAP.items():
            patch.setenv(name, value)
        chat: Any = importlib.import_module("services.chat.app")
        patch.setattr(chat, "build", _without_a_bus(town, chat.build))
        for name in SERVICES:
            stage = await house.enter_async_context(rehearsed(name, f"sqlite+aiosqlite:///{folder / name}.db"))
            set_clock(stage, town.clock)
            town.stages[name] = stage
        post = Post(mail=[town.letterbox], public_url="https://harbour.example")
        town.stages["notify"].service.context.set_global("post", post)
        yield town


def _without_a_bus(town: MemoryTown, build: Callable[[], Service]) -> Callable[[], Service]:
    """Chat as it is built, with a transcript in memory in place of the one on the bus."""

    @asynccontextmanager
    async def furnished(service: Service) -> AsyncIterator[None]:
        things = furnishings(service.database, TalkingTranscript(town.tell), service.settings)  # type: ignore[arg-type]
        for name, thing in things.items():
            service.context.set_global(name, thing)
        town.forget_room = things["doorkeeper"].forget
        yield

    def built() -> Service:
        service = build()
        service._lifespan = furnished
        return service

    return built


def set_clock(stage: Stage, clock: Clock) -> None:
    """Let this room's handlers go by the town's clock."""

    async def clock_now() -> datetime:
        return clock.now()

    stage.puts(the_present, clock_now)
