"""The hub: every open room on this gateway, and the safeguarding queue.

Started and stopped by the app's lifespan: `hub = Hub(nc, ask, redis); await hub.start(); …; await hub.stop()`. It
sees by itself when the connection to NATS is back after a break; whoever knows sooner may call `hub.resync()`.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import structlog
from nats.aio.client import Client
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from redis.asyncio import Redis

from harbour.contracts.chat import CompareRooms, RoomsFar
from harbour.contracts.messages import Refused
from harbour.runtime.asking import Asker, Unavailable
from harbour.runtime.requests import Requests
from harbour.runtime.straight import Heard, straight
from services.gateway.exposure import Exposure
from services.gateway.frames import Close
from services.gateway.lookout import Lookout
from services.gateway.posting import Posting
from services.gateway.presence import Presence
from services.gateway.rooms import QUIET, Room
from services.gateway.seats import Seat
from services.gateway.stays import Stays
from services.gateway.writing import Signs
from services.gateway.writing import subject as signs_in

log = structlog.get_logger("gateway.hub")

_READ_AT_ONCE = 8
_COMPARED_AT_ONCE = 10
_LINE_SECONDS = 0.25


class Hub:
    """All rooms on this gateway, and the safeguarding queue."""

    def __init__(self, nc: Client, ask: Asker, redis: Redis, *, beat_seconds: float = 15.0) -> None:
        self.lookout = Lookout(nc, ask)
        self.exposure = Exposure(ask)
        self.presence = Presence(redis, lambda: {name: room.seats for name, room in self._rooms.items()})
        self.stays = Stays(ask, lambda: self._rooms)
        self.posting = Posting(Requests(nc))
        self.signs = Signs(nc)
        self._nc, self._ask, self._beat_seconds = nc, ask, beat_seconds
        self._rooms: dict[str, Room] = {}
        self._opening: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._heard: list[Subscription] = []

    async def start(self) -> None:
        """Begin to listen and to check."""
        await self.lookout.start()
        await self.posting.open()
        for subject in (*(kind.pattern() for kind in QUIET), signs_in("*")):
            self._heard.append(await straight(self._nc).hear(subject, self._hear))
        self._spawn(self._beat())
        self._spawn(self._watch_line())
        self._spawn(self.exposure.keep_telling())
        self._spawn(self.presence.keep_telling())
        self._spawn(self.stays.keep_telling())

    async def stop(self) -> None:
        """Close every socket kindly and stop listening."""
        for room in list(self._rooms.values()):
            for seat in list(room.seats):
                seat.close(Close.RESTARTING)
                self.leave(room.session_id, seat)
        await self.lookout.stop()
        with suppress(NatsError):  # the connection may be closed, and every subscription with it
            for subscription in self._heard:
                await subscription.unsubscribe()
        await self.exposure.tell()
        await self.stays.stop()
        closing = [task for task in self._tasks if task.get_name() == "closing"]
        await _cancelled(self._tasks.difference(closing))
        await asyncio.gather(*closing, return_exceptions=True)

    async def sit(self, session_id: str, seat: Seat) -> Room:
        """Give a socket its place; the first one in opens the room here."""
        room = self._rooms.get(session_id)
        if room is None:
            room = self._rooms[session_id] = Room(session_id, self._nc, self._ask)
            self._opening[session_id] = self._spawn(room.open())
        room.seats.add(seat)  # so that the room is not closed while this one waits for it to open
        await asyncio.shield(self._opening[session_id])
        if seat in room.seats:
            room.sit(seat)
        return room

    def leave(self, session_id: str, seat: Seat) -> None:
        """Give the place back; the last one out closes the room here."""
        if seat.reading is not None:
            seat.reading.cancel()
        room = self._rooms.get(session_id)
        if room is None or seat not in room.seats:
            return
        room.seats.discard(seat)
        if not room.seats:
            del self._rooms[session_id]
            opening = self._opening.pop(session_id)
            self._spawn(_close_after(opening, room), "closing")

    def resync(self) -> None:
        """After a break in the connection: everybody reads what they may have missed."""
        for room in self._rooms.values():
            room.catch_up(room.seats)
        self.lookout.nudge()

    def _hear(self, msg: Heard) -> None:
        """What is said of a room beside what is republished to it: of all rooms together, as it is seldom said."""
        if (room := self._rooms.get(msg.subject.split(".")[2])) is None:
            return
        if msg.subject == signs_in(room.session_id):
            room.writing.hear(msg)
        else:
            room.hear(msg)

    async def _watch_line(self) -> None:
        """After each reconnect, catch up: what was republished meanwhile passed us by."""
        known = self._nc.stats["reconnects"]
        while True:
            await asyncio.sleep(_LINE_SECONDS)
            if self._nc.is_connected and self._nc.stats["reconnects"] != known:
                known = self._nc.stats["reconnects"]
                log.info("the line to the bus is back")
                self.resync()

    async def _beat(self) -> None:
        """Look at all rooms, some at a time over the beat, so that what is said meanwhile does not wait."""
        while True:
            names = list(self._rooms)
            parts = [names[start : start + _COMPARED_AT_ONCE] for start in range(0, len(names), _COMPARED_AT_ONCE)]
            for part in parts:
                await asyncio.sleep(self._beat_seconds / len(parts))
                await self._look_at(part)
            if not parts:
                await asyncio.sleep(self._beat_seconds)

    async def _look_at(self, names: list[str]) -> None:
        limit, far = asyncio.Semaphore(_READ_AT_ONCE), await self._far(names)

        async def check(room: Room) -> None:
            async with limit:
                await room.check(far[room.session_id])

        there = [room for name in far if (room := self._rooms.get(name)) is not None]
        for error in await asyncio.gather(*map(check, there), return_exceptions=True):
            if isinstance(error, Exception):
                log.error("a room could not be checked", error=type(error).__name__)

    async def _far(self, names: list[str]) -> dict[str, int]:
        """How far these rooms have come; nothing of them while chat does not say."""
        try:
            answer: RoomsFar | Refused = await self._ask(CompareRooms(session_ids=tuple(names)))
        except Unavailable:
            return {}
        return answer.newest if isinstance(answer, RoomsFar) else {}

    def _spawn(self, work: Coroutine[Any, Any, None], name: str = "") -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


async def _close_after(opening: asyncio.Task[None], room: Room) -> None:
    await asyncio.wait([opening])
    await room.close()


async def _cancelled(tasks: set[asyncio.Task[None]]) -> None:
    """These have ended. redis-py now and then swallows a cancellation, so it is said until it was heard."""
    while tasks:
        for task in tasks:
            task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=0.5)
