"""The rounds: one task looks after every open socket: who is still signed in, who is still there, who says how much."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from redis.exceptions import RedisError

from services.gateway.auth import Sessions, Visitor
from services.gateway.frames import Close
from services.gateway.limits import Pace, Tally
from services.gateway.seats import Line

_TICKS = 5
"""So often in the shortest time that counts."""
_TELL_SECONDS = 5.0
_AT_ONCE = 25
"""As many people's sessions are read in one go; what is said in the rooms waits for no more."""


class Attended:
    """One open line, as the rounds see it: who was signed in when it opened, and when they were last heard."""

    def __init__(self, who: Visitor, line: Line, pace: Pace, token: str) -> None:
        self.pace, self.token = pace, token
        self._who, self._line = who, line
        self._clock = asyncio.get_running_loop().time
        self._heard_at = self._seen_at = self._clock()

    def look_at_the_clock(self, now: float) -> None:
        """Let go of somebody who has been quiet for too long."""
        if now - self._heard_at >= self.pace.idle_seconds:
            self._line.close(Close.IDLE)

    def is_due(self, now: float) -> bool:
        """Whether it is time to see if they are still signed in; not again before the next time."""
        if now - self._seen_at < self.pace.visitor_seconds:
            return False
        self._seen_at = now
        return True

    def is_still(self, visitor: Visitor | None) -> None:
        """This is who is signed in here now."""
        if visitor is None or visitor.person_id != self._who.person_id or visitor.roles != self._who.roles:
            self._line.close(Close.SIGNED_OUT)


class Rounds:
    """Goes round while there are sockets. A task, a timer and a question to Redis for each would cost far more."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._open: set[Attended] = set()
        self._going: asyncio.Task[None] | None = None
        self.tally = Tally("frames", seconds=60)

    def join(self, one: Attended) -> None:
        """Look after this one, too."""
        self._open.add(one)
        if self._going is None or self._going.done():
            self._going = asyncio.create_task(self._go_round())

    def leave(self, one: Attended) -> None:
        """No more."""
        self._open.discard(one)
        if not self._open and self._going is not None:
            self._going.cancel()

    async def _go_round(self) -> None:
        clock = asyncio.get_running_loop().time
        told_at = clock()
        while True:
            soonest = min((min(one.pace.visitor_seconds, one.pace.idle_seconds) for one in self._open), default=1.0)
            await asyncio.sleep(min(1.0, soonest / _TICKS))
            now = clock()
            for one in list(self._open):
                one.look_at_the_clock(now)
            due = [one for one in self._open if one.is_due(now)]
            for start in range(0, len(due), _AT_ONCE):
                await self._look_at(due[start : start + _AT_ONCE])
            if now - told_at >= _TELL_SECONDS:
                told_at = now
                with suppress(RedisError):  # counted here all the same
                    await self.tally.tell(self._app.state.redis)

    async def _look_at(self, some: Iterable[Attended]) -> None:
        """See who is still signed in, and keep them so. While Redis is away the evening goes on."""
        asked = list(some)
        sessions = Sessions(self._app.state.redis, self._app.state.settings)
        with suppress(RedisError):
            found = await sessions.read_many([one.token for one in asked])
            for one, session in zip(asked, found, strict=True):
                one.is_still(session.visitor if session else None)


def rounds_of(app: Any) -> Rounds:
    """The rounds of this gateway."""
    if not hasattr(app.state, "rounds"):
        app.state.rounds = Rounds(app)
    rounds: Rounds = app.state.rounds
    return rounds
