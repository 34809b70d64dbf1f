"""The rules, read once from their files and compiled into one automaton; and the ones this process goes by now."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib import resources

import yaml

from harbour.contracts.concerns import Category, Urgency
from harbour.screening.contacts import DETECTORS
from harbour.screening.patterns import BadPattern, Context, Language, Pattern
from harbour.screening.reading import Reading
from harbour.screening.schema import BadRules, HashedTerms, Rule, RuleFile, Words, parse
from harbour.screening.sieve import Sieve, Wanted
from harbour.screening.spelling import Vocabulary

_VOCABULARY = "vocabulary.yaml"
_HASHED = "hashed_terms.yaml"
_PLAIN_WORD = re.compile(r"[a-z0-9]+")
_LOADER = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
"""Every scalar stays a string, as "no" and "on" are words here. In C where there is one: services start sooner."""

HELD_AT_THE_DOOR: frozenset[Category] = frozenset(
    {Category.METHOD_DETAIL, Category.CONTACT_OR_PII, Category.BULLYING_HATE}
)
"""What peers must not see before an adult has looked. A disclosure is never among it."""


@dataclass(frozen=True)
class Compiled:
    """A rule and everything needed to hold it against a message."""

    rule: Rule
    patterns: tuple[Pattern, ...]
    detector: Callable[[str], bool] | None
    unless: tuple[Context, ...]
    softer: tuple[Context, ...]

    def urgency_in(self, reading: Reading, borne: int, pattern: Pattern, meant: bool) -> Urgency | None:
        """How fast an adult must look because of `pattern`, or None where it does not apply.

        borne: the marks that the reading bears. meant: whether the writer says that they mean it.
        """
        unless, softer = _can_hold(self.unless, borne), () if meant else _can_hold(self.softer, borne)
        softened = False
        for start in pattern.starts(reading):
            for end in pattern.ends(reading, start):
                if any(context.holds(reading, start, end) for context in unless):
                    continue
                if not any(context.holds(reading, start, end) for context in softer):
                    return self.rule.urgency
                softened = True
        return Urgency.LOW if softened else None

    def held_for(self, held: frozenset[Category]) -> Category | None:
        """The category for which this rule holds a message back, where these are held; None if it does not."""
        own = [category for category in (self.rule.category, *self.rule.also) if category in held]
        if self.rule.peers_may_see:
            own = [category for category in own if category not in HELD_AT_THE_DOOR]
        return own[0] if own else None


@dataclass(frozen=True)
class Rulebook:
    """All rules of one edition."""

    version: str
    """The shipped rules it stands on, and where it is a published edition, its number and a short hash of it."""
    vocabulary: Vocabulary
    rules: tuple[Compiled, ...]
    earnest: tuple[Context, ...]
    sieve: Sieve
    language: Language = field(repr=False)
    edition: int = 0
    """The number of the edition; 0 for the rules as they are shipped."""
    _holding: dict[frozenset[Category], frozenset[int]] = field(default_factory=dict)

    @cached_property
    def every(self) -> frozenset[int]:
        """The numbers of all rules."""
        return frozenset(range(len(self.rules)))

    @cached_property
    def detecting(self) -> tuple[int, ...]:
        """The numbers of the rules that have a detector."""
        return tuple(at for at, one in enumerate(self.rules) if one.detector is not None)

    def holding(self, held: frozenset[Category]) -> frozenset[int]:
        """The numbers of the rules that hold a message back where these categories are held."""
        if held not in self._holding:
            self._holding[held] = frozenset(at for at, one in enumerate(self.rules) if one.held_for(held) is not None)
        return self._holding[held]

    def is_meant(self, reading: Reading, borne: int) -> bool:
        """Whether the writer says anywhere near that they mean it."""
        return any(context.holds(reading, 0, len(reading.words)) for context in _can_hold(self.earnest, borne))


def _can_hold(contexts: tuple[Context, ...], borne: int) -> tuple[Context, ...]:
    return tuple(context for context in contexts if context.need & borne == context.need)


@dataclass(frozen=True)
class Sources:
    """What a rulebook is compiled from: how people write, and the rules by their id, each with the file it is in."""

    words: Words
    hashed: frozenset[str]
    rules: Mapping[str, tuple[str, Rule]]
    digest: str

    @cached_property
    def joined(self) -> Mapping[tuple[str, str], str]:
        """Pairs of words that readings have as one."""
        return {(a, b): to for pair, to in self.words.joined.items() for a, b in [pair.split()]}

    def language(self) -> Language:
        """The language that patterns are written in, with marks of its own."""
        return Language(self.words.sets, self.hashed, self.joined)


def read_sources(files: Mapping[str, str]) -> Sources:
    """YAML texts by file name as rules; raises BadRules, naming file and rule."""
    content = {name: _load(name, text) for name, text in sorted(files.items())}
    words = parse(Words, _VOCABULARY, content.pop(_VOCABULARY, None))
    hashed = parse(HashedTerms, _HASHED, content.pop(_HASHED, None))
    rules: dict[str, tuple[str, Rule]] = {}
    for name, tree in content.items():
        for rule in parse(RuleFile, name, tree).rules:
            if rule.id in rules:
                raise BadRules(f"{name}, rule {rule.id}: this id is taken: give each rule its own")
            rules[rule.id] = (name, rule)
    digest = hashlib.sha256("\0".join(f"{name}\0{text}" for name, text in sorted(files.items())).encode()).hexdigest()
    return Sources(words, frozenset(hashed.hashed_terms), rules, digest)


def compile_sources(sources: Sources, edition: int = 0, mark: str = "", base: Rulebook | None = None) -> Rulebook:
    """A rulebook of these rules, its version ending with `mark`; raises BadRules, naming file and rule.

    `base`: a book of the same words, from which the rules that are the same are taken as they are.
    """
    words, known = sources.words, {id(one.rule): one for one in base.rules} if base else {}
    language = replace(base.language, marks=base.language.marks.copy()) if base else sources.language()
    compiled = tuple(
        known.get(id(rule)) or _compile(name, rule, language, words) for name, rule in sources.rules.values()
    )
    earnest = tuple(language.context(text) for text in words.contexts.get("earnest", ()))
    vocabulary = _vocabulary(words, sources.joined, compiled)
    version = f"{words.edition}+{sources.digest[:8]}{mark}"
    return Rulebook(version, vocabulary, compiled, earnest, _sieve(compiled, language), language, edition)


def compile_rulebook(files: Mapping[str, str]) -> Rulebook:
    """A rulebook out of YAML texts by file name; raises BadRules, naming file and rule."""
    return compile_sources(read_sources(files))


def _load(name: str, text: str) -> object:
    try:
        return yaml.load(text, Loader=_LOADER)  # noqa: S506  # builds nothing but strings
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


def _sieve(rules: tuple[Compiled, ...], language: Language) -> Sieve:
    return Sieve(
        language.marks,
        [
            Wanted((rule_at, pattern_at), pattern.need, tuple(pattern.anchors()))
            for rule_at, compiled in enumerate(rules)
            for pattern_at, pattern in enumerate(compiled.patterns)
        ],
    )


@cache
def shipped_sources() -> Sources:
    """The rules that ship with this package, read at first use."""
    folder = resources.files("harbour.screening") / "rules"
    return read_sources({f.name: f.read_text("utf-8") for f in folder.iterdir() if f.name.endswith(".yaml")})


@cache
def shipped() -> Rulebook:
    """The rulebook that ships with this package, compiled at first use."""
    return compile_sources(shipped_sources())


_in_force: Rulebook | None = None


def rulebook() -> Rulebook:
    """The rules this process goes by now: those shipped, until an edition is put in force. One look at one name."""
    return _in_force or shipped()


def put_in_force(book: Rulebook) -> None:
    """Have every judgement from now on go by this book; one that is under way ends with the one it began with."""
    global _in_force
    _in_force = book
