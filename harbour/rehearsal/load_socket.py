"""One WebSocket of the load generator: client side, text frames, nothing it does not need."""

import asyncio
import base64
import os
import struct
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

_OPEN_SECONDS = 20.0
_TEXT, _CLOSE, _PING = 0x81, 0x88, 0x89
_NO_MASK = b"\0\0\0\0"
"""A mask is due from a client; this one changes nothing, and is for a load generator alone."""

Heard = Callable[["Socket", bytes], None]


def refusal(kind: bytes) -> bool:
    """Whether a frame that begins like this says that a message does not go to the room now."""
    return b'"refused"' in kind or b'"held"' in kind


def text_frame(text: str) -> bytes:
    """These words as a frame from a client."""
    return _frame(_TEXT, text.encode())


def _frame(first: int, body: bytes) -> bytes:
    if len(body) < 126:
        head = bytes((first, 0x80 | len(body)))
    elif len(body) < 65536:
        head = struct.pack("!BBH", first, 0x80 | 126, len(body))
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, len(body))
    return head + _NO_MASK + body


def split(data: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """The whole frames at the beginning of these bytes (first byte, body), and what is left over."""
    found, at, size = [], 0, len(data)
    while size - at >= 2:
        length, start = data[at + 1], at + 2
        if length == 126:
            start += 2
            length = int.from_bytes(data[at + 2 : start], "big") if size >= start else size
        elif length == 127:
            start += 8
            length = int.from_bytes(data[at + 2 : start], "big") if size >= start else size
        if start + length > size:
            break
        found.append((data[at], data[start : start + length]))
        at = start + length
    return found, data[at:]


class Socket(asyncio.Protocol):
    """One place in one room."""

    def __init__(self, place: dict[str, Any], heard: Heard) -> None:
        self.room: str = place["room"]
        self.speaks: bool = place.get("speaks", True)
        self.closed = False
        self.why = ""
        """How it was closed by the other side."""
        self.got = self.sum = 0
        """Kept by the tally: messages of this run, and the sum of their numbers."""
        self._place, self._heard = place, heard
        self._rest = b""
        self._leaving = False
        self._welcome: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None
        self._is_open = False

    async def open(self) -> None:
        """Connect, and wait for the first frame: it is in the room. Raises OSError, TimeoutError."""
        parts = urlsplit(self._place["url"])
        port = parts.port or (443 if parts.scheme == "wss" else 80)
        secure = {"ssl": True} if parts.scheme == "wss" else {}
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(_OPEN_SECONDS):
            await loop.create_connection(lambda: self, parts.hostname, port, **secure)  # type: ignore[call-overload]
            assert self._transport
            self._transport.write(self._knock(parts.netloc, parts.path + (f"?{parts.query}" if parts.query else "")))
            await self._welcome

    def _knock(self, host: str, path: str) -> bytes:
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET {path} HTTP/1.1", f"Host: {host}", "Upgrade: websocket", "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13",
            *(f"{name}: {value}" for name, value in self._place["headers"].items()),
        ]  # fmt: skip
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def say(self, text: str) -> None:
        """Send a frame at once, if there is a connection."""
        if self._transport and not self.closed:
            self._transport.write(text_frame(text))

    def leave(self) -> None:
        """Close it from this side."""
        self._leaving = True
        if self._transport:
            self._transport.write(_frame(_CLOSE, b"\x03\xe8"))
            self._transport.close()

    # ── what asyncio calls ────────────────────────────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The line stands."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Some bytes came: whole frames, or parts."""
        if self._rest:
            data = self._rest + data
        if not self._is_open:
            head, gap, data = data.partition(b"\r\n\r\n")
            if not gap:
                self._rest = head
                return
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                self._end(head.split(b"\r\n", 1)[0].decode("ascii", "replace"))
                return
            self._is_open = True
        frames, self._rest = split(data)
        for first, body in frames:
            if first == _TEXT:
                self._hear(body)
            elif first == _CLOSE:
                self._end(f"closed with {int.from_bytes(body[:2], 'big')}")
            elif first == _PING and self._transport:
                self._transport.write(_frame(0x8A, body))

    def _hear(self, body: bytes) -> None:
        if not self._welcome.done():
            self._welcome.set_result(None)
        self._heard(self, body)

    def _end(self, why: str) -> None:
        if not self._welcome.done():
            self._welcome.set_exception(ConnectionError(why))
        if not self._leaving and not self.closed:
            self.closed, self.why = True, why
        if self._transport:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """The line is gone."""
        self._end("the connection was closed")
