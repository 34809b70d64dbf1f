"""Every rule fires on its own lines, at its own urgency, and is silent on the others."""

import pytest

from harbour.contracts.concerns import Category
from harbour.screening import HELD_AT_THE_DOOR, judge, look_at_door
from harbour.screening.rulebook import rulebook
from harbour.screening.schema import Rule

RULES = [compiled.rule for compiled in rulebook().rules]
FIRE = [pytest.param(rule, line, id=f"{rule.id}-{at}") for rule in RULES for at, line in enumerate(rule.must_fire)]
SILENT = [
    pytest.param(rule, line, id=f"{rule.id}-{at}") for rule in RULES for at, line in enumerate(rule.must_not_fire)
]


@pytest.mark.parametrize(("rule", "line"), FIRE)
def test_a_rule_fires_where_it_says_it_must(rule: Rule, line: str) -> None:
    finding = judge(line)
    assert finding is not None
    assert (rule.id, rule.urgency) in [(reason.rule, reason.urgency) for reason in finding.reasons]


@pytest.mark.parametrize(("rule", "line"), SILENT)
def test_a_rule_is_silent_where_it_says_it_must_be(rule: Rule, line: str) -> None:
    finding = judge(line)
    assert finding is None or rule.id not in [reason.rule for reason in finding.reasons]


@pytest.mark.parametrize(("rule", "line"), FIRE)
def test_what_a_rule_holds_is_told_in_words_that_do_not_quote(rule: Rule, line: str) -> None:
    for reason in look_at_door(line).reasons:
        assert reason.category in HELD_AT_THE_DOOR
        assert line not in reason.why


def test_every_category_has_a_rule() -> None:
    assert {category for rule in RULES for category in (rule.category, *rule.also)} == set(Category)
