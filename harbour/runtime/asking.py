"""Asking a service: the gateway and the command line do, services never ask each other."""

from types import TracebackType
from typing import Any, Self, TypeVar

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError
from opentelemetry.trace import SpanKind

from harbour.contracts.messages import Answer, Refused, Wish, read_as
from harbour.runtime import telemetry
from harbour.runtime.requests import Requests
from harbour.runtime.settings import BusSettings
from harbour.runtime.straight import Heard, written
from harbour.runtime.streams import connect

A = TypeVar("A", bound=Answer)


class Unavailable(Exception):
    """Nobody answered this in time; asking again with the same id is safe."""


class Asker:
    """Asks over a broker's connection, or over one of its own: `async with Asker(url) as ask`."""

    def __init__(self, where: Any, timeout: float = 6.0) -> None:
        self._where, self._timeout = where, timeout
        self._own: Client | None = None
        self._requests: Requests | None = None

    async def __aenter__(self) -> Self:
        try:
            self._own = await connect(BusSettings(url=self._where), connect_timeout=3, max_reconnect_attempts=2)
        except (NatsError, OSError) as error:
            raise Unavailable(f"there is no bus at {self._where} ({type(error).__name__}).") from None
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._own:
            await self._own.close()

    async def __call__(self, wish: Wish[A], *, timeout: float | None = None) -> A | Refused:  # noqa: ASYNC109
        """The answer, or why it is refused. Raises Unavailable when nobody answers in time (seconds)."""
        nc: Client = self._own or getattr(self._where, "connection", self._where)
        if self._requests is None or self._requests.nc is not nc:
            self._requests = Requests(nc)
        owner = wish.owner()
        with telemetry.span(f"ask {wish.ask}", kind=SpanKind.CLIENT):
            headers = written({"ce-id": wish.id, **telemetry.carried()})
            try:
                reply = await self._requests(wish.subject(), wish.body(), headers, timeout or self._timeout)
            except NoRespondersError:
                raise Unavailable(f"{owner} is not running.") from None
            except (NatsError, OSError, TimeoutError):
                raise Unavailable(f"{owner} did not answer in time.") from None
        return answer_in(type(wish), reply)


def answer_in(wish: type[Wish[A]], reply: Heard) -> A | Refused:
    """The answer to such a wish in what came back. Raises Unavailable where it says that there is none."""
    return answer_of(wish, reply.headers.get("harbour-answer", "broken"), reply.data)


def answer_of(wish: type[Wish[A]], kind: str, body: bytes) -> A | Refused:
    """The answer of this kind to such a wish. Raises Unavailable where it says that there is none."""
    if kind == "refused":
        return read_as(Refused, body)
    if kind != "granted":
        raise Unavailable(f"{wish.owner()} could not answer.")
    granted: A = read_as(wish.answer, body)  # type: ignore[assignment]
    return granted
