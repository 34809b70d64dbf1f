"""The doorkeeper: knows by heart, for a moment, who belongs in a live room, so that speaking asks no database."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from harbour.contracts.messages import Refused
from services.chat.rules import SPEAKING, Breath, Gathering, Pace, Seat, leading_seat, seat, spend

_ROOMS_KEPT = 1000
_FRESHENED_AT = 0.9
"""When so much of its time is over, a room that talks is read again, so that nobody has to wait for that."""
_FRESHENED_TOO = 0.5
"""With it go others that talk and are older than so much of their time: together they cost little more than one."""
_FRESHENED_MOST = 16
_BREATHS_KEPT = 5000


@dataclass(frozen=True)
class Limits:
    """How much and how fast one person may speak."""

    max_chars: int = 2000
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True)
class _Kept:
    gathering: Gathering
    read_at: float
    """When reading began: what changed later may be missing."""
    line: int = 0
    """Which line it was, where a new one is another number."""
    seats: dict[str, Seat] = field(default_factory=dict)
    """The places that were asked for."""


class Doorkeeper:
    """Lets people to their places; turns nobody away on old knowledge.

    What is known of a live room counts for `keeps_seconds`, or until `forget`, or until `line` gives another number,
    because the line by which we hear of changes was away meanwhile. Every other answer is read anew.
    """

    def __init__(
        self,
        read: Callable[[Collection[str]], Awaitable[Mapping[str, Gathering]]],
        limits: Limits | None = None,
        keeps_seconds: float = 2.0,
        clock: Callable[[], float] = time.monotonic,
        line: Callable[[], int] = lambda: 0,
    ) -> None:
        self.limits, self._line = limits or Limits(), line
        self._read, self._keeps_seconds, self._clock = read, keeps_seconds, clock
        self._kept: dict[str, _Kept] = {}
        self._forgotten_at: dict[str, float] = {}
        self._freshening: asyncio.Task[None] | None = None
        self._reading: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._breaths: dict[str, Breath] = {}

    async def seat(self, session_id: str, person_id: str) -> Seat | Refused:
        """Somebody's place in a room, or why they have none."""
        kept = self._counts_since(session_id, self._clock() - self._keeps_seconds)
        if kept and kept.room.state in SPEAKING and person_id in kept.people:
            return seat(kept, person_id)
        return seat(await self._read_since(session_id, self._clock()), person_id)

    def known(self, session_id: str, person_id: str) -> Seat | None:
        """Somebody's place in a live room, where it is known by heart; None says nothing."""
        kept = self._counts_since(session_id, self._clock() - self._keeps_seconds)
        if kept is None or kept.room.state not in SPEAKING:
            return None
        if self._clock() - self._kept[session_id].read_at > self._keeps_seconds * _FRESHENED_AT:
            self._freshen(session_id)
        seats = self._kept[session_id].seats
        place = seats.get(person_id)
        if place is None and person_id in kept.people:
            found = seat(kept, person_id)
            if isinstance(found, Seat):
                place = seats[person_id] = found
        return place

    async def leading_seat(self, session_id: str, staff_id: str) -> Seat | Refused:
        """The place of an adult who leads the room, read anew: to decide is not left to memory."""
        return leading_seat(await self._read_since(session_id, self._clock()), staff_id)

    def forget(self, session_id: str) -> None:
        """Something has changed in this room: what is known, or being read, counts no more."""
        self._forgotten_at[session_id] = self._clock()

    def too_fast(self, person_id: str, now: datetime) -> bool:
        """Whether this person must take a breath before another message; counts the message where not."""
        breath = spend(self._breaths.get(person_id), self.limits.pace, now)
        if breath is None:
            return True
        self._breaths[person_id] = breath
        if len(self._breaths) > _BREATHS_KEPT:
            full = now - timedelta(seconds=self.limits.pace.seconds)
            self._breaths = {who: one for who, one in self._breaths.items() if one.at > full}
        return False

    def _freshen(self, session_id: str) -> None:
        if self._freshening is None:
            old = self._clock() - self._keeps_seconds * _FRESHENED_TOO
            talking = [(kept.read_at, name) for name, kept in self._kept.items() if kept.seats and kept.read_at < old]
            names = dict.fromkeys([session_id, *(name for _, name in sorted(talking))])
            self._freshening = asyncio.create_task(self._read_again([*names][:_FRESHENED_MOST]))
            self._freshening.add_done_callback(self._freshened)

    def _freshened(self, reading: asyncio.Task[None]) -> None:
        self._freshening = None
        if not reading.cancelled():
            reading.exception()  # whoever comes next reads for themselves, and is told

    async def _read_again(self, names: Collection[str]) -> None:
        read_at, line = self._clock(), self._line()
        for name, gathering in (await self._read(names)).items():
            if name not in self._kept or self._kept[name].read_at < read_at:
                self._keep(name, _Kept(gathering, read_at, line))

    def give_back(self, person_id: str) -> None:
        """A message that was counted did not go out this way, and will be counted again."""
        if breath := self._breaths.get(person_id):
            self._breaths[person_id] = Breath(breath.left + 1, breath.at)

    def _counts_since(self, session_id: str, moment: float) -> Gathering | None:
        kept = self._kept.get(session_id)
        forgotten_at = self._forgotten_at.get(session_id, float("-inf"))
        counts = kept and kept.read_at >= moment and kept.read_at > forgotten_at and kept.line == self._line()
        return kept.gathering if kept and counts else None

    async def _read_since(self, session_id: str, moment: float) -> Gathering | None:
        """What a reading says that began at `moment` or later; people who come together wait for the same one."""
        lock = self._reading.setdefault(session_id, asyncio.Lock())
        async with lock:
            if known := self._counts_since(session_id, moment):
                return known
            read_at, line = self._clock(), self._line()
            gathering = (await self._read([session_id])).get(session_id)
            if gathering is not None:
                self._keep(session_id, _Kept(gathering, read_at, line))
            return gathering

    def _keep(self, session_id: str, kept: _Kept) -> None:
        if len(self._kept) >= _ROOMS_KEPT:
            self._kept.clear()
        self._kept[session_id] = kept
