"""Answers of every kind, filled with marked words: whatever shows on a page says which field it came from."""

import enum
import re
import typing
from datetime import datetime, timedelta
from types import UnionType
from typing import Any

from pydantic import AwareDatetime, BaseModel

from harbour.contracts.chat import Speaker
from harbour.contracts.envelope import Countersign, EnvelopeState
from harbour.contracts.messages import Answer, Wish, now

MARK = re.compile(r"\[(\w+\.\w+)\]")
CHOSEN: dict[type, Any] = {
    Speaker: Speaker.FACILITATOR, Countersign: Countersign.DUE, EnvelopeState: EnvelopeState.OPEN,
}  # fmt: skip
"""Of these kinds a page shows the most with this one; of all others the first is taken."""
WORDS = {"badge": "leaf-teal", "alone": "yes", "role": "counsellor"}
"""Of these fields a page knows only a few words."""
ONESELF = "x1"
"""The id of everybody and everything, so that whatever is asked for is there and is one's own."""
_NAMES = re.compile(r"(_id|_by|^staff|^day|^place|^hash|^from_id|^to_id)$")


def marks_on(text: str) -> set[str]:
    """The fields that show on a page, as far as they were marked."""
    return set(MARK.findall(text))


async def answer_marked(wish: Wish[Any]) -> Answer:
    """The answer to any wish, full of marked words."""
    filled: Answer = fill(type(wish).answer)
    return filled


def fill(model: type[BaseModel]) -> Any:
    """One of these, with something in every field, however deep."""
    fields = {name: one.annotation for name, one in model.model_fields.items()}
    filled = {name: _value(kind, model.__name__, name) for name, kind in fields.items()}
    return model.model_construct(**{**filled, **({"id": ONESELF} if "id" in fields else {})})


def _value(kind: Any, model: str, name: str) -> Any:
    kind = typing.get_args(kind)[0] if hasattr(kind, "__metadata__") else kind
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, UnionType):
        return _value(next(one for one in inner if one is not type(None)), model, name)
    if origin is typing.Literal:
        return inner[0]
    if origin is tuple:
        parts = inner[:1] if Ellipsis in inner else inner
        return tuple(_value(one, model, name) for one in parts)
    if origin is dict:
        return {_value(inner[0], model, name): _value(inner[1], model, name)}
    return _plain(kind, model, name)


def _plain(kind: Any, model: str, name: str) -> Any:
    if kind is str:
        return WORDS.get(name) or (ONESELF if _NAMES.search(name) else f"[{model}.{name}]")
    if kind in (datetime, AwareDatetime):
        return now() + timedelta(minutes=5)
    if kind in (bool, int, float):
        return kind(1)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return CHOSEN.get(kind, next(iter(kind)))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return fill(kind)
    return None
