"""What the screen does for speed changes no judgement."""

import random
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harbour.contracts.concerns import Category, Urgency
from harbour.screening import HELD_AT_THE_DOOR, VERSION, Finding, judge, judge_by_rules, look_at_door
from harbour.screening.contacts import DETECTORS
from harbour.screening.reading import clean, fold, plain, respelt, unmask
from harbour.screening.rulebook import rulebook
from tests.screening import the_long_way

BOOK = rulebook()
LINES = [line for one in BOOK.rules for line in (*one.rule.must_fire, *one.rule.must_not_fire)]
WORDS = sorted({*BOOK.vocabulary.known, *BOOK.vocabulary.respelt, *BOOK.vocabulary.typos})
CONTACTS = (
    "07700", "900123", "o77oo", "07", "77", "00", "9", "double", "triple", "two", "sevens", "hundred", "oh", "nought",
    "+", "+44", "0800", "1111", "999", "someone@example.org", "jo@samaritans.org", "at", "dot", "com", "example.com",
    "www.childline.org.uk", "www.", "https://x", ".co.uk", "(at)", "[dot]", "me", "ZZ1", "4QA", "zz14qa", "b4", "2nd",
    "4pm", "@", "snap", "insta", "٠٧", "⁰⁷", "①②", "1.2", "...com", "hat.",
    "someone (at) example (dot) com", "someone at example.org", "x[at]y dot co", "example dot com",
)  # fmt: skip
MARKS = (
    "", "", "", " ", ".", "!", "…", "\n", "_", "-", "'", "’", "\u200b", "\u0301", "💀", "😂", "ﷺ", "é", "\ud800", "*",
)  # fmt: skip
ALIKE = {"a": "@а4á", "e": "3еé", "i": "1і!|", "o": "0о", "s": "$5ѕ", "l": "1|", "t": "7+"}
PART = st.sampled_from([*LINES, *WORDS, *CONTACTS]) | st.text(max_size=8)
MESSAGE = st.lists(st.tuples(PART, st.sampled_from([" ", *MARKS])), max_size=12).map(
    lambda parts: "".join(part + mark for part, mark in parts)
)


def spaced(text: str) -> str:
    return " ".join(text)


def doubled(text: str) -> str:
    return "".join(letter * (1 + (at % 3 == 1 and letter.isalpha())) for at, letter in enumerate(text))


def stretched(text: str) -> str:
    return "".join(letter * (1 + 2 * (at % 5 == 0)) for at, letter in enumerate(text))


def disguised(text: str) -> str:
    return "".join(ALIKE.get(letter, letter)[at % len(ALIKE.get(letter, letter))] for at, letter in enumerate(text))


def test_every_rule_line_is_judged_as_the_long_way_round() -> None:
    for line in LINES:
        judged_alike(line)


@pytest.mark.parametrize("seed", range(4))
def test_six_hundred_written_messages_are_judged_as_the_long_way_round(seed: int) -> None:
    for text in written(random.Random(seed), 150):
        judged_alike(text)


@settings(max_examples=150, deadline=None)
@given(MESSAGE)
def test_any_message_is_judged_as_the_long_way_round(text: str) -> None:
    judged_alike(text)


@settings(max_examples=300, deadline=None)
@given(MESSAGE)
def test_any_message_is_read_as_the_long_way_round(text: str) -> None:
    cleaned = clean(text)
    folded = fold(cleaned)
    assert cleaned == the_long_way.clean(text)
    assert folded == the_long_way.fold(cleaned)
    assert unmask(folded) == the_long_way.unmask(folded)
    assert plain(folded, BOOK.vocabulary) == the_long_way.written(folded, BOOK.vocabulary)
    assert respelt(folded, BOOK.vocabulary) == the_long_way.meant(folded, BOOK.vocabulary)


@pytest.mark.parametrize("respell", [str, doubled, stretched, spaced, disguised])
def test_every_word_however_respelt_is_settled_as_the_long_way_round(respell: Callable[[str], str]) -> None:
    for word in map(respell, WORDS):
        assert BOOK.vocabulary.settle(word) == the_long_way.settle(word, BOOK.vocabulary)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(CONTACTS) | st.text(max_size=4), max_size=14), st.sampled_from([" ", "", ".", "-"]))
def test_a_way_to_be_reached_is_never_overlooked_for_speed(parts: list[str], mark: str) -> None:
    text = clean(mark.join(parts))
    for name, look in DETECTORS.items():
        assert look(text) == the_long_way.DETECTORS[name](text), name


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*LINES, *WORDS]), min_size=1, max_size=4))
def test_what_was_said_before_counts_as_the_long_way_round(said: list[str]) -> None:
    *earlier, text = [one[:160] for one in said]
    alone = the_long_way.judged(text, BOOK)
    before = the_long_way.judged(" ".join(earlier), BOOK)
    together = the_long_way.judged(" ".join([*earlier, text]), BOOK) if earlier else {}
    for rule, urgency in together.items():
        if rule not in before and (rule not in alone or alone[rule].rank < urgency.rank):
            alone[rule] = urgency
    finding = judge(text, earlier)
    assert by_rules(finding) == alone


def by_rules(finding: Finding | None) -> dict[str, Urgency]:
    """What the rules brought up; the models add to it and have no short cuts."""
    reasons = finding.reasons if finding else ()
    return {reason.rule: reason.urgency for reason in reasons if reason.tier == "rules"}


def judged_alike(text: str) -> None:
    """Fail unless the judgement of `text`, in depth and at the door, is that of the long way round."""
    told = by_rules(judge_by_rules(text))
    told.pop("reading.too-long", None)
    fired = the_long_way.judged(text, BOOK)
    assert told == fired
    for categories in (HELD_AT_THE_DOOR, frozenset(Category)):
        verdict = look_at_door(text, categories)
        stopped = {reason.rule: reason.urgency for reason in verdict.reasons}
        assert stopped == the_long_way.held(fired, BOOK, categories)
        assert (verdict.hold, verdict.version) == (bool(stopped), VERSION)


def written(chance: random.Random, count: int) -> Iterator[str]:
    """Messages put together out of what rules and people say, half of them in disguise."""
    for _ in range(count):
        parts = [chance.choice(chance.choice((LINES, WORDS, WORDS, CONTACTS))) for _ in range(chance.randint(1, 8))]
        text = "".join(part + chance.choice([" ", " ", " ", *MARKS]) for part in parts)
        yield chance.choice((str, str, str.upper, spaced, doubled, stretched, disguised))(text)
