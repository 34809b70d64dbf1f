"""Turns a message into hashed n-grams of its words and letters, each knowing where in the message it stands."""

import json
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from harbour.screening.reading import clean, fold, unmask
from harbour.screening.spelling import FEWEST_SPELT_OUT, WORD, Vocabulary, spelt_out, unhide

BUCKETS = 1 << 16
"""How many hashes there are for n-grams of words, and again for those of letters."""

WINDOW = 24
"""Words; a longer message is also read in stretches of this many, so that one line of it is not drowned by the rest."""

_STEP = 12
_MOST_WINDOWS = 12
_LONGEST = 3
_LETTERS = (3, 4, 5)
_CHUNK = re.compile(r"\S+")
_PICTURE = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")
_EDGES = ".,;:!?…\"'()[]{}<>“”‘’~-_/\\"
_AGES = range(18, 70)
_MARKS = ("?", "!", "…", "...")


@dataclass(frozen=True)
class Token:
    """A word as written and as meant, and the stretch of the message it comes from."""

    written: str
    meant: str
    start: int
    end: int


@dataclass(frozen=True)
class Gram:
    """One n-gram: its bucket, and the stretch of the message it comes from."""

    bucket: int
    start: int
    end: int


@cache
def spelling() -> Vocabulary:
    """How people respell words, as it was when the models were trained: a change of the rules changes no reading."""
    tree = json.loads((resources.files("harbour.screening") / "models" / "spelling.json").read_text("utf-8"))
    respelt = {word: tuple(meant.split()) for word, meant in tree["respelt"].items()}
    return Vocabulary(frozenset(tree["known"]), respelt, {}, {}, tree["typos"])


def tokens(text: str) -> list[Token]:
    """The words of a message in order, each with its place in `text`."""
    vocabulary = spelling()
    found: list[Token] = []
    for chunk in _CHUNK.finditer(text):
        start, end = chunk.span()
        for written, meant in _words_of(chunk.group(), vocabulary):
            found.append(Token(written, meant, start, end))
    return _spelt_together(found, vocabulary)


def as_meant(text: str) -> str:
    """The message with its words respelt as meant and its marks kept, for a reader that knows ordinary spelling."""
    vocabulary = spelling()
    chunks: list[str] = []
    for chunk in clean(text).split():
        bare = unmask(fold(chunk))
        core = bare if bare.isalpha() else bare.strip(_EDGES)
        meant = " ".join(_meant(core, bare, vocabulary)) if core else bare
        end = bare[len(bare.rstrip(_EDGES)) :] if core else ""
        chunks.append(chunk if meant in (core, "") else meant + end)
    return " ".join(chunks)


def windows(found: Sequence[Token]) -> list[Sequence[Token]]:
    """The whole message, and where it is long also its stretches."""
    if len(found) <= WINDOW + _STEP // 2:
        return [found]
    starts = list(range(0, len(found) - _STEP, _STEP))
    if len(starts) > _MOST_WINDOWS:
        half = _MOST_WINDOWS // 2
        starts = [*starts[:half], *starts[-half:]]
    return [found, *(found[start : start + WINDOW] for start in starts)]


def grams(found: Sequence[Token]) -> tuple[list[Gram], list[Gram]]:
    """The n-grams of words and those of letters, each bucket once, where it first stands."""
    of_words = {gram.bucket: gram for gram in reversed(list(_word_grams(found)))}
    of_letters = {gram.bucket: gram for gram in reversed(list(_letter_grams(found)))}
    return list(of_words.values()), list(of_letters.values())


def _meant(core: str, bare: str, vocabulary: Vocabulary) -> Sequence[str]:
    """The words a chunk stands for; `core` is what is left of it without the marks around it."""
    if core.isalpha():
        return (core,) if len(core) == 1 else vocabulary.settle(core)
    if core in vocabulary.respelt:
        return vocabulary.settle(core)
    if core and (hidden := unhide(core, vocabulary)):
        return vocabulary.settle(hidden)
    return [word for part in WORD.findall(bare) for word in vocabulary.settle(part)]


def _words_of(chunk: str, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """The words of a chunk as written and as meant, with pictures and the marks that colour what is said."""
    folded = fold(clean(chunk))
    bare = unmask(folded).strip()
    core = bare if bare.isalpha() else bare.strip(_EDGES)
    meant = _meant(core, bare, vocabulary)
    written = WORD.findall(folded)
    if len(written) != len(meant):
        written = list(meant) if not written else [written[0], *list(meant)[1:]]
    for one, other in zip(written, meant, strict=True):
        yield _number(one), _number(other)
    for picture in _PICTURE.findall(chunk)[:3]:
        yield picture, picture
    for mark in _MARKS:
        if chunk.endswith(mark):
            yield mark, mark
            break


def _number(word: str) -> str:
    """A number by its kind: what tells is whether somebody has an adult's age, or many digits."""
    if not word.isdigit():
        return word
    if len(word) == 1:
        return word
    if len(word) > 2:
        return f"#{min(len(word), 6)}"
    return "#adult" if int(word) in _AGES else "#few"


def _spelt_together(found: list[Token], vocabulary: Vocabulary) -> list[Token]:
    """Single letters in a row made into the words they spell, and others into the word each stands for."""
    if sum(len(token.meant) == 1 for token in found) < FEWEST_SPELT_OUT:
        return [_settled(token, vocabulary) for token in found]
    pairs = spelt_out([(token.meant, at) for at, token in enumerate(found)], vocabulary)
    if len(pairs) == len(found):
        return [_settled(token, vocabulary) for token in found]
    spelt: list[Token] = []
    for place, (word, at) in enumerate(pairs):
        last = pairs[place + 1][1] - 1 if place + 1 < len(pairs) else len(found) - 1
        token = found[at]
        spelt.append(Token(word, word, token.start, found[max(at, last)].end))
    return [_settled(token, vocabulary) for token in spelt]


def _settled(token: Token, vocabulary: Vocabulary) -> Token:
    if len(token.meant) != 1 or not token.meant.isalpha():
        return token
    return Token(token.written, vocabulary.settle(token.meant)[0], token.start, token.end)


def _word_grams(found: Sequence[Token]) -> Iterator[Gram]:
    padded = [Token("^", "^", found[0].start, found[0].start), *found] if found else []
    if found:
        padded.append(Token("$", "$", found[-1].end, found[-1].end))
    for at, first in enumerate(padded):
        for length in range(1, _LONGEST + 1):
            run = padded[at : at + length]
            if len(run) < length or (length == 1 and first.meant in "^$"):
                break
            meant = " ".join([token.meant for token in run])
            yield Gram(_bucket(meant), first.start, run[-1].end)
            if length == 1 and first.written != first.meant:
                yield Gram(_bucket("w " + first.written), first.start, first.end)
        if at + 2 < len(padded):
            yield Gram(_bucket(f"{first.meant} * {padded[at + 2].meant}"), first.start, padded[at + 2].end)


def _letter_grams(found: Sequence[Token]) -> Iterator[Gram]:
    for token in found:
        for bucket in _letters(token.meant):
            yield Gram(bucket, token.start, token.end)


@lru_cache(maxsize=20_000)
def _letters(word: str) -> tuple[int, ...]:
    """The buckets of the letters of a word, with its ends marked. Kept by word: most words come again."""
    padded = f"<{word[:24]}>"
    return tuple(
        BUCKETS + _bucket(padded[at : at + length])
        for length in _LETTERS
        for at in range(max(1, len(padded) - length + 1))
    )


def _bucket(gram: str) -> int:
    return zlib.crc32(gram.encode("utf-8", "replace")) & (BUCKETS - 1)
