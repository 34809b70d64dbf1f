"""The transcript: everything said in a session, in order, each with the number it keeps for ever.

It is the stream `CHAT` (`jetstream.py`); here is what it promises, and one in memory that keeps the same promises
for tests that need no server.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar, cast, runtime_checkable

from harbour.contracts.chat import MessageDeclined, MessageHeld, MessagePosted, PrivateWordSent
from harbour.contracts.messages import Event

Line = MessagePosted | MessageHeld | MessageDeclined | PrivateWordSent
"""What stands in a transcript."""

E = TypeVar("E", bound=Event)
E_co = TypeVar("E_co", bound=Event, covariant=True)

EVERYBODY = "*"
SPOKEN: tuple[type[Event], ...] = (MessagePosted, MessageHeld)
"""What a person's own words become."""


def is_fresh(event: Event) -> bool:
    """Whether this stands where somebody spoke: a held message that was released is said by an adult's decision."""
    return not (isinstance(event, MessagePosted) and event.held_id)


class NotStored(Exception):
    """The stream did not confirm in time, so nobody may be told that it is kept; trying again is safe."""


class Unreachable(Exception):
    """The transcript cannot be read now."""


class NotThere(LookupError):
    """Nothing stands under this number: it was erased, or never was."""


@dataclass(frozen=True)
class Stored(Generic[E_co]):
    """An event with its number in the transcript."""

    number: int
    event: E_co


@dataclass(frozen=True)
class Page(Generic[E_co]):
    """A part of a transcript in order of number."""

    lines: tuple[Stored[E_co], ...]
    more: bool
    """There are further ones after these."""


@runtime_checkable
class Transcript(Protocol):
    """Everything said, in order."""

    async def append(self, event: Line) -> Stored[Event]:
        """Keep an event and say where it stands, once it is surely stored.

        The same id again adds nothing and gives what is stored under it, whatever `event` says now. Raises NotStored.
        """

    async def at(self, number: int) -> Stored[Event]:
        """What stands under this number. Raises NotThere, Unreachable."""

    async def after(
        self, session_id: str, number: int, limit: int, facts: tuple[type[E], ...], member_id: str = EVERYBODY
    ) -> Page[E]:
        """The first `limit` events of these kinds in a session after a number. Raises Unreachable."""

    async def latest(self, session_id: str) -> int:
        """The number of the newest posted message of a session, or 0. Raises Unreachable."""

    async def newest(self, session_id: str) -> int:
        """The number of the newest thing that was said of a session, of whatever kind, or 0. Raises Unreachable."""

    async def spoke_last(self, session_id: str, member_id: str) -> datetime | None:
        """When this person last said something, whether the room read it or it waited first. Raises Unreachable."""


async def read_all(
    transcript: Transcript, session_id: str, facts: tuple[type[E], ...], member_id: str = EVERYBODY, after: int = 0
) -> list[Stored[E]]:
    """All events of these kinds in a session after a number, page by page."""
    lines: list[Stored[E]] = []
    while True:
        page = await transcript.after(session_id, after, 500, facts, member_id)
        lines.extend(page.lines)
        if not page.more:
            return lines
        after = page.lines[-1].number


async def find(
    transcript: Transcript, session_id: str, member_id: str, event_id: str, after: int = 0
) -> Stored[Event] | None:
    """What somebody's event of this id is in the transcript, if it is there."""
    facts: tuple[type[Event], ...] = (MessagePosted, MessageHeld, MessageDeclined)
    lines = await read_all(transcript, session_id, facts, member_id, after)
    return next((line for line in lines if line.event.id == event_id), None)


async def said_in(transcript: Transcript, session_id: str, number: int, kind: type[E]) -> E | None:
    """The event of this kind under this number, where it is one of this session. Raises Unreachable."""
    try:
        event = (await transcript.at(number)).event
    except NotThere:
        return None
    return event if isinstance(event, kind) and getattr(event, "session_id", "") == session_id else None


class MemoryTranscript:
    """A transcript that is gone with its process, for tests."""

    def __init__(self) -> None:
        self._lines: list[Stored[Line]] = []
        self._by_id: dict[str, Stored[Line]] = {}

    async def append(self, event: Line) -> Stored[Event]:
        """Keep an event; the same id again gives what is kept."""
        await asyncio.sleep(0)
        stored = self._by_id.get(event.id)
        if stored is None:
            stored = Stored(len(self._lines) + 1, event)
            self._lines.append(stored)
            self._by_id[event.id] = stored
        return stored

    async def at(self, number: int) -> Stored[Event]:
        """What stands under this number."""
        await asyncio.sleep(0)
        if not 1 <= number <= len(self._lines):
            raise NotThere(number)
        return self._lines[number - 1]

    async def after(
        self, session_id: str, number: int, limit: int, facts: tuple[type[E], ...], member_id: str = EVERYBODY
    ) -> Page[E]:
        """The first `limit` events of these kinds in a session after a number."""
        await asyncio.sleep(0)
        found = [
            cast("Stored[E]", line)
            for line in self._of(session_id, facts)
            if line.number > number and member_id in (EVERYBODY, line.event.member_id)
        ]
        return Page(tuple(found[:limit]), more=len(found) > limit)

    async def latest(self, session_id: str) -> int:
        """The number of the newest posted message of a session, or 0."""
        await asyncio.sleep(0)
        return max((line.number for line in self._of(session_id, (MessagePosted,))), default=0)

    async def newest(self, session_id: str) -> int:
        """The number of the newest line of a session, or 0."""
        await asyncio.sleep(0)
        return max((line.number for line in self._of(session_id, (Event,))), default=0)

    async def spoke_last(self, session_id: str, member_id: str) -> datetime | None:
        """When this person last said something."""
        await asyncio.sleep(0)
        own = [line.event for line in self._of(session_id, SPOKEN) if line.event.member_id == member_id]
        return max((event.at for event in own if is_fresh(event)), default=None)

    def _of(self, session_id: str, facts: tuple[type[Event], ...]) -> Sequence[Stored[Line]]:
        return [line for line in self._lines if line.event.session_id == session_id and isinstance(line.event, facts)]
