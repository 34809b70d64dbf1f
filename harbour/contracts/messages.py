"""What a message is: events that are facts, timers that are facts to come, and wishes that are answered at once.

An event travels as a CloudEvent 1.0 in binary mode: its attributes are headers (`ce-id`, `ce-type`, …), its fields
are the JSON body, and its key is in the subject. The `id` of an event derives from what caused it, so handling the
cause twice says the same thing once.
"""

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha1
from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar
from uuid import NAMESPACE_URL, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import from_json

Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
"""A name that may stand as one token of a subject: letters, digits, `-` and `_`, up to 64 of them."""

_NAMESPACE = uuid5(NAMESPACE_URL, "urn:harbour:messages")
_BEGUN = sha1(_NAMESPACE.bytes, usedforsecurity=False)
"""The beginning of every UUID of version 5 of ours; each message of the live room needs one or two."""
_FACT = re.compile(r"^[a-z]+\.[a-z]+(-[a-z]+)*$")

EVENTS: dict[str, type["Event"]] = {}
"""Every event by its type, e.g. `chat.message-posted`; timers too."""

WISHES: dict[str, type["Wish[Any]"]] = {}
"""Every command and query by its name, e.g. `chat.post-message`."""


_FRESH: list[str] = []
"""Random bits asked of the system for many ids at once, because each message of the live room needs a few."""


def new_id() -> str:
    """A fresh id for something that nothing caused, e.g. a person's wish: a random UUID."""
    try:
        bits = _FRESH.pop()
    except IndexError:
        block = os.urandom(16 * 256).hex()
        _FRESH.extend(block[at : at + 32] for at in range(32, len(block), 32))
        bits = block[:32]
    return f"{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-{'89ab'[int(bits[16], 16) & 3]}{bits[17:20]}-{bits[20:]}"


os.register_at_fork(after_in_child=_FRESH.clear)


def derived_id(*parts: object) -> str:
    """The one id that these parts always give; equal parts, equal id."""
    digest = _BEGUN.copy()
    digest.update("\x1f".join(map(str, parts)).encode())
    bits = digest.hexdigest()
    return f"{bits[:8]}-{bits[8:12]}-5{bits[13:16]}-{'89ab'[int(bits[16], 16) & 3]}{bits[17:20]}-{bits[20:32]}"


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


class Message(BaseModel):
    """Anything that passes a door. Unknown fields are ignored, so that an older room understands a newer one."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    id: str = Field(default_factory=new_id, exclude=True, max_length=128)
    """CloudEvents `id`; derived from the cause wherever there is one."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Takes the words in a class statement, which pydantic hands on to `__pydantic_init_subclass__`."""
        super().__init_subclass__()


class Event(Message):
    """A fact, past tense, stored in its owner's stream and never answered.

    Subclasses name their fact and key: `class MessagePosted(Event, fact="chat.message-posted", key=("session_id",))`.
    """

    fact: ClassVar[str] = ""
    key: ClassVar[tuple[str, ...]] = ()

    at: AwareDatetime = Field(default_factory=now, exclude=True)
    """CloudEvents `time`: when it happened, in UTC."""

    @classmethod
    def __pydantic_init_subclass__(cls, fact: str = "", key: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if not fact:
            return
        if not _FACT.match(fact):
            raise TypeError(f"{cls.__name__}: {fact!r} is not of the form owner.what-happened")
        if missing := [name for name in key if name not in cls.model_fields]:
            raise TypeError(f"{cls.__name__}: the key names {missing}, which are not fields")
        cls.fact, cls.key = fact, key
        EVENTS[fact] = cls

    @classmethod
    def owner(cls) -> str:
        """The service that alone may say this."""
        return cls.fact.split(".", 1)[0]

    @classmethod
    def stream(cls) -> str:
        """The stream that keeps it."""
        return cls.owner().upper()

    @classmethod
    def pattern(cls, **known: str) -> str:
        """The subject it is heard on: `*` for each part of the key that is not given."""
        return ".".join([cls.fact, *(known.get(name, "*") for name in cls.key)])

    @property
    def subject(self) -> str:
        """The subject it is said on."""
        return type(self).pattern(**{name: str(getattr(self, name)) for name in self.key})

    @classmethod
    def after(cls, cause: Message, **fields: Any) -> Self:
        """The event that `cause` brings about: shared fields are copied, the id derives from the cause.

        One cause may bring about several events of a kind where their keys differ. The time is the moment it is
        said, unless `at` is given.
        """
        shared = {name: getattr(cause, name) for name in cls.model_fields if name in type(cause).model_fields}
        shared.pop("id", None)
        shared.pop("at", None)
        event = cls(**{**shared, **fields})
        if "id" in fields:
            return event
        return event.model_copy(update={"id": derived_id(cause.id, event.subject)})

    def headers(self, source: str) -> dict[str, str]:
        """CloudEvents attributes in NATS binary mode, and `Nats-Msg-Id` so that a stream drops a second copy."""
        return {
            "ce-specversion": "1.0",
            "ce-id": self.id,
            "ce-type": self.fact,
            "ce-source": f"harbour/{source}",
            "ce-time": self.at.isoformat(),
            "content-type": "application/json",
            "Nats-Msg-Id": self.id,
        }

    def body(self) -> bytes:
        """The fields as JSON."""
        return self.model_dump_json().encode()


class Timer(Event):
    """A fact to come: said now, stored at once, heard at `due`, by whoever is awake then.

    A timer of the same key set again replaces the one before.
    """

    due: AwareDatetime

    @classmethod
    def stream(cls) -> str:
        """All timers live in one stream, which can schedule."""
        return "TIMERS"

    @classmethod
    def pattern(cls, **known: str) -> str:
        """The subject it is heard on when its time has come."""
        return f"timers.due.{super().pattern(**known)}"

    @property
    def set_subject(self) -> str:
        """The subject it is set on."""
        return self.subject.replace("timers.due.", "timers.set.", 1)

    @classmethod
    def cancelled(cls, cause: Message, **key: str) -> "TimerCancelled":
        """What to say so that the timer of this key is never heard; harmless where it was never set or has fired."""
        set_subject = cls.pattern(**key).replace("timers.due.", "timers.set.", 1)
        return TimerCancelled(id=derived_id(cause.id, "cancelled", set_subject), set_subject=set_subject)


class TimerCancelled(Message):
    """A timer taken back before it was due."""

    set_subject: str


class Answer(Message):
    """What a wish is answered with."""


class Refused(Answer):
    """A wish that will not be granted: an answer like any other, never an exception."""

    reason: str
    """A short code the page knows how to say kindly, e.g. `not-live`."""
    say: str = ""
    """More words where the code is not enough. Never message text or contact details."""


A = TypeVar("A", bound=Answer)


class Wish(Message, Generic[A]):
    """Something asked of one service and answered at once. It is never stored."""

    ask: ClassVar[str] = ""
    answer: ClassVar[type[Answer]]

    @classmethod
    def __pydantic_init_subclass__(cls, ask: str = "", **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if not ask:
            return
        if not _FACT.match(ask):
            raise TypeError(f"{cls.__name__}: {ask!r} is not of the form owner.verb-noun")
        cls.ask = ask
        cls.answer = next(
            args[0] for base in cls.__mro__ if (args := getattr(base, "__pydantic_generic_metadata__", {}).get("args"))
        )
        WISHES[ask] = cls

    @classmethod
    def owner(cls) -> str:
        """The service that answers."""
        return cls.ask.split(".", 1)[0]

    @classmethod
    def subject(cls) -> str:
        """Where it is asked."""
        return f"ask.{cls.ask}"

    def body(self) -> bytes:
        """The fields as JSON."""
        return self.model_dump_json().encode()


class Command(Wish[A], Generic[A]):
    """A wish that something be done. Asking twice with the same id does it once."""


class Query(Wish[A], Generic[A]):
    """A wish to know. It changes nothing."""


class Unreadable(ValueError):
    """The bytes are not a message we know; the text says why and never quotes them."""


def read_event(headers: Mapping[str, str] | None, body: bytes) -> Event:
    """The event in these headers and bytes. Raises Unreadable, whose text names fields and never their content."""
    given = {name.lower(): value for name, value in (headers or {}).items()}
    if (fact := given.get("ce-type", "")) not in EVENTS:
        raise Unreadable("the ce-type header is missing" if not fact else "the ce-type is not one we know")
    envelope = {"id": given.get("ce-id", ""), "at": given.get("ce-time", "")}
    if missing := [f"ce-{'time' if name == 'at' else name}" for name, value in envelope.items() if not value]:
        raise Unreadable(f"the {' and '.join(missing)} header is missing")
    return _read(EVENTS[fact], body, envelope)


M = TypeVar("M", bound=Message)


def read_as(kind: type[M], body: bytes, **envelope: Any) -> M:
    """These bytes as a message of this kind. Raises Unreadable, whose text never quotes them."""
    return _read(kind, body, envelope)


def _read(kind: type[M], body: bytes, envelope: Mapping[str, Any]) -> M:
    try:
        fields = from_json(body)
    except ValueError:
        raise Unreadable(f"the body of {kind.__name__} is not JSON") from None
    if not isinstance(fields, dict):
        raise Unreadable(f"the body of {kind.__name__} is not a JSON object")
    try:
        return kind.model_validate({**fields, **envelope})
    except ValidationError as error:
        wrong = ", ".join(".".join(str(step) for step in e["loc"]) + f" ({e['type']})" for e in error.errors())
        raise Unreadable(f"{kind.__name__} does not fit: {wrong}") from None
