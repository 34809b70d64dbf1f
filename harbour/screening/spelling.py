"""How people respell words, and what they mean by it: text-speak, slips, stretched letters and letters in disguise."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

WORD = re.compile(r"[^\W_]+")
FEWEST_SPELT_OUT = 3
"""Letters that must stand alone in a row before they can be a word."""

_LONGEST_SPELT_OUT = 40
_TRIPLE = re.compile(r"(.)\1{2,}")
_RUN = re.compile(r"(.)\1+")
_LEET = [str.maketrans("013457@$!|+", "oieastasilt"), str.maketrans("01345789@$!|+", "oleastbgasilt")]
_LEET_MARKS = frozenset("013457@$!|+89*")

Pairs = list[tuple[str, int]]
"""Words, each with the sentence it belongs to."""


@dataclass(frozen=True)
class Vocabulary:
    """What the reader knows: words the rules use, and how people respell them."""

    known: frozenset[str]
    respelt: Mapping[str, tuple[str, ...]]
    joined: Mapping[tuple[str, str], str]
    emoji: Mapping[int, str]
    typos: Mapping[str, str]
    doubled: Mapping[str, str] = field(init=False)
    settled: Mapping[str, tuple[str, ...]] = field(init=False)
    """What `settle` says of every spelling it knows by heart."""
    halves: Mapping[str, Mapping[str, str]] = field(init=False)
    """From a word to those that may follow it and make one word with it."""

    def __post_init__(self) -> None:
        doubled = {_RUN.sub(r"\1", w): w for w in sorted(self.known) if len(w) > 3 and _RUN.search(w)}
        object.__setattr__(self, "doubled", doubled)
        spellings = {*self.known, *self.respelt, *self.typos, *doubled}
        object.__setattr__(self, "settled", {spelling: self._settle(spelling) for spelling in spellings})
        halves: dict[str, dict[str, str]] = {}
        for (first, second), together in self.joined.items():
            halves.setdefault(first, {})[second] = together
        object.__setattr__(self, "halves", halves)

    def settle(self, word: str) -> tuple[str, ...]:
        """The word or words a reader would take `word` for."""
        settled = self.settled.get(word)
        if settled is not None:
            return settled
        # A spelling nobody knows by heart can only be a known one with letters repeated.
        return self._settle(word) if _RUN.search(word) else (word,)

    def _settle(self, word: str) -> tuple[str, ...]:
        if word in self.respelt:
            return self.respelt[word]
        if word in self.known:
            return (word,)
        if _TRIPLE.search(word):
            return self._squeeze(word)
        respelt = self.doubled.get(_RUN.sub(r"\1", word)) or self.typos.get(word)
        return (respelt,) if respelt else (word,)

    def _squeeze(self, word: str) -> tuple[str, ...]:
        for candidate in (_TRIPLE.sub(r"\1\1", word), _TRIPLE.sub(r"\1", word), _RUN.sub(r"\1", word)):
            if candidate in self.respelt:
                return self.respelt[candidate]
            if candidate in self.known:
                return (candidate,)
            if candidate in self.doubled:
                return (self.doubled[candidate],)
        return (_TRIPLE.sub(r"\1\1", word),)


def unhide(core: str, vocabulary: Vocabulary) -> str | None:
    """The known word behind digits, symbols or separators inside one chunk, if there is one."""
    if len(core) < 2 or len(core) > _LONGEST_SPELT_OUT or core.isdigit():
        return None
    together = "".join(WORD.findall(core))
    candidates = [together] if together.isalpha() and len(core) >= 2 * len(together) - 1 else []
    if not _LEET_MARKS.isdisjoint(core):
        candidates += ["".join(WORD.findall(core.translate(table))) for table in _LEET]
        if core.count("*") == 1:
            candidates += [core.replace("*", vowel) for vowel in "aeiou"]
    for candidate in candidates:
        if candidate.isalpha() and (candidate in vocabulary.known or candidate in vocabulary.respelt):
            return candidate
    return None


def spelt_out(pairs: Pairs, vocabulary: Vocabulary) -> Pairs:
    """Runs of three or more single letters become words, where they make words."""
    out: Pairs = []
    run: Pairs = []
    for pair in [*pairs, ("", -1)]:
        if len(pair[0]) == 1 and pair[0].isalpha() and len(run) < _LONGEST_SPELT_OUT:
            run.append(pair)
            continue
        words = _split("".join(word for word, _ in run), vocabulary.known) if len(run) >= FEWEST_SPELT_OUT else None
        out.extend([(word, run[0][1]) for word in words] if words else run)
        run = [pair] if len(pair[0]) == 1 and pair[0].isalpha() else []
        if not run and pair[0]:
            out.append(pair)
    return out


def _split(letters: str, known: frozenset[str]) -> list[str] | None:
    """`letters` as known words, the fewest possible, or None; at least one has three letters."""
    best: list[list[str] | None] = [[]] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 14), end):
            before, word = best[start], letters[start:end]
            if before is None or word not in known or (len(word) == 1 and word not in "ia"):
                continue
            now = best[end]
            if now is None or len(before) + 1 < len(now):
                best[end] = [*before, word]
    words = best[-1]
    return words if words and max(map(len, words)) >= 3 else None
