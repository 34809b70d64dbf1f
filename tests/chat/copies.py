"""Copies of chat that share their databases and their transcript, as in production, without a bus between."""

import inspect
from collections.abc import Callable
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any, get_args, get_type_hints

from harbour.contracts.chat import (
    CanarySent,
    KeepWatch,
    MessageTaken,
    OpenSession,
    PostMessage,
    ReadRoom,
    RoomView,
    SendCanary,
    StartSession,
)
from harbour.contracts.messages import Answer, Event, Message, Refused
from harbour.contracts.safeguard import CanarySeen, OnCallConfirmed
from harbour.runtime.database import Database
from services.chat import handlers
from services.chat.app import furnishings
from services.chat.handlers import router
from services.chat.settings import ChatSettings
from services.chat.store import (
    Besides,
    Calls,
    Colleagues,
    Debriefs,
    Evenings,
    Exposures,
    Notes,
    Observers,
    Reactions,
    Removals,
    Sheets,
    StandIns,
    Stays,
    WaysBook,
)
from services.chat.transcript import Line, MemoryTranscript, Stored, Transcript
from tests.chat.people import COURSE, ENROLLED, EVENING


def handlers_of(*modules: ModuleType) -> dict[type[Message], list[Callable[..., Any]]]:
    """What chat does for each kind of message that has a door: its first parameter says for which."""
    doors = {one.durable for one in router.hearings} | {one.handler for one in router.answerings}
    found: dict[type[Message], list[Callable[..., Any]]] = {}
    for module in modules:
        for name, handler in inspect.getmembers(module, inspect.iscoroutinefunction):
            if handler.__module__ == module.__name__ and f"chat-{name}" in doors:
                first = next(iter(get_type_hints(handler).values()))
                for kind in get_args(first) or (first,):
                    found.setdefault(kind, []).append(handler)
    return found


HANDLERS = handlers_of(*(getattr(handlers, name) for name in handlers.__all__ if name != "router"))

BOOKS: dict[str, Callable[..., Any]] = {
    "rooms": Evenings,
    "exposures": Exposures,
    "ways": WaysBook,
    "calls": Calls,
    "besides": Besides,
    "sheets": Sheets,
    "reactions": Reactions,
    "notes": Notes,
    "removals": Removals,
    "colleagues": Colleagues,
    "observers": Observers,
    "stand_ins": StandIns,
    "stays": Stays,
    "debriefs": Debriefs,
}


class Copy:
    """One copy of chat."""

    def __init__(self, database: Database, transcript: Transcript, **settings: Any) -> None:
        self.database, self.transcript = database, transcript
        self.now: datetime = EVENING
        self.said: list[Event] = []
        self.things = furnishings(database, transcript, ChatSettings(**{"room_kept_seconds": 0, **settings}))

    async def asks(self, wish: Message) -> Any:
        """What this copy answers; what it says besides is kept in `said`."""
        return self._heard(await self.handles(wish))

    async def handles(self, wish: Message) -> Any:
        """All that the handlers give back."""
        parts: list[Any] = []
        for handler in HANDLERS[type(wish)]:
            said = await self._does(handler, wish)
            parts += said if isinstance(said, (list, tuple)) else [said]
        return parts

    async def _does(self, handler: Callable[..., Any], wish: Message) -> Any:
        wanted = list(inspect.signature(handler).parameters)[1:]
        known: dict[str, Any] = {"now": self.now, **self.things}
        if not BOOKS.keys() & set(wanted):
            return await handler(wish, **{name: known[name] for name in wanted})
        async with self.database.begin() as tx:
            known |= {name: store(tx) for name, store in BOOKS.items()}
            return await handler(wish, **{name: known[name] for name in wanted})

    def _heard(self, said: Any) -> Any:
        parts = said if isinstance(said, (list, tuple)) else [said]
        self.said += [part for part in parts if isinstance(part, Event)]
        return next((part for part in parts if isinstance(part, Answer)), None)

    async def begin(self, until: str = "live") -> None:
        """Plan the course, let its people in, and open and start its first evening."""
        for event in (COURSE, *ENROLLED):
            await self.asks(event)
        if until in ("doors", "live"):
            await self.make_ready()
            await self.asks(OpenSession(session_id="s1", staff_id="sam"))
        if until == "live":
            await self.asks(StartSession(session_id="s1", staff_id="sam"))
        self.said.clear()

    async def make_ready(self, session: str = "s1") -> None:
        """Two adults are there, an officer is on call, and the practice alert was seen."""
        until = self.now + timedelta(hours=4)
        await self.asks(OnCallConfirmed(staff_id="ade", name="Ade", until=until, at=self.now))
        for staff_id in ("sam", "ash"):
            await self.asks(KeepWatch(session_id=session, staff_id=staff_id))
        await self.asks(SendCanary(session_id=session, staff_id="sam"))
        [canary] = [one for one in self.said if isinstance(one, CanarySent)]
        await self.asks(CanarySeen.after(canary, staff_id="ade", at=self.now))
        self.said.clear()

    async def posts(self, text: str, person: str = "robin", client_id: str = "k1") -> MessageTaken:
        """A message that is taken."""
        answer = await self.tries(text, person, client_id)
        assert isinstance(answer, MessageTaken), answer
        return answer

    async def tries(self, text: str, person: str = "robin", client_id: str = "k1") -> MessageTaken | Refused:
        """A message that may be refused."""
        answer = await self.asks(PostMessage(session_id="s1", person_id=person, client_id=client_id, text=text))
        assert isinstance(answer, MessageTaken | Refused)
        return answer

    async def view(self, person: str = "robin", after: int = 0, limit: int = 200) -> RoomView:
        """The room as this person sees it."""
        answer = await self.asks(ReadRoom(session_id="s1", person_id=person, after=after, limit=limit))
        assert isinstance(answer, RoomView), answer
        return answer

    async def texts(self, person: str = "robin") -> list[str]:
        """What this person reads in the room."""
        return [message.text for message in (await self.view(person)).messages]


def reason(answer: object) -> str:
    """Why it was refused."""
    assert isinstance(answer, Refused), answer
    return answer.reason


class Forgetful(MemoryTranscript):
    """A transcript whose window for second copies has passed, as a stream's does after two hours."""

    async def append(self, event: Line) -> Stored[Event]:
        """Keep an event, known or not."""
        stored: Stored[Line] = Stored(len(self._lines) + 1, event)
        self._lines.append(stored)
        return stored
