"""Reading a file of knowledge: data that a charity fills in, checked to the line."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import phonenumbers
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from harbour.yaml_lines import NotYaml, Tree, read_tree
from harbour.yaml_lines import Path as Way

SHIPPED = Path(__file__).parent / "knowledge.yaml"
SHORT = frozenset({"999", "111", "101", "112", "116123", "08001111", "18000"})
"""Numbers that are shorter than what a phone number is in general."""
_AREA = re.compile(r"^[A-Z]{1,2}$")
_TEXT = re.compile(r"^[A-Z]+ to \d{5,6}$")

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]


@dataclass(frozen=True)
class Fault:
    """One thing to put right: which file, which line, which field, and what is wrong."""

    file: str
    line: int
    field: str
    says: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: " + (f"{self.field}: {self.says}" if self.field else self.says)


class Unreadable(ValueError):
    """A file of knowledge cannot be used; the text has a line for each fault."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, hide_input_in_errors=True)


def _number(value: str | None) -> str | None:
    """A number somebody can ring in the United Kingdom."""
    if value is None or re.sub(r"\s", "", value) in SHORT:
        return value
    try:
        parsed = phonenumbers.parse(value, "GB")
    except phonenumbers.NumberParseException:
        raise ValueError("this is not a phone number") from None
    if parsed.country_code != 44 or len(str(parsed.national_number)) not in (9, 10):
        raise ValueError("this is not a phone number of the United Kingdom: it has too few or too many digits")
    return value


class HelpLine(_Strict):
    """Somebody who helps anywhere."""

    name: Words
    call: str | None = None
    text: str | None = None
    purpose: Words = Field(alias="for")

    _call = field_validator("call")(_number)

    @field_validator("text")
    @classmethod
    def _is_text(cls, value: str | None) -> str | None:
        if value is not None and not _TEXT.match(value):
            raise ValueError("write it as a word in capitals, “to”, and the number: SHOUT to 85258")
        return value

    @model_validator(mode="after")
    def _can_be_reached(self) -> "HelpLine":
        if not self.call and not self.text:
            raise ValueError("it needs a number to call or to text")
        return self


class Authority(_Strict):
    """The children's services of one local authority."""

    name: Words
    areas: Annotated[tuple[str, ...], Field(min_length=1)]
    """The letters its postcodes begin with."""
    call: str
    out_of_hours: str | None = Field(default=None, alias="out-of-hours")
    hours: Words | None = None
    note: Words | None = None
    sample: bool = False

    _numbers = field_validator("call", "out_of_hours")(_number)

    @field_validator("areas")
    @classmethod
    def _are_areas(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := next((one for one in value if not _AREA.match(one)), None):
            raise ValueError(f"{wrong[:8]} is not a postcode area: one or two capital letters, as a postcode begins")
        return value


class Script(_Strict):
    """Words to say, prepared."""

    title: Words
    steps: Annotated[tuple[Words, ...], Field(min_length=1)]


class Knowledge(_Strict):
    """Everything in a file."""

    reviewed: str
    reviewed_by: Words | None = Field(default=None, alias="reviewed-by")
    lines: Annotated[tuple[HelpLine, ...], Field(min_length=1)]
    authorities: tuple[Authority, ...] = ()
    scripts: tuple[Script, ...] = ()

    @field_validator("reviewed")
    @classmethod
    def _is_a_day(cls, value: str) -> str:
        if not re.match(r"^\d{4}-\d{2}-\d{2}$", value):
            raise ValueError("write the day as 2026-11-23")
        return value

    @property
    def areas(self) -> list[str]:
        """Every postcode area there is an authority for."""
        return sorted({area for one in self.authorities for area in one.areas})

    @property
    def samples(self) -> int:
        """How many authorities are samples, whose numbers reach nobody."""
        return sum(one.sample for one in self.authorities)

    def near(self, area: str) -> tuple[Authority, ...]:
        """The authorities of one postcode area."""
        return tuple(one for one in self.authorities if area.strip().upper() in one.areas)


def read(path: Path, called: str = "") -> Knowledge:
    """The knowledge in this file. Raises Unreadable with every fault and its line, or OSError."""
    name, content = called or str(path), path.read_bytes()
    try:
        tree = read_tree(content.decode())
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable([Fault(name, line, "", "this is not UTF-8: save the file as UTF-8")]) from None
    except NotYaml as error:
        raise Unreadable([Fault(name, error.line, "", error.says)]) from None
    faults = [Fault(name, line, _written(way), says) for way, line, says in tree.doubled]
    try:
        knowledge = Knowledge.model_validate(tree.content if isinstance(tree.content, dict) else {})
    except ValidationError as error:
        found = [*faults, *_faults(error, tree, name)]
        raise Unreadable(sorted(dict.fromkeys(found), key=lambda one: one.line)) from None
    if faults:
        raise Unreadable(faults)
    return knowledge


def _faults(error: ValidationError, tree: Tree, name: str) -> Iterator[Fault]:
    for one in error.errors(include_url=False, include_context=False, include_input=False):
        way: Way = tuple(one["loc"])
        if one["type"] == "too_short" and tree.at(way):
            continue  # what is in it is wrong, which is said already
        says = _KINDS.get(one["type"], one["msg"].removeprefix("Value error, "))
        yield Fault(name, tree.line(way), _written(way), says)


_KINDS = {
    "missing": "this is missing",
    "extra_forbidden": "there is no such field",
    "string_too_short": "write something here",
    "too_short": "there is nothing in it",
}


def _written(way: Way) -> str:
    return "".join(f"[{one + 1}]" if isinstance(one, int) else f".{one}" for one in way).removeprefix(".")


def summary(knowledge: Knowledge) -> str:
    """What is in it, in a line."""
    counted: list[tuple[int, str]] = [
        (len(knowledge.lines), "help lines"),
        (len(knowledge.authorities), "local authorities"),
        (len(knowledge.areas), "postcode areas"),
        (len(knowledge.scripts), "prepared wordings"),
    ]
    return ", ".join(f"{number} {what}" for number, what in counted) + f"; reviewed {knowledge.reviewed}"
