"""What is wrong with a programme: each fault at its own line, in a sentence for the person who wrote it. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import Any

from pydantic import BaseModel, ValidationError

from harbour.contracts.enrolment import StepKind
from harbour.yaml_lines import Path, Tree
from services.enrolment.safe_messaging import what_is_unsafe, why_held

FEWEST_OPTIONS, MOST_OPTIONS = 2, 6
ACTIVITIES = frozenset({StepKind.PROMPT, StepKind.POLL, StepKind.READING})

_FOR_ADULTS = "notes"
_NOT_WORDS = frozenset({"id", "kind", "minutes", "sample"})
_NEEDS: dict[StepKind, dict[str, str]] = {
    StepKind.PROMPT: {"text": "the question to the group"},
    StepKind.POLL: {"text": "the question"},
    StepKind.SCALE: {
        "text": "what young people are asked",
        "low": "the words at the 1 of a scale",
        "high": "the words at the 5 of a scale",
    },
    StepKind.REFLECTION: {"text": "what young people are asked to write about"},
    StepKind.BREATHING: {"text": "what to do, in words that can be read along"},
    StepKind.READING: {"text": "the words to read"},
    StepKind.CHALLENGE: {"text": "what to try before next week"},
}


@dataclass(frozen=True)
class Found:
    """Something wrong, and where."""

    line: int
    way: Path
    says: str


# ── fields ────────────────────────────────────────────────────────────────────────────────────────────────────


def what_is_wrong_with_fields(error: ValidationError, tree: Tree, whole: type[BaseModel]) -> Iterator[Found]:
    """What is missing, unknown or of the wrong kind, in our own words."""
    for fault in error.errors(include_url=False, include_input=False):
        way = tuple(fault["loc"])
        if fault["type"] == "too_short" and tree.at(way):  # pydantic leaves out entries that have faults themselves
            continue
        yield Found(tree.line(way), way, _sentence(fault["type"], fault.get("ctx", {}), way, whole))


def _sentence(kind: str, more: dict[str, Any], way: Path, whole: type[BaseModel]) -> str:
    match kind:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return _unknown(str(way[-1]), _names(whole, way[:-1]))
        case "string_too_short":
            return "is empty"
        case "string_too_long":
            return f"is longer than {more['max_length']} letters"
        case "string_type":
            return "should be words, not a list or fields"
        case "string_pattern_mismatch":
            return "should be one name of letters without accents, digits, - and _, up to 64 of them"
        case "int_parsing" | "int_type" | "int_from_float":
            return "should be a whole number"
        case "bool_parsing" | "bool_type":
            return "should be true or false"
        case "enum":
            return f"should be one of {', '.join(StepKind)}"
        case "greater_than_equal":
            return f"should be at least {more['ge']}"
        case "less_than_equal":
            return f"should be at most {more['le']}"
        case "tuple_type":
            return "should be a list, each entry on a line that begins with a dash"
        case "too_short":
            return "is an empty list: write at least one entry"
        case "too_long":
            return f"has {more['actual_length']} entries; there may be {more['max_length']}"
        case "model_type":
            return "should be fields and their values, such as `title: …`"
        case _:
            return f"cannot be used ({kind})"


def _unknown(name: str, names: list[str]) -> str:
    close = get_close_matches(name, names, 1)
    return (
        f"is not a field here; did you mean {close[0]}?" if close else f"is not a field; there are {', '.join(names)}"
    )


def _names(whole: type[BaseModel], way: Path) -> list[str]:
    """The fields that may stand at this place."""
    for step in way:
        if isinstance(step, str):
            whole = whole.model_fields[step].annotation.__args__[0]  # type: ignore[union-attr]
    return [str(field.validation_alias or name) for name, field in whole.model_fields.items()]


# ── sense ─────────────────────────────────────────────────────────────────────────────────────────────────────


def what_is_wrong(tree: Tree, stem: str) -> Iterator[Found]:
    """What is wrong beyond single fields: twins, times, evenings that lack a part, unsafe words."""
    for way, line, says in tree.doubled:
        yield Found(line, way, says)
    if (name := tree.content.get("id", stem)) != stem and isinstance(name, str) and name:
        yield Found(tree.line(("id",)), ("id",), f"should be {stem}, like the name of the file")
    for at, week in _entries(tree.content.get("weeks")):
        yield from _evening(tree, ("weeks", at), week)
    yield from _twins(tree, ("wordings",), _entries(tree.content.get("wordings")))
    yield from _unsafe(tree)


def _evening(tree: Tree, way: Path, week: dict[str, Any]) -> Iterator[Found]:
    """What is wrong with one evening."""
    there = (*way, "steps")
    steps = list(_entries(week.get("steps")))
    for at, step in steps:
        yield from _step(tree, (*there, at), step)
    yield from _twins(tree, there, steps)
    if steps:
        yield from _too_long(tree, there, [step for _, step in steps])
        for where, says in _parts([_kind(step) for _, step in steps], [step for _, step in steps]):
            yield Found(tree.line((*there, *where)), (*there, *where), says)


def _parts(kinds: list[StepKind | None], steps: list[dict[str, Any]]) -> Iterator[tuple[Path, str]]:
    """What an evening lacks; nothing is said of a step whose kind cannot be read."""
    if kinds[0] not in (StepKind.WORDS, None):
        yield (0,), "an evening begins with its opening: a step of kind words"
    if kinds[-1] not in (StepKind.WORDS, None) or len(kinds) == 1:
        yield (len(kinds) - 1,), "an evening ends with its closing: a step of kind words"
    if not any(_text(step.get(_FOR_ADULTS)) for step in steps):
        yield (), "no step of this evening has notes for facilitators"
    if None in kinds:
        return
    if not ACTIVITIES & set(kinds):
        yield (), "this evening has no group activity: a step of kind prompt, poll or reading"
    if StepKind.REFLECTION not in kinds:
        yield (), "this evening has no private reflection: a step of kind reflection"
    if StepKind.CHALLENGE not in kinds:
        yield (), "this evening has no weekly challenge: a step of kind challenge"


def _step(tree: Tree, way: Path, step: dict[str, Any]) -> Iterator[Found]:
    """What a step of its kind lacks, or has too much."""
    if (kind := _kind(step)) is None:
        return
    for name, what in _NEEDS.get(kind, {}).items():
        if step.get(name, "") == "":
            yield Found(tree.line((*way, name)), (*way, name), f"a {kind} step needs {what}")
    if kind is StepKind.WORDS and not (step.get("text") or step.get("say")):
        yield Found(tree.line(way), way, "a words step needs text, or something to say")
    yield from _options(tree, (*way, "options"), kind, step.get("options"))
    for name in ("low", "high"):
        if kind is not StepKind.SCALE and step.get(name):
            yield Found(tree.line((*way, name)), (*way, name), f"only a scale has {name}; this is a {kind} step")


def _options(tree: Tree, way: Path, kind: StepKind, options: Any) -> Iterator[Found]:
    if kind is not StepKind.POLL:
        if options:
            yield Found(tree.line(way), way, f"only a poll has options; this is a {kind} step")
        return
    if options is not None and not isinstance(options, list):
        return
    if not FEWEST_OPTIONS <= len(options or ()) <= MOST_OPTIONS:
        yield Found(tree.line(way), way, f"a poll needs {FEWEST_OPTIONS} to {MOST_OPTIONS} options")
    seen: set[str] = set()
    for at, option in enumerate(options or ()):
        plain = _text(option).casefold()
        if plain and plain in seen:
            yield Found(tree.line((*way, at)), (*way, at), "is an option already")
        seen.add(plain)


def _twins(tree: Tree, way: Path, entries: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[Found]:
    """Entries of one list that have the same id."""
    lines: dict[str, int] = {}
    for at, entry in entries:
        if not (name := _text(entry.get("id"))):
            continue
        line = tree.line((*way, at, "id"))
        if name in lines:
            yield Found(line, (*way, at, "id"), f"{name} is the id of another one too, on line {lines[name]}")
        lines.setdefault(name, line)


def _too_long(tree: Tree, way: Path, steps: list[dict[str, Any]]) -> Iterator[Found]:
    """An evening whose steps do not fit into it."""
    planned = [_number(step.get("minutes")) for step in steps]
    there_are = _number(tree.content.get("minutes"))
    known = [minutes for minutes in planned if minutes is not None]
    if there_are is not None and len(known) == len(planned) and sum(known) > there_are:
        says = f"the steps take {sum(known)} minutes, {sum(known) - there_are} more than the {there_are} of an evening"
        yield Found(tree.line(way), way, says)


def _unsafe(tree: Tree) -> Iterator[Found]:
    """Words that must not stand where young people read them, and detail that must stand nowhere."""
    for way, text in tree.words():
        name = next((step for step in reversed(way) if isinstance(step, str)), "")
        if name in _NOT_WORDS or not text.strip():
            continue
        if name != _FOR_ADULTS:
            yield from _careless(tree, way, text)
        yield from _held(tree, way, text, by_adults_alone=name == _FOR_ADULTS)


def _careless(tree: Tree, way: Path, text: str) -> Iterator[Found]:
    """What breaks safe messaging."""
    for rule in what_is_unsafe(text):
        if found := rule.pattern.search(text):
            line = tree.line_where(way, partial(_matches, rule.pattern))
            yield Found(line, way, f"“{' '.join(found.group().split())}”: {rule.says}")


def _held(tree: Tree, way: Path, text: str, by_adults_alone: bool) -> Iterator[Found]:
    """What our own door would hold back."""
    for why in why_held(text, by_adults_alone):
        line = tree.line_where(way, partial(_is_held, why, by_adults_alone))
        yield Found(line, way, f"the door would hold this ({why.rstrip('.')})")


def _matches(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None


def _is_held(why: str, by_adults_alone: bool, text: str) -> bool:
    return why in why_held(text, by_adults_alone)


def _entries(value: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """Those of a list that are fields, with their place in it."""
    if isinstance(value, list):
        yield from ((at, entry) for at, entry in enumerate(value) if isinstance(entry, dict))


def _kind(step: dict[str, Any]) -> StepKind | None:
    kind = step.get("kind")
    return StepKind(kind) if isinstance(kind, str) and kind in set(StepKind) else None


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(value: Any) -> int | None:
    return int(value) if isinstance(value, str) and value.strip().isdecimal() else None
