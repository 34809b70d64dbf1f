"""One stream of server-sent events, from hello to close: the same frames as on a socket, where no socket gets through.

What its browser says comes by POST, to whichever copy of the gateway; `side_door.py` hears it. A stream and a POST
belong together by the browser's token and a name that the page makes up, so that the copy which holds the stream knows
it again, and another leaves a sign of life in Redis.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from redis.exceptions import RedisError
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from services.gateway import frames
from services.gateway.auth import Visitor, hashed, token_of
from services.gateway.conversation import Bucket
from services.gateway.frames import Close
from services.gateway.limits import Pace
from services.gateway.rounds import Attended, rounds_of
from services.gateway.seats import Line, Seat

ROOM_BYTES = 64 * 1024
"""So much may wait here for a browser that reads slowly; uvicorn lets as much wait below."""
PADDING = b":" + b" " * 2048 + b"\n\n"
"""Some proxies hold the first two kilobytes of an answer back."""
HEADERS = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}


def text_of(data: bytes) -> bytes:
    """The text in a WebSocket frame that `text_frame` made."""
    return data[{126: 4, 127: 10}.get(data[1], 2) :]


def closing_event(code: Close) -> bytes:
    """The last event of a stream: why it ends."""
    return b"event: close\ndata: %d\n\n" % code


class Stream(Attended):
    """One stream: what its line holds flows out as events, and a sign of life on a beat."""

    def __init__(self, request: Any, who: Visitor, line: Line, place: AbstractAsyncContextManager[Any]) -> None:
        """`place` is taken while the stream goes on: a seat in a room, or a view of the queue."""
        super().__init__(who, line, pace_of(request.app), token_of(request))
        self.line, self._place = line, place
        self._rounds, self._streams = rounds_of(request.app), streams_of(request.app)
        self.key = sign_of_life(request)
        self._redis = request.app.state.redis
        self._out = bytearray(PADDING)
        self._news = asyncio.Event()
        self._news.set()
        self._on_room: Callable[[], None] = lambda: None

    # ── the way out of its line ───────────────────────────────────────────────────────────────────────────────

    @property
    def has_room(self) -> bool:
        """Whether the browser takes what we write."""
        return len(self._out) < ROOM_BYTES

    def write(self, data: bytes) -> None:
        """Put a frame on its way; those of one turn of the loop leave together."""
        self._out += b"data: %b\n\n" % text_of(data)
        self._news.set()

    def when_there_is_room(self, go_on: Callable[[], None]) -> None:
        """Have this called each time what waited is gone."""
        self._on_room = go_on

    # ── from hello to close ───────────────────────────────────────────────────────────────────────────────────

    async def go_on(self, start: Message, receive: Receive, send: Send) -> None:
        """Until either side ends it."""
        self._rounds.join(self)
        self._streams.join(self)
        beating = [asyncio.create_task(work) for work in (self._until_gone(receive), self._beat())]
        flowing = asyncio.create_task(self._flow(start, send))
        flowing.add_done_callback(lambda _: self._line.close(None))
        try:
            async with self._place:
                self._line.lead_to(self)
                await self._line.closing.wait()
        finally:
            self._line.close(Close.TRY_AGAIN)
            self._streams.leave(self)
            self._rounds.leave(self)
            self._news.set()
            await asyncio.wait([flowing], timeout=self.pace.closing_seconds)
            for task in (*beating, flowing):
                task.cancel()
            ends = await asyncio.gather(*beating, flowing, return_exceptions=True)
        for broken in ends:
            if isinstance(broken, Exception):
                raise broken

    async def _flow(self, start: Message, send: Send) -> None:
        await send(start)
        while not self._line.closing.is_set():
            await self._news.wait()
            self._news.clear()
            data, self._out = bytes(self._out), bytearray()
            await send({"type": "http.response.body", "body": data, "more_body": True})
            self._on_room()
        if self._line.code is not None:
            self._out += closing_event(self._line.code)
        await send({"type": "http.response.body", "body": bytes(self._out), "more_body": False})

    async def _until_gone(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._line.close(None)

    async def _beat(self) -> None:
        """Say how far this browser is, so that it knows we are there; and look whether it was heard elsewhere."""
        while not self._line.closing.is_set():  # redis-py now and then swallows a cancellation
            await asyncio.sleep(self.pace.beat_seconds)
            self._line.give(frames.Pong(upto=self.line.upto if isinstance(self.line, Seat) else 0).wire())
            try:
                if await self._redis.getdel(self.key):
                    self.heard()
            except RedisError:
                self.heard()  # nobody could have told us

    def heard(self) -> None:
        """Its browser has said something."""
        self._heard_at = self._clock()


class EventResponse(StreamingResponse):
    """The answer that a stream goes out on."""

    media_type = "text/event-stream"

    def __init__(self, go_on: Callable[[Message, Receive, Send], Awaitable[None]]) -> None:
        super().__init__((), headers=HEADERS)
        self._go_on = go_on

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Begin, and go on for as long as it lasts."""
        await self._go_on({"type": "http.response.start", "status": 200, "headers": self.raw_headers}, receive, send)


def turned_away(code: Close) -> Response:
    """A stream that ends at once, so that the browser learns the code."""
    return Response(closing_event(code), headers=HEADERS, media_type=EventResponse.media_type)


# ── all of this copy ──────────────────────────────────────────────────────────────────────────────────────────


class Streams:
    """The streams that are open on this copy, and how fast each browser posts here."""

    def __init__(self) -> None:
        self._open: dict[str, Stream] = {}
        self._buckets: dict[str, tuple[Bucket, float]] = {}
        self._swept_at = 0.0

    def join(self, one: Stream) -> None:
        """This one is open here."""
        self._open[one.key] = one

    def leave(self, one: Stream) -> None:
        """No more."""
        if self._open.get(one.key) is one:
            del self._open[one.key]

    def find(self, key: str) -> Stream | None:
        """The stream that this browser's page reads, where it is open here."""
        return self._open.get(key)

    def takes(self, who: str, pace: Pace, now: float) -> bool:
        """Whether one more frame of this browser is fine now; a bucket that is full again is forgotten."""
        full_again = pace.burst_frames / pace.frames_per_second
        if now - self._swept_at > full_again:
            self._swept_at = now
            self._buckets = {name: one for name, one in self._buckets.items() if now - one[1] < full_again}
        bucket, _ = self._buckets.get(who) or (Bucket(pace.burst_frames, pace.frames_per_second, now), now)
        self._buckets[who] = bucket, now
        return bucket.takes(now)

    def end(self) -> None:
        """Have every stream closed kindly: a server that stops waits for no answer without an end."""
        for one in list(self._open.values()):
            one.line.close(Close.RESTARTING)


def streams_of(app: Any) -> Streams:
    """The streams of this copy."""
    if not hasattr(app.state, "streams"):
        app.state.streams = Streams()
    streams: Streams = app.state.streams
    return streams


def pace_of(app: Any) -> Pace:
    """How fast and how quiet a browser may be here."""
    return getattr(app.state, "pace", None) or Pace()


def sign_of_life(request: Any) -> str:
    """The key that stands for one page's stream: the browser's token, its place, and a name that the page made up."""
    place = request.url.path.rpartition("/")[0]
    return f"gateway:line:{hashed(' '.join((token_of(request), place, request.query_params.get('line', ''))))}"
