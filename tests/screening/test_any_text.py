"""Nothing that can be typed makes the screen raise, or read without bound."""

from hypothesis import given, settings
from hypothesis import strategies as st

from harbour.screening import judge, look_at_door
from harbour.screening.patterns import Language
from harbour.screening.reading import CAP, clean, fold, respelt
from harbour.screening.rulebook import rulebook

ANYTHING = st.text(st.characters(exclude_categories=()))  # lone surrogates, controls and unassigned included
SPITEFUL = st.sampled_from(
    [
        "kill ",
        "i wanna die ",
        "k i l l ",
        "\u200b",
        "\u0301",
        "ﷺ",
        "\ud800",
        "07 ",
        "a@",
        "a.",
        "you are ",
        "*",
        "👨‍👩‍👧",
        "0️⃣",
        "\n",
        "@ ",
    ]
)


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_any_text_is_judged_without_raising(text: str) -> None:
    look_at_door(text)
    judge(text, earlier=[text, text])


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(SPITEFUL, st.integers(1, 3_000)), max_size=4).map(lambda parts: "".join(s * n for s, n in parts))
)
def test_a_spiteful_repeat_is_judged_without_raising(text: str) -> None:
    look_at_door(text)
    judge(text, earlier=[text])


@given(ANYTHING)
def test_judging_twice_says_the_same(text: str) -> None:
    assert judge(text) == judge(text)
    assert look_at_door(text) == look_at_door(text)


@settings(max_examples=50, deadline=None)
@given(SPITEFUL, st.integers(1, 100_000))
def test_the_words_read_never_exceed_the_cap(part: str, times: int) -> None:
    cleaned = clean(part * times)
    assert len(cleaned) <= CAP + 1
    assert len(respelt(fold(cleaned), rulebook().vocabulary).words) <= CAP + CAP // 2


def test_a_pattern_full_of_gaps_visits_each_place_at_most_once_a_step() -> None:
    pattern = Language({}, frozenset(), {}).pattern("a *9 a *9 a *9 a *9 b")
    reading = respelt("a " * 1_000, rulebook().vocabulary)
    steps = 0
    places = {0}
    for element in pattern.elements:
        steps += len(places)
        places = {end for place in places for end in element.ends(reading, place)}
    assert steps < 9 * 10 * len(pattern.elements)
