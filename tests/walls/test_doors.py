"""A room says at its entrance what goes through its doors, and says it truly."""

import ast
import importlib
import inspect
from pathlib import Path

import pytest

from harbour.contracts.messages import EVENTS, Timer
from harbour.runtime.rooms import Router

ROOT = Path(__file__).parents[2]
ROOMS = ("enrolment", "chat", "safeguard", "notify")
SERVICES = (*ROOMS, "gateway")
SECTIONS = ("Owns", "Hears", "Answers", "Says")


def entrance(service: str) -> dict[str, str]:
    """The sections of the docstring of a service."""
    text = inspect.getdoc(importlib.import_module(f"services.{service}")) or ""
    found: dict[str, str] = {}
    section = ""
    for line in text.splitlines()[1:]:
        name, colon, rest = line.partition(":")
        if colon and name in SECTIONS:
            section, line = name, rest
        if section:
            found[section] = f"{found.get(section, '')} {line}".strip()
    return found


def names(service: str, section: str) -> set[str]:
    """The classes that a section names."""
    listed = entrance(service)[section]
    return set() if listed == "nothing" else {name.strip() for name in listed.split(",")}


def router(room: str) -> Router:
    found = importlib.import_module(f"services.{room}.handlers").router
    assert isinstance(found, Router)
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_an_entrance_has_its_question_and_its_four_sections(service: str) -> None:
    first = (inspect.getdoc(importlib.import_module(f"services.{service}")) or "").splitlines()[0]
    assert first
    assert tuple(entrance(service)) == SECTIONS


@pytest.mark.parametrize("service", SERVICES)
def test_an_entrance_holds_no_code(service: str) -> None:
    tree = ast.parse((ROOT / "services" / service / "__init__.py").read_text(encoding="utf-8"))
    assert len(tree.body) == 1


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_hears_what_its_entrance_says(room: str) -> None:
    assert names(room, "Hears") == {event.__name__ for one in router(room).hearings for event in one.events}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_answers_what_its_entrance_says(room: str) -> None:
    assert names(room, "Answers") == {one.wish.__name__ for one in router(room).answerings}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_answers_only_what_is_asked_of_it(room: str) -> None:
    assert {one.wish.owner() for one in router(room).answerings} == {room}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_is_its_own(room: str) -> None:
    assert names(room, "Says") == {event.__name__ for event in EVENTS.values() if event.owner() == room}


def test_the_gateway_hears_answers_and_says_nothing() -> None:
    assert all(not names("gateway", section) for section in SECTIONS)


def test_every_timer_is_heard_by_the_room_that_sets_it() -> None:
    timers = [event for event in EVENTS.values() if issubclass(event, Timer)]
    assert timers
    deaf = [one for one in timers if not any(one in hearing.events for hearing in router(one.owner()).hearings)]
    assert not deaf


@pytest.mark.parametrize("room", ROOMS)
def test_handlers_leave_failing_sql_and_logs_to_others(room: str) -> None:
    place = ROOT / "services" / room
    paths = [*place.rglob("handlers.py"), *place.rglob("handlers/*.py")]
    assert paths
    assert not [path for path in paths if strangers(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(
    "line",
    [
        "try:\n    pass\nexcept ValueError:\n    pass",
        "import logging",
        "import structlog",
        "from sqlalchemy import select",
        "from harbour.runtime.logs import start",
        "broker.publish(event)",
        "tx.execute(query)",
        "print(event)",
    ],
)
def test_what_does_not_belong_in_a_handler_is_found(line: str) -> None:
    assert strangers(line)


def strangers(code: str) -> list[str]:
    """What stands in these handlers and belongs elsewhere."""
    found: list[str] = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ExceptHandler):
            found.append(f"line {node.lineno}: except")
        elif isinstance(node, ast.Import):
            found += [f"line {node.lineno}: {one.name}" for one in node.names if _elsewhere(one.name)]
        elif isinstance(node, ast.ImportFrom):
            if _elsewhere(node.module or ""):
                found.append(f"line {node.lineno}: {node.module}")
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in {"publish", "execute", "scalar", "scalars", "print"}:
                found.append(f"line {node.lineno}: {called}()")
    return found


def _elsewhere(module: str) -> bool:
    return module in {"logging", "structlog", "harbour.runtime.logs"} or module.split(".")[0] in {"sqlalchemy", "nats"}
