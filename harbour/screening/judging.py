"""What the rules make of a message: in depth for the adults, and at the door for the room."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial

from harbour.contracts.concerns import Category, Reason, Urgency
from harbour.screening.reading import CAP, Reading, clean, fold, plain, respelt
from harbour.screening.rulebook import Compiled, Rulebook, rulebook

HELD_AT_THE_DOOR: frozenset[Category] = frozenset(
    {Category.METHOD_DETAIL, Category.CONTACT_OR_PII, Category.BULLYING_HATE}
)
"""What peers must not see before an adult has looked. A disclosure is never among it."""

VERSION: str = rulebook().version
"""Edition of the rules and a short hash of their content."""

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
    fired = _fired(text, book, held)
    reasons = [
        _reason(one, urgency, _held_for(one, held))
        for one, urgency in fired.values()
        if urgency.rank >= Urgency.MEDIUM.rank
    ]
    if len(text) > CAP and held:
        reasons.append(_too_long())
    return Verdict(bool(reasons), _in_order(reasons), book.version)


def judge(text: str, earlier: Sequence[str] = ()) -> Finding | None:
    """What an adult should see in `text`, alone or as the end of `earlier` (same author, oldest first)."""
    book = rulebook()
    fired = _fired(text, book)
    fired |= _fired_together(text, earlier, book, fired)
    reasons = [_reason(one, urgency, one.rule.category) for one, urgency in fired.values()]
    if len(text) > CAP:
        reasons.append(_too_long())
    if not reasons:
        return None
    ordered = _in_order(reasons)
    also = [category for one, _ in fired.values() for category in one.rule.also]
    categories = dict.fromkeys([*(reason.category for reason in ordered), *also])
    return Finding(ordered[0].urgency, tuple(categories), ordered, book.version)


_Fired = dict[str, tuple[Compiled, Urgency]]


def _fired(text: str, book: Rulebook, held: frozenset[Category] | None = None) -> _Fired:
    """The rules that apply to `text` by id, each at its worst; only those that can hold, if `held` is given."""
    wanted = [held is None or _held_for(one, held) is not None for one in book.rules]
    cleaned = clean(text)
    fired: _Fired = {}
    for one, urgency in _matches(fold(cleaned), book, wanted):
        if one.rule.id not in fired or fired[one.rule.id][1].rank < urgency.rank:
            fired[one.rule.id] = (one, urgency)
    for want, one in zip(wanted, book.rules, strict=True):
        if want and one.detector is not None and one.detector(cleaned):
            fired[one.rule.id] = (one, one.rule.urgency)
    return fired


def _matches(folded: str, book: Rulebook, wanted: Sequence[bool]) -> Iterator[tuple[Compiled, Urgency]]:
    """Every rule a pattern of which matches the text as written or as meant."""
    for reading in dict.fromkeys((plain(folded, book.vocabulary), respelt(folded, book.vocabulary))):
        found = sorted(pair for pair in book.candidates(reading) if wanted[pair[0]])
        meant = cache(partial(_is_meant, reading, book))
        for rule_at, pattern_at in found:
            one = book.rules[rule_at]
            urgency = one.urgency_in(reading, one.patterns[pattern_at], meant)
            if urgency is not None:
                yield one, urgency


def _is_meant(reading: Reading, book: Rulebook) -> bool:
    """Whether the message says of itself that it is no joke and no figure of speech."""
    return any(context.holds(reading, 0, len(reading.words)) for context in book.earnest)


def _fired_together(text: str, earlier: Sequence[str], book: Rulebook, alone: _Fired) -> _Fired:
    """What only comes up, or worse than `alone`, when a short message is read on from the short ones before it."""
    if len(text) > _SHORT:
        return {}
    run: list[str] = []
    for before in reversed(earlier[-_JOINED:]):
        if len(before) > _SHORT:
            break
        run.insert(0, before)
    if not run:
        return {}
    together = _fired(" ".join([*run, text]), book)
    more = {key: found for key, found in together.items() if key not in alone or alone[key][1].rank < found[1].rank}
    if not more:
        return {}
    known = _fired(" ".join(run), book)
    return {key: found for key, found in more.items() if key not in known}


def _held_for(one: Compiled, held: frozenset[Category]) -> Category | None:
    """The category for which this rule holds a message back, if it does."""
    own = [category for category in (one.rule.category, *one.rule.also) if category in held]
    if one.rule.peers_may_see:
        own = [category for category in own if category not in HELD_AT_THE_DOOR]
    return own[0] if own else None


def _reason(one: Compiled, urgency: Urgency, category: Category | None) -> Reason:
    return Reason(rule=one.rule.id, category=category or one.rule.category, urgency=urgency, why=one.rule.why)


def _too_long() -> Reason:
    return Reason(
        rule="reading.too-long",
        category=Category.METHOD_DETAIL,
        urgency=Urgency.MEDIUM,
        why="The message is longer than the screen reads, so its middle was not looked at.",
    )


def _in_order(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(reasons, key=lambda reason: -reason.urgency.rank))
