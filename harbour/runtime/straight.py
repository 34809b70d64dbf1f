"""The short way in and out of a line to the bus: the one place that knows the inside of nats-py.

nats-py gives each message a dictionary, a queue and a change of tasks, and each publish a future and another task: as
much as everything else that a message of the live room costs. Here a message is handed to a plain function as it is
read, and what is said within one turn of the loop leaves in one write. `tests/runtime/test_straight.py` fails where
nats-py changes, and the lock file says which one that is.
"""

import asyncio
from collections.abc import Awaitable, Callable
from types import MethodType
from typing import Any

import msgspec
from nats.aio.client import Client
from nats.aio.subscription import Subscription
from nats.errors import ConnectionClosedError, ConnectionDrainingError, MaxPayloadError, OutboundBufferLimitError

_FIRST_LINE = b"NATS/1.0"
Hear = Callable[["Heard"], None]


class Heard(msgspec.Struct, frozen=True, gc=False):
    """One message, as it came; what is not looked at is not decoded."""

    raw_subject: bytes
    raw_reply: bytes
    data: bytes
    raw_headers: bytes = b""

    @property
    def subject(self) -> str:
        """What it was said on."""
        return self.raw_subject.decode()

    @property
    def reply(self) -> str:
        """Where an answer goes, if anywhere."""
        return self.raw_reply.decode()

    @property
    def headers(self) -> dict[str, str]:
        """What stands above it; `Status` where the server itself speaks."""
        first, *lines = self.raw_headers.decode("utf-8", "replace").split("\r\n")
        pairs = [line.partition(":") for line in lines]
        found = {name.strip(): value.strip() for name, colon, value in pairs if colon}
        if status := first[len(_FIRST_LINE) :].strip():
            found["Status"] = status.split(" ", 1)[0]
        return found


def written(headers: dict[str, str]) -> bytes:
    """Headers as they stand on the line. Raises ValueError where one could pass for another."""
    text = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    if text.count("\r") != len(headers) or text.count("\n") != len(headers):
        raise ValueError("a header holds a line break")
    return b"NATS/1.0\r\n" + text.encode() + b"\r\n"


class Straight:
    """Hears and speaks over a connection of nats-py, beside everything else that it does."""

    def __init__(self, nc: Any) -> None:
        self._nc = nc
        self._process: Callable[..., Awaitable[None]] = nc._process_msg
        self._is_due = False
        self._nc._process_msg = MethodType(_process_msg, self)

    async def hear(self, subject: str, hear: Hear, queue: str = "") -> Subscription:
        """Have everything on this subject handed over as it is read; it must not take long, nor wait."""
        subscription: Any = await self._nc.subscribe(subject, queue=queue)
        subscription.hear = hear
        while not subscription._pending_queue.empty():  # what came before we were there
            msg = subscription._pending_queue.get_nowait()
            subscription._pending_queue.task_done()
            hear(Heard(msg.subject.encode(), msg.reply.encode(), msg.data, written(msg.headers or {})))
        found: Subscription = subscription
        return found

    def say(self, subject: str, body: bytes, headers: bytes = b"", reply: str = "") -> None:
        """Put a message on its way; those of one turn of the loop leave together.

        The subject is one that we made, `headers` are as `written` makes them. While the line is away a little is
        kept for when it is back. Raises what a publish of nats-py raises.
        """
        nc, size = self._nc, len(body) + len(headers)
        if nc.is_closed:
            raise ConnectionClosedError
        if nc.is_draining_pubs:
            raise ConnectionDrainingError
        if size > nc._max_payload:
            raise MaxPayloadError
        if not nc.is_connected and size + nc._pending_data_size > nc._max_pending_size:
            raise OutboundBufferLimitError
        verb, sizes = ("HPUB", f"{len(headers)} {size}") if headers else ("PUB", f"{size}")
        command = b"%b%b%b\r\n" % (f"{verb} {subject} {reply} {sizes}\r\n".encode(), headers, body)
        nc.stats["out_msgs"] += 1
        nc.stats["out_bytes"] += len(body)
        nc._pending.append(command)
        nc._pending_data_size += len(command)
        if not self._is_due:
            self._is_due = True
            asyncio.get_running_loop().call_soon(self.flush)

    def flush(self) -> None:
        """Have what was said leave now, where a turn of the loop is over for whoever says it."""
        self._is_due, nc = False, self._nc
        if nc._pending and nc.is_connected and nc._transport is not None:
            waiting, nc._pending, nc._pending_data_size = nc._pending, [], 0
            nc._transport.write(b"".join(waiting))


async def _process_msg(
    straight: Straight, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes | None
) -> None:
    """Stands where the parser of nats-py hands over a message."""
    nc = straight._nc
    hear: Hear | None = getattr(nc._subs.get(sid), "hear", None)
    if hear is None:
        await straight._process(sid, subject, reply, data, headers)
        return
    nc.stats["in_msgs"] += 1
    nc.stats["in_bytes"] += len(data)
    try:
        hear(Heard(subject, reply, data, headers or b""))
    except Exception as error:  # as with any callback of nats-py; the line goes on
        await nc._error_cb(error)


def straight(nc: Client) -> Straight:
    """The short way over this connection; one for each."""
    line: Any = nc
    if not hasattr(line, "straight"):
        line.straight = Straight(nc)
    found: Straight = line.straight
    return found
