"""The look at the door fails closed."""

import pytest
from structlog.testing import capture_logs

from harbour.screening import Verdict
from services.chat import door
from services.chat.door import FAILURES, judged_at_the_door
from tests.chat.people import A_NUMBER, ROBIN, SAM


def failures() -> float:
    """How often judging has failed so far."""
    return next(one.value for metric in FAILURES.collect() for one in metric.samples if one.name.endswith("_total"))


def break_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Make judging fail like this."""

    def look(text: str) -> Verdict:
        raise error

    monkeypatch.setattr(door, "look_at_door", look)


def test_everyday_words_pass_and_a_phone_number_is_held_with_a_reason() -> None:
    assert not judged_at_the_door(ROBIN, "hello, it was a long day").hold
    verdict = judged_at_the_door(ROBIN, A_NUMBER)
    assert verdict.hold
    assert verdict.reasons
    assert verdict.version


def test_the_words_of_an_adult_of_the_room_are_not_judged() -> None:
    assert not judged_at_the_door(SAM, A_NUMBER).hold


@pytest.mark.parametrize(
    "error",
    [ValueError("x"), KeyError("x"), RecursionError(), MemoryError(), UnicodeError("x"), AssertionError(), OSError()],
    ids=lambda error: type(error).__name__,
)
def test_promise_2_if_judging_fails_in_any_way_the_message_is_held(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_with(monkeypatch, error)
    before = failures()
    with capture_logs():
        assert judged_at_the_door(ROBIN, "hello").hold
    assert failures() == before + 1


def test_promise_11_a_failure_of_judging_is_told_without_a_word_of_the_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    break_with(monkeypatch, ValueError("could not read: marked-sentence"))
    with capture_logs() as logs:
        judged_at_the_door(ROBIN, "marked-sentence")
    assert [(line["log_level"], line["error"]) for line in logs] == [("error", "ValueError")]
    assert "marked-sentence" not in repr(logs)


def test_being_told_to_stop_is_not_a_failure_of_judging(monkeypatch: pytest.MonkeyPatch) -> None:
    break_with(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        judged_at_the_door(ROBIN, "hello")
