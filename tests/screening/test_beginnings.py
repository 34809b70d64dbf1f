"""A pattern is tried only from the words it may begin with, and that loses no match."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from harbour.screening.patterns import Context, Language, Pattern
from harbour.screening.reading import Reading, fold, plain, respelt
from harbour.screening.rulebook import rulebook

BOOK = rulebook()
LINES = [line for one in BOOK.rules for line in (*one.rule.must_fire, *one.rule.must_not_fire)]


def readings(text: str) -> set[Reading]:
    """Both ways to read a text."""
    return {plain(fold(text), BOOK.vocabulary), respelt(fold(text), BOOK.vocabulary)}


def patterns() -> Iterator[Pattern]:
    """Every pattern of every rule, and those that soften it or say that it is meant."""
    for one in BOOK.rules:
        yield from one.patterns
        yield from (context.before for context in (*one.unless, *one.softer) if context.before.elements)
    yield from (context.before for context in BOOK.earnest)


PATTERNS = list(patterns())


def test_where_a_pattern_matches_is_among_the_places_where_it_is_tried() -> None:
    found = 0
    for at, line in list(enumerate(LINES))[::4]:
        for reading in readings(f"{line} {LINES[at - 1]}"):
            for pattern in PATTERNS:
                matching = {start for start in range(len(reading.words)) if pattern.ends(reading, start)}
                assert matching <= set(pattern.starts(reading))
                found += len(matching)
    assert found > 100


@given(st.lists(st.sampled_from(["we", "went", "walk", "walking", "wander", "out", "today"]), max_size=8))
def test_words_beginnings_phrases_and_what_may_be_missing_all_open_a_match(words: list[str]) -> None:
    language = Language({}, frozenset(), {})
    reading = Reading(tuple(words), (0,) * len(words))
    for text in ("we? went|walk~ out", "we_went|wan~", "^ we", "_ today", "we? went? today", "went *2 today"):
        pattern = language.pattern(text)
        matching = {start for start in range(len(words)) if pattern.ends(reading, start)}
        assert matching <= set(pattern.starts(reading)) <= set(range(len(words)))


def test_a_context_anywhere_near_counts_only_within_its_reach() -> None:
    context: Context = Language({}, frozenset(), {}).context("joking")
    far = Reading(("joking", *["and"] * 11, "here"), (0,) * 13)
    near = Reading(("joking", *["and"] * 10, "here"), (0,) * 12)
    assert not context.holds(far, 12, 13)
    assert not context.holds(near, 11, 12)
    assert context.holds(near, 10, 11)
