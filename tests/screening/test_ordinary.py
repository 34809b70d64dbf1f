"""Greetings, partings and the shortest answers are not put to the models; whatever says more is."""

import pytest

from harbour.contracts.concerns import Urgency
from harbour.screening import judge
from harbour.screening.ordinary import is_ordinary


@pytest.mark.parametrize(
    "text",
    [
        "bye",
        "Bye everyone x",
        "goodnight all",
        "see you next week!",
        "thanks, that was nice",
        "not much",
        "I don’t mind",
    ],
)
def test_what_is_said_all_evening_long_raises_no_alert(text: str) -> None:
    assert is_ordinary(text)
    assert judge(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "", "🙂", "all", "goodbye everyone, for good", "thanks all. sorry all. bye", "bye then", "no i am not safe",
        "i cant do this", "it was all of you", "goodnight. look after my sister",
    ],
)  # fmt: skip
def test_whatever_says_more_is_put_to_the_models(text: str) -> None:
    assert not is_ordinary(text)


def test_a_phrase_of_the_rules_is_found_among_ordinary_ones() -> None:
    found = judge("thanks everyone goodnight i want to die")
    assert found is not None
    assert found.urgency is Urgency.HIGH
