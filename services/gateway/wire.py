"""The live socket below ASGI: the one place that knows the inside of uvicorn's WebSocket protocol.

ASGI costs a task, a queue and a frame of its own for each message of each socket: ten times what it takes to hand the
same bytes to every socket of a room. Nothing else here depends on how uvicorn does it, and the lock file says which
uvicorn that is.
"""

import asyncio
from collections.abc import Callable
from typing import Any, cast
from weakref import WeakKeyDictionary

from starlette.websockets import WebSocket
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

_EXTENSION = "harbour.wire"

Hear = Callable[[str | None], None]
"""Called with each text that comes in, and with None for bytes, which nobody sends us."""


def text_frame(text: str | bytes) -> bytes:
    """A text as the bytes of one WebSocket frame from a server; made once, they fit every socket."""
    body = text if isinstance(text, bytes) else text.encode()
    size = len(body)
    if size < 126:
        return b"\x81" + size.to_bytes(1, "big") + body
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + body
    return b"\x81\x7f" + size.to_bytes(8, "big") + body


class _Ears:
    """What uvicorn has to say to the app: kept for ASGI until somebody listens. A queue of asyncio takes 3 KB."""

    def __init__(self) -> None:
        self.listener: Callable[[Any], None] | None = None
        self._kept: list[Any] = []
        self._waiting: asyncio.Future[None] | None = None

    def put_nowait(self, item: Any) -> None:
        """Tell whoever listens, at once."""
        if self.listener is not None:
            self.listener(item)
            return
        self._kept.append(item)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def get(self) -> Any:
        """What was said first, once there is something."""
        while not self._kept:
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        return self.get_nowait()

    def get_nowait(self) -> Any:
        """What was said first; there is something."""
        return self._kept.pop(0)

    def empty(self) -> bool:
        """Whether there is nothing."""
        return not self._kept


class _Turn:
    """What goes out in one turn of the loop: one write for each socket, whatever is said on it meanwhile."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._due: list[Wire] = []
        self._soon = loop.call_soon

    def add(self, wire: "Wire") -> None:
        """Something waits to be written there."""
        if not self._due:
            self._soon(self._end)
        self._due.append(wire)

    def _end(self) -> None:
        due, self._due = self._due, []
        for wire in due:
            wire.flush()


def _turn_of(loop: Any) -> _Turn:
    if loop not in _turns:
        _turns[loop] = _Turn(loop)
    return _turns[loop]


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, _Turn] = WeakKeyDictionary()


class Wire(WebSocketsSansIOProtocol):
    """One socket: ASGI for its beginning and its end, bytes in between."""

    has_room = True
    """Whether the other side takes what we write; what is written all the same waits in our memory."""
    _on_room: Callable[[], None] | None = None
    _hear: Hear | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ears = _Ears()
        self.queue = cast("asyncio.Queue[Any]", self._ears)
        self._out: list[bytes] = []
        self._turn = _turn_of(self.loop)

    def handle_connect(self, event: Request) -> None:
        """Let the app find us in its scope."""
        super().handle_connect(event)
        if hasattr(self, "scope"):
            extensions: dict[str, Any] = self.scope["extensions"] or {}
            extensions[_EXTENSION] = self

    # ── out ───────────────────────────────────────────────────────────────────────────────────────────────────

    def write(self, data: bytes) -> None:
        """Put whole frames on their way; those of one turn of the loop leave together."""
        if not self._out:
            self._turn.add(self)
        self._out.append(data)

    def flush(self) -> None:
        """Have what waits leave now."""
        if self._out and not (self.close_sent or self.disconnected):
            self.transport.write(self._out[0] if len(self._out) == 1 else b"".join(self._out))
        self._out = []

    async def send(self, message: Any) -> None:
        """What the app has to say comes after what was written before."""
        self.flush()
        await super().send(message)

    def shutdown(self) -> None:
        """The server stops: first goes what was written."""
        self.flush()
        super().shutdown()

    def when_there_is_room(self, go_on: Callable[[], None]) -> None:
        """Have this called each time the other side takes more again."""
        self._on_room = go_on

    def pause_writing(self) -> None:
        """The other side takes no more for now."""
        super().pause_writing()
        self.has_room = False

    def resume_writing(self) -> None:
        """The other side takes more again."""
        super().resume_writing()
        self.has_room = True
        if self._on_room is not None:
            self._on_room()

    # ── in ────────────────────────────────────────────────────────────────────────────────────────────────────

    def listen(self, hear: Hear, gone: Callable[[], None]) -> None:
        """Hear what comes, what has come already first, until `wait` says that it is too much."""
        self._hear = hear

        def tell(event: Any) -> None:
            if event["type"] == "websocket.receive":
                hear(event.get("text"))
            elif event["type"] == "websocket.disconnect":
                gone()

        self._ears.listener = tell
        while not self._ears.empty():
            tell(self._ears.get_nowait())

    def send_receive_event_to_app(self) -> None:
        """A whole message came. uvicorn stops reading after each one, which is two calls of the system for nothing."""
        if self._hear is None or self.close_sent or self.curr_msg_data_type != "text":
            super().send_receive_event_to_app()
            return
        data = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
        try:
            text = data.decode()
        except UnicodeDecodeError:
            super().send_receive_event_to_app()
            return
        self.frames = []
        self._hear(text)

    def wait(self) -> None:
        """Read no more for now."""
        if not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()

    def next(self) -> None:
        """Read on."""
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()

    def forget(self) -> None:
        """Nobody listens any more."""
        self._ears.listener, self._on_room, self._hear = _ignore, None, None


def _ignore(_: Any) -> None:
    """Nobody hears this."""


def wire_of(socket: WebSocket) -> Wire:
    """The wire of an accepted socket. Raises LookupError where the server is not set up with it (`ws=Wire`)."""
    found = (socket.scope.get("extensions") or {}).get(_EXTENSION)
    if not isinstance(found, Wire):
        raise LookupError("the server has to be started with ws=Wire")
    return found
