"""The press: lines on their way to the stream, one by one while it is quiet, and many in one go while it is not.

A line that is stored alone costs the disk a sync. While a few are on their way, what follows gathers, and once there is
room it goes as one atomic batch of JetStream: stored together or not at all, with one sync and one confirmation.
Nothing waits for a clock: where nobody else speaks, a line goes at once.

A line that comes after a moment of quiet is not even confirmed, which spares this process a waking for each message:
whoever said it hears it from the room, with its number, and asks again where they do not.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from itertools import count
from secrets import token_hex
from typing import NamedTuple

from nats.errors import Error as NatsError
from nats.js.errors import APIError

from harbour.runtime.requests import Requests, is_unheard
from harbour.runtime.straight import Heard
from services.chat.confirming import confirmed

QUIET_SECONDS = 0.0005
"""So long after the last line, the next one goes unconfirmed. Where lines come closer, confirmations set their pace."""
FEW = 8
"""As many lines may be on their way, and the next one still goes at once."""
BATCH_FEWEST = 16
"""A batch costs the server as much as so many lines that come alone."""
BATCH_MOST = 256
"""JetStream takes 1,000."""

Over = Callable[[bool], None]
"""Told once: False where a line may not be stored, so that it has to be said in another way."""


class Line(NamedTuple):
    """One line for the stream; its headers as they stand on the wire, without the empty line at their end."""

    subject: str
    body: bytes
    headers: bytes
    over: Over


class Press:
    """Puts lines into the stream, in their order."""

    def __init__(self, requests: Requests, seconds: float) -> None:
        self._requests, self._seconds = requests, seconds
        self._flying = 0
        self._gathered: list[Line] = []
        self._last_at = 0.0
        self._name, self._numbers = token_hex(8), count(1)

    def put(self, line: Line) -> None:
        """Put this on its way. Raises what a publish of nats-py raises, where the line is away."""
        moment = asyncio.get_running_loop().time()
        is_quiet = not self._flying and moment - self._last_at > QUIET_SECONDS
        self._last_at = moment
        if self._gathered or self._flying >= FEW:
            self._gathered.append(line)
        elif is_quiet:
            self._requests.line.say(line.subject, line.body, line.headers + b"\r\n")
            self._requests.line.flush()
            line.over(True)
        else:
            self._alone(line)

    def _alone(self, line: Line) -> None:
        self._ask(line, line.headers + b"\r\n", [line])

    def _together(self, lines: list[Line]) -> None:
        """All of them say which batch they belong to; the last has it stored and is what is confirmed."""
        name, line = f"{self._name}{next(self._numbers)}", self._requests.line
        for number, one in enumerate(lines[:-1], 1):
            line.say(one.subject, one.body, one.headers + _in_batch(name, number))
        self._ask(lines[-1], lines[-1].headers + _in_batch(name, len(lines), b"Nats-Batch-Commit: 1\r\n"), lines)

    def _ask(self, last: Line, headers: bytes, lines: list[Line]) -> None:
        told = partial(self._told, lines)
        self._requests.ask(last.subject, last.body, headers, self._seconds, told)
        self._flying += len(lines)

    def _told(self, lines: list[Line], answer: Heard | None) -> None:
        self._flying -= len(lines)
        is_stored = _is_fresh(answer)
        for line in lines:
            line.over(is_stored)
        self._go_on()

    def _go_on(self) -> None:
        while self._gathered and self._flying < FEW:
            size = min(len(self._gathered), BATCH_MOST) if len(self._gathered) >= BATCH_FEWEST else 1
            lines, self._gathered = self._gathered[:size], self._gathered[size:]
            try:
                self._together(lines) if size > 1 else self._alone(lines[0])
            except (NatsError, OSError):
                for line in lines:
                    asyncio.get_running_loop().call_soon(line.over, False)


def _in_batch(name: str, number: int, more: bytes = b"") -> bytes:
    return b"Nats-Batch-Id: %b\r\nNats-Batch-Sequence: %d\r\n%b\r\n" % (name.encode(), number, more)


def _is_fresh(answer: Heard | None) -> bool:
    """Whether the stream says that it stored what it did not have."""
    if answer is None or is_unheard(answer):
        return False
    try:
        return not confirmed(answer).duplicate
    except APIError:
        return False
