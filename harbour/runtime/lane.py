"""The hot lane: a wish that is asked so often that nats-py hands it to its handler with nothing in between.

FastStream takes about half a millisecond for each message, which is nothing beside a transaction, and most of what a
wish costs that needs none. A handler takes this lane by `@router.answers(Wish, transaction=False, hot=True)`; its
signature, its metrics, its span and its refusals are those of any other. It may only answer, and says no event.

Before it a `Shortcut` may stand, which takes what is plain in one go, without a task or an answer of its own.
"""

import asyncio
import inspect
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Annotated, Any, Protocol, get_args, get_origin, get_type_hints

import structlog
from faststream import ContextRepo
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from opentelemetry.trace import SpanKind

from harbour.contracts.messages import Refused, Unreadable, now, read_as
from harbour.runtime import logs, telemetry
from harbour.runtime.context import Context
from harbour.runtime.rooms import Answering, the_present

log = structlog.get_logger("harbour.delivery")

IN_HAND = 512
"""As many wishes are in hand at once; the others wait in the order they came."""
LINE_SECONDS = 1.0
"""A wish that is granted or refused is told of in the log at most once in so long, with how many there were."""
_STOP_SECONDS = 3.0


class Shortcut(Protocol):
    """Takes wishes that nothing stands against, faster than the handler could."""

    async def __call__(self, body: bytes, over: Callable[[bool], None]) -> bool:
        """Whether it took this wish. Then `over` is called once: with True when it is granted and nobody waits for an
        answer, with False where the handler must see to it after all."""


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
        self._nc = nc
        self._wish_name, self._now_name, self._things = needs(self._handler, context)
        self._shortcut = context.get(self._door.shortcut) if self._door.shortcut else None
        self._subscription: Subscription = await nc.subscribe(
            self._door.wish.subject(), queue=self._service, cb=self._take
        )

    async def close(self) -> None:
        """Take nothing more, and finish what is in hand."""
        with suppress(NatsError, OSError):
            await self._subscription.drain()  # type: ignore[no-untyped-call]
        with suppress(TimeoutError):
            async with asyncio.timeout(_STOP_SECONDS):
                await self._idle.wait()

    async def _take(self, msg: Msg) -> None:
        self._idle.clear()
        if self._shortcut is not None and self._short < IN_HAND and not telemetry.is_tracing():
            self._short += 1
            taken = False
            try:
                taken = await self._shortcut(msg.data, partial(self._over, msg, time.perf_counter()))
            finally:
                self._short -= not taken
            if taken:
                return
        await self._room.acquire()
        self._begin(self._answer(msg))

    def _over(self, msg: Msg, began: float, is_done: bool) -> None:
        self._short -= 1
        if is_done:
            self._tell(None, time.perf_counter() - began, msg)
            self._look_whether_idle()
        else:
            self._begin(self._after_all(msg))

    async def _after_all(self, msg: Msg) -> None:
        await self._room.acquire()
        await self._answer(msg)

    def _begin(self, answering: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(answering)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._room.release()
        self._look_whether_idle()

    def _look_whether_idle(self) -> None:
        if not self._short and not self._tasks:
            self._idle.set()

    async def _answer(self, msg: Msg) -> None:
        began, error, trace = time.perf_counter(), None, ""
        headers = msg.headers or {}
        try:
            with telemetry.span(self._door.handler, headers, SpanKind.SERVER) as trace:
                await self._handle(msg, headers)
        except Exception as raised:  # whatever it is, nobody is told that it was done, and it is told of
            error = raised
            with suppress(NatsError, OSError):
                await self._nc.publish(msg.reply, b"", headers={"harbour-answer": "broken"})
        self._tell(error, time.perf_counter() - began, msg, trace)

    async def _handle(self, msg: Msg, headers: dict[str, str]) -> None:
        known = headers.get("ce-id")
        wish = read_as(self._door.wish, msg.data, **({"id": known} if known else {}))
        present = {self._now_name: now()} if self._now_name else {}
        answer = await self._handler(**{self._wish_name: wish}, **self._things, **present)
        kind = "refused" if isinstance(answer, Refused) else "granted"
        body = answer.model_dump_json().encode()
        if msg.reply:
            await self._nc.publish(msg.reply, body, headers={"harbour-answer": kind})

    def _tell(self, error: Exception | None, spent: float, msg: Msg, trace: str = "") -> None:
        self._seconds.observe(spent)
        if error is None:
            self._done.inc()
            self._untold += 1
            if (moment := time.monotonic()) - self._told_at >= LINE_SECONDS:
                line = self._line(msg, trace)
                log.info("handled", **line, outcome="done", ms=round(spent * 1000, 1), wishes=self._untold)
                self._told_at, self._untold = moment, 0
            return
        line = self._line(msg, trace)
        outcome = "unreadable" if isinstance(error, Unreadable) else "broken"
        telemetry.HANDLED.labels(self._door.handler, outcome).inc()
        more = {"error": type(error).__name__, "at": logs.places(error)}
        log.warning("handled", **line, outcome=outcome, ms=round(spent * 1000, 1), **more)

    def _line(self, msg: Msg, trace: str) -> dict[str, Any]:
        wish_id = (msg.headers or {}).get("ce-id", "")
        return {"handler": self._door.handler, "subject": msg.subject, "id": wish_id, "trace": trace, "attempt": 1}


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
