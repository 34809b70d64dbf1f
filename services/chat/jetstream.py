"""The transcript as it is kept: the stream `CHAT` of JetStream, read by direct gets in batches."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError, OutboundBufferLimitError
from nats.errors import TimeoutError as NatsTimeout
from nats.js import JetStreamContext
from nats.js.errors import APIError, NoStreamResponseError, NotFoundError, ServiceUnavailableError

from harbour.contracts.chat import MessagePosted
from harbour.contracts.messages import Event, read_event
from harbour.runtime import telemetry
from harbour.runtime.requests import Requests
from harbour.runtime.straight import Heard, written
from services.chat.confirming import Confirmation, confirmed
from services.chat.press import Press
from services.chat.transcript import (
    EVERYBODY,
    SPOKEN,
    E,
    Line,
    NotStored,
    NotThere,
    Page,
    Stored,
    Unreachable,
    is_fresh,
)

STREAM = MessagePosted.stream()
_DIRECT_GET = f"$JS.API.DIRECT.GET.{STREAM}"
_END_OF_BATCH, _NOT_FOUND = "204", "404"
_NOT_NOW = (NatsTimeout, NoRespondersError, NoStreamResponseError, ServiceUnavailableError, OutboundBufferLimitError)
"""The stream may answer the next try: it is starting, electing a leader, or the line was cut."""
_PRESSED_WITHIN = 2.0
"""Seconds; then whoever put a line there has to ask the stream again."""
_IN_HAND = 10158
"""The error code of a replicated stream that is still storing another copy of the same message."""


class JetStreamTranscript:
    """Keeps and reads the transcript in the stream `CHAT`."""

    def __init__(self, nc: Client, js: JetStreamContext, *, append_seconds: float = 4.0, read_seconds: float = 3.0):
        self._nc, self._js, self._requests = nc, js, Requests(nc)
        self._append_seconds, self._read_seconds = append_seconds, read_seconds

    async def press(self) -> Press:
        """A press for what goes to this stream."""
        await self._requests.open()
        return Press(self._requests, _PRESSED_WITHIN)

    async def append(self, event: Line) -> Stored[Event]:
        """Keep an event and say where it stands, once the stream has confirmed it. Raises NotStored."""
        ack = await self._publish(event)
        return await self.at(ack.seq) if ack.duplicate else Stored(ack.seq, event)

    async def at(self, number: int) -> Stored[Event]:
        """What stands under this number, asked of the stream's leader, who surely has it."""
        try:
            found = await self._js.get_msg(STREAM, seq=number)
        except NotFoundError:
            raise NotThere(number) from None
        except _NOT_NOW as error:
            raise Unreachable(type(error).__name__) from None
        return Stored(number, read_event(found.headers, found.data or b""))

    async def after(
        self, session_id: str, number: int, limit: int, facts: tuple[type[E], ...], member_id: str = EVERYBODY
    ) -> Page[E]:
        """The first `limit` events of these kinds in a session after a number.

        Several kinds are read in one sweep over the session, because reads of one kind after the other could miss
        what arrives between them.
        """
        kind = facts[0].fact.split(".", 1)[1] if len(facts) == 1 else "*"
        subject = f"{MessagePosted.owner()}.{kind}.{session_id}.{member_id}"
        found: list[Stored[E]] = []
        while len(found) <= limit:
            lines, pending = await self._batch(subject, number + 1, limit + 1)
            found += [Stored(line.number, line.event) for line in lines if isinstance(line.event, facts)]
            if not (lines and pending):
                break
            number = lines[-1].number
        return Page(tuple(found[:limit]), more=len(found) > limit)

    async def latest(self, session_id: str) -> int:
        """The number of the newest posted message of a session, or 0."""
        answer = await self._newest(MessagePosted.pattern(session_id=session_id))
        return 0 if answer is None else _number(answer)

    async def newest(self, session_id: str) -> int:
        """The number of the newest thing that was said of a session, of whatever kind, or 0."""
        answer = await self._newest(f"{MessagePosted.owner()}.*.{session_id}.>")
        told = await self._newest(f"{MessagePosted.owner()}.*.{session_id}")
        return max(0 if one is None else _number(one) for one in (answer, told))

    async def spoke_last(self, session_id: str, member_id: str) -> datetime | None:
        """When this person last said something, whether the room read it or it waited first."""
        patterns = [kind.pattern(session_id=session_id, member_id=member_id) for kind in SPOKEN]
        answers = await asyncio.gather(*(self._newest(pattern) for pattern in patterns))
        events = [read_event(answer.headers, answer.data) for answer in answers if answer is not None]
        return max((event.at for event in events if is_fresh(event)), default=None)

    async def _newest(self, pattern: str) -> Heard | None:
        """The newest message on this subject, if there is one."""
        wish = json.dumps({"last_by_subj": pattern}).encode()
        try:
            answer = await self._requests(_DIRECT_GET, wish, b"", self._read_seconds)
        except _NOT_NOW as error:
            raise Unreachable(type(error).__name__) from None
        status = _status(answer)
        if status not in ("", _NOT_FOUND):
            raise Unreachable(status)
        return None if status == _NOT_FOUND else answer

    async def _publish(self, event: Line) -> Confirmation:
        """Publish until the stream confirms or the time is up; its id makes every further try harmless."""
        loop = asyncio.get_running_loop()
        until, wait, patience = loop.time() + self._append_seconds, 0.02, 0.5
        subject, body = event.subject, event.body()
        headers = written({**event.headers("chat"), "Nats-Expected-Stream": STREAM, **telemetry.carried()})
        while (left := until - loop.time()) > 0:
            try:
                return confirmed(await self._requests(subject, body, headers, min(left, patience)))
            except (*_NOT_NOW, APIError) as error:
                if isinstance(error, APIError) and not isinstance(error, _NOT_NOW) and error.err_code != _IN_HAND:
                    raise
                await asyncio.sleep(min(wait, max(0.0, until - loop.time())))
                wait, patience = min(wait * 2, 0.5), patience * 2
        raise NotStored("the stream did not confirm in time")

    async def _batch(self, subject: str, start: int, size: int) -> tuple[list[Stored[Event]], int]:
        """Up to `size` messages from a number on, and how many wait after them."""
        inbox = self._nc.new_inbox()
        sub = await self._nc.subscribe(inbox)
        wish = json.dumps({"batch": size, "seq": start, "next_by_subj": subject}).encode()
        lines: list[Stored[Event]] = []
        try:
            await self._nc.publish(_DIRECT_GET, wish, reply=inbox)
            while not (status := _status(answer := await sub.next_msg(timeout=self._read_seconds))):
                _follows(answer, lines)
                lines.append(Stored(_number(answer), read_event(answer.headers, answer.data)))
        except NatsError as error:
            raise Unreachable(type(error).__name__) from None
        finally:
            await _leave(sub)
        if status == _NOT_FOUND:
            return [], 0
        if status != _END_OF_BATCH:
            raise Unreachable(status)
        _follows(answer, lines)
        return lines, int(_headers(answer).get("Nats-Num-Pending", "0"))


async def _leave(sub: Any) -> None:
    """Stop listening; where the line is gone, nobody speaks there any more."""
    try:
        await sub.unsubscribe()
    except NatsError:
        return


def _follows(answer: Msg, lines: list[Stored[Event]]) -> None:
    """Raise Unreachable where a message of the batch was lost on its way: each names the one before."""
    if int(_headers(answer).get("Nats-Last-Sequence", "0")) != (lines[-1].number if lines else 0):
        raise Unreachable("a part of the batch was lost")


def _headers(answer: Msg | Heard) -> Mapping[str, str]:
    return answer.headers or {}


def _status(answer: Msg | Heard) -> str:
    return _headers(answer).get("Status", "")


def _number(answer: Msg | Heard) -> int:
    return int(_headers(answer)["Nats-Sequence"])
