"""Every shape ever said can be read for ever."""

import json
import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from harbour import contracts
from harbour.contracts.messages import EVENTS, WISHES, Event, Message, read_as, read_event

for module in pkgutil.walk_packages(contracts.__path__, f"{contracts.__name__}."):
    import_module(module.name)  # what a module says is known once it is read
SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))


def read(sample: dict[str, Any], **more: Any) -> Message:
    """The message in a sample."""
    body = json.dumps({**sample["body"], **more}).encode()
    if fact := sample["headers"].get("ce-type"):
        assert fact in EVENTS
        return read_event(sample["headers"], body)
    return read_as(WISHES[sample["headers"]["ask"]], body)


def part_of(newer: Any, older: Any) -> Any:
    """What `newer` says of the fields that `older` has, at every depth: a part of a message may grow as well."""
    if isinstance(newer, dict) and isinstance(older, dict):
        return {name: part_of(newer.get(name), value) for name, value in older.items()}
    if isinstance(newer, list) and isinstance(older, list) and len(newer) == len(older):
        return [part_of(*pair) for pair in zip(newer, older, strict=True)]
    return newer


def test_every_event_and_wish_has_a_sample() -> None:
    assert {*EVENTS, *WISHES} - {path.name.split("@")[0].removesuffix(".json") for path in SAMPLES} == set()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_read_and_written_as_it_was(path: Path) -> None:
    sample = json.loads(path.read_text())
    message = read(sample)
    again = json.loads(message.model_dump_json())
    assert part_of(again, sample["body"]) == sample["body"]
    if isinstance(message, Event):
        assert message.headers("x")["ce-id"] == sample["headers"]["ce-id"]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_field_from_a_newer_room_is_ignored(path: Path) -> None:
    sample = json.loads(path.read_text())
    newer, older = read(sample, field_of_tomorrow=1), read(sample)
    assert newer.model_dump_json() == older.model_dump_json()


@pytest.mark.parametrize("fact", sorted(EVENTS))
def test_one_cause_says_the_same_thing_once(fact: str) -> None:
    sample = json.loads(next(path for path in SAMPLES if path.stem == fact).read_text())
    cause = read(sample)
    kind = EVENTS[fact]
    first, second = kind.after(cause), kind.after(cause)
    assert first.id == second.id != cause.id
