"""One socket from hello to close: what it may be, how fast, how long, and with which code it ends."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from services.gateway import frames
from services.gateway.auth import Visitor, token_of
from services.gateway.frames import Close, Frame, NotAFrame, Spoken
from services.gateway.limits import Pace, TooMany
from services.gateway.rounds import Attended, rounds_of
from services.gateway.seats import Line
from services.gateway.wire import wire_of

Over = Callable[[Coroutine[Any, Any, Frame | None] | None], None]
"""Told once that a frame was taken, with what finds out what is still to be said to it, if anything is."""


AHEAD = 4
"""As many frames may wait for the one before; then no more are read."""


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


class Conversation(Attended):
    """One socket from hello to close: what its line holds flows out, and frames are heard one after another.

    A quiet socket has no task but its own, which waits for the end; the rounds look after it.
    """

    def __init__(
        self,
        socket: WebSocket,
        who: Visitor,
        line: Line,
        answer: Callable[[Spoken], Coroutine[Any, Any, Frame | None]],
        say: Callable[[Spoken, Over], bool] = lambda *_: False,
    ) -> None:
        """`say` may take a frame in one go, without a task: it says whether, and calls what it is given when over."""
        super().__init__(who, line, getattr(socket.app.state, "pace", Pace()), token_of(socket))
        self._socket, self._answer, self._say = socket, answer, say
        self._wire, self._rounds = wire_of(socket), rounds_of(socket.app)
        self._bucket = Bucket(self.pace.burst_frames, self.pace.frames_per_second, self._heard_at)
        self._said: list[str | None] = []
        self._is_busy = False
        """With the frame before, so that the next one waits."""
        self._answering: asyncio.Task[None] | None = None

    async def go_on(self) -> None:
        """Until either side ends it."""
        self._rounds.join(self)
        try:
            self._line.lead_to(self._wire)
            self._wire.listen(self._hear, lambda: self._line.close(None))
            await self._line.closing.wait()
        finally:
            self._wire.forget()
            self._rounds.leave(self)
            broken = await self._stop_answering()
        await close(self._socket, self._line.code, self.pace)
        if broken is not None:
            raise broken

    # ── what is said ──────────────────────────────────────────────────────────────────────────────────────────

    def _hear(self, text: str | None) -> None:
        self._heard_at = self._clock()
        self._said.append(text)
        if not self._is_busy:
            self._go_through()
        if len(self._said) >= AHEAD:
            self._wire.wait()

    def _go_through(self) -> None:
        """Everything that was said, one after another."""
        while self._said and not self._line.closing.is_set():
            if (frame := self._admitted(self._said.pop(0))) is None:
                return
            self._is_busy = True
            if not self._say(frame, self._over):
                self._over(self._answer(frame))
            if self._is_busy:
                return
        if not self._line.closing.is_set():
            self._wire.next()

    def _over(self, rest: Coroutine[Any, Any, Frame | None] | None) -> None:
        """A frame was taken; what is still to be said to it is waited for first."""
        if rest is None:
            self._is_busy = False
            self._go_through()
        elif self._line.closing.is_set():
            rest.close()
        else:
            self._answering = asyncio.create_task(self._reply(rest))

    async def _reply(self, rest: Coroutine[Any, Any, Frame | None]) -> None:
        try:
            if (answer := await rest) is not None:
                self._line.give(answer.wire())
            self._answering, self._is_busy = None, False
            self._go_through()
        except BaseException:
            self._line.close(Close.TRY_AGAIN)
            raise

    def _admitted(self, text: str | None) -> Spoken | None:
        """What was said; None where it ends the socket."""
        try:
            frame = read_spoken(text)
            if not self._bucket.takes(self._clock()):
                raise TooMany(1)
            self._rounds.tally.count(self._who.person_id, at_most=self.pace.person_frames)
        except Unfit as unfit:
            self._line.close(unfit.code)
        except TooMany:
            self._line.close(Close.TOO_MANY)
        else:
            return frame
        return None

    async def _stop_answering(self) -> BaseException | None:
        if self._answering is None:
            return None
        self._answering.cancel()
        [result] = await asyncio.gather(self._answering, return_exceptions=True)
        return result if isinstance(result, Exception) else None

    # ── what the rounds ask ───────────────────────────────────────────────────────────────────────────────────

    def look_at_the_clock(self, now: float) -> None:
        """Nobody is quiet while we are still busy with what they said."""
        if not self._is_busy:
            super().look_at_the_clock(now)


class Unfit(Exception):
    """What came in ends the socket with this code."""

    def __init__(self, code: Close) -> None:
        super().__init__(code.name)
        self.code = code


def read_spoken(text: str | None) -> Spoken:
    """What was said; None stands for bytes that are no text. Raises Unfit."""
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
