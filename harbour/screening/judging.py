"""What rules and models make of a message: in depth for the adults, and by rules alone at the door for the room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harbour.contracts.concerns import Category, Reason, Urgency
from harbour.screening.reading import CAP, Reading, clean, fold, read
from harbour.screening.rulebook import HELD_AT_THE_DOOR, Compiled, Rulebook, rulebook
from harbour.screening.spans import Span, cut, spans_of

if TYPE_CHECKING:
    from harbour.screening.scores import Opinion

VERSION: str = rulebook().version
"""Edition of the rules and a short hash of their content."""

LEAST_SCORES = {Urgency.LOW: 0.3, Urgency.MEDIUM: 0.6, Urgency.HIGH: 0.8, Urgency.IMMEDIATE: 0.95}
"""The least score of a category for which something came up: a rule answers yes or no, and says how urgent it is."""

_SHORT = 160
"""Characters; only messages up to this length are joined with the ones before."""
_JOINED = 4
"""How many earlier messages are joined."""


@dataclass(frozen=True)
class Finding:
    """What an adult should see, how soon, and why. It holds no word of the message."""

    urgency: Urgency
    categories: tuple[Category, ...]
    reasons: tuple[Reason, ...]
    version: str


@dataclass(frozen=True)
class Verdict:
    """Whether the room may see a message before an adult has. It holds no word of the message."""

    hold: bool
    reasons: tuple[Reason, ...]
    version: str


def look_at_door(text: str, held: frozenset[Category] = HELD_AT_THE_DOOR) -> Verdict:
    """Hold `text` if it may carry what peers must not see; what tells of the writer's own danger passes."""
    book = rulebook()
    fired = _fired(text, book, book.holding(held))
    reasons = [
        _reason(one, urgency, one.held_for(held))
        for one, urgency in fired.values()
        if urgency.rank >= Urgency.MEDIUM.rank
    ]
    if len(text) > CAP and held:
        reasons.append(_too_long())
    return Verdict(bool(reasons), _in_order(reasons), book.version)


@dataclass(frozen=True)
class Judgement:
    """What came up in a message, if anything did; how much it is about each category, 0 to 1; and what judged it."""

    finding: Finding | None
    scores: Mapping[Category, float]
    version: str


def judge(text: str, earlier: Sequence[str] = ()) -> Finding | None:
    """What an adult should see in `text`, alone or as the end of `earlier` (same author, oldest first).

    The urgency is the highest that a rule or a model gives; none takes back what another says.
    """
    return _judged(text, earlier, _opinions([text])[0]).finding


def judge_by_rules(text: str) -> Finding | None:
    """What the rules alone make of `text`: for words put together by us, which the models were never shown."""
    book = rulebook()
    reasons, also = _by_rules(text, (), book)
    if not reasons:
        return None
    ordered = _in_order(reasons)
    categories = dict.fromkeys([*(reason.category for reason in ordered), *also])
    return Finding(ordered[0].urgency, tuple(categories), ordered, book.version)


def judge_all(texts: Sequence[str]) -> list[Judgement]:
    """The judgement of each text on its own, in order. The models read them together, which is quicker."""
    return [_judged(text, (), said) for text, said in zip(texts, _opinions(texts), strict=True)]


def warm() -> bool:
    """Load the models now, before the first message; whether the meaning model is among them."""
    from harbour.screening import scores

    return scores.warm()


def _opinions(texts: Sequence[str]) -> "list[Opinion]":
    # Imported here, because whoever only looks at the door needs neither the models nor numpy.
    from harbour.screening import scores

    return scores.opinions(texts)


def _judged(text: str, earlier: Sequence[str], said: "Opinion") -> Judgement:
    """Rules and models together."""
    book = rulebook()
    version = f"{book.version}+{said.version}"
    by_rules, also = _by_rules(text, earlier, book)
    ordered = _in_order([*by_rules, *said.reasons])
    scores = dict(said.scores)
    for reason in ordered:
        scores[reason.category] = max(scores[reason.category], LEAST_SCORES[reason.urgency])
    if not ordered:
        return Judgement(None, scores, version)
    categories = dict.fromkeys([*(reason.category for reason in ordered), *also])
    return Judgement(Finding(ordered[0].urgency, tuple(categories), ordered, version), scores, version)


def _by_rules(text: str, earlier: Sequence[str], book: Rulebook) -> tuple[list[Reason], list[Category]]:
    """The reasons that the rules give, and what else the messages they fire on are about."""
    fired = _fired(text, book, book.every)
    places = _places(text, fired, book)
    if run := _just_before(text, earlier):
        together = _fired_together(text, run, fired, book)
        places |= {at: cut(spans, len(run) + 1) for at, spans in _places(f"{run} {text}", together, book).items()}
        fired |= together
    reasons = [_reason(one, urgency, one.rule.category, places.get(at, ())) for at, (one, urgency) in fired.items()]
    if len(text) > CAP:
        reasons.append(_too_long())
    return reasons, [category for one, _ in fired.values() for category in one.rule.also]


def rules_that_fire(
    text: str, book: Rulebook, earlier: Sequence[str] = (), only: frozenset[int] | None = None
) -> dict[str, Urgency]:
    """What the rules of this book, and nothing else, make of `text`: each that applies, by its id, at its worst.

    `only`: the numbers of the rules that are asked about, which is quicker; then `text` is judged on its own.
    """
    if only is not None:
        return {one.rule.id: urgency for one, urgency in _fired(text, book, only).values()}
    fired = _fired(text, book, book.every)
    if run := _just_before(text, earlier):
        fired |= _fired_together(text, run, fired, book)
    return {one.rule.id: urgency for one, urgency in fired.values()}


_Fired = dict[int, tuple[Compiled, Urgency]]
"""The rules that apply, by their number, each at its worst."""


def _fired(text: str, book: Rulebook, wanted: frozenset[int]) -> _Fired:
    """Those of the `wanted` rules that apply to `text`."""
    cleaned = clean(text)
    fired: _Fired = {}
    for reading in read(fold(cleaned), book.vocabulary):
        _hold_against(reading, book, wanted, fired)
    for at in book.detecting:
        one = book.rules[at]
        if at in wanted and one.detector is not None and one.detector(cleaned):
            fired[at] = (one, one.rule.urgency)
    return fired


def _hold_against(reading: Reading, book: Rulebook, wanted: frozenset[int], fired: _Fired) -> None:
    """Add to `fired` every rule a pattern of which matches this reading."""
    borne, possible = book.sieve.sift(reading.words)
    possible = [place for place in possible if place[0] in wanted]
    meant = bool(possible) and book.is_meant(reading, borne)
    for rule_at, pattern_at in possible:
        one = book.rules[rule_at]
        if rule_at in fired and fired[rule_at][1] is one.rule.urgency:
            continue
        urgency = one.urgency_in(reading, borne, one.patterns[pattern_at], meant)
        if urgency is not None and (rule_at not in fired or fired[rule_at][1].rank < urgency.rank):
            fired[rule_at] = (one, urgency)


def _just_before(text: str, earlier: Sequence[str]) -> str:
    """The short messages that a short message is read on from, as one text."""
    run: list[str] = []
    for before in reversed(earlier[-_JOINED:] if len(text) <= _SHORT else ()):
        if len(before) > _SHORT:
            break
        run.insert(0, before)
    return " ".join(run)


def _fired_together(text: str, run: str, alone: _Fired, book: Rulebook) -> _Fired:
    """What only comes up, or comes up worse, when a message is read on from the `run` before it."""
    together = _fired(f"{run} {text}", book, book.every)
    worse = {at: one for at, one in together.items() if at not in alone or alone[at][1].rank < one[1].rank}
    known = _fired(run, book, frozenset(worse)) if worse else {}
    return {at: one for at, one in worse.items() if at not in known}


def _places(text: str, fired: _Fired, book: Rulebook) -> dict[int, tuple[Span, ...]]:
    """Where the rules that fired show in `text`."""
    return spans_of(text, {at: urgency for at, (_, urgency) in fired.items()}, book) if fired else {}


def _reason(one: Compiled, urgency: Urgency, category: Category | None, spans: tuple[Span, ...] = ()) -> Reason:
    category = category or one.rule.category
    return Reason(rule=one.rule.id, category=category, urgency=urgency, why=one.rule.why, spans=spans)


def _too_long() -> Reason:
    return Reason(
        rule="reading.too-long",
        category=Category.METHOD_DETAIL,
        urgency=Urgency.MEDIUM,
        why="The message is longer than the screen reads, so its middle was not looked at.",
    )


def _in_order(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(reasons, key=lambda reason: -reason.urgency.rank))
