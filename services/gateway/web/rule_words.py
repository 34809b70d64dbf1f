"""What the pages of the rule bench call things, and how their list is narrowed down by what stands in the address."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from harbour.contracts.concerns import Category, Urgency
from harbour.contracts.rule_bench import RuleLine

CATEGORIES: Mapping[str, str] = {
    Category.SUICIDE_RISK: "Suicide risk",
    Category.SELF_HARM: "Self-harm",
    Category.METHOD_DETAIL: "Detail of methods",
    Category.ABUSE_DISCLOSURE: "Abuse told",
    Category.CONTACT_OR_PII: "Contact details",
    Category.BULLYING_HATE: "Bullying and hate",
    Category.EATING_DISORDER: "Eating",
    Category.SUBSTANCE_MISUSE: "Substances",
}
URGENCIES: tuple[str, ...] = (Urgency.IMMEDIATE, Urgency.HIGH, Urgency.MEDIUM, Urgency.LOW)
STATES: Mapping[str, str] = {"shipped": "as shipped", "changed": "changed here", "added": "added here", "off": "off"}
DAYS: Mapping[int, str] = {7: "7 days", 30: "30 days", 90: "90 days", 365: "a year"}
WHAT: Mapping[str, str] = {
    "new": "would come up",
    "more": "would be more urgent",
    "less": "would be less urgent",
    "gone": "would come up no more",
}
_ORDERS: Mapping[str, tuple[str, Callable[[RuleLine], Any]]] = {
    "name": ("by name", lambda one: one.rule_id),
    "fired": ("most alerts first", lambda one: -one.figures.fired),
    "false": ("most false alarms first", lambda one: -one.figures.false_alarms),
    "alone": ("most often alone first", lambda one: -one.figures.alone),
}
BY: Mapping[str, str] = {name: words for name, (words, _) in _ORDERS.items()}


@dataclass(frozen=True)
class Narrowed:
    """What the address asks for."""

    days: int = 30
    category: str = ""
    raises: str = ""
    """How soon an adult must look, by the rules that are wanted."""
    state: str = ""
    by: str = "name"


def read_filters(query: Mapping[str, str]) -> Narrowed:
    """What stands in an address; what makes no sense there is as if it did not."""
    days = query.get("days", "")
    return Narrowed(
        days=int(days) if days.isdecimal() and int(days) in DAYS else 30,
        category=_one_of(query.get("category", ""), CATEGORIES),
        raises=_one_of(query.get("raises", ""), URGENCIES),
        state=_one_of(query.get("state", ""), STATES),
        by=_one_of(query.get("by", ""), BY) or "name",
    )


def filtered(rules: Iterable[RuleLine], wanted: Narrowed) -> list[RuleLine]:
    """The rules that are asked for, in the order that is asked for."""
    found = [
        one
        for one in rules
        if wanted.category in ("", one.category)
        and wanted.raises in ("", one.urgency)
        and wanted.state in ("", one.state)
    ]
    return sorted(found, key=_ORDERS[wanted.by][1])


def _one_of(given: str, known: Iterable[str]) -> str:
    return given if given in set(known) else ""
