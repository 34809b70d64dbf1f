"""What each running copy says of itself: on a beat, at once when it changes, and when somebody asks. Kept nowhere."""

import asyncio
import os
import re
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from prometheus_client import Gauge
from pydantic import BaseModel

from harbour.contracts.messages import Event
from harbour.runtime.newest import Newest

BEAT_SECONDS = 2.0
SILENT_SECONDS = 4 * BEAT_SECONDS
"""A copy that was not heard for so long is shown as silent, and after ten times that as gone."""
_CHANGE_SECONDS = 0.1

P = TypeVar("P", bound=BaseModel)
E = TypeVar("E", bound=Event)
RUNNING = Gauge("harbour_running_edition", "The edition this copy goes by, and its version.", ["what", "version"])


def copy_id() -> str:
    """The name of this process among the copies: the machine or container it runs on, and its number there."""
    host = re.sub(r"[^A-Za-z0-9_-]", "-", socket.gethostname())[:40]
    return f"{host}-{os.getpid()}"


def subject(what: str, service: str = "*", copy: str = "*") -> str:
    """Where a copy says what it runs of something."""
    return f"running.{what}.{service}.{copy}"


def question(what: str) -> str:
    """Where all copies are asked to say it now."""
    return f"running-asked.{what}"


class SaysOfItself(Generic[P]):
    """Says what this copy runs: `report` is asked each time, so it is what is so and not what was meant."""

    def __init__(self, nc: Client, what: str, service: str, copy: str, report: Callable[[bool], P]) -> None:
        self._nc, self._what, self._subject = nc, what, subject(what, service, copy)
        self._report = report
        self._asked: Subscription | None = None
        self._saying: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin."""
        self._asked = await self._nc.subscribe(question(self._what), cb=self._answer)
        await self._say()
        self._saying = asyncio.create_task(self._keep_saying())

    async def stop(self) -> None:
        """Say that this copy goes."""
        if self._saying:
            self._saying.cancel()
            await asyncio.gather(self._saying, return_exceptions=True)
        await self._say(gone=True)
        if self._asked:
            with suppress(NatsError):
                await self._asked.unsubscribe()

    async def _answer(self, _: Msg) -> None:
        await self._say()

    async def _say(self, gone: bool = False) -> None:
        report = self._report(gone)
        RUNNING.clear()
        RUNNING.labels(self._what, getattr(report, "version", "")).set(getattr(report, "edition", 0))
        with suppress(NatsError, OSError):  # the next beat says it
            await self._nc.publish(self._subject, report.model_dump_json().encode())

    async def _keep_saying(self) -> None:
        said, said_at = self._report(False), time.monotonic()
        while True:
            await asyncio.sleep(_CHANGE_SECONDS)
            now = self._report(False)
            if now != said or time.monotonic() - said_at >= BEAT_SECONDS:
                await self._say()
                said, said_at = now, time.monotonic()


@asynccontextmanager
async def followed(newest: Newest[E], saying: SaysOfItself[P]) -> AsyncIterator[None]:
    """Follow a fact and say what came of it, for as long as a copy runs; the newest is known before it begins."""
    await newest.start()
    await saying.start()
    try:
        yield
    finally:
        await saying.stop()
        await newest.stop()


@dataclass(frozen=True)
class Heard(Generic[P]):
    """What a copy said of itself, and how many seconds ago."""

    report: P
    seconds: float

    @property
    def silent(self) -> bool:
        """Whether it should have said something since."""
        return self.seconds > SILENT_SECONDS


class Copies(Generic[P]):
    """Hears what every copy of every service says it runs of something."""

    def __init__(self, what: str, kind: type[P], clock: Callable[[], float] = time.monotonic) -> None:
        self._what, self._kind, self._clock = what, kind, clock
        self._heard: dict[str, tuple[P, float]] = {}
        self._subscription: Subscription | None = None

    async def start(self, nc: Client) -> None:
        """Listen, and have all of them say it now."""
        self._subscription = await nc.subscribe(subject(self._what), cb=self._hear)
        await nc.publish(question(self._what), b"")

    async def stop(self) -> None:
        """Listen no more."""
        if self._subscription:
            with suppress(NatsError):
                await self._subscription.unsubscribe()

    def heard(self) -> list[Heard[P]]:
        """Every copy that was heard of late, in the order of their names."""
        now = self._clock()
        self._heard = {name: one for name, one in self._heard.items() if now - one[1] < 10 * SILENT_SECONDS}
        return [Heard(report, now - at) for _, (report, at) in sorted(self._heard.items())]

    async def _hear(self, msg: Msg) -> None:
        self.take(msg.subject, msg.data)

    def take(self, name: str, body: bytes) -> None:
        """What one copy said; what cannot be read is as if it had said nothing."""
        try:
            report = self._kind.model_validate_json(body)
        except ValueError:
            return
        if getattr(report, "gone", False):
            self._heard.pop(name, None)
        else:
            self._heard[name] = (report, self._clock())
