"""A rule file that does not fit is refused with its name and the rule's; terms may be known by hash alone."""

from importlib import resources

import pytest

from harbour.screening import VERSION
from harbour.screening.patterns import Language, hash_of
from harbour.screening.reading import Reading
from harbour.screening.rulebook import compile_rulebook
from harbour.screening.schema import BadRules


def files(**more: str) -> dict[str, str]:
    folder = resources.files("harbour.screening") / "rules"
    names = ("vocabulary.yaml", "hashed_terms.yaml")
    own = {name: (folder / name).read_text("utf-8") for name in names}
    return own | {f"{name}.yaml": text for name, text in more.items()}


def rule(**fields: str) -> str:
    own = {
        "id": "made.up",
        "category": "self_harm",
        "urgency": "low",
        "why": "A rule made up for a test.",
        "patterns": "[one two]",
        "must_fire": "[one two]",
        "must_not_fire": "[three]",
    } | fields
    return "rules:\n  - " + "\n    ".join(f"{name}: {value}" for name, value in own.items())


def test_a_good_file_is_taken_and_changes_the_version() -> None:
    book = compile_rulebook(files(made=rule()))
    assert [compiled.rule.id for compiled in book.rules] == ["made.up"]
    assert book.version != VERSION
    assert book.version.split("+")[0] == VERSION.split("+")[0]


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (rule(urgency="soonish"), "made.yaml, rule made.up, field urgency"),
        (rule(colour="red"), "made.yaml, rule made.up, field colour"),
        (rule(why="short"), "field why"),
        (rule(must_fire="[]"), "field must_fire"),
        (rule(patterns="[]"), "either patterns or a detector"),
        (rule(patterns="[one <nothing>]"), "there is no set <nothing>"),
        (rule(patterns='["one *"]'), "begins or ends with a gap"),
        (rule(patterns='["one? two?"]'), "no word that must be there"),
        (rule(patterns="[One]"), "use small letters"),
        (rule(unless='[":nowhere"]'), "there is no context :nowhere"),
        (rule() + rule().removeprefix("rules:"), "this id is taken"),
        ("rules: [", "made.yaml: this is not YAML"),
        (rule(patterns="null", detector="smell"), "field patterns"),
    ],
)
def test_a_bad_file_is_refused_and_the_error_says_where(bad: str, says: str) -> None:
    with pytest.raises(BadRules) as error:
        compile_rulebook(files(made=bad))
    assert says in str(error.value)
    assert "made" in str(error.value)


def test_a_term_is_found_by_its_hash_alone() -> None:
    language = Language({}, frozenset({hash_of(["wibble", "wobble"])}), {})
    pattern = language.pattern("how many <means>")
    said = Reading(("how", "many", "wibble", "wobble"), (0, 0, 0, 0))
    unsaid = Reading(("how", "many", "wibble", "trees"), (0, 0, 0, 0))
    assert pattern.ends(said, 0) == {4}
    assert pattern.ends(unsaid, 0) == set()


def test_hashed_terms_stand_in_no_readable_form() -> None:
    text = files()["hashed_terms.yaml"]
    terms = [line.strip() for line in text.splitlines() if line.strip().startswith("-")]
    assert len(terms) > 50
    assert all(len(term) == len('- "0123456789abcdef"') for term in terms)
