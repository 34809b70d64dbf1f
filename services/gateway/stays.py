"""Who is in which room, gathered over all sockets of this gateway and told to chat in batches, for the attendance."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from harbour.contracts.chat import RecordStays, RoomState, Stay
from harbour.runtime.asking import Asker, Unavailable
from services.gateway.rooms import Room

THERE = frozenset({RoomState.DOORS, RoomState.LIVE, RoomState.PAUSED, RoomState.CLOSING})
"""While an evening stands here, whoever has it open is there."""
EVERY = timedelta(seconds=60)
"""So often it is told that somebody is still there."""
GRACE = timedelta(seconds=30)
"""Whoever comes back sooner has not been away."""
AT_MOST = timedelta(hours=1)
"""For so long a stay waits for a chat that does not answer."""
BATCH_MAX = 500


@dataclass
class _Seen:
    began_at: datetime
    until: datetime
    told: datetime | None = None
    """Until when chat knows."""


class Stays:
    """Tells chat who came at once, who is still there once a minute, and who has gone when they do not come back.

    A gateway that dies has told of everybody up to the last minute; the next one begins a stay of its own, and chat
    counts what overlaps once.
    """

    def __init__(
        self,
        ask: Asker,
        rooms: Callable[[], Mapping[str, Room]],
        *,
        beat_seconds: float = 5.0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._ask, self._rooms, self._beat_seconds, self._clock = ask, rooms, beat_seconds, clock
        self._seen: dict[tuple[str, str], _Seen] = {}

    async def keep_telling(self) -> None:
        """On each beat, for as long as the process runs."""
        while True:
            await asyncio.sleep(self._beat_seconds)
            await self.tell()

    async def tell(self) -> None:
        """See who is there, and tell chat what it does not know yet."""
        now = self._clock()
        for key in self._there():
            self._seen.setdefault(key, _Seen(now, now)).until = now
        await self._tell((key for key, one in self._seen.items() if _is_due(one, now)), now)
        gone = [key for key, one in self._seen.items() if _is_over(one, now)]
        for key in gone:
            del self._seen[key]

    async def stop(self) -> None:
        """Tell all that is left: this gateway is going."""
        await self._tell(
            (key for key, one in self._seen.items() if one.told != one.until), datetime.min.replace(tzinfo=UTC)
        )

    def _there(self) -> set[tuple[str, str]]:
        return {
            (session_id, seat.person_id)
            for session_id, room in self._rooms().items()
            if room.state in THERE
            for seat in room.seats
            if seat.greeted and not seat.may_lead
        }

    async def _tell(self, keys: Iterable[tuple[str, str]], now: datetime) -> None:
        waiting = [(one, _stay(key, one, now)) for key in keys if (one := self._seen[key])]
        for start in range(0, len(waiting), BATCH_MAX):
            batch = waiting[start : start + BATCH_MAX]
            try:
                await self._ask(RecordStays(stays=tuple(stay for _, stay in batch)))
            except Unavailable:
                return  # it is told again on the next beat
            for one, stay in batch:
                one.told = stay.until


def _stay(key: tuple[str, str], one: _Seen, now: datetime) -> Stay:
    session_id, person_id = key
    gone = now - one.until >= GRACE
    return Stay(session_id=session_id, person_id=person_id, began_at=one.began_at, until=one.until, gone=gone)


def _is_due(one: _Seen, now: datetime) -> bool:
    """Whether chat is to hear: they came, they are still there after a while, or they have gone."""
    if one.told is None or one.until - one.told >= EVERY:
        return True
    return one.told < one.until and now - one.until >= GRACE


def _is_over(one: _Seen, now: datetime) -> bool:
    away = now - one.until
    return away >= AT_MOST or (away >= GRACE and one.told == one.until)
