"""What comes up says where in the message it shows, in characters of the text as it was sent."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harbour.screening import judge
from harbour.screening.contacts import DETECTORS, PLACES
from harbour.screening.reading import CAP, clean, fold, read
from harbour.screening.rulebook import rulebook
from harbour.screening.spans import MOST, places_of_words, traced
from tests.screening.test_short_cuts import CONTACTS, LINES, MESSAGE, disguised, doubled, spaced, stretched

BOOK = rulebook()


def shown(text: str, rule: str = "", earlier: tuple[str, ...] = ()) -> list[str]:
    """The words that a rule, or the most urgent one, points at."""
    finding = judge(text, earlier)
    assert finding is not None
    reason = next(one for one in finding.reasons if not rule or one.rule == rule)
    return [text[start:end] for start, end in reason.spans]


@pytest.mark.parametrize(
    ("text", "rule", "phrase"),
    [
        ("so tired today. I want to die honestly", "suicide.wants-to-die", "want to die"),
        ("ok but I W@nt t0 d1e ok", "suicide.wants-to-die", "W@nt t0 d1e"),
        ("honestly k i l l m y s e l f maybe", "suicide.wants-to-die", "k i l l m y s e l f"),
        ("hm i wаnt tо d\u200bi\u200be ok", "suicide.wants-to-die", "wаnt tо d\u200bi\u200be"),
        ("hm i ｗａｎｔ to diiiie", "suicide.wants-to-die", "ｗａｎｔ to diiiie"),
        ("👨‍👩‍👧 ñandu, i want to die", "suicide.wants-to-die", "want to die"),
        ("yeah my stepdad hits me a lot", "abuse.tells", "stepdad hits me"),
        ("call 07700 900123 ok", "contact.phone", "07700 900123"),
        ("it is o77oo then 9oo 123 ok", "contact.phone", "o77oo then 9oo 123"),
        ("mail someone.else@example.org please", "contact.email", "someone.else@example.org"),
        ("see https://example.com/room ok", "contact.link", "https://example.com"),
        ("near ZZ1 4QA ok", "contact.postcode", "ZZ1 4QA"),
    ],
)
def test_a_reason_points_at_its_phrase_however_it_is_spelt(text: str, rule: str, phrase: str) -> None:
    assert any(phrase in words or words in phrase for words in shown(text, rule)), shown(text, rule)
    assert all(len(words) <= len(phrase) + 6 for words in shown(text, rule))


def test_what_only_shows_together_points_into_the_last_message() -> None:
    assert shown("myself", earlier=("gonna", "go and kill")) == ["myself"]


def test_a_softened_match_is_not_shown_where_another_one_counts() -> None:
    text = "i want to die lol. " + "and then we went out and had some chips. " * 3 + "no but i want to die"
    assert shown(text)[-1] == "want to die"


@pytest.mark.parametrize("respell", [str, str.upper, spaced, doubled, stretched, disguised])
def test_every_line_that_fires_says_where(respell: Callable[[str], str]) -> None:
    told = [finding for line in LINES if (finding := judge(respell(line))) is not None]
    placed = [reason for finding in told for reason in finding.reasons if reason.spans]
    assert len(placed) >= 0.99 * sum(len(finding.reasons) for finding in told)


@settings(max_examples=120, deadline=None)
@given(MESSAGE | st.text(st.characters(exclude_categories=())), st.integers(1, 40))
def test_every_span_lies_inside_its_text_in_order(text: str, times: int) -> None:
    text = (text * times)[: CAP * 2]
    finding = judge(text, earlier=[text[:100]])
    for reason in finding.reasons if finding else ():
        at = 0
        assert len(reason.spans) <= MOST
        for start, end in reason.spans:
            assert at <= start < end <= len(text)
            at = end


@settings(max_examples=300, deadline=None)
@given(MESSAGE)
def test_every_word_of_a_reading_has_its_place(text: str) -> None:
    cleaned = traced(text)
    if cleaned.text != clean(text):
        return
    folded = cleaned.through(fold)
    for reading in read(fold(clean(text)), BOOK.vocabulary):
        places = places_of_words(folded, reading, BOOK.vocabulary)
        assert len(places) in (0, len(reading.words))
        assert all(start < end <= len(text) for start, end in places)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(CONTACTS) | st.text(max_size=4), max_size=14), st.sampled_from([" ", "", ".", "-"]))
def test_a_way_to_be_reached_that_is_found_has_a_place(parts: list[str], mark: str) -> None:
    text = clean(mark.join(parts))
    for name, look in DETECTORS.items():
        reads, places_in = PLACES[name]
        assert bool(list(places_in(reads(text)))) == look(text), name
