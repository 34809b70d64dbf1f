"""The small language of rule patterns, and how a pattern is held against a reading.

A pattern is words with spaces between them. Besides plain words it knows:

    a|b_c     a, or b then c        cut~      any word that begins so
    <name>    any phrase of a set   <means>   a word known only by its hash
    _         any one word          <number>  a number in digits
    *  *5     up to 3 (5) words of the same sentence, or none
    ^  $      first, last in the message      x?  may be missing
    @         (contexts only) the place where the rule's own pattern matched
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from harbour.screening.reading import Reading
from harbour.screening.sieve import Marks

_GAP = 3
_NEAR = 10
"""Words either side of a match within which a context without @ counts."""
_LONGEST_MEANS = 3
_SPECIAL = re.compile(r"[<~?*^$@]|^_$")
_MOST_PHRASES = 80


class BadPattern(ValueError):
    """A pattern cannot be understood; the message says which part and what would help."""


@dataclass(frozen=True)
class Element:
    """One place of a pattern. `kind` is one of: words, gap, any, number, means, start, end."""

    kind: str
    optional: bool = False
    gap: int = 0
    single: frozenset[str] = frozenset()
    begins: tuple[str, ...] = ()
    phrases: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    hashes: frozenset[str] = frozenset()

    def ends(self, reading: Reading, at: int) -> Sequence[int]:
        """Where this element can end when it begins at word `at`."""
        found = self._ends(reading, at)
        return [at, *found] if self.optional else found

    def _ends(self, reading: Reading, at: int) -> Sequence[int]:
        size = len(reading.words)
        if self.kind == "gap":
            return _same_sentence(reading, at, self.gap)
        if self.kind in ("start", "end"):
            return (at,) if at == (0 if self.kind == "start" else size) else ()
        if at >= size:
            return ()
        if self.kind == "words":
            return self._words(reading.words, at)
        if self.kind == "any":
            return (at + 1,)
        if self.kind == "number":
            return (at + 1,) if reading.words[at].isdigit() else ()
        longest = min(_LONGEST_MEANS, size - at)
        return [at + n for n in range(1, longest + 1) if hash_of(reading.words[at : at + n]) in self.hashes]

    def _words(self, words: tuple[str, ...], at: int) -> Sequence[int]:
        word = words[at]
        found = [at + 1] if word in self.single or (self.begins and word.startswith(self.begins)) else []
        phrases = self.phrases.get(word, ())
        return found + [at + len(phrase) for phrase in phrases if words[at : at + len(phrase)] == phrase]

    @property
    def openings(self) -> frozenset[str]:
        """The whole words with which this element may begin; `begins` has the beginnings."""
        return self.single | frozenset(self.phrases)

    def anchors(self) -> list[str]:
        """Strings of which at least one is in any text this element matches, or none if there is no telling."""
        if self.kind != "words" or self.optional:
            return []
        whole = [f" {word} " for word in self.single]
        whole += [f" {' '.join(phrase)} " for phrases in self.phrases.values() for phrase in phrases]
        return whole + [f" {begin}" for begin in self.begins]


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern."""

    elements: tuple[Element, ...]
    need: int = 0
    """The marks (see `sieve.py`) that a text must bear before this pattern can match it."""

    @cached_property
    def _opening(self) -> tuple[frozenset[str], tuple[str, ...]] | None:
        """The words, and beginnings of words, of which one must open a match; None where any word may."""
        wholes: frozenset[str] = frozenset()
        begins: tuple[str, ...] = ()
        for element in self.elements:
            if element.kind != "words":
                break
            wholes, begins = wholes | element.openings, begins + element.begins
            if not element.optional:
                return wholes, begins
        return None

    def starts(self, reading: Reading) -> Iterable[int]:
        """The words at which a match may begin: all where one does, and few more."""
        return range(len(reading.words)) if self._opening is None else reading.places_of(*self._opening)

    def ends(self, reading: Reading, at: int) -> set[int]:
        """Every word index at which a match that begins at `at` can end."""
        places = {at}
        for element in self.elements:
            places = {end for place in places for end in element.ends(reading, place)}
            if not places:
                break
        return places

    def anchors(self) -> list[str]:
        """The anchors of the element that is least likely to occur by chance."""
        return max((e.anchors() for e in self.elements), key=lambda a: min(map(len, a), default=0), default=[])


@dataclass(frozen=True)
class Context:
    """What stands around a match; with `around` false, anywhere near it."""

    before: Pattern
    after: Pattern
    around: bool

    @property
    def need(self) -> int:
        """The marks that a text must bear before this context can hold."""
        return self.before.need | self.after.need

    def holds(self, reading: Reading, start: int, end: int) -> bool:
        """Whether this context stands around a match on words `start` to `end`."""
        if not self.around:
            near = range(max(0, start - _NEAR), min(len(reading.words), end + _NEAR))
            return any(at in near and self.before.ends(reading, at) for at in self.before.starts(reading))
        if self.after.elements and not self.after.ends(reading, end):
            return False
        reach = range(max(0, start - 12), start + 1)
        return not self.before.elements or any(start in self.before.ends(reading, at) for at in reach)


@dataclass(frozen=True)
class Language:
    """What patterns may refer to: named sets of phrases, hashed terms and how words are joined."""

    sets: Mapping[str, tuple[str, ...]]
    hashes: frozenset[str]
    joined: Mapping[tuple[str, str], str]
    marks: Marks = field(default_factory=Marks)

    def pattern(self, text: str) -> Pattern:
        """Compile `text`; raises BadPattern."""
        elements = tuple(self._element(part) for part in self._parts(text))
        if not elements:
            raise BadPattern("the pattern is empty: write at least one word")
        if elements[0].kind == "gap" or elements[-1].kind == "gap":
            raise BadPattern(f"'{text}' begins or ends with a gap: take the * away there")
        return self._pattern(elements)

    def context(self, text: str) -> Context:
        """Compile a context; raises BadPattern."""
        if "@" not in text.split():
            return Context(self.pattern(text), Pattern(()), around=False)
        before, _, after = text.partition("@")
        sides = [self._side(side) for side in (before, after)]
        return Context(sides[0], sides[1], around=True)

    def _side(self, text: str) -> Pattern:
        return self._pattern(tuple(self._element(part) for part in self._parts(text)))

    def _pattern(self, elements: tuple[Element, ...]) -> Pattern:
        return Pattern(elements, self.marks.of(anchors for e in elements if (anchors := e.anchors())))

    def _parts(self, text: str) -> list[str]:
        """The parts of a pattern. Choices next to each other that a reading makes one word, such as `need|want to`,
        become one choice of phrases."""
        out: list[str] = []
        for part in self.join(text.split()):
            phrases = self._one_choice(out[-1], part) if out else None
            if phrases:
                out[-1] = phrases
            else:
                out.append(part)
        return out

    def _one_choice(self, part: str, after: str) -> str | None:
        firsts, seconds = part.split("|"), after.removesuffix("?").split("|")
        if not any(
            (first.split("_")[-1], second.split("_")[0]) in self.joined for first in firsts for second in seconds
        ):
            return None
        if any(_SPECIAL.search(one) for one in (*firsts, *seconds)) or len(firsts) * len(seconds) > _MOST_PHRASES:
            return None
        together = [f"{first}_{second}" for first in firsts for second in seconds]
        return "|".join([*together, *firsts] if after.endswith("?") else together)

    def join(self, words: Sequence[str]) -> list[str]:
        """Words with the usual contractions made one, as readings have them."""
        out: list[str] = []
        for word in words:
            together = self.joined.get((out[-1], word)) if out else None
            if together:
                out[-1] = together
            else:
                out.append(word)
        return out

    def _element(self, part: str) -> Element:
        optional = part.endswith("?")
        part = part.removesuffix("?")
        if part.startswith("*"):
            if part[1:] and not part[1:].isdigit():
                raise BadPattern(f"'{part}' is no gap: write * or * and a number")
            return Element("gap", gap=int(part[1:] or _GAP))
        fixed = {"_": "any", "<number>": "number", "^": "start", "$": "end", "<means>": "means"}
        if part in fixed:
            return Element(fixed[part], optional, hashes=self.hashes)
        return self._words(part, optional)

    def _words(self, part: str, optional: bool) -> Element:
        phrases: list[str] = []
        for choice in part.split("|"):
            if choice.startswith("<"):
                phrases += self._set(choice)
            else:
                phrases.append(choice.replace("_", " "))
        begins = tuple(p.removesuffix("~") for p in phrases if p.endswith("~"))
        long: dict[str, tuple[tuple[str, ...], ...]] = {}
        single: set[str] = set()
        for phrase in phrases:
            apart = tuple(phrase.split())
            for words in {apart, tuple(self.join(apart))}:  # two lines of a message are never made one word
                if len(words) > 1:
                    long[words[0]] = (*long.get(words[0], ()), words)
                elif not phrase.endswith("~"):
                    single.update(words)
        for word in [*single, *begins, *(w for ps in long.values() for p in ps for w in p)]:
            if not word.isalnum() or word != word.casefold():
                raise BadPattern(f"'{word}' cannot be in a message once read: use small letters and digits only")
        return Element("words", optional, single=frozenset(single), begins=begins, phrases=long)

    def _set(self, name: str) -> tuple[str, ...]:
        key = name.strip("<>")
        if key not in self.sets:
            raise BadPattern(f"there is no set {name}: sets are listed in vocabulary.yaml")
        return self.sets[key]


def hash_of(words: Sequence[str]) -> str:
    """The name under which a term that must not be written out is kept."""
    return hashlib.sha256(" ".join(words).encode("utf-8", "replace")).hexdigest()[:16]


def _same_sentence(reading: Reading, at: int, gap: int) -> Sequence[int]:
    """Places a gap may reach: up to `gap` words on, within the sentence it begins in."""
    last = at
    limit = min(at + gap, len(reading.words))
    while last < limit and reading.sentences[last] == reading.sentences[max(at - 1, 0)]:
        last += 1
    return range(at, last + 1)
