"""The live WebSocket: who comes in, what they may ask for, and how a socket ends. The frames are in frames.py."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from harbour.runtime.asking import Unavailable
from redis.exceptions import RedisError
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from harbour.contracts.chat import (
    DeclineMessage,
    EndSession,
    MessageTaken,
    OpenSession,
    PostMessage,
    ReleaseMessage,
    RoomChanged,
    StartSession,
)
from harbour.contracts.enrolment import FACILITATES, SAFEGUARDS
from harbour.contracts.messages import Answer, Refused, Wish
from services.gateway import frames
from services.gateway.auth import Visitor, renewed, visitor
from services.gateway.frames import Close, Frame, NotAFrame, Spoken
from services.gateway.hub import Hub, Room
from services.gateway.limits import Limits, TooMany
from services.gateway.seats import Line, Seat
from services.gateway.security import same_origin

router = APIRouter()

_SESSION_MAX_CHARS = 64
_NUMBER_MAX_DIGITS = 15


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


async def come_in(socket: WebSocket) -> Visitor | None:
    """Accept the socket, so that a browser learns the code it may be closed with; None where it was."""
    await socket.accept()
    pace: Pace = getattr(socket.app.state, "pace", Pace())
    if not same_origin(socket, socket.app.state.settings):
        await close(socket, Close.NOT_YOURS, pace)
        return None
    try:
        who = await visitor(socket)
    except RedisError:
        await close(socket, Close.TRY_AGAIN, pace)
        return None
    if who is None:
        await close(socket, Close.SIGNED_OUT, pace)
    return who


# ── the queue ─────────────────────────────────────────────────────────────────────────────────────────────────


@router.websocket("/live/queue")
async def live_queue(socket: WebSocket) -> None:
    """The safeguarding queue, for officers and leads."""
    who = await come_in(socket)
    if who is None:
        return
    line = Line(who.person_id)
    hub: Hub = socket.app.state.hub
    if who.kind != "staff" or not who.is_any(SAFEGUARDS):
        line.close(Close.NOT_YOURS)

    async def answer(frame: Spoken) -> Frame | None:
        return frames.Pong(upto=0) if isinstance(frame, frames.Ping) else frames.RefusedFrame(reason="not-here")

    joining = asyncio.create_task(hub.lookout.join(line))
    try:
        await Conversation(socket, who, line, answer).go_on()
    finally:
        joining.cancel()
        await asyncio.gather(joining, return_exceptions=True)
        hub.lookout.leave(line)


# ── a room ────────────────────────────────────────────────────────────────────────────────────────────────────


@router.websocket("/live/{session_id}")
async def live_room(socket: WebSocket, session_id: str) -> None:
    """One room, for the young people who belong in it and the adults who lead it."""
    who = await come_in(socket)
    if who is None:
        return
    after = socket.query_params.get("after", "0")
    may_lead = who.kind == "staff" and who.is_any(FACILITATES)
    seat = Seat(who.person_id, may_lead=may_lead)
    if not (after.isascii() and after.isdigit() and len(after) <= _NUMBER_MAX_DIGITS):
        seat.close(Close.UNREADABLE)
    elif not _is_key(session_id):
        seat.close(Close.NO_SUCH_SESSION)
    elif who.kind == "staff" and not may_lead:
        seat.close(Close.NOT_YOURS)
    if seat.code is not None:
        await close(socket, seat.code, getattr(socket.app.state, "pace", Pace()))
        return
    seat.complete(int(after))
    hub: Hub = socket.app.state.hub
    try:
        room = await hub.sit(session_id, seat)
        await Conversation(socket, who, seat, Asking(socket.app.state.ask, room, seat).answer).go_on()
    finally:
        hub.leave(session_id, seat)


def _is_key(name: str) -> bool:
    return 0 < len(name) <= _SESSION_MAX_CHARS and name.isascii() and name.replace("-", "").replace("_", "").isalnum()


class Asking:
    """Turns what a person says on the socket into wishes, and the answers into frames."""

    def __init__(self, ask: Callable[[Wish[Any]], Awaitable[Answer]], room: Room, seat: Seat) -> None:
        self._ask, self._room, self._seat = ask, room, seat

    async def answer(self, frame: Spoken) -> Frame | None:
        """What to say to the one who sent this frame; None where the room tells everybody."""
        match frame:
            case frames.Ping():
                return frames.Pong(upto=self._seat.upto)
            case frames.Say():
                return await self._say(frame)
            case frames.Release() | frames.Decline() if self._seat.facilitator:
                return await self._decide(frame)
            case frames.Open() | frames.Start() | frames.End() if self._seat.facilitator:
                return await self._lead(frame)
        return frames.RefusedFrame(held_id=getattr(frame, "held_id", ""), reason="not-allowed")

    async def _say(self, frame: frames.Say) -> Frame:
        text = frame.plain
        if len(text) > frames.TEXT_MAX_CHARS:
            return frames.RefusedFrame(client_id=frame.client_id, reason="too-long")
        wish = PostMessage(
            session_id=self._room.session_id, person_id=self._seat.person_id, client_id=frame.client_id, text=text
        )
        taken = await self._asked(wish)
        if isinstance(taken, Refused):
            return frames.RefusedFrame(client_id=frame.client_id, reason=taken.reason, say=taken.say)
        assert isinstance(taken, MessageTaken)
        if taken.state == "held":
            return frames.Held(client_id=frame.client_id, held_id=taken.message_id)
        return frames.Sent(client_id=frame.client_id, number=taken.number, at=taken.at)

    async def _decide(self, frame: frames.Release | frames.Decline) -> Frame | None:
        kind = ReleaseMessage if isinstance(frame, frames.Release) else DeclineMessage
        wish = kind(session_id=self._room.session_id, held_id=frame.held_id, staff_id=self._seat.person_id)
        answer = await self._asked(wish)
        if isinstance(answer, Refused):
            return frames.RefusedFrame(held_id=frame.held_id, reason=answer.reason, say=answer.say)
        return None

    async def _lead(self, frame: frames.Open | frames.Start | frames.End) -> Frame | None:
        kind = {"open": OpenSession, "start": StartSession, "end": EndSession}[frame.type]
        answer = await self._asked(kind(session_id=self._room.session_id, staff_id=self._seat.person_id))
        if isinstance(answer, Refused):
            return frames.RefusedFrame(reason=answer.reason, say=answer.say)
        assert isinstance(answer, RoomChanged)
        self._room.advance(answer.state)
        return None

    async def _asked(self, wish: Wish[Any]) -> Answer:
        try:
            return await self._ask(wish)
        except Unavailable:
            return Refused(reason="unavailable")
