"""One socket from hello to close: what it may be, how fast, how long, and with which code it ends."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from redis.exceptions import RedisError
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from services.gateway import frames
from services.gateway.auth import Visitor, renewed
from services.gateway.frames import Close, Frame, NotAFrame, Spoken
from services.gateway.limits import Limits, TooMany
from services.gateway.seats import Line


@dataclass(frozen=True)
class Pace:
    """How long a socket may be quiet, and how fast a person may be."""

    idle_seconds: float = 75
    """Browsers ping every 25 s."""
    visitor_seconds: float = 10
    """How often we look whether they are still signed in."""
    closing_seconds: float = 2
    burst_frames: int = 40
    frames_per_second: float = 8
    person_frames: int = 240
    """One person's frames in a minute, on all their screens and all copies of the gateway together."""


class Bucket:
    """A token bucket: short bursts are fine, a flood is not."""

    def __init__(self, size: float, per_second: float, now: float) -> None:
        self._size, self._per_second = size, per_second
        self._left, self._at = size, now

    def takes(self, now: float) -> bool:
        """Whether one more is fine at this moment (seconds on a steady clock)."""
        self._left = min(self._size, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Conversation:
    """One socket from hello to close: it writes what its line holds, hears frames, and looks who is there."""

    def __init__(
        self, socket: WebSocket, who: Visitor, line: Line, answer: Callable[[Spoken], Awaitable[Frame | None]]
    ) -> None:
        self._socket, self._who, self._line, self._answer = socket, who, line, answer
        self._pace: Pace = getattr(socket.app.state, "pace", Pace())
        self._limits = Limits(socket.app.state.redis)

    async def go_on(self) -> None:
        """Until either side ends it."""
        tasks = [asyncio.create_task(work) for work in (self._write(), self._hear(), self._look(), self._wait())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            if not task.cancelled() and (error := task.exception()) and not isinstance(error, WebSocketDisconnect):
                self._line.close(Close.TRY_AGAIN)
                await close(self._socket, self._line.code, self._pace)
                raise error
        await close(self._socket, self._line.code, self._pace)

    async def _write(self) -> None:
        while True:
            await self._socket.send_text(await self._line.out.get())

    async def _wait(self) -> None:
        await self._line.closing.wait()

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(self._pace.visitor_seconds)
            with suppress(RedisError):  # an evening goes on while Redis is away
                now = await renewed(self._socket)
                if now is None or now.person_id != self._who.person_id or now.roles != self._who.roles:
                    self._line.close(Close.SIGNED_OUT)
                    return

    async def _hear(self) -> None:
        clock = asyncio.get_running_loop().time
        bucket = Bucket(self._pace.burst_frames, self._pace.frames_per_second, clock())
        while True:
            try:
                got = await asyncio.wait_for(self._socket.receive(), self._pace.idle_seconds)
            except TimeoutError:
                self._line.close(Close.IDLE)
                return
            if got["type"] == "websocket.disconnect":
                return
            try:
                frame = _read(got)
                if not bucket.takes(clock()):
                    raise TooMany(1)
                await self._count()
            except Unfit as unfit:
                self._line.close(unfit.code)
                return
            except TooMany:
                self._line.close(Close.TOO_MANY)
                return
            if (answer := await self._answer(frame)) is not None:
                self._line.give(answer.wire())

    async def _count(self) -> None:
        with suppress(RedisError):  # the bucket of this socket still holds
            await self._limits.count("frames", self._who.person_id, at_most=self._pace.person_frames, seconds=60)


class Unfit(Exception):
    """What came in ends the socket with this code."""

    def __init__(self, code: Close) -> None:
        super().__init__(code.name)
        self.code = code


def _read(got: Any) -> Spoken:
    text = got.get("text")
    if text is None:
        raise Unfit(Close.UNREADABLE)
    if len(text) > frames.FRAME_MAX_BYTES or len(text.encode(errors="replace")) > frames.FRAME_MAX_BYTES:
        raise Unfit(Close.TOO_BIG)
    try:
        return frames.read_frame(text)
    except NotAFrame:
        raise Unfit(Close.UNREADABLE) from None


async def close(socket: WebSocket, code: Close | None, pace: Pace) -> None:
    """Close with this code, where the other side is still there to hear it."""
    if code is None or socket.client_state is WebSocketState.DISCONNECTED:
        return
    # It may go while we are closing, and one that takes nothing is not waited for.
    with suppress(WebSocketDisconnect, RuntimeError, TimeoutError):
        await asyncio.wait_for(socket.close(code), pace.closing_seconds)
