"""Tells in one pass over a text which patterns can match it at all: for everyday words next to none.

A pattern cannot match where the words it insists on are missing. Each such choice of words ("one of these must be
there") is a mark, one bit of a whole number. One automaton (Aho-Corasick) over all of them gives the marks that a text
bears, and a pattern is held against the text only where the text bears every mark it needs.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import ahocorasick

Place = tuple[int, int]
"""The number of a rule, and of a pattern of it."""


class Marks:
    """Gives every choice of words its mark, the same choice always the same."""

    def __init__(self) -> None:
        self._bits: dict[frozenset[str], int] = {}

    def of(self, choices: Iterable[Iterable[str]]) -> int:
        """The marks of these choices together; a choice is strings of which one must be in the text."""
        together = 0
        for choice in choices:
            together |= self._bits.setdefault(frozenset(choice), 1 << len(self._bits))
        return together

    def copy(self) -> "Marks":
        """The same marks, to give further ones without changing these."""
        other = Marks()
        other._bits = dict(self._bits)
        return other

    def by_string(self) -> dict[str, int]:
        """From each string to the marks of a text that holds it."""
        marks: dict[str, int] = {}
        for choice, bit in self._bits.items():
            for string in choice:
                marks[string] = marks.get(string, 0) | bit
        return marks


@dataclass(frozen=True)
class Wanted:
    """One pattern: where it stands, the marks it needs, and its least likely strings, one of which brings it up."""

    place: Place
    need: int
    anchors: tuple[str, ...]


class Sieve:
    """Lets through the patterns that can match a text, and few more."""

    def __init__(self, marks: Marks, patterns: Iterable[Wanted]) -> None:
        brought_up: dict[str, list[tuple[int, Place]]] = {}
        for pattern in patterns:
            for anchor in pattern.anchors:
                brought_up.setdefault(anchor, []).append((pattern.need, pattern.place))
        self._automaton = ahocorasick.Automaton()
        for string, bits in marks.by_string().items():
            self._automaton.add_word(string, (bits, tuple(brought_up.get(string, ()))))
        self._automaton.make_automaton()

    def sift(self, words: Iterable[str]) -> tuple[int, list[Place]]:
        """The marks that these words bear, and the patterns that can match them, in the order of the rules."""
        borne = 0
        hits = [hit for _, hit in self._automaton.iter(f" {' '.join(words)} ")]
        for bits, _ in hits:
            borne |= bits
        found = {place for _, patterns in hits for need, place in patterns if need & borne == need}
        return borne, sorted(found)
