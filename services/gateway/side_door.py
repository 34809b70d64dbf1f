"""The side door, for networks that let no WebSocket through: frames come as server-sent events and go by POST.

A POST is answered by the copy of the gateway it reaches, with the frames a socket would have had for answers. Where the
page's stream is open on another copy, what its seat knows is asked of chat.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, ClassVar

from fastapi import APIRouter, Request
from pydantic import BaseModel, SerializeAsAny
from redis.exceptions import RedisError
from starlette.responses import Response

from harbour.contracts.chat import ReadRoom, RoomView
from harbour.contracts.enrolment import SUPERVISES
from harbour.contracts.messages import Refused
from harbour.runtime.asking import Unavailable
from services.gateway import frames
from services.gateway.auth import Visitor
from services.gateway.conversation import Unfit, read_spoken
from services.gateway.frames import Close, Frame, Spoken
from services.gateway.limits import Limits, TooMany
from services.gateway.seats import Seat
from services.gateway.security import from_our_page, same_origin
from services.gateway.socket import Asking, admit, answer_at_the_queue, at_the_queue, in_the_room, line_for, seat_for
from services.gateway.stream import EventResponse, Stream, pace_of, sign_of_life, streams_of, turned_away

router = APIRouter()

_STATUS = {
    Close.TOO_BIG: 413, Close.UNREADABLE: 400, Close.SIGNED_OUT: 401, Close.NOT_YOURS: 403,
    Close.STEPPED_OUT: 403, Close.NO_SUCH_SESSION: 404, Close.TOO_MANY: 429,
}  # fmt: skip
_MINUTE = 60
_FRAMES = {"schema": {"type": "string"}, "example": '{"type":"say","client_id":"c-1","text":"hi all"}\n{"type":"ping"}'}
_SAID = {"requestBody": {"required": True, "content": {"application/x-ndjson": _FRAMES}}}


class Answered(BaseModel):
    """What a POST is answered with: the frames a socket would have had for answers, in the order of what was said, and
    the code a socket would have been closed with; what came after that was not heard."""

    example: ClassVar[dict[str, Any]] = {"frames": [frames.Sent.example], "close": None}
    frames: tuple[SerializeAsAny[Frame], ...] = ()
    close: Close | None = None

    def response(self) -> Response:
        """The same as an answer of HTTP."""
        status = 200 if self.close is None else _STATUS.get(self.close, 503)
        return Response(self.model_dump_json(), status, media_type="application/json")


# ── what the browser hears ────────────────────────────────────────────────────────────────────────────────────


async def reader(request: Request) -> Visitor | Close:
    """Who wants to read along, or the code that turns them away."""
    return await admit(request) if from_our_page(request, request.app.state.settings) else Close.NOT_YOURS


@router.get("/live/queue/events")
async def queue_events(request: Request) -> Response:
    """The safeguarding queue as server-sent events."""
    who = await reader(request)
    if isinstance(who, Close):
        return turned_away(who)
    line = line_for(who)
    if line.code is not None:
        return turned_away(line.code)
    return EventResponse(Stream(request, who, line, at_the_queue(request.app.state.hub, line)).go_on)


@router.get("/live/{session_id}/events")
async def room_events(request: Request, session_id: str, after: str = "0") -> Response:
    """A room as server-sent events: every frame with a number above `after` that a socket would be given."""
    who = await reader(request)
    if isinstance(who, Close):
        return turned_away(who)
    seat = seat_for(who, session_id, after)
    if seat.code is not None:
        return turned_away(seat.code)
    return EventResponse(Stream(request, who, seat, in_the_room(request, session_id, who, seat)).go_on)


# ── what the browser says ─────────────────────────────────────────────────────────────────────────────────────


@router.post("/live/queue/say", openapi_extra=_SAID)
async def say_at_the_queue(request: Request) -> Response:
    """What somebody who looks at the queue says: that they are still there."""
    who = await writer(request)
    if isinstance(who, Visitor) and (code := line_for(who).code) is not None:
        who = code
    if isinstance(who, Close):
        return Answered(close=who).response()
    return (await hear(request, who, answer_at_the_queue)).response()


@router.post("/live/{session_id}/say", openapi_extra=_SAID)
async def say_in_the_room(request: Request, session_id: str) -> Response:
    """One frame, or several with a line each, as a socket would hear them one after another."""
    who = await writer(request)
    if isinstance(who, Close):
        return Answered(close=who).response()
    open_here = streams_of(request.app).find(sign_of_life(request))
    seat = open_here.line if open_here is not None else seat_for(who, session_id, "0")
    if seat.code is not None or not isinstance(seat, Seat):
        return Answered(close=seat.code or Close.NO_SUCH_SESSION).response()
    hub = request.app.state.hub
    asking = Asking(request.app.state.ask, session_id, seat, hub.exposure, hub.signs)

    async def answer(frame: Spoken) -> Frame | None:
        if open_here is None and isinstance(frame, frames.Ping):
            return frames.Pong(upto=0)  # how far this page is, its stream says
        if open_here is None and _takes_a_seat(frame, seat):
            await _learn(request, session_id, who, seat)
        return await asking.answer(frame)

    return (await hear(request, who, answer)).response()


async def writer(request: Request) -> Visitor | Close:
    """Who says something, or the code that turns them away. Their stream's copy learns that they are there."""
    if not same_origin(request, request.app.state.settings):
        return Close.NOT_YOURS
    who = await admit(request)
    if isinstance(who, Close):
        return who
    key = sign_of_life(request)
    if (here := streams_of(request.app).find(key)) is not None:
        here.heard()
        return who
    try:
        await request.app.state.redis.set(key, 1, ex=max(1, round(2 * pace_of(request.app).idle_seconds)))
    except RedisError:
        return Close.TRY_AGAIN
    return who


async def hear(request: Request, who: Visitor, answer: Callable[[Spoken], Awaitable[Frame | None]]) -> Answered:
    """Hear each frame in its order, within the same limits as on a socket; what ends a socket ends this."""
    said: list[Frame] = []
    try:
        for text in _lines(await request.body()):
            frame = read_spoken(text)
            await _count(request, who)
            if (reply := await answer(frame)) is not None:
                said.append(reply)
    except Unfit as unfit:
        return Answered(frames=tuple(said), close=unfit.code)
    except TooMany:
        return Answered(frames=tuple(said), close=Close.TOO_MANY)
    except RedisError:
        return Answered(frames=tuple(said), close=Close.TRY_AGAIN)
    return Answered(frames=tuple(said))


def _lines(body: bytes) -> Iterator[str | None]:
    for line in body.removesuffix(b"\n").split(b"\n"):
        try:
            yield line.decode()
        except UnicodeDecodeError:
            yield None


async def _count(request: Request, who: Visitor) -> None:
    """One more frame of this browser, and of this person on all copies together. Raises TooMany."""
    pace = pace_of(request.app)
    if not streams_of(request.app).takes(who.token_hash, pace, asyncio.get_running_loop().time()):
        raise TooMany(1)
    await Limits(request.app.state.redis).count("frames", who.person_id, at_most=pace.person_frames, seconds=_MINUTE)


# ── what a seat on another copy knows ─────────────────────────────────────────────────────────────────────────


def _takes_a_seat(frame: Spoken, seat: Seat) -> bool:
    """Whether it matters for this frame who leads here, or what was given. Everything else chat decides by itself."""
    return not isinstance(frame, frames.Say) if seat.may_lead else isinstance(frame, frames.Seen | frames.Typing)


async def _learn(request: Request, session_id: str, who: Visitor, seat: Seat) -> None:
    """Ask chat what a hello would have told: who leads, and how far the room has come. Raises Unfit."""
    try:
        view: RoomView | Refused = await request.app.state.ask(
            ReadRoom(session_id=session_id, person_id=seat.person_id, limit=1)
        )
    except Unavailable:
        raise Unfit(Close.TRY_AGAIN) from None
    if isinstance(view, Refused):
        if view.reason == "no-such-session":
            raise Unfit(Close.NO_SUCH_SESSION)
        # A supervisor whose page was quiet comes back, and so is on record again.
        raise Unfit(Close.TRY_AGAIN if who.is_any(SUPERVISES) else Close.NOT_YOURS)
    if view.stepped_out:
        raise Unfit(Close.STEPPED_OUT)
    seat.know(view)
    seat.ways = view.ways
    seat.complete(view.latest)
