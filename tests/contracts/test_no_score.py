"""Promise 12: an alert says how fast an adult must look, and nothing anywhere rates a person (NICE NG225).

Every shape that is kept, said, answered or shown is walked: the tables of all services, every schema of AsyncAPI and
OpenAPI, and every class of fields inside the services. Whoever adds a field that this finds has to say here what it is.
"""

import dataclasses
import json
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from sqlalchemy import Column, Float, Integer, MetaData, String, Table

import services
from harbour import doors
from harbour.contracts.messages import EVENTS, WISHES

ROOT = Path(__file__).parents[2]

RATES = re.compile(
    r"(^|_)(scores?|scored|scoring|risks?|risky|ratings?|rated|severity|severe|levels?|grades?|ranks?|ranking|"
    r"likelihood|probability|propensity|prognosis|dangerous(ness)?|vulnerability|stability|index|points)($|_)"
)
"""Names under which somebody could be rated."""
LADDER = {
    "none", "low", "mild", "medium", "moderate", "high", "severe", "critical", "extreme", "immediate",
    "red", "amber", "yellow", "green",
}  # fmt: skip
"""Words that make a ladder where two of them are the values of one field."""
PERSON = re.compile(r"(^|_)(member|person|author|applicant|young_person)(_id)?$|^(nickname|seat|badge)$")
"""What makes a shape be about a person."""
OF_A_MESSAGE = {"alert_id", "message_id", "held_id", "rule", "rule_id", "must_fire", "reasons", "categories"}
"""What stands beside an urgency: it is that of a message, an alert, a finding or a rule, and never a person's."""

NUMBERS: Mapping[str, str] = {
    "after": "a place in a list", "limit": "a place in a list", "skip": "a place in a list",
    "age": "asked once at sign-up, and not kept",
    "alerts": "how many alerts a case has",
    "arrival": "the order of applications",
    "began_at": "a message's number", "first": "a message's number", "upto": "a message's number",
    "number": "a message's number", "in_reply_to": "a message's number", "latest": "a message's number",
    "closing_reminders": "how often an adult was reminded",
    "choice": "which answer of a poll somebody picked",
    "counts": "how many reacted",
    "edition": "a number of the rules", "restores": "a number of the rules",
    "feeling": "what somebody says of themselves at the door, for that evening",
    "minutes": "a span of time",
    "missed": "evenings nobody was there",
    "looks": "how often staff looked at contact details",
    "pages": "how often an adult was paged",
    "speaks_for": "how many alerts follow this one",
    "turn": "which try, of something that can be undone and done again",
}  # fmt: skip
"""Every number that stands in a shape about a person, and what it is. None of them rates anybody."""
NOT_A_RATING: Mapping[tuple[str, str], str] = {
    ("Filters", "urgency"): "which alerts the queue is to show",
    ("RaiseConcern", "urgency"): "how soon somebody must look at the alert that an adult's concern becomes",
    ("Leases", "severe"): "how long an officer may do nothing about an urgent alert",
    ("Waited", "urgency"): "of which alerts a report says how long they waited",
}
"""Fields with such a name that are about a text, a rule or a machine: (shape, field) and what it is."""


@dataclass(frozen=True)
class Shape:
    """Something with fields: which of them are numbers, and the values of those that have a fixed few."""

    name: str
    fields: frozenset[str]
    numbers: frozenset[str] = frozenset()
    values: tuple[tuple[str, frozenset[str]], ...] = ()

    @property
    def is_about_a_person(self) -> bool:
        """Whether somebody is named in it."""
        return any(PERSON.search(name) for name in self.fields)


def wrong_with(shape: Shape) -> list[str]:
    """What in this shape rates a person, or could."""
    found = [name for name in shape.fields if RATES.search(name)]
    ladders = {name for name, values in shape.values if len(values & LADDER) > 1}
    belongs = bool(shape.fields & OF_A_MESSAGE)
    found += [name for name in {*ladders, *({"urgency"} & shape.fields)} if not belongs]
    if shape.is_about_a_person:
        found += [*(ladders - {"urgency"}), *(shape.numbers - NUMBERS.keys())]
    return sorted({f"{shape.name}.{name}" for name in found if (shape.name, name) not in NOT_A_RATING})


# ── every shape there is ──────────────────────────────────────────────────────────────────────────────────────


def of_table(table: Table) -> Shape:
    numbers = frozenset(one.name for one in table.columns if isinstance(one.type, Integer | Float))
    return Shape(table.name, frozenset(table.columns.keys()), numbers)


def tables() -> Iterator[Shape]:
    """The tables of every service that keeps any."""
    for room in doors.ROOMS:
        yield from map(of_table, import_module(f"services.{room}.store").metadata.tables.values())


def of_schema(name: str, schema: Mapping[str, Any], known: Mapping[str, Any]) -> Shape:
    fields: dict[str, Any] = schema.get("properties", {})
    numbers = frozenset(one for one, kind in fields.items() if _kinds(kind) & {"integer", "number"})
    values = tuple((one, frozenset(map(str, _values(kind, known)))) for one, kind in fields.items())
    return Shape(name, frozenset(fields), numbers, values)


def _kinds(schema: Mapping[str, Any]) -> set[str]:
    inner = [*schema.get("anyOf", ()), *(schema[one] for one in ("items", "additionalProperties") if one in schema)]
    found = {str(schema["type"])} if "type" in schema else set()
    return found.union(*(_kinds(one) for one in inner if isinstance(one, dict)))


def _values(schema: Mapping[str, Any], known: Mapping[str, Any]) -> list[Any]:
    if "$ref" in schema:
        return _values(known.get(schema["$ref"].rsplit("/", 1)[1], {}), {})
    inner = [*schema.get("anyOf", ()), *schema.get("allOf", ())]
    return [*schema.get("enum", ()), *(value for one in inner for value in _values(one, known))]


def objects(name: str, schema: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every object in a document, however deep."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield str(schema.get("title", name)), schema
        for key, inner in schema.items():
            yield from objects(key, inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from objects(name, inner)


def schemas(document: Mapping[str, Any]) -> Iterator[Shape]:
    """The schemas of a published contract, and the parameters of its addresses."""
    known = document.get("components", {}).get("schemas", {})
    yield from (of_schema(name, schema, known) for name, schema in objects("", document))
    for path, ways in document.get("paths", {}).items():
        for way in ways.values():
            named = {one["name"]: one.get("schema", {}) for one in way.get("parameters", ())}
            yield of_schema(path, {"properties": named}, known)


def models() -> Iterator[Shape]:
    """Every message and answer, whether a document has it or not."""
    for kind in (*EVENTS.values(), *WISHES.values(), *(one.answer for one in WISHES.values())):
        whole = kind.model_json_schema()
        known = whole.get("$defs", {})
        yield from (of_schema(name, schema, known) for name, schema in objects(kind.__name__, whole))


def inside() -> Iterator[Shape]:
    """Every class of fields inside the services."""
    for found in pkgutil.walk_packages(services.__path__, "services."):
        if ".migrations" in found.name:
            continue
        for kind in vars(import_module(found.name)).values():
            if not isinstance(kind, type) or kind.__module__ != found.name:
                continue
            if dataclasses.is_dataclass(kind):
                typed = {one.name: str(one.type) for one in dataclasses.fields(kind)}
                numbers = frozenset(one for one, kind_of in typed.items() if re.match(r"(int|float)\b", kind_of))
                yield Shape(kind.__name__, frozenset(typed), numbers)
            elif issubclass(kind, BaseModel):
                yield Shape(kind.__name__, frozenset(kind.model_fields))


def test_promise_12_no_table_keeps_a_score_or_a_risk_level_for_a_person() -> None:
    found = list(tables())
    assert {"alerts", "applications", "deeds"} <= {one.name for one in found}
    assert [wrong for one in found for wrong in wrong_with(one)] == []


def test_promise_12_no_message_carries_a_score_or_a_risk_level_for_a_person() -> None:
    found = list(models())
    assert {"MessageFlagged", "AlertView", "Reason", "MemberView"} <= {one.name for one in found}
    assert [wrong for one in found for wrong in wrong_with(one)] == []


@pytest.mark.parametrize("contract", ["asyncapi", "openapi"])
def test_promise_12_no_published_contract_has_a_score_on_a_person(contract: str) -> None:
    """They are what the code says: another test holds them against it."""
    found = list(schemas(json.loads((ROOT / "docs" / f"{contract}.json").read_text(encoding="utf-8"))))
    assert len(found) > 50
    assert [wrong for one in found for wrong in wrong_with(one)] == []


def test_promise_12_no_class_inside_the_services_has_a_score_on_a_person() -> None:
    found = list(inside())
    assert {"Alert", "Colleague"} <= {one.name for one in found}
    assert [wrong for one in found for wrong in wrong_with(one)] == []


# ── what would be found ───────────────────────────────────────────────────────────────────────────────────────


def planted(**columns: Any) -> list[str]:
    """What is found in a table of people with these columns beside."""
    made = [Column(name, kind) for name, kind in columns.items()]
    return wrong_with(of_table(Table("people", MetaData(), Column("member_id", String(64)), *made)))


@pytest.mark.parametrize(
    "name", ["risk", "risk_level", "suicide_risk", "score", "wellbeing_score", "rating", "severity", "rank", "grade"]
)
def test_promise_12_a_table_that_rated_a_person_would_be_found(name: str) -> None:
    assert planted(**{name: String(8)}) == [f"people.{name}"]


def test_promise_12_a_number_under_an_innocent_name_would_be_found() -> None:
    assert planted(worry=Integer()) == ["people.worry"]
    assert planted(tide=Float()) == ["people.tide"]
    assert planted(number=Integer()) == []


def test_promise_12_an_urgency_of_a_person_would_be_found() -> None:
    assert planted(urgency=String(8)) == ["people.urgency"]
    assert planted(urgency=String(8), alert_id=String(64)) == []


def test_promise_12_a_ladder_in_a_message_about_a_person_would_be_found() -> None:
    schema = {
        "title": "MemberView",
        "properties": {"member_id": {"type": "string"}, "colour": {"$ref": "#/$defs/Colour"}},
        "$defs": {"Colour": {"enum": ["green", "amber", "red"]}},
    }
    shapes = [of_schema(name, one, schema["$defs"]) for name, one in objects("", schema)]  # type: ignore[arg-type]
    assert [wrong for one in shapes for wrong in wrong_with(one)] == ["MemberView.colour"]


def test_promise_12_a_score_deep_in_a_published_contract_would_be_found() -> None:
    inner = {"type": "object", "properties": {"person_id": {"type": "string"}, "risk": {"type": "integer"}}}
    document = {"channels": {"x": {"messages": {"Said": {"payload": {"items": inner}}}}}}
    assert [wrong for one in schemas(document) for wrong in wrong_with(one)] == ["items.risk"]
