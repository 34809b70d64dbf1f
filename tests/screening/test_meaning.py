"""The meaning tier joins in where it is installed; where it is missing, broken or late, the others decide."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from harbour.contracts.concerns import Urgency
from harbour.screening import judge, judge_all, meaning, scores
from harbour.screening.heads import LEVELS, QUESTIONS, Floats, Heads, Thresholds, ThresholdTable
from harbour.screening.meaning import Encoder

HARMLESS = "chips for tea"


class Pieces:
    """A tokeniser that knows only how long a word is."""

    def __init__(self, ids: list[int]) -> None:
        self.ids = ids

    @classmethod
    def encode(cls, text: str) -> "Pieces":
        return cls([len(word) for word in text.split()] or [0])


class Stand:
    """In place of a session: one vector for every text, after what `before` does."""

    def __init__(self, before: object = None) -> None:
        self._before = before

    def run(self, _: None, inputs: dict[str, Floats]) -> list[Floats]:
        if callable(self._before):
            self._before()
        return [np.ones((len(inputs["ids"]), 2), dtype=np.float32)]


def encoder(before: object = None, *, says: float = 40.0, deadline: float = 5.0) -> Encoder:
    heads = Heads.rounded(np.full((2, QUESTIONS), says / 2, dtype=np.float32), np.zeros(QUESTIONS, dtype=np.float32))
    return Encoder(Stand(before), Pieces, heads, "stand-in", deadline)


@pytest.fixture(autouse=True)
def high_thresholds(monkeypatch: pytest.MonkeyPatch) -> None:
    high = Thresholds(dict.fromkeys(LEVELS[1:3], 20.0))
    table = ThresholdTable(words=high, words_alone=high, meaning=high, version="test")
    monkeypatch.setattr(scores, "thresholds", lambda: table)


@pytest.fixture
def stuck() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_what_the_meaning_says_counts_beside_rules_and_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "encoder", encoder)
    finding = judge(HARMLESS)
    assert finding is not None
    assert finding.urgency is Urgency.HIGH
    assert {reason.tier for reason in finding.reasons} == {"meaning"}
    assert "+meaning." in finding.version
    assert all(scores.WITHOUT_MEANING not in reason.why for reason in finding.reasons)


def test_a_quiet_meaning_takes_back_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "encoder", lambda: encoder(says=-80.0))
    finding = judge("i want to die")
    assert finding is not None
    assert finding.urgency is Urgency.HIGH


def test_a_meaning_that_fails_leaves_it_to_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(meaning, "encoder", lambda: encoder(fail))
    (judged,) = judge_all([HARMLESS])
    assert judged.finding is None
    assert judged.version.endswith("+no-meaning")


def test_a_late_meaning_is_not_waited_for_and_not_asked_again_while_it_is_busy(
    monkeypatch: pytest.MonkeyPatch, stuck: threading.Event
) -> None:
    late = encoder(stuck.wait, deadline=0.05)
    monkeypatch.setattr(meaning, "encoder", lambda: late)
    assert judge_all([HARMLESS])[0].version.endswith("+no-meaning")
    late.deadline = 60.0
    assert judge_all([HARMLESS])[0].version.endswith("+no-meaning")


def test_without_its_folder_there_is_no_meaning_tier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCREENING_MEANING_FOLDER", str(tmp_path / "nothing"))
    meaning.encoder.cache_clear()
    try:
        assert meaning.encoder() is None
    finally:
        meaning.encoder.cache_clear()


def test_an_encoder_made_for_other_heads_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "made.json").write_text(json.dumps({"heads": "of another training"}))
    assert meaning.load_from(tmp_path) is None


def test_a_long_message_is_cut_in_its_middle() -> None:
    cut = meaning.shortened(list(range(500)))
    assert len(cut) == meaning.MOST_TOKENS
    assert (cut[0], cut[-1]) == (0, 499)


def test_what_is_installed_answers_as_what_was_trained() -> None:
    if meaning.encoder() is None:
        pytest.skip("the meaning model is not installed here")
    from harbour.screening.encoder import check

    check(meaning.folder())
