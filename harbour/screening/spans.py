"""Where in a message something shows: offsets into the text as it was sent, so that the desk can point at the phrase.

Reading a message forgets where its words stood, because the door must be quick. Where something came up, and only
there, the message is read once more with the place of every character kept.
"""

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from harbour.contracts.concerns import Urgency
from harbour.screening.contacts import PLACES
from harbour.screening.patterns import Context
from harbour.screening.reading import CAP, Reading, clean, fold, read, unmask, words_of
from harbour.screening.rulebook import Compiled, Rulebook
from harbour.screening.spelling import WORD, Pairs, Vocabulary, spelt_out

Span = tuple[int, int]
"""The first character and the one after the last."""

MOST = 8
"""How many places are told of one rule; a text that repeats itself needs no more."""


@dataclass(frozen=True)
class Traced:
    """A text with the place in the original that each of its characters comes from."""

    text: str
    places: tuple[Span, ...]

    def through(self, change: Callable[[str], str]) -> "Traced":
        """The text changed character by character, each keeping its place."""
        changed = {char: change(char) for char in set(self.text)}
        parts = [(changed[char], place) for char, place in zip(self.text, self.places, strict=True)]
        return Traced("".join(part for part, _ in parts), tuple(place for part, place in parts for _ in part))

    def span(self, start: int, end: int) -> Span:
        """Where characters `start` to `end` of this text stand in the original."""
        return self.places[start][0], self.places[end - 1][1]


def traced(text: str) -> Traced:
    """`text` as `clean` makes it, with its places; empty where the two do not agree."""
    half = CAP // 2
    kept = [*range(half), -1, *range(len(text) - half, len(text))] if len(text) > CAP else range(len(text))
    parts: list[tuple[str, Span]] = []
    for cluster, place in _clusters(text, kept):
        parts += [(char, place) for char in (cluster if cluster.isascii() else clean(cluster))]
    found = "".join(char for char, _ in parts)
    return Traced(found, tuple(place for _, place in parts)) if found == clean(text) else Traced("", ())


def _clusters(text: str, kept: Iterable[int]) -> Iterator[tuple[str, Span]]:
    """Each character with the marks that stand on it; -1 is where the middle of a long text was left out."""
    cluster, first, last = "", 0, 0
    for at in kept:
        char = text[at] if at >= 0 else "\n"
        if cluster and not char.isascii() and unicodedata.combining(char):
            cluster, last = cluster + char, at
            continue
        if cluster:
            yield cluster, (first, last + 1)
        cluster, first, last = char, max(at, 0), max(at, 0)
    if cluster:
        yield cluster, (first, last + 1)


# ── the places of what applied ────────────────────────────────────────────────────────────────────────────────


def spans_of(text: str, applied: Mapping[int, Urgency], book: Rulebook) -> dict[int, tuple[Span, ...]]:
    """Where each rule of `applied` shows in `text`, by its number; a rule whose place cannot be told is left out."""
    cleaned = traced(text)
    folded = cleaned.through(fold)
    found: dict[int, list[Span]] = {}
    for reading in read(folded.text, book.vocabulary) if folded.text == fold(cleaned.text) else ():
        places = places_of_words(folded, reading, book.vocabulary)
        for at, start, end in _matches(reading, applied, book) if places else ():
            found.setdefault(at, []).append((places[start][0], places[end - 1][1]))
    for at in applied:
        if (detector := book.rules[at].rule.detector) in PLACES:
            reads, places_in = PLACES[detector]
            seen = cleaned.through(reads)
            found.setdefault(at, []).extend(seen.span(*one) for one in places_in(seen.text))
    return {at: told for at, spans in found.items() if (told := _together(spans, len(text)))}


def _matches(reading: Reading, applied: Mapping[int, Urgency], book: Rulebook) -> Iterator[tuple[int, int, int]]:
    """Each match that made a rule apply as urgently as it did: the rule, its first word and the one after the last."""
    borne, possible = book.sieve.sift(reading.words)
    meant = book.is_meant(reading, borne)
    for at, pattern_at in possible:
        if at not in applied:
            continue
        matches = _of_pattern(book.rules[at], pattern_at, reading, meant, applied[at])
        yield from ((at, start, end) for start, end in islice(matches, MOST))


def _of_pattern(one: Compiled, pattern_at: int, reading: Reading, meant: bool, urgency: Urgency) -> Iterator[Span]:
    """The shortest match of a pattern from each of its beginnings, where it counts for this urgency."""
    pattern = one.patterns[pattern_at]
    for start in sorted(pattern.starts(reading)):
        for end in sorted(pattern.ends(reading, start)):
            if end > start and _urgency(one, reading, start, end, meant) is urgency:
                yield start, end
                break


def _urgency(one: Compiled, reading: Reading, start: int, end: int, meant: bool) -> Urgency | None:
    if _any_holds(one.unless, reading, start, end):
        return None
    return Urgency.LOW if not meant and _any_holds(one.softer, reading, start, end) else one.rule.urgency


def _any_holds(contexts: Iterable[Context], reading: Reading, start: int, end: int) -> bool:
    return any(context.holds(reading, start, end) for context in contexts)


def _together(spans: Collection[Span], size: int) -> tuple[Span, ...]:
    """Spans in order, those that touch made one, and never outside the text."""
    return joined((max(0, start), min(end, size)) for start, end in spans)[:MOST]


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, those that touch made one."""
    told: list[Span] = []
    for start, end in sorted(spans):
        if told and start <= told[-1][1] + 1:
            told[-1] = (told[-1][0], max(told[-1][1], end))
        elif end > start:
            told.append((start, end))
    return tuple(told)


def cut(spans: Iterable[Span], start: int) -> tuple[Span, ...]:
    """Spans of a longer text as those of its end, which begins at `start`."""
    return tuple((max(one - start, 0), end - start) for one, end in spans if end > start)


# ── the places of words ───────────────────────────────────────────────────────────────────────────────────────


def places_of_words(folded: Traced, reading: Reading, vocabulary: Vocabulary) -> list[Span]:
    """Where each word of a reading of this text stands; nothing where that cannot be told."""
    text = folded.through(lambda char: char.translate(vocabulary.emoji))
    for candidate, which in ((text, 0), (text, 1), (text.through(unmask), 1)):
        words, places = _words(candidate, which, vocabulary)
        if which:
            words, places = _settled(words, places, vocabulary)
        if aligned := _aligned(reading.words, words, places, vocabulary):
            return aligned
    return []


def _words(text: Traced, which: int, vocabulary: Vocabulary) -> tuple[list[str], list[Span]]:
    """The words of a text as they stand (0) or are meant one by one (1), with their places."""
    words: list[str] = []
    places: list[Span] = []
    for start, end in _chunks(text.text):
        chunk = text.text[start:end]
        inner = [text.span(start + one.start(), start + one.end()) for one in WORD.finditer(chunk)]
        found = [word for word, _ in words_of(chunk, vocabulary)[which]]
        whole = (inner[0][0], inner[-1][1]) if inner else text.span(start, end)
        words += found
        places += inner if len(found) == len(inner) else [whole] * len(found)
    return words, places


def _chunks(text: str) -> Iterator[Span]:
    at = 0
    for chunk in text.split():
        at = text.index(chunk, at)
        yield at, at + len(chunk)
        at += len(chunk)


def _settled(words: Sequence[str], places: list[Span], vocabulary: Vocabulary) -> tuple[list[str], list[Span]]:
    """Letters that stand alone made into words, each with the place of all letters it is made of."""
    numbered: Pairs = spelt_out([(word, at) for at, word in enumerate(words)], vocabulary)
    ends = [*dict.fromkeys(at for _, at in numbered), len(words)]
    until = dict(pairwise(ends))
    settled: list[str] = []
    at_last: list[Span] = []
    for word, at in numbered:
        for one in vocabulary.settle(word) if len(word) == 1 else (word,):
            settled.append(one)
            at_last.append((places[at][0], places[until[at] - 1][1]))
    return settled, at_last


def _aligned(wanted: Sequence[str], words: Sequence[str], places: Sequence[Span], vocabulary: Vocabulary) -> list[Span]:
    """The place of each wanted word, where neighbours among `words` may have become one; nothing if they differ."""
    out: list[Span] = []
    at = 0
    for want in wanted:
        if at >= len(words):
            return []
        have, first = words[at], at
        while have != want:
            at += 1
            together = vocabulary.halves.get(have, {}).get(words[at]) if at < len(words) else None
            if together is None:
                return []
            have = together
        out.append((places[first][0], places[at][1]))
        at += 1
    return out if at == len(words) else []
