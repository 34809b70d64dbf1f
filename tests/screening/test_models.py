"""The models add to what the rules say, take nothing back, and keep no text."""

import io
import zipfile

import numpy as np
import pytest

from harbour.contracts.concerns import Category, Urgency
from harbour.screening import Finding, heads, judge, judge_all, meaning, scores, words_tier
from harbour.screening.heads import LEVELS, QUESTIONS, Heads, Thresholds
from harbour.screening.reading import CAP
from harbour.screening.words import tokens

GRAVE = "i cant do this any more, ive written all my letters and picked the night to end my life, sorry mum"
VEILED = "not planning on being about after friday so someone else can have my turn"


@pytest.fixture
def only_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "encoder", lambda: None)


def words_said(finding: Finding | None) -> list[str]:
    return [reason.rule for reason in finding.reasons if reason.tier == "words"] if finding else []


@pytest.mark.usefixtures("only_words")
def test_the_words_find_what_no_rule_does_and_say_how_they_judged() -> None:
    finding = judge(VEILED)
    assert finding is not None
    assert finding.urgency.rank >= Urgency.MEDIUM.rank
    assert words_said(finding) == ["words.suicide_risk"]
    (reason,) = (reason for reason in finding.reasons if reason.tier == "words")
    assert reason.why.endswith(scores.WITHOUT_MEANING)
    assert finding.version.endswith("+no-meaning")


@pytest.mark.usefixtures("only_words")
def test_a_reason_points_into_the_message_and_quotes_none_of_it() -> None:
    finding = judge(VEILED)
    assert finding is not None
    for reason in finding.reasons:
        assert all(0 <= start < end <= len(VEILED) for start, end in reason.spans)
        assert "friday" not in reason.why
    assert any(reason.spans for reason in finding.reasons)


@pytest.mark.usefixtures("only_words")
def test_a_reason_in_the_tail_of_a_long_message_points_there() -> None:
    text = "we had chips for tea. " * (CAP // 20) + GRAVE
    finding = judge(text)
    spans = [span for reason in finding.reasons if reason.tier == "words" for span in reason.spans] if finding else []
    assert spans
    assert all(len(text) - len(GRAVE) - 30 <= start < end <= len(text) for start, end in spans)


def test_urgency_is_the_highest_of_all_tiers(monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = np.full(QUESTIONS, -9, dtype=np.float32)
    loud = np.full(QUESTIONS, 30, dtype=np.float32)
    nine = Thresholds(dict.fromkeys(LEVELS, 9.0))
    table = heads.ThresholdTable(words=nine, words_alone=nine, meaning=nine, version="test")
    monkeypatch.setattr(scores, "thresholds", lambda: table)
    for said in (quiet, loud):
        reading = words_tier.WordsReading(said, (words_tier.Features.of(tokens("i want to die")),), said[None, :])
        monkeypatch.setattr(words_tier, "read", lambda text, reading=reading: reading)
        finding = judge("i want to die")
        assert finding is not None
        assert finding.urgency is (Urgency.IMMEDIATE if said is loud else Urgency.HIGH)
        assert "suicide.wants-to-die" in [reason.rule for reason in finding.reasons]


def test_a_score_is_at_least_what_came_up() -> None:
    (judged,) = judge_all(["i want to die"])
    assert judged.finding is not None
    assert judged.scores[Category.SUICIDE_RISK] >= 0.8
    assert judged.version == judged.finding.version


def test_one_by_one_and_together_the_words_judge_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "encoder", lambda: None)
    texts = ["hi", VEILED, "", "😭😭", "i want to die"]
    assert [judged.finding for judged in judge_all(texts)] == [judge(text) for text in texts]


def test_a_model_file_holds_numbers_and_no_words() -> None:
    with zipfile.ZipFile(io.BytesIO(heads.content_of(words_tier.FILE))) as file:
        assert sorted(file.namelist()) == ["biases.npy", "scales.npy", "weights.npy"]
    model, _ = heads.load(words_tier.FILE)
    assert [str(array.dtype) for array in (model.weights, model.scales)] == ["int8", "float32"]


def test_another_model_file_is_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = scores.version(with_meaning=False)
    other = Heads.rounded(np.ones((4, QUESTIONS), dtype=np.float32), np.zeros(QUESTIONS, dtype=np.float32))
    monkeypatch.setattr(heads, "content_of", lambda name: other.to_bytes())
    heads.load.cache_clear()
    assert scores.version(with_meaning=False) != before
    heads.load.cache_clear()


def test_heads_come_out_of_their_file_as_they_went_in() -> None:
    fitted = np.random.default_rng(1).normal(size=(64, QUESTIONS)).astype(np.float32)
    model = Heads.rounded(fitted, np.arange(QUESTIONS, dtype=np.float32))
    again = Heads.from_bytes(model.to_bytes())
    assert model.to_bytes() == again.to_bytes()
    assert np.abs(again.weights * again.scales - fitted).max() <= model.scales.max()
