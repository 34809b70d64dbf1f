"""An edition is the shipped rules with what was published laid over them, and a short cut never changes a judgement."""

import pytest

from harbour.contracts.rule_bench import RuleData
from harbour.screening.drafting import as_shipped, faults_of, laid_over, restored, why_no_paraphrase, without
from harbour.screening.editions import SHIPPED, compile_edition, edition, sources_of, version_of
from harbour.screening.judging import rules_that_fire
from harbour.screening.rulebook import compile_sources, shipped
from harbour.screening.schema import BadRules

PLUMS = RuleData(
    id="self_harm.plums", category="self_harm", urgency="medium", why="Somebody talks of plums, in a test.",
    patterns=("purple|soft plums", "plums * <they>"), unless=("no @",), softer=(":idiom",),
    must_fire=("i like purple plums",), must_not_fire=("no purple plums",),
)  # fmt: skip
LINES = [line for one in shipped().rules for line in (*one.rule.must_fire, *one.rule.must_not_fire)]


def test_a_book_made_from_the_shipped_one_judges_as_one_made_afresh() -> None:
    data = edition(3, [PLUMS], ["contact.phone"])
    book, afresh = compile_edition(data), compile_sources(sources_of(data), 3)
    for line in (*LINES, *PLUMS.must_fire, *PLUMS.must_not_fire, "plums they said"):
        assert rules_that_fire(line, book) == rules_that_fire(line, afresh)


def test_what_is_laid_over_changes_nothing_else_and_leaves_the_shipped_book_alone() -> None:
    before = [rules_that_fire(line, shipped()) for line in LINES]
    book = compile_edition(edition(4, [PLUMS]))
    assert [rules_that_fire(line, book) for line in LINES] == before
    assert [rules_that_fire(line, shipped()) for line in LINES] == before
    assert "self_harm.plums" not in rules_that_fire("i like purple plums", shipped())


def test_an_edition_is_named_by_its_number_and_its_content() -> None:
    one, other = edition(1, [PLUMS]), edition(1, [PLUMS.model_copy(update={"urgency": "low"})])
    assert version_of(one).startswith(f"{shipped().version}.e1-")
    assert version_of(one) != version_of(other)
    assert compile_edition(one).version == version_of(one)
    assert version_of(SHIPPED) == shipped().version


def test_rules_are_switched_off_and_put_back() -> None:
    off = without(laid_over(SHIPPED, PLUMS), "contact.phone")
    assert (off.number, off.off, [one.id for one in off.rules]) == (2, ("contact.phone",), [PLUMS.id])
    assert without(off, PLUMS.id).rules == ()
    assert as_shipped(off, "contact.phone").off == ()
    assert (restored(off, SHIPPED).number, restored(off, SHIPPED).rules) == (3, ())


def test_a_rule_that_cannot_be_compiled_is_refused() -> None:
    with pytest.raises(BadRules, match="there is no set <nothing>"):
        compile_edition(edition(1, [PLUMS.model_copy(update={"patterns": ("<nothing> plums",)})]))


@pytest.mark.parametrize("name", ["plums", "self_harm.", "Self.plums", "self_harm.plums\n", "self_harm.plums x"])
def test_a_rule_has_a_name_that_other_texts_can_stand_beside(name: str) -> None:
    [fault] = faults_of(PLUMS.model_copy(update={"id": name}))
    assert fault.field == "id"


def test_a_pattern_that_would_make_judging_slow_is_refused() -> None:
    [fault] = faults_of(PLUMS.model_copy(update={"patterns": ("a * b * c * d * e",)}))
    assert (fault.field, fault.line) == ("patterns", 1)
    assert "slow" in fault.say


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "empty"),
        ("plum", "empty"),
        ("MY dog ate, the whole cake!", "same-words"),
        ("then my dog ate the cupboard", "same-words"),
        ("cake whole dog ate", "same-words"),
        ("mail someone@example.com about the dog", "contact"),
        ("a cat got into the biscuits again", ""),
    ],
)
def test_a_paraphrase_shares_neither_a_run_of_words_nor_most_of_them(typed: str, why: str) -> None:
    assert why_no_paraphrase(typed, "my dog ate the whole cake and i am so sad") == why
