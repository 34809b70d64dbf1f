"""Which piece of a message is marked."""

from typing import get_args

from harbour.contracts.concerns import Category, Reason, Urgency
from harbour.contracts.safeguard import What
from services.gateway.deeds import DEEDS
from services.gateway.web.marking import marked, quoted


def reason(*spans: tuple[int, int]) -> Reason:
    return Reason(rule="r", category=Category.SELF_HARM, urgency=Urgency.LOW, why="Why.", spans=spans)


def test_the_phrases_are_marked_and_nothing_of_the_message_is_lost() -> None:
    pieces = marked("one two three", [reason((4, 7))])
    assert pieces == [("one ", False), ("two", True), (" three", False)]


def test_phrases_that_lie_over_one_another_are_one_mark_after_the_other() -> None:
    pieces = marked("one two three", [reason((0, 7)), reason((4, 13))])
    assert pieces == [("one two", True), (" three", True)]


def test_a_message_without_a_phrase_is_one_piece_and_an_empty_one_is_none() -> None:
    assert marked("one", [reason()]) == [("one", False)]
    assert marked("", [reason((0, 3))]) == []


def test_what_points_outside_the_message_marks_nothing_there() -> None:
    assert marked("one", [reason((-2, 2), (7, 9))]) == [("on", True), ("e", False)]


def test_everything_that_goes_on_record_has_words() -> None:
    assert set(DEEDS) == set(get_args(What))


def test_each_phrase_is_quoted_once() -> None:
    assert quoted("so so so", reason((0, 2), (3, 5), (2, 3))) == ["so"]
