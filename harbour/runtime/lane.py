"""The hot lane: a wish that is asked so often that nats-py hands it to its handler with nothing in between.

FastStream takes about half a millisecond for each message, which is nothing beside a transaction, and most of what a
wish costs that needs none. A handler takes this lane by `@router.answers(Wish, transaction=False, hot=True)`; its
signature, its metrics, its span and its refusals are those of any other. It may only answer, and says no event.

Before it a `Shortcut` may stand, which takes what is plain in one go, without a task or an answer of its own.

Several wishes may come in one message, as a JSON list of their bodies. Each is handled as if it had come alone; those
that are to be answered are answered together, under their places in the list.
"""

import asyncio
import inspect
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Annotated, Any, NamedTuple, Protocol, get_args, get_origin, get_type_hints

import msgspec
import structlog
from faststream import ContextRepo
from nats.aio.client import Client
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from opentelemetry.trace import SpanKind

from harbour.contracts.messages import Refused, Unreadable, now, read_as
from harbour.runtime import logs, telemetry
from harbour.runtime.context import Context
from harbour.runtime.rooms import Answering, the_present
from harbour.runtime.straight import Heard, straight, written

log = structlog.get_logger("harbour.delivery")

IN_HAND = 512
"""As many wishes are in hand at once; the others wait in the order they came."""
LINE_SECONDS = 1.0
"""A wish that is granted or refused is told of in the log at most once in so long, with how many there were."""
_STOP_SECONDS = 3.0


class Shortcut(Protocol):
    """Takes wishes that nothing stands against, faster than the handler could."""

    def __call__(self, body: bytes, over: Callable[[bool], None]) -> bool:
        """Whether it took this wish. Then `over` is called once: with True when it is granted and nobody waits for an
        answer, with False where the handler must see to it after all."""


class Several:
    """Wishes that came in one message: what is said to any of them goes back in one, once all are done with."""

    def __init__(self, msg: Heard, left: int) -> None:
        self.msg, self._left = msg, left
        self._answers: list[tuple[int, str, msgspec.Raw]] = []

    def answer(self, place: int, kind: str, body: bytes) -> None:
        """What is said to this one."""
        self._answers.append((place, kind, msgspec.Raw(body or b"null")))

    def done(self) -> bytes:
        """One is done with; what goes back then, if anything."""
        self._left -= 1
        return _write(self._answers) if self._answers and not self._left else b""


SEVERAL = written({"harbour-answer": "several"})
_ANSWERS = {kind: written({"harbour-answer": kind}) for kind in ("granted", "refused", "broken")}
_several = msgspec.json.Decoder(list[msgspec.Raw]).decode
_write = msgspec.json.Encoder().encode


class _Asked(NamedTuple):
    """One wish: its body, what it came in, and when."""

    body: bytes
    msg: Heard
    at: float
    among: Several | None = None
    place: int = 0


class Lane:
    """One handler that nats-py calls directly, with many wishes in hand at once."""

    def __init__(self, service: str, door: Answering, handler: Callable[..., Any]) -> None:
        self._service, self._door, self._handler = service, door, handler
        self._room = asyncio.Semaphore(IN_HAND)
        self._tasks: set[asyncio.Task[None]] = set()
        self._seconds = telemetry.SECONDS.labels(door.handler)
        self._done = telemetry.HANDLED.labels(door.handler, "done")
        self._told_at, self._untold = float("-inf"), 0
        self._wish_name, self._now_name, self._things = "wish", "", dict[str, Any]()
        self._shortcut: Shortcut | None = None
        self._short = 0
        """As many wishes have taken the shortcut and are not over."""
        self._idle = asyncio.Event()
        self._idle.set()

    async def open(self, nc: Client, context: ContextRepo) -> None:
        """Find what the handler depends on, and begin to answer, one copy of the service each time."""
        self._wish_name, self._now_name, self._things = needs(self._handler, context)
        self._shortcut = context.get(self._door.shortcut) if self._door.shortcut else None
        self._line = straight(nc)
        self._subscription: Subscription = await self._line.hear(self._door.wish.subject(), self._take, self._service)

    async def close(self) -> None:
        """Take nothing more, and finish what is in hand."""
        with suppress(NatsError, OSError):
            await self._subscription.drain()  # type: ignore[no-untyped-call]
        with suppress(TimeoutError):
            async with asyncio.timeout(_STOP_SECONDS):
                await self._idle.wait()

    def _take(self, msg: Heard) -> None:
        self._idle.clear()
        now = time.perf_counter()
        if msg.data[:1] != b"[":
            self._see_to(_Asked(msg.data, msg, now))
            return
        try:
            bodies = [bytes(body) for body in _several(msg.data)]
        except msgspec.MsgspecError:
            bodies = []
        if not bodies:
            self._see_to(_Asked(msg.data, msg, now))  # which cannot be read, and is told of like any other
            return
        together = Several(msg, len(bodies))
        for place, body in enumerate(bodies):
            self._see_to(_Asked(body, msg, now, together, place))

    def _see_to(self, asked: _Asked) -> None:
        if self._shortcut is not None and self._short < IN_HAND and not telemetry.is_tracing():
            self._short += 1
            taken = False
            try:
                taken = self._shortcut(asked.body, partial(self._over, asked))
            except Exception as error:  # the handler sees to this one, and the others that came with it go on
                at = logs.places(error)
                log.warning("a shortcut broke", handler=self._door.handler, error=type(error).__name__, at=at)
            self._short -= not taken
            if taken:
                return
        self._begin(asked)

    def _over(self, asked: _Asked, is_done: bool) -> None:
        self._short -= 1
        if is_done:
            with suppress(NatsError, OSError):
                self._done_with(asked)
            self._tell(None, asked)
            self._look_whether_idle()
        else:
            self._begin(asked)

    def _begin(self, asked: _Asked) -> None:
        task = asyncio.create_task(self._answer(asked))
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._look_whether_idle()

    def _look_whether_idle(self) -> None:
        if not self._short and not self._tasks:
            self._idle.set()

    async def _answer(self, asked: _Asked) -> None:
        async with self._room:
            error, trace = None, ""
            headers = asked.msg.headers
            try:
                with telemetry.span(self._door.handler, headers, SpanKind.SERVER) as trace:
                    kind, body = await self._handle(asked, headers)
            except Exception as raised:  # whatever it is, nobody is told that it was done, and it is told of
                error, kind, body = raised, "broken", b""
            with suppress(NatsError, OSError):
                self._say(asked, kind, body)
            self._tell(error, asked, trace)

    async def _handle(self, asked: _Asked, headers: dict[str, str]) -> tuple[str, bytes]:
        known = headers.get("ce-id")
        wish = read_as(self._door.wish, asked.body, **({"id": known} if known else {}))
        present = {self._now_name: now()} if self._now_name else {}
        answer = await self._handler(**{self._wish_name: wish}, **self._things, **present)
        return "refused" if isinstance(answer, Refused) else "granted", answer.model_dump_json().encode()

    def _say(self, asked: _Asked, kind: str, body: bytes) -> None:
        if asked.among is not None:
            asked.among.answer(asked.place, kind, body)
            self._done_with(asked)
        elif asked.msg.raw_reply:
            self._line.say(asked.msg.reply, body, _ANSWERS[kind])

    def _done_with(self, asked: _Asked) -> None:
        if asked.among is not None and (answers := asked.among.done()) and asked.msg.raw_reply:
            self._line.say(asked.msg.reply, answers, SEVERAL)

    def _tell(self, error: Exception | None, asked: _Asked, trace: str = "") -> None:
        spent = time.perf_counter() - asked.at
        self._seconds.observe(spent)
        if error is None:
            self._done.inc()
            self._untold += 1
            if (moment := time.monotonic()) - self._told_at >= LINE_SECONDS:
                line = self._line_about(asked, trace)
                log.info("handled", **line, outcome="done", ms=round(spent * 1000, 1), wishes=self._untold)
                self._told_at, self._untold = moment, 0
            return
        outcome = "unreadable" if isinstance(error, Unreadable) else "broken"
        telemetry.HANDLED.labels(self._door.handler, outcome).inc()
        more = {"error": type(error).__name__, "at": logs.places(error)}
        line = self._line_about(asked, trace)
        log.warning("handled", **line, outcome=outcome, ms=round(spent * 1000, 1), **more)

    def _line_about(self, asked: _Asked, trace: str) -> dict[str, Any]:
        wish_id = asked.msg.headers.get("ce-id", "")
        return {
            "handler": self._door.handler,
            "subject": asked.msg.subject,
            "id": wish_id,
            "trace": trace,
            "attempt": 1,
        }


def needs(handler: Callable[..., Any], context: ContextRepo) -> tuple[str, str, dict[str, Any]]:
    """What a handler is called with: the names of its wish and of its `now`, and what it finds in the context."""
    hints = get_type_hints(handler, include_extras=True)
    wish, *others = inspect.signature(handler).parameters
    moment, things = "", {}
    for name in others:
        extra = get_args(hints[name])[1] if get_origin(hints[name]) is Annotated else None
        if getattr(extra, "dependency", None) is the_present:
            moment = name
        elif isinstance(extra, Context):
            things[name] = context.get(extra.name)
        else:
            raise TypeError(f"{handler.__name__}: {name} is not to be had in the hot lane")
    return wish, moment, things
