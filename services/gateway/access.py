"""Who may use which route, by the table in `access.yaml`: whatever has no row there is nobody's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from fastapi import Request

from harbour.contracts.enrolment import Role
from services.gateway.auth import Elsewhere, NotAllowed, SignInFirst, Visitor, here, visitor

ANYBODY, GUEST, MEMBER, STAFF = "anybody", "guest", "member", "staff"
LIVE = "/live/"
"""Rows under this turn people away with a code of their own, since no page reads a page there."""


@dataclass(frozen=True)
class Row:
    """Who may use a route, and who is led to another page."""

    who: frozenset[str]
    led: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether nobody need be asked who they are."""
        return ANYBODY in self.who

    def lets(self, person: Visitor | None) -> bool:
        """Whether this person may."""
        return self.is_open or not self.who.isdisjoint(names_of(person))


def names_of(person: Visitor | None) -> frozenset[str]:
    """All the table may call somebody."""
    if person is None:
        return frozenset({GUEST})
    return frozenset({person.kind, *(str(role) for role in person.roles)})


@dataclass(frozen=True)
class Field:
    """Something that only some may see, wherever it would stand."""

    what: str
    of: tuple[str, ...]
    """Fields of answers, e.g. `AlertDetails.text`; `*.nickname` and `Debrief.*` stand for many."""
    who: frozenset[str]

    def is_for(self, person: Visitor | None) -> bool:
        """Whether this person may see it."""
        return not self.who.isdisjoint(names_of(person))

    def has(self, name: str) -> bool:
        """Whether a field of an answer, e.g. `AlertDetails.text`, is of this."""
        return any(fnmatchcase(name, pattern) for pattern in self.of)


def read_fields(text: str) -> tuple[Field, ...]:
    """The fields in this text. Raises ValueError for a name that is none."""
    known = yaml.safe_load(text)
    groups: dict[str, list[str]] = known["groups"]
    names = {GUEST, MEMBER, STAFF, *Role, *groups}
    for what, row in known["fields"].items():
        if strange := [name for name in row["who"] if name not in names]:
            raise ValueError(f"{what}: there is nobody called {strange[0]!r}")
    return tuple(
        Field(what, tuple(row["of"]), frozenset(_each(row["who"], groups))) for what, row in known["fields"].items()
    )


def read_table(text: str) -> dict[str, Row]:
    """The table in this text. Raises ValueError for a name that is none, so that a slip lets nobody in."""
    known = yaml.safe_load(text)
    groups: dict[str, list[str]] = known["groups"]
    names = {ANYBODY, GUEST, MEMBER, STAFF, *Role, *groups}

    def read(route: str, row: Any) -> Row:
        who, led = (row["who"], row["led"]) if isinstance(row, dict) else (row, {})
        if strange := [name for name in (*who, *led) if name not in names]:
            raise ValueError(f"{route}: there is nobody called {strange[0]!r}")
        return Row(frozenset(_each(who, groups)), led)

    return {route: read(route, row) for route, row in known["routes"].items()}


def _each(who: Iterable[str], groups: Mapping[str, list[str]]) -> Iterable[str]:
    for name in who:
        yield from groups.get(name, [name])


_WRITTEN = (Path(__file__).parent / "access.yaml").read_text(encoding="utf-8")
TABLE = read_table(_WRITTEN)
FIELDS = read_fields(_WRITTEN)
NOBODY = Row(frozenset())


def may(person: Visitor | None, route: str) -> bool:
    """Whether this person may use this route, e.g. `GET /queue`; pages ask it before they show a way there."""
    return TABLE.get(route, NOBODY).lets(person)


async def let_in(request: Request) -> None:
    """The dependency of every route: whoever may not use it never reaches it."""
    path: str = request.scope["route"].path
    row = TABLE.get(f"{request.method} {path}", NOBODY)
    if row.is_open or (row is not NOBODY and path.startswith(LIVE)):
        return
    person = await visitor(request)
    if row.lets(person):
        return
    for name in names_of(person) & row.led.keys():
        parts = {key: quote(str(value), safe="") for key, value in request.path_params.items()}
        raise Elsewhere(row.led[name].format(**parts))
    if MEMBER in row.who:
        raise SignInFirst("/sign-in", here(request))
    if row is NOBODY or (person is not None and person.kind == STAFF):
        raise NotAllowed
    raise SignInFirst("/staff/sign-in", here(request))
