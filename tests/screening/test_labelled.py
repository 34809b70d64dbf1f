"""Our labelled rows show what a change of the rules brings up and what it loses, judged only as far as it has to be."""

from collections.abc import Iterator

import pytest

from harbour.contracts.concerns import Category, Urgency
from harbour.contracts.rule_bench import EditionData, RuleData
from harbour.screening import labelled
from harbour.screening.drafting import compare, laid_over, without
from harbour.screening.editions import SHIPPED, compile_edition
from harbour.screening.labelled import SHOWN_MOST, Labelled, comes_up, fired_on, rows_changed, shipped_rows, tried
from harbour.screening.rulebook import shipped

PLUMS = RuleData(
    id="self_harm.plums", category="self_harm", urgency="medium", why="Somebody talks of plums, in a test.",
    patterns=("purple|soft plums",), unless=("no @",), must_fire=("i like purple plums",),
    must_not_fire=("no purple plums",),
)  # fmt: skip
ROWS = [
    Labelled("purple plums", "high", (Category.SELF_HARM,)),
    Labelled("more purple plums", "medium", (Category.SELF_HARM,)),
    Labelled("purple plums again", "low", (Category.SELF_HARM,)),
    Labelled("soft plums", "none", ()),
    Labelled("no purple plums", "none", ()),
    Labelled("i want to die tonight, purple plums", "immediate", (Category.SUICIDE_RISK,)),
]


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What was counted of a few rows is forgotten."""
    fired_on.cache_clear()
    yield
    fired_on.cache_clear()


def figures(now: EditionData, then: EditionData, rows: list[Labelled] = ROWS) -> dict[str, tuple[int, int, int]]:
    found = tried(rows, rows_changed(compile_edition(now), compile_edition(then), rows))
    return {one.label: (one.rows, one.new, one.gone) for one in found.counts}


def test_a_row_counts_where_it_comes_up_by_one_of_the_two_alone() -> None:
    with_plums = laid_over(SHIPPED, PLUMS)
    brought = {"immediate": (1, 0, 0), "high": (1, 1, 0), "medium": (1, 1, 0), "low": (1, 0, 0), "none": (2, 1, 0)}
    assert figures(SHIPPED, with_plums) == brought
    lost = {severity: (rows, gone, new) for severity, (rows, new, gone) in brought.items()}
    assert figures(with_plums, without(with_plums, PLUMS.id)) == lost


def test_a_rule_that_becomes_more_or_less_urgent_counts_where_that_makes_the_difference() -> None:
    medium, high, low = (
        laid_over(SHIPPED, PLUMS.model_copy(update={"urgency": urgency})) for urgency in ("medium", "high", "low")
    )
    assert [one for one, (_, new, gone) in figures(medium, high).items() if new or gone] == ["low"]
    assert [one for one, (_, new, gone) in figures(medium, low).items() if new or gone] == ["high", "medium"]


@pytest.mark.parametrize(
    ("severity", "least"),
    [("immediate", "medium"), ("high", "medium"), ("medium", "medium"), ("low", "high"), ("none", "low")],
)
def test_a_row_comes_up_from_an_urgency_that_goes_by_its_label(severity: str, least: str) -> None:
    assert {one for one in Urgency if comes_up(severity, one)} == {
        one for one in Urgency if one.rank >= Urgency(least).rank
    }
    assert not comes_up(severity, None)


def test_the_rows_shown_are_few_and_those_that_speak_against_the_change_stand_first() -> None:
    then = compile_edition(laid_over(SHIPPED, PLUMS))
    found = tried(ROWS, rows_changed(shipped(), then, ROWS))
    assert [(one.label, one.what) for one in found.shown] == [("none", "new"), ("high", "new"), ("medium", "new")]
    assert (found.rows, found.changed) == (6, 3)
    many = ROWS * 30
    assert len(tried(many, rows_changed(shipped(), then, many)).shown) == SHOWN_MOST


def test_judging_by_the_rules_that_differ_finds_what_judging_by_all_finds() -> None:
    rows = shipped_rows()[::10]
    busiest = max(shipped().rules, key=lambda one: len(one.patterns)).rule.id
    for data in (laid_over(SHIPPED, PLUMS.model_copy(update={"patterns": ("want",)})), without(SHIPPED, busiest)):
        then = compile_edition(data)
        whole = [(row, compare(row.text, (), shipped(), then)) for row in rows]
        by_all = [r.text for r, c in whole if c and comes_up(r.label, c.now) != comes_up(r.label, c.then)]
        assert by_all
        assert [one.text for one in rows_changed(shipped(), then, rows)] == by_all


def test_a_row_is_not_read_at_all_by_a_book_in_which_nothing_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelled, "rules_that_fire", lambda *_, **__: pytest.fail("it was judged"))
    assert rows_changed(shipped(), shipped(), ROWS) == []


def test_a_rule_is_counted_once_for_an_edition_by_the_rows_it_fires_on(monkeypatch: pytest.MonkeyPatch) -> None:
    data, reads = laid_over(SHIPPED, PLUMS), [ROWS]
    monkeypatch.setattr(labelled, "shipped_rows", reads.pop)
    for _ in range(2):
        counts = {one.label: (one.fired, one.rows) for one in fired_on(data, PLUMS.id)}
        assert counts == {"immediate": (1, 1), "high": (1, 1), "medium": (1, 1), "low": (1, 1), "none": (1, 2)}


def test_the_shipped_rows_are_of_every_severity() -> None:
    assert {one.label for one in shipped_rows()} == set(labelled.SEVERITIES)
