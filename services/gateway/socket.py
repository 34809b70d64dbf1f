"""The live WebSocket: who comes in, what they may ask for, and how a socket ends. The frames are in frames.py."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import APIRouter
from opentelemetry.trace import SpanKind
from redis.exceptions import RedisError
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from harbour.contracts.chat import (
    CancelSession,
    CloseSession,
    DeclineMessage,
    EndSession,
    EveningStands,
    KeepObserving,
    KeepWatch,
    MessageTaken,
    OpenSession,
    PauseSession,
    ReleaseMessage,
    ResumeSession,
    SendCanary,
    StartSession,
)
from harbour.contracts.enrolment import FACILITATES, SUPERVISES
from harbour.contracts.messages import Answer, Command, Refused, Wish
from harbour.runtime.asking import Unavailable
from harbour.runtime.telemetry import is_tracing, span
from services.gateway import frames, wishes
from services.gateway.access import may
from services.gateway.auth import Visitor, visitor
from services.gateway.conversation import Conversation, Over, close
from services.gateway.exposure import Exposure, seen_run
from services.gateway.frames import Close, Frame, Spoken
from services.gateway.hub import Hub
from services.gateway.limits import Pace
from services.gateway.posting import Answered, Posting, Said
from services.gateway.rooms import Room
from services.gateway.seats import Line, Seat
from services.gateway.security import same_origin
from services.gateway.writing import Signs

router = APIRouter()

_MOVES: dict[type[Frame], type[Command[Any]]] = {
    frames.Open: OpenSession,
    frames.Start: StartSession,
    frames.Pause: PauseSession,
    frames.Resume: ResumeSession,
    frames.LastMinutes: CloseSession,
    frames.End: EndSession,
    frames.Cancel: CancelSession,
}
"""What a facilitator asks to move the evening on."""
_SESSION_MAX_CHARS = 64
_NUMBER_MAX_DIGITS = 15


async def admit(conn: HTTPConnection) -> Visitor | Close:
    """Who is signed in here, or the code that turns them away."""
    try:
        return await visitor(conn) or Close.SIGNED_OUT
    except RedisError:
        return Close.TRY_AGAIN


async def come_in(socket: WebSocket) -> Visitor | None:
    """Accept the socket, so that a browser learns the code it may be closed with; None where it was."""
    await socket.accept()
    who = await admit(socket) if same_origin(socket, socket.app.state.settings) else Close.NOT_YOURS
    if isinstance(who, Visitor):
        return who
    await close(socket, who, getattr(socket.app.state, "pace", Pace()))
    return None


# ── the queue ─────────────────────────────────────────────────────────────────────────────────────────────────


async def live_queue(socket: WebSocket) -> None:
    """The safeguarding queue, for officers and leads."""
    who = await come_in(socket)
    if who is None:
        return
    line = line_for(who)
    async with at_the_queue(socket.app.state.hub, line):
        await Conversation(socket, who, line, answer_at_the_queue).go_on()


def line_for(who: Visitor) -> Line:
    """A line to the queue; closed at once for those it is not for."""
    line = Line(who.person_id)
    if not may(who, "WS /live/queue"):
        line.close(Close.NOT_YOURS)
    return line


@asynccontextmanager
async def at_the_queue(hub: Hub, line: Line) -> AsyncIterator[None]:
    """While this lasts, the queue is shown on this line."""
    joining = asyncio.create_task(hub.lookout.join(line))
    try:
        yield
    finally:
        joining.cancel()
        await asyncio.gather(joining, return_exceptions=True)
        hub.lookout.leave(line)


async def answer_at_the_queue(frame: Spoken) -> Frame | None:
    """The queue is only looked at."""
    return frames.Pong(upto=0) if isinstance(frame, frames.Ping) else frames.RefusedFrame(reason="not-here")


# ── a room ────────────────────────────────────────────────────────────────────────────────────────────────────


async def live_room(socket: WebSocket) -> None:
    """One room, for the young people who belong in it and the adults who lead it."""
    who = await come_in(socket)
    if who is None:
        return
    session_id: str = socket.path_params["session_id"]
    seat = seat_for(who, session_id, socket.query_params.get("after", "0"))
    if seat.code is not None:
        await close(socket, seat.code, getattr(socket.app.state, "pace", Pace()))
        return
    hub: Hub = socket.app.state.hub
    async with in_the_room(socket, session_id, who, seat) as room:
        asking = Asking(socket.app.state.ask, session_id, seat, hub.exposure, hub.signs)
        await Conversation(socket, who, seat, asking.answer, asking.saying(room, hub.posting)).go_on()


def seat_for(who: Visitor, session_id: str, after: str) -> Seat:
    """A seat for somebody who has everything up to this number; closed at once where there is none for them."""
    may_lead = who.kind == "staff" and who.is_any(FACILITATES | SUPERVISES)
    seat = Seat(who.person_id, may_lead=may_lead)
    if not (after.isascii() and after.isdigit() and len(after) <= _NUMBER_MAX_DIGITS):
        seat.close(Close.UNREADABLE)
    elif not _is_key(session_id):
        seat.close(Close.NO_SUCH_SESSION)
    elif not may(who, "WS /live/{session_id}"):
        seat.close(Close.NOT_YOURS)
    else:
        seat.complete(int(after))
    return seat


@asynccontextmanager
async def in_the_room(conn: HTTPConnection, session_id: str, who: Visitor, seat: Seat) -> AsyncIterator[Room]:
    """While this lasts, the seat is taken."""
    hub: Hub = conn.app.state.hub
    try:
        if who.is_any(SUPERVISES):
            await put_on_record(conn, session_id, who)
        yield await hub.sit(session_id, seat)
    finally:
        hub.leave(session_id, seat)


async def put_on_record(conn: HTTPConnection, session_id: str, who: Visitor) -> None:
    """A supervisor reads along only while it is on record; of one who leads the room, nothing is noted."""
    with suppress(Unavailable):
        await conn.app.state.ask(KeepObserving(session_id=session_id, staff_id=who.person_id))


def _is_key(name: str) -> bool:
    return 0 < len(name) <= _SESSION_MAX_CHARS and name.isascii() and name.replace("-", "").replace("_", "").isalnum()


class Asking:
    """Turns what a person says on the socket into wishes, and the answers into frames."""

    def __init__(
        self,
        ask: Callable[[Wish[Any]], Awaitable[Answer]],
        session_id: str,
        seat: Seat,
        exposure: Exposure,
        signs: Signs,
    ) -> None:
        self._ask, self._session_id, self._seat = ask, session_id, seat
        self._exposure, self._signs = exposure, signs

    async def answer(self, frame: Spoken) -> Frame | None:
        """What to say to the one who sent this frame; None where the room tells everybody."""
        if isinstance(frame, frames.Typing):
            await self._signs.tell(self._session_id, self._seat)
            return None  # and no trace tells of it
        if not is_tracing():
            return await self._answer(frame)
        with span(f"frame {frame.type}", kind=SpanKind.SERVER):
            return await self._answer(frame)

    async def _answer(self, frame: Spoken) -> Frame | None:
        match frame:
            case frames.Ping():
                return frames.Pong(upto=self._seat.upto)
            case frames.Say():
                return await self._say(frame)
            case frames.Release() | frames.Decline() if self._seat.leads:
                return await self._decide(frame)
            case frames.Here() if self._seat.observes:
                return await self._keep_observing()
            case frames.Here() | frames.Practise() if self._seat.leads:
                return await self._watch(frame)
            case _ if type(frame) in _MOVES and self._seat.leads:
                return await self._lead(frame)
            case frames.Seen():
                self._see(frame)
                return None
        beside = self._seat.observes and isinstance(frame, wishes.FOR_OBSERVERS)
        if isinstance(frame, wishes.FOR_FACILITATORS) and not (self._seat.leads or beside):
            return frames.RefusedFrame(number=getattr(frame, "number", 0), reason="not-allowed")
        if wish := wishes.wish_of(frame, self._session_id, self._seat.person_id):
            return await self._wish(frame, wish)
        return frames.RefusedFrame(held_id=getattr(frame, "held_id", ""), reason="not-allowed")

    def saying(self, room: Room, posting: Posting) -> Callable[[Spoken, Over], bool]:
        """The short way of what is said in this room: put on its way, and over when it comes back."""

        def say(frame: Spoken, over: Over) -> bool:
            if not isinstance(frame, frames.Say) or len(text := frame.plain) > frames.TEXT_MAX_CHARS:
                return False
            said = Said(self._session_id, self._seat.person_id, frame.client_id, text, frame.in_reply_to)
            return posting.put(room, said, lambda came: over(None if came is True else self._otherwise(frame, came)))

        return say

    async def _otherwise(self, frame: frames.Say, came: bool | Answered) -> Frame | None:
        """What to say where it did not come back: what chat says of it, asked again where that is nothing."""
        with suppress(Unavailable):
            if isinstance(came, Answered):
                return _taken(frame.client_id, came.read())
        return await self._say(frame)

    async def _say(self, frame: frames.Say) -> Frame:
        if len(text := frame.plain) > frames.TEXT_MAX_CHARS:
            return frames.RefusedFrame(client_id=frame.client_id, reason="too-long")
        wish = Said(self._session_id, self._seat.person_id, frame.client_id, text, frame.in_reply_to).wish()
        return _taken(frame.client_id, await self._asked(wish))

    async def _decide(self, frame: frames.Release | frames.Decline) -> Frame | None:
        about = {"session_id": self._session_id, "held_id": frame.held_id, "staff_id": self._seat.person_id}
        wish: Wish[Any] = ReleaseMessage(**about)
        if isinstance(frame, frames.Decline):
            wish = DeclineMessage(**about, words=frame.words, rephrase=frame.rephrase)
        answer = await self._asked(wish)
        if isinstance(answer, Refused):
            return frames.RefusedFrame(held_id=frame.held_id, reason=answer.reason, say=answer.say)
        return None

    async def _lead(self, frame: Spoken) -> Frame | None:
        more = {"words": frame.words} if isinstance(frame, frames.Pause) else {}
        wish = _MOVES[type(frame)](session_id=self._session_id, staff_id=self._seat.person_id, **more)
        answer = await self._asked(wish)
        if isinstance(answer, Refused):
            return frames.RefusedFrame(reason=answer.reason, say=answer.say)
        return None  # the room tells everybody

    async def _watch(self, frame: frames.Here | frames.Practise) -> Frame:
        kind = KeepWatch if isinstance(frame, frames.Here) else SendCanary
        answer = await self._asked(kind(session_id=self._session_id, staff_id=self._seat.person_id))
        if isinstance(answer, Refused):
            return frames.RefusedFrame(reason=answer.reason, say=answer.say)
        assert isinstance(answer, EveningStands)
        return frames.stands(answer)

    async def _keep_observing(self) -> Frame | None:
        answer = await self._asked(KeepObserving(session_id=self._session_id, staff_id=self._seat.person_id))
        return frames.RefusedFrame(reason=answer.reason) if isinstance(answer, Refused) else None

    def _see(self, frame: frames.Seen) -> None:
        """What facilitators had on their screens is nobody's exposure."""
        run = seen_run(frame.first, frame.upto, self._seat.was_given)
        if run is not None and not self._seat.may_lead:
            self._exposure.note(self._session_id, self._seat.person_id, run)

    async def _wish(self, frame: Spoken, wish: Wish[Any]) -> Frame | None:
        answer = await self._asked(wish)
        if isinstance(answer, Refused):
            about = {"number": getattr(frame, "number", 0), "client_id": getattr(frame, "client_id", "")}
            return frames.RefusedFrame(**about, reason=answer.reason, say=answer.say)
        return wishes.reply_to(answer)

    async def _asked(self, wish: Wish[Any]) -> Answer:
        try:
            return await self._ask(wish)
        except Unavailable:
            return Refused(reason="unavailable")


def _taken(client_id: str, taken: Answer) -> Frame:
    """What became of a message, to its writer."""
    if isinstance(taken, Refused):
        return frames.RefusedFrame(client_id=client_id, reason=taken.reason, say=taken.say)
    assert isinstance(taken, MessageTaken)
    if taken.state == "held":
        return frames.Held(client_id=client_id, held_id=taken.message_id)
    return frames.Sent(client_id=client_id, number=taken.number, at=taken.at)


# Starlette's own routes: FastAPI would keep 8 KB for each socket, for dependencies that these have none of.
router.add_websocket_route("/live/queue", live_queue)
router.add_websocket_route("/live/{session_id}", live_room)
