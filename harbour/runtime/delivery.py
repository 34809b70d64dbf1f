"""What becomes of a message: done, rejected, not yet, unknown, or it kills the process.

FastStream settles nothing here (`AckPolicy.MANUAL`); this middleware alone does, after what the handler said is safe.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from typing import Any

import structlog
from faststream import BaseMiddleware, ContextRepo
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import KeyNotFoundError, NotFoundError
from opentelemetry.trace import SpanKind

from harbour.contracts.messages import WISHES, Answer, Message, Refused, Unreadable, read_as, read_event
from harbour.runtime import logs, telemetry
from harbour.runtime.database import Database, is_away
from harbour.runtime.dead import Grave
from harbour.runtime.outbox import Letter, Outbox, Postbox
from harbour.runtime.rooms import Door, Hearing

log = structlog.get_logger("harbour.delivery")

BACKOFF_SECONDS = (1.0, 5.0, 30.0, 120.0, 600.0)
CRASHES_ALLOWED = 3
BRAKE_AFTER = 5
STILL_AT_WORK_SECONDS = 3.0
PUT_BACK_SECONDS = 1.0


class Rejected(Exception):
    """This message can never work; the reason holds no text of anybody's."""


class NotYet(Exception):
    """Not now: try again after a while."""

    def __init__(self, reason: str, delay: float = 5.0) -> None:
        super().__init__(reason)
        self.delay = delay


@dataclass
class Brake:
    """Stops a handler that dead-letters one message after another: then the code is broken, not the messages."""

    after: int = BRAKE_AFTER
    in_a_row: dict[str, int] = field(default_factory=dict)
    pulled: set[str] = field(default_factory=set)

    def count(self, handler: str, *, dead: bool) -> bool:
        """Take note of one more; True when the brake has just been pulled."""
        self.in_a_row[handler] = self.in_a_row.get(handler, 0) + 1 if dead else 0
        if self.in_a_row[handler] < self.after or handler in self.pulled:
            return False
        self.pulled.add(handler)
        return True


@dataclass
class Pipeline:
    """What delivery needs of its service."""

    service: str
    doors: dict[int, Door]
    nc: Callable[[], Client]
    js: Callable[[], JetStreamContext]
    database: Database | None
    postbox: Callable[[], Postbox | None]
    brake: Brake = field(default_factory=Brake)
    subscribers: dict[int, Any] = field(default_factory=dict)
    in_hand: set[asyncio.Future[None]] = field(default_factory=set)
    """One for each message of a stream that is handled now, done when it is settled or put back."""

    async def until_put_back(self) -> None:
        """Wait, not for long, until handlers that a stop has cut off have put their messages back."""
        if self.in_hand:
            await asyncio.wait(self.in_hand, timeout=PUT_BACK_SECONDS)

    def __call__(self, msg: Any, /, *, context: ContextRepo) -> "Delivery":
        """The middleware of one message."""
        return Delivery(msg, context=context, pipeline=self)


async def decoded(message: Any) -> Message:
    """The bytes of a message as what they are by their headers or their subject. Raises Unreadable."""
    raw: Msg = message.raw_message
    if raw.subject.startswith("ask."):
        wish = WISHES.get(raw.subject.removeprefix("ask."))
        if wish is None:
            raise Unreadable("nobody answers this")
        known = (raw.headers or {}).get("ce-id")
        return read_as(wish, raw.data, **({"id": known} if known else {}))
    return read_event(raw.headers, raw.data)


class Delivery(BaseMiddleware[Any, Any]):
    """One message on its way through a handler."""

    def __init__(self, msg: Msg, /, *, context: ContextRepo, pipeline: Pipeline) -> None:
        super().__init__(msg, context=context)
        self._of, self._began, self._attempt = pipeline, time.perf_counter(), 1
        self._ticking: asyncio.Task[None] | None = None
        self._in_hand: asyncio.Future[None] | None = None
        self._trace = ""
        self._outcome = "done"
        self._from_stream = bool(msg.reply and msg.reply.startswith("$JS.ACK."))
        """Otherwise somebody asked: a wish, or an operator who replays a dead letter."""

    @property
    def _door(self) -> Door:
        return self._of.doors[id(self.context.get_local("handler_"))]

    @property
    def _name(self) -> str:
        door = self._door
        return door.durable if isinstance(door, Hearing) else door.handler

    async def on_receive(self) -> None:
        """Say that we are at work; let what killed us before not kill us again."""
        if not self._from_stream:
            return
        self._attempt = getattr(self.msg.metadata, "num_delivered", 1) or 1
        self._in_hand = asyncio.get_running_loop().create_future()
        self._of.in_hand.add(self._in_hand)
        self._ticking = asyncio.create_task(self._keep_saying_so())

    async def _keep_saying_so(self) -> None:
        while True:
            await asyncio.sleep(STILL_AT_WORK_SECONDS)
            with contextlib.suppress(NatsError, OSError):
                await self.msg.in_progress()

    async def consume_scope(self, call_next: Any, msg: Any) -> Any:
        """Run the handler in its transaction; commit what it says with what it did; publish; answer."""
        if self._attempt > CRASHES_ALLOWED and await self._crashed_too_often():
            raise Rejected("it killed the process each time")
        headers = self.msg.headers or {}
        kind = SpanKind.CONSUMER if self._from_stream else SpanKind.SERVER
        with telemetry.span(self._name, headers, kind) as self._trace:
            answer, letters = await self._handled(call_next, msg)
            postbox = self._of.postbox()
            if postbox and letters:
                await postbox.send(letters)
            if self.msg.reply and not self._from_stream:
                await self._reply(answer)
        return None

    async def _handled(self, call_next: Any, msg: Any) -> tuple[Answer | None, list[Letter]]:
        door, database = self._door, self._of.database
        letters: list[Letter] = []
        async with AsyncExitStack() as stack:
            tx = None
            if database and door.transaction:
                reads = not isinstance(door, Hearing) and door.reads_only
                tx = await stack.enter_async_context(database.reading() if reads else database.begin())
                scope = stack.enter_context(ExitStack())
                scope.enter_context(self.context.scope("transaction", tx))
            answer, said = _sorted(await call_next(msg))
            if said:
                assert database, f"{self._name} says something but has no outbox"
                if tx is None:
                    tx = await stack.enter_async_context(database.begin())
                outbox = Outbox(tx, self._of.service)
                letters = [kept for one in said if (kept := await outbox.add(one))]
        return answer, letters

    async def _reply(self, answer: Answer | None) -> None:
        if answer is None and not isinstance(self._door, Hearing):
            await self._reply_broken("")
            return
        kind = "refused" if isinstance(answer, Refused) else "granted"
        body = answer.model_dump_json().encode() if answer else b""
        await self._of.nc().publish(self.msg.reply, body, headers={"harbour-answer": kind})

    async def _reply_broken(self, reason: str) -> None:
        with contextlib.suppress(NatsError, OSError):
            await self._of.nc().publish(self.msg.reply, reason.encode(), headers={"harbour-answer": "broken"})

    async def after_processed(self, exc_type: Any = None, exc_val: Any = None, exc_tb: Any = None) -> bool:
        """Settle the message, and say in one line what became of it."""
        try:
            if isinstance(exc_val, asyncio.CancelledError):
                return False
            if self._from_stream:
                await self._settle(exc_val)
            elif exc_val is not None:
                self._outcome = "unreadable" if isinstance(exc_val, Unreadable) else "broken"
                if self.msg.reply:
                    await self._reply_broken(_reason(exc_val) if isinstance(self._door, Hearing) else "")
            self._tell(exc_val)
            return True
        finally:
            if isinstance(exc_val, asyncio.CancelledError) and self._from_stream:
                # in a task of its own: whatever this one waits for now is cancelled again
                self._putting_back = asyncio.create_task(self._put_back())
            else:
                self._let_go()

    async def _put_back(self) -> None:
        """A stop has cut the handler off: the next copy has the message at once, and that was no crash."""
        with contextlib.suppress(NatsError, OSError, TimeoutError):
            await self._wait("stopped", 0.0)
        self._let_go()

    def _let_go(self) -> None:
        if self._ticking:
            self._ticking.cancel()
        if self._in_hand and not self._in_hand.done():
            self._of.in_hand.discard(self._in_hand)
            self._in_hand.set_result(None)

    async def _settle(self, error: BaseException | None) -> None:
        if error is None:
            await self.msg.ack()
            if self._attempt > 1:
                await self._notes_away()
            self._of.brake.count(self._name, dead=False)
        elif isinstance(error, Rejected | Unreadable):
            await self._bury(error)
        elif isinstance(error, NotYet):
            await self._wait("waiting", error.delay)
        elif isinstance(error, NatsError | ConnectionError | TimeoutError) or is_away(error):
            await self._wait("waiting", 2.0)
        else:
            failed = (await self._notes()).get("failed", 0)
            if failed >= len(BACKOFF_SECONDS):
                await self._bury(error)
            else:
                await self._wait("failed", BACKOFF_SECONDS[failed])

    async def _wait(self, why: str, delay: float) -> None:
        notes = await self._notes()
        notes[why] = notes.get(why, 0) + 1
        kv = await self._of.js().key_value("delivery")
        await kv.put(self._key, json.dumps(notes).encode())
        self._outcome = "again" if why == "failed" else "not yet"
        await self.msg.nak(delay=delay or None)

    async def _bury(self, error: BaseException) -> None:
        """Dead-letter: which message, of which stream, for whom and why; never its words."""
        meta = self.msg.metadata
        grave = Grave(meta.stream, meta.sequence.stream, self.msg.subject, self._name, _reason(error), self._attempt)
        await grave.dig(self._of.js(), (self.msg.headers or {}).get("ce-id", ""))
        await self.msg.term()
        await self._notes_away()
        self._outcome = "dead"
        if self._of.brake.count(self._name, dead=True):
            log.error("brake pulled: this handler has stopped", handler=self._name)
            asyncio.get_running_loop().create_task(self._stop_hearing())

    async def _stop_hearing(self) -> None:
        for key, door in self._of.doors.items():
            if isinstance(door, Hearing) and door.durable == self._name:
                subscriber = self._of.subscribers.get(key)
                if subscriber:
                    await subscriber.stop()

    # ── notes on deliveries, so that a wait is not taken for a crash ──────────────────────────────────────────

    @property
    def _key(self) -> str:
        return f"{self._name}.{self.msg.metadata.sequence.stream}"

    async def _notes(self) -> dict[str, int]:
        kv = await self._of.js().key_value("delivery")
        try:
            entry = await kv.get(self._key)
        except (KeyNotFoundError, NotFoundError):
            return {}
        found: dict[str, int] = json.loads(entry.value or b"{}")
        return found

    async def _notes_away(self) -> None:
        kv = await self._of.js().key_value("delivery")
        await kv.delete(self._key)

    async def _crashed_too_often(self) -> bool:
        return self._attempt - 1 - sum((await self._notes()).values()) >= CRASHES_ALLOWED

    def _tell(self, error: BaseException | None) -> None:
        spent = time.perf_counter() - self._began
        telemetry.HANDLED.labels(self._name, self._outcome).inc()
        telemetry.SECONDS.labels(self._name).observe(spent)
        say = log.info if error is None else log.warning
        more = {"error": type(error).__name__, "at": logs.places(error)} if error else {}
        say(
            "handled",
            handler=self._name,
            subject=self.msg.subject,
            id=(self.msg.headers or {}).get("ce-id", ""),
            trace=self._trace,
            attempt=self._attempt,
            outcome=self._outcome,
            ms=round(spent * 1000, 1),
            **more,
        )


def _reason(error: BaseException) -> str:
    """Why it failed, without anybody's text: our own words, or the kind of error and the lines it passed."""
    if isinstance(error, Rejected | NotYet | Unreadable):
        return str(error)
    return f"{type(error).__name__} at {' < '.join(reversed(logs.places(error)))}"


def _sorted(result: Any) -> tuple[Answer | None, list[Message]]:
    """What is the answer, and what is to be said."""
    parts = [] if result is None else list(result) if isinstance(result, list | tuple) else [result]
    answers = [part for part in parts if isinstance(part, Answer)]
    return (answers[0] if answers else None), [part for part in parts if part is not None and part not in answers]
