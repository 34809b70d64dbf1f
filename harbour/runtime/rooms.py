"""A room's doors: what it hears and what it answers, on FastStream's router."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from faststream import AckPolicy, Depends
from faststream.nats import JStream, NatsRouter, PullSub
from nats.js.api import ConsumerConfig

from harbour.contracts.messages import Event, Message, Query, Wish, now

Says: TypeAlias = Message | Sequence[Message] | None
"""What a handler has to say: nothing, one message, or several; at most one of them an Answer."""

H = TypeVar("H", bound=Callable[..., Any])


@dataclass(frozen=True)
class Hearing:
    """A durable consumer: which events, of which stream, how many at a time."""

    durable: str
    stream: str
    events: tuple[type[Event], ...]
    at_once: int
    ordered: bool
    transaction: bool

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subjects it hears."""
        return tuple(event.pattern() for event in self.events)


@dataclass(frozen=True)
class Answering:
    """A door for wishes of one kind."""

    handler: str
    wish: type[Wish[Any]]
    transaction: bool
    hot: bool = False
    """It takes the hot lane."""
    shortcut: str = ""
    """The name in the context of the shortcut that stands before it there."""

    @property
    def reads_only(self) -> bool:
        """Whether it may change nothing."""
        return issubclass(self.wish, Query)


Door: TypeAlias = Hearing | Answering


class Router(NatsRouter):
    """The doors of one service."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self.service = service
        self.hearings: list[Hearing] = []
        self.answerings: list[Answering] = []
        self.doors: dict[int, Door] = {}
        self.lanes = NatsRouter()
        """Knows the handlers that take the hot lane as FastStream knows all others, and is never started."""

    def hears(
        self, *events: type[Event], at_once: int = 1, ordered: bool = False, transaction: bool = True
    ) -> Callable[[H], H]:
        """Handle these events from a durable consumer: at most `at_once` at a time in a process; `ordered`: one after
        another over all copies, a failing one holding up the rest."""
        [stream] = {event.stream() for event in events}

        def open_door(handler: H) -> H:
            durable = f"{self.service}-{handler.__name__}"
            hearing = Hearing(durable, stream, events, 1 if ordered else at_once, ordered, transaction)
            self.hearings.append(hearing)
            for copy in range(hearing.at_once):
                subscriber = self.subscriber(
                    config=ConsumerConfig(filter_subjects=list(hearing.subjects)),
                    durable=durable,
                    stream=JStream(stream, declare=False),
                    pull_sub=PullSub(batch_size=1, timeout=5.0),
                    inbox_prefix=f"_INBOX_{self.service}.".encode(),
                    ack_policy=AckPolicy.MANUAL,
                    no_reply=True,
                    title=durable if not copy else f"{durable}-{copy}",
                    include_in_schema=not copy,
                )
                subscriber(handler)
                self.doors[id(subscriber)] = hearing
            return handler

        return open_door

    def answers(
        self, wish: type[Wish[Any]], *, transaction: bool = True, hot: bool = False, shortcut: str = ""
    ) -> Callable[[H], H]:
        """Answer this command or query, one copy of the service each time.

        `hot`: by the lane of `lane.py`, where the `shortcut` of this name in the context comes first.
        """
        assert not (hot and transaction), "in the hot lane there is no transaction"

        def open_door(handler: H) -> H:
            answering = Answering(f"{self.service}-{handler.__name__}", wish, transaction, hot, shortcut)
            self.answerings.append(answering)
            subscriber = (self.lanes if hot else self).subscriber(
                wish.subject(), queue=self.service, max_workers=64, ack_policy=AckPolicy.MANUAL, no_reply=True
            )
            subscriber(handler)
            self.doors[id(subscriber)] = answering
            return handler

        return open_door


async def the_present() -> datetime:
    """The time now. A coroutine, because what is none runs in a thread of its own for every message."""
    return now()


def present() -> Any:
    """The time a handler goes by; tests override `the_present`."""
    return Depends(the_present, use_cache=False)
