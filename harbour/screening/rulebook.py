"""The rules, read once from their files and compiled into one automaton."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import ahocorasick
import yaml

from harbour.contracts.concerns import Urgency
from harbour.screening.contacts import DETECTORS
from harbour.screening.patterns import BadPattern, Context, Language, Pattern
from harbour.screening.reading import Reading, Vocabulary
from harbour.screening.schema import BadRules, HashedTerms, Rule, RuleFile, Words, parse

_VOCABULARY = "vocabulary.yaml"
_HASHED = "hashed_terms.yaml"
_PLAIN_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Compiled:
    """A rule and everything needed to hold it against a message."""

    rule: Rule
    patterns: tuple[Pattern, ...]
    detector: Callable[[str], bool] | None
    unless: tuple[Context, ...]
    softer: tuple[Context, ...]

    def urgency_in(self, reading: Reading, pattern: Pattern, meant: Callable[[], bool]) -> Urgency | None:
        """How fast an adult must look because of `pattern`, or None where it does not apply.

        `meant`: whether the message says that it is meant; asked only where that makes a difference.
        """
        softened = False
        for start in pattern.starts(reading):
            for end in pattern.ends(reading, start):
                if any(context.holds(reading, start, end) for context in self.unless):
                    continue
                if not any(context.holds(reading, start, end) for context in self.softer) or meant():
                    return self.rule.urgency
                softened = True
        return Urgency.LOW if softened else None


@dataclass(frozen=True)
class Rulebook:
    """All rules of one edition."""

    version: str
    vocabulary: Vocabulary
    rules: tuple[Compiled, ...]
    earnest: tuple[Context, ...]
    automaton: ahocorasick.Automaton
    """From an anchor to the (rule, pattern) pairs that need it."""

    def candidates(self, reading: Reading) -> set[tuple[int, int]]:
        """The (rule, pattern) pairs whose anchor is in the reading: all that can match, and few more."""
        found: set[tuple[int, int]] = set()
        for _, pairs in self.automaton.iter(f" {' '.join(reading.words)} "):
            found.update(pairs)
        return found


def compile_rulebook(files: Mapping[str, str]) -> Rulebook:
    """A rulebook out of YAML texts by file name; raises BadRules, naming file and rule."""
    content = {name: _load(name, text) for name, text in sorted(files.items())}
    words = parse(Words, _VOCABULARY, content.pop(_VOCABULARY, None))
    hashed = parse(HashedTerms, _HASHED, content.pop(_HASHED, None))
    joined = {(a, b): to for pair, to in words.joined.items() for a, b in [pair.split()]}
    language = Language(words.sets, frozenset(hashed.hashed_terms), joined)
    rules: dict[str, Compiled] = {}
    for name, tree in content.items():
        for rule in parse(RuleFile, name, tree).rules:
            if rule.id in rules:
                raise BadRules(f"{name}, rule {rule.id}: this id is taken: give each rule its own")
            rules[rule.id] = _compile(name, rule, language, words)
    compiled = tuple(rules.values())
    digest = hashlib.sha256("\0".join(f"{name}\0{text}" for name, text in sorted(files.items())).encode()).hexdigest()
    return Rulebook(
        f"{words.edition}+{digest[:8]}",
        _vocabulary(words, joined, compiled),
        compiled,
        tuple(language.context(text) for text in words.contexts.get("earnest", ())),
        _automaton(compiled),
    )


def _load(name: str, text: str) -> object:
    try:
        # Every scalar stays a string, as "no" and "on" are words here; this loader builds nothing but strings.
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.YAMLError as error:
        raise BadRules(f"{name}: this is not YAML: {error}") from None


def _compile(name: str, rule: Rule, language: Language, words: Words) -> Compiled:
    detector = DETECTORS.get(rule.detector) if rule.detector else None
    if rule.detector and detector is None:
        raise BadRules(f"{name}, rule {rule.id}: there is no detector '{rule.detector}': use {', '.join(DETECTORS)}")
    try:
        patterns = tuple(language.pattern(text) for text in rule.patterns)
        for text, pattern in zip(rule.patterns, patterns, strict=True):
            if not pattern.anchors():
                raise BadPattern(f"'{text}' has no word that must be there: add one without ?")
        contexts = [tuple(_contexts(texts, language, words)) for texts in (rule.unless, rule.softer)]
    except BadPattern as error:
        raise BadRules(f"{name}, rule {rule.id}: {error}") from None
    return Compiled(rule, patterns, detector, contexts[0], contexts[1])


def _contexts(texts: Iterable[str], language: Language, words: Words) -> Iterable[Context]:
    for text in texts:
        if not text.startswith(":"):
            yield language.context(text)
        elif text[1:] in words.contexts:
            yield from (language.context(one) for one in words.contexts[text[1:]])
        else:
            raise BadPattern(f"there is no context {text}: contexts are listed in {_VOCABULARY}")


def _vocabulary(words: Words, joined: Mapping[tuple[str, str], str], rules: Iterable[Compiled]) -> Vocabulary:
    known = set(joined.values())
    for compiled in rules:
        for text in (*compiled.rule.patterns, *compiled.rule.unless, *compiled.rule.softer):
            known.update(_PLAIN_WORD.findall(text.replace("~", "")))
    for text in (*(p for ps in words.sets.values() for p in ps), *words.respelt.values(), *words.often_misspelt):
        known.update(_PLAIN_WORD.findall(text.replace("~", "")))
    respelt = {word: tuple(text.split()) for word, text in words.respelt.items()}
    emoji = {ord(char): f" {name} " for char, name in words.emoji.items()}
    typos = {typo: word for word in words.often_misspelt for typo in _slips(word) if typo not in known}
    return Vocabulary(frozenset(known), respelt, joined, emoji, typos)


def _slips(word: str) -> Iterable[str]:
    """`word` with one letter left out, or two neighbours swapped."""
    for at in range(1, len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


def _automaton(rules: tuple[Compiled, ...]) -> ahocorasick.Automaton:
    pairs: dict[str, list[tuple[int, int]]] = {}
    for rule_at, compiled in enumerate(rules):
        for pattern_at, pattern in enumerate(compiled.patterns):
            for anchor in pattern.anchors():
                pairs.setdefault(anchor, []).append((rule_at, pattern_at))
    automaton = ahocorasick.Automaton()
    for anchor, found in pairs.items():
        automaton.add_word(anchor, tuple(found))
    automaton.make_automaton()
    return automaton


@cache
def rulebook() -> Rulebook:
    """The rulebook that ships with this package, read at first use."""
    folder = resources.files("harbour.screening") / "rules"
    return compile_rulebook({f.name: f.read_text("utf-8") for f in folder.iterdir() if f.name.endswith(".yaml")})
