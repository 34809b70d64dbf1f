"""The form of a rule file. What does not fit is refused with the file and the rule named."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from harbour.contracts.concerns import Category, Urgency


class BadRules(ValueError):
    """A rule file cannot be used; the message names the file, the rule and the field."""


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(_Form):
    """One thing an adult may need to see, how it is said, and lines that show it."""

    id: str = Field(pattern=r"^[a-z_]+(\.[a-z0-9-]+)+$")
    category: Category
    also: tuple[Category, ...] = ()
    urgency: Urgency
    why: str = Field(min_length=10, max_length=160)
    peers_may_see: bool = False
    """True for somebody telling what was done to them: never held at the door."""
    patterns: tuple[str, ...] = ()
    detector: str | None = None
    unless: tuple[str, ...] = ()
    """Contexts in which the rule is silent."""
    softer: tuple[str, ...] = ()
    """Contexts in which the rule's urgency is low, unless the message says it is meant."""
    must_fire: tuple[str, ...] = Field(min_length=1)
    must_not_fire: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_something_to_look_for(self) -> "Rule":
        if bool(self.patterns) == bool(self.detector):
            raise ValueError("a rule has either patterns or a detector: write one of the two")
        return self


class RuleFile(_Form):
    """The rules of one subject."""

    rules: tuple[Rule, ...]


class Words(_Form):
    """How people write: the vocabulary the reader and the patterns share."""

    edition: str = Field(pattern=r"^\d{4}\.\d{1,2}\.\d+$")
    joined: Mapping[str, str]
    respelt: Mapping[str, str]
    emoji: Mapping[str, str]
    often_misspelt: tuple[str, ...]
    sets: Mapping[str, tuple[str, ...]]
    contexts: Mapping[str, tuple[str, ...]]


class HashedTerms(_Form):
    """Terms kept only as the first 16 hexadecimal digits of their SHA-256."""

    hashed_terms: tuple[str, ...]


Form = TypeVar("Form", bound=BaseModel)


def parse(form: type[Form], name: str, content: Any) -> Form:
    """Content of file `name` in its form; raises BadRules."""
    try:
        return form.model_validate(content)
    except ValidationError as error:
        raise BadRules("\n".join(_explain(name, content, one) for one in error.errors())) from None


def _explain(name: str, content: Any, error: Any) -> str:
    place = list(error["loc"])
    where = ""
    if place[:1] == ["rules"] and len(place) > 1 and isinstance(place[1], int):
        rule = content["rules"][place[1]]
        known = rule.get("id") if isinstance(rule, dict) else None
        where = f", rule {known or f'number {place[1] + 1}'}"
        place = place[2:]
    path = ".".join(str(part) for part in place)
    return f"{name}{where}{', field ' + path if path else ''}: {error['msg']}"
