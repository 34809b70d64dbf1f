"""How people respell words, and what they mean by it: text-speak, slips, stretched letters and letters in disguise."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product

WORD = re.compile(r"[^\W_]+")
FEWEST_SPELT_OUT = 3
"""Letters that must stand alone in a row before they can be a word."""

_LONGEST_SPELT_OUT = 40
_TRIPLE = re.compile(r"(.)\1{2,}")
_RUN = re.compile(r"(.)\1+")
_LEET = [str.maketrans("013457@$!|+", "oieastasilt"), str.maketrans("01345789@$!|+", "oleastbgasilt")]
_BUT_EITHER = str.maketrans("03457@$+", "oeastast")
_LEET_MARKS = frozenset("013457@$!|+89*#-_")
_EITHER = re.compile(r"[1!|]")
"""Stand for i and for l."""
_MOST_EITHER = 3
_MASKS = "*#-_"
"""Stand for a letter that is left out."""
_VOWELS = "iuaeoy"
_ODD_PAIR = re.compile(r"^(?:(.)(?=\1))|([aiuyhkjvwxq])(?=\2)")
"""Letters that are hardly ever doubled: some anywhere, and any at the beginning of a word."""
_FEWEST_BROKEN = 6

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
    grave: frozenset[str] = field(init=False)
    """The words that matter most, which are looked for in more disguises."""
    settled: Mapping[str, tuple[str, ...]] = field(init=False)
    """What `settle` says of every spelling it knows by heart."""
    halves: Mapping[str, Mapping[str, str]] = field(init=False)
    """From a word to those that may follow it and make one word with it."""

    def __post_init__(self) -> None:
        doubled = {_RUN.sub(r"\1", w): w for w in sorted(self.known) if len(w) > 3 and _RUN.search(w)}
        object.__setattr__(self, "doubled", doubled)
        object.__setattr__(self, "grave", frozenset(self.typos.values()))
        object.__setattr__(self, "joined", {**_broken(self.grave, self.known), **self.joined})
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
        if respelt is None and (once := _ODD_PAIR.sub("", word)) != word:
            return self.respelt.get(once) or (once if once in self.known else word,)
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
        candidates += sorted(_unmasked(core), key=lambda word: word not in vocabulary.grave)
    for candidate in candidates:
        if candidate.isalpha() and (candidate in vocabulary.known or candidate in vocabulary.respelt):
            return candidate
    return _uncensored(core, vocabulary) if core.count("*") > 1 else None


def _unmasked(core: str) -> list[str]:
    """What a word with numbers and symbols in it may be, the likeliest first."""
    found = ["".join(WORD.findall(core.translate(table))) for table in _LEET]
    either = len(_EITHER.findall(core))
    if 1 < either <= _MOST_EITHER:
        parts = _EITHER.split(core.translate(_BUT_EITHER))
        guesses = product("il", repeat=either)
        found += ["".join(part + letter for part, letter in zip(parts, (*one, ""), strict=True)) for one in guesses]
    mask = next((mark for mark in _MASKS if core.count(mark) == 1), None)
    if mask and len(core) > (2 if mask == "*" else 3):
        whole = core.translate(_LEET[0])
        found += [whole.replace(mask, vowel) for vowel in _VOWELS]
    return found


def _uncensored(core: str, vocabulary: Vocabulary) -> str | None:
    """The one grave word that fits the letters left between stars, or the one known word."""
    shape = re.compile("".join("[a-z]" if char == "*" else re.escape(char) for char in core))
    if not core[0].isalpha() or len(core) < 4:
        return None
    for words in (vocabulary.grave, vocabulary.known):
        fitting = [word for word in words if len(word) == len(core) and shape.fullmatch(word)]
        if len(fitting) == 1:
            return fitting[0]
    return None


def _broken(grave: Iterable[str], known: frozenset[str]) -> dict[tuple[str, str], str]:
    """Grave words broken in two, where one half is no word of the rules."""
    return {
        (word[:at], word[at:]): word
        for word in sorted(grave)
        if len(word) >= _FEWEST_BROKEN
        for at in range(2, len(word) - 1)
        if word[:at] not in known or word[at:] not in known
    }


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
