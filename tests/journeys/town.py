"""A town: the services that an evening goes through, with people to ask them and a post that brings mail."""

from datetime import datetime
from typing import Any, Protocol, TypeVar

from harbour.contracts.messages import Answer, Event, Refused, Timer, Wish

A = TypeVar("A", bound=Answer)
E = TypeVar("E", bound=Event)
T = TypeVar("T", bound=Timer)

SERVICES = ("enrolment", "chat", "safeguard", "notify")
"""The rooms of the house; the gateway, which only asks them, is the test itself."""


class Town(Protocol):
    """What a journey may do. Everything else of the town stays behind its walls."""

    async def asks(self, wish: Wish[A]) -> A | Refused:
        """What the service that owns this wish answers."""

    async def mail_to(self, address: str) -> list[str]:
        """The text of every mail this address was sent, oldest first."""

    async def facts(self, kind: type[E], **key: Any) -> list[E]:
        """Everything on record of this kind whose fields are these, oldest first."""

    async def clocks(self, kind: type[T], **key: Any) -> list[T]:
        """Every timer of this kind that is set and has neither rung nor been taken back."""

    async def holds(self, words: str) -> bool:
        """Whether these words stand anywhere in what the bus keeps."""

    async def settled(self) -> None:
        """Come back once everybody has heard all there is to hear, so that what did not happen will not."""

    async def time_passes(self, until: datetime) -> None:
        """Come back after this moment, when every clock that ran out by then has rung."""


async def granted(town: Town, wish: Wish[A]) -> A:
    """The answer to a wish that must not be refused."""
    answer = await town.asks(wish)
    assert not isinstance(answer, Refused), f"{type(wish).__name__} was refused: {answer.reason}"
    return answer


async def refused(town: Town, wish: Wish[Any]) -> str:
    """Why a wish is refused that must not be granted."""
    answer = await town.asks(wish)
    assert isinstance(answer, Refused), f"{type(wish).__name__} was granted"
    return answer.reason
