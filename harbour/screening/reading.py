"""Turns a message into words that rules can be held against, however it was spelt."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from confusable_homoglyphs import confusables

CAP = 4_000
"""Characters read of one message: the first half of these from its head, the rest from its tail."""

_WORD = re.compile(r"[^\W_]+")
_TRIPLE = re.compile(r"(.)\1{2,}")
_RUN = re.compile(r"(.)\1+")
_ENDS = (".", "!", "?", "…")
_EDGES = ".,;:!?…\"'()[]{}<>“”‘’~-_/\\"
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´ʼ"), None)
_BLANKS = dict.fromkeys((0x2800, 0x3164, 0x115F, 0x1160, 0xFFA0), " ")
_LEET = [str.maketrans("013457@$!|+", "oieastasilt"), str.maketrans("01345789@$!|+", "oleastbgasilt")]
_LEET_MARKS = frozenset("013457@$!|+89*")
_LONGEST_SPELT_OUT = 40


def _lookalikes() -> dict[int, str]:
    """Characters outside ASCII that look like one ASCII letter."""
    table: dict[int, str] = {}
    for char, twins in confusables.confusables_data.items():
        if len(char) != 1 or char.isascii():
            continue
        for twin in twins:
            if len(twin["c"]) == 1 and twin["c"].isascii() and twin["c"].isalpha():
                table[ord(char)] = twin["c"].lower()
                break
    return table


_LOOKALIKES = _lookalikes()


@dataclass(frozen=True)
class Reading:
    """One way to read a message: its words in order, and which sentence each belongs to."""

    words: tuple[str, ...]
    sentences: tuple[int, ...]

    @cached_property
    def places(self) -> Mapping[str, list[int]]:
        """Where each of its words stands."""
        found: dict[str, list[int]] = {}
        for at, word in enumerate(self.words):
            found.setdefault(word, []).append(at)
        return found

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.places)

    def places_of(self, wholes: frozenset[str], begins: Iterable[str]) -> list[int]:
        """Where one of these words stands, or one that begins so."""
        found = wholes & self.places.keys()
        for begin in begins:
            for at in range(bisect_left(self._sorted, begin), len(self._sorted)):
                if not self._sorted[at].startswith(begin):
                    break
                found |= {self._sorted[at]}
        return [at for word in found for at in self.places[word]]


@dataclass(frozen=True)
class Vocabulary:
    """What the reader knows: words the rules use, and how people respell them."""

    known: frozenset[str]
    respelt: Mapping[str, tuple[str, ...]]
    joined: Mapping[tuple[str, str], str]
    emoji: Mapping[int, str]
    typos: Mapping[str, str]
    doubled: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        doubled = {_RUN.sub(r"\1", w): w for w in sorted(self.known) if len(w) > 3 and _RUN.search(w)}
        object.__setattr__(self, "doubled", doubled)

    def settle(self, word: str) -> tuple[str, ...]:
        """The word or words a reader would take `word` for."""
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


def trim(text: str) -> str:
    """Head and tail of `text`, at most CAP characters."""
    if len(text) <= CAP:
        return text
    half = CAP // 2
    return text[:half] + "\n" + text[-half:]


def clean(text: str) -> str:
    """Text with compatibility forms unified and everything invisible removed; case is kept."""
    text = trim(text)
    if text.isascii():
        return text
    text = trim(unicodedata.normalize("NFKC", text)).translate(_BLANKS)
    kept = []
    for char in text:
        kind = unicodedata.category(char)
        if kind in ("Cf", "Cs", "Cn", "Co") or (kind in ("Mn", "Me")):
            continue
        kept.append(char)
    return "".join(kept)


def fold(text: str) -> str:
    """Cleaned text without case or apostrophes."""
    return text.translate(_APOSTROPHES).casefold()


def unmask(text: str) -> str:
    """Folded text with accents and look-alike letters turned into the plain letters they stand for."""
    if text.isascii():
        return text
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) != "Mn")
    return trim(bare).translate(_LOOKALIKES).casefold()


def plain(folded: str, vocabulary: Vocabulary) -> Reading:
    """The words as written, with only the usual contractions made one."""
    pairs: list[tuple[str, int]] = []
    for sentence, chunk in _chunks(folded.translate(vocabulary.emoji)):
        pairs.extend((word, sentence) for word in _WORD.findall(chunk))
    return _reading(pairs, vocabulary)


def respelt(folded: str, vocabulary: Vocabulary) -> Reading:
    """The words as meant: look-alikes, numbers for letters, stretched, spaced and text-speak spellings undone."""
    pairs: list[tuple[str, int]] = []
    for sentence, chunk in _chunks(unmask(folded.translate(vocabulary.emoji))):
        pairs.extend((word, sentence) for word in _meant(chunk, vocabulary))
    settled: list[tuple[str, int]] = []
    for word, sentence in _spelt_out(pairs, vocabulary):
        settled.extend((one, sentence) for one in (vocabulary.settle(word) if len(word) == 1 else (word,)))
    return _reading(settled, vocabulary)


def _chunks(text: str) -> Iterable[tuple[int, str]]:
    sentence = 0
    for line in text.splitlines():
        for chunk in line.split():
            yield sentence, "atsign" if chunk == "@" else chunk
            if chunk.endswith(_ENDS):
                sentence += 1
        sentence += 1


def _meant(chunk: str, vocabulary: Vocabulary) -> list[str]:
    core = chunk.strip(_EDGES)
    if len(core) == 1 and core.isalnum():
        return [core]
    if core.isalpha() or core in vocabulary.respelt:
        return list(vocabulary.settle(core))
    hidden = _unhide(core, vocabulary)
    if hidden:
        return list(vocabulary.settle(hidden))
    return [word for part in _WORD.findall(chunk) for word in vocabulary.settle(part)]


def _unhide(core: str, vocabulary: Vocabulary) -> str | None:
    """The known word behind digits, symbols or separators inside one chunk, if there is one."""
    if len(core) < 2 or len(core) > _LONGEST_SPELT_OUT or core.isdigit():
        return None
    together = "".join(_WORD.findall(core))
    candidates = [together] if together.isalpha() and len(core) >= 2 * len(together) - 1 else []
    if not _LEET_MARKS.isdisjoint(core):
        candidates += ["".join(_WORD.findall(core.translate(table))) for table in _LEET]
        if core.count("*") == 1:
            candidates += [core.replace("*", vowel) for vowel in "aeiou"]
    for candidate in candidates:
        if candidate.isalpha() and (candidate in vocabulary.known or candidate in vocabulary.respelt):
            return candidate
    return None


def _spelt_out(pairs: list[tuple[str, int]], vocabulary: Vocabulary) -> list[tuple[str, int]]:
    """Runs of three or more single letters become words, where they make words."""
    out: list[tuple[str, int]] = []
    run: list[tuple[str, int]] = []
    for pair in [*pairs, ("", -1)]:
        if len(pair[0]) == 1 and pair[0].isalpha() and len(run) < _LONGEST_SPELT_OUT:
            run.append(pair)
            continue
        words = _split("".join(word for word, _ in run), vocabulary.known) if len(run) >= 3 else None
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


def _reading(pairs: list[tuple[str, int]], vocabulary: Vocabulary) -> Reading:
    words: list[str] = []
    sentences: list[int] = []
    for word, sentence in pairs:
        together = vocabulary.joined.get((words[-1], word)) if words else None
        if together and sentences[-1] == sentence:
            words[-1] = together
        else:
            words.append(word)
            sentences.append(sentence)
    return Reading(tuple(words), tuple(sentences))
