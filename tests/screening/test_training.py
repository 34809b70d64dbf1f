"""Training makes the same bytes of the same rows, holds out whole writers, and sets thresholds within their bounds."""

import numpy as np
import pytest

from harbour.contracts.concerns import Urgency
from harbour.screening.heads import LEVELS, QUESTIONS
from harbour.screening.training.choosing import BOUNDS, Judged, choose, reached
from harbour.screening.training.measuring import interval
from harbour.screening.training.rows import APART, EVERYDAY, OURS, WRITERS, Row, answers, our_rows, rows_apart


def rows(count: int) -> list[Row]:
    made = []
    for at in range(count):
        severity, source = at % 5, WRITERS[1 + at % 4]
        made.append(Row(f"message {at} of kind {severity}", severity, ("suicide_risk",) if severity else (), source, 1))
    return made + [Row(f"tea at {at}", 0, (), EVERYDAY[0], at % 5) for at in range(count)]


def test_our_own_rows_are_many_and_well_labelled() -> None:
    ours = our_rows()
    assert len(ours) > 1_000
    assert {row.source for row in ours} == {OURS}
    assert all(row.text and 0 <= row.severity <= len(LEVELS) for row in ours)
    assert all(row.severity or not row.categories for row in ours)
    assert answers(ours).shape == (len(ours), QUESTIONS)


def test_rows_apart_are_measured_with_and_never_trained_on() -> None:
    apart = rows_apart()
    assert {row.source for row in apart} == {APART}
    assert {row.severity for row in apart} == set(range(len(LEVELS) + 1))
    assert not {row.text.casefold() for row in apart} & {row.text.casefold() for row in our_rows()}


def test_no_row_of_ours_names_a_way_to_be_reached_that_could_be_real() -> None:
    for row in our_rows() + rows_apart():
        digits = "".join(char for char in row.text if char.isdigit())
        assert "07700" in digits or "07" not in digits or len(digits) < 10, row.text


def test_the_same_rows_make_the_same_model() -> None:
    fitting = pytest.importorskip("harbour.screening.training.fitting_words", reason="what training needs is not here")
    one, other = fitting.fit_words(rows(40)), fitting.fit_words(rows(40))
    assert one.to_bytes() == other.to_bytes()
    assert np.abs(fitting.said_by_words(one, ["tea at 3"]) - fitting.said_by_words(other, ["tea at 3"])).max() == 0


def test_thresholds_keep_everyday_messages_within_their_bounds() -> None:
    some = rows(400)
    luck = np.random.default_rng(3).normal(size=(len(some), QUESTIONS)).astype(np.float32)
    luck[:, : len(LEVELS)] += np.array([row.severity for row in some], dtype=np.float32)[:, None]
    judged = Judged(some, np.full(len(some), -1), luck, luck + 0.1)
    ranks = reached(judged, choose(judged))
    everyday = np.array([row.source == EVERYDAY[0] for row in some])
    assert (ranks[everyday] >= Urgency.MEDIUM.rank).mean() <= BOUNDS[Urgency.MEDIUM].everyday
    assert (ranks[everyday] >= Urgency.HIGH.rank).mean() <= BOUNDS[Urgency.HIGH].everyday
    worst = np.array([row.severity == len(LEVELS) for row in some])
    assert (ranks[worst] >= Urgency.MEDIUM.rank).mean() > 0.5


def test_a_rule_is_never_taken_back_by_a_threshold() -> None:
    some = rows(100)
    quiet = np.full((len(some), QUESTIONS), -9, dtype=np.float32)
    judged = Judged(some, np.full(len(some), 2), quiet)
    assert (reached(judged, choose(judged)) == 2).all()


def test_an_interval_holds_its_share_and_narrows_with_more_rows() -> None:
    few, many = interval(9, 10), interval(900, 1_000)
    assert few[0] < 0.9 < few[1]
    assert many[1] - many[0] < few[1] - few[0]
    assert interval(10, 10)[1] == 1.0
