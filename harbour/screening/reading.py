"""Turns a message into words that rules can be held against, however it was spelt."""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from confusable_homoglyphs import confusables

from harbour.screening.spelling import FEWEST_SPELT_OUT, WORD, Pairs, Vocabulary, spelt_out, unhide

CAP = 4_000
"""Characters read of one message: the first half of these from its head, the rest from its tail."""

_ENDS = (".", "!", "?", "…")
_EDGES = ".,;:!?…\"'()[]{}<>“”‘’~-_/\\"
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´ʼ"), None)
_BLANKS = dict.fromkeys((0x2800, 0x3164, 0x115F, 0x1160, 0xFFA0), " ")
_CHARACTERS_REMEMBERED = 4_096


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


def _drawn() -> dict[int, str]:
    """Letters drawn as small capitals, upside down, in boxes or as flags, and letters of other scripts."""
    drawn = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True))
    drawn |= dict(zip("ɐɔǝɟƃɥıɾʞןɯɹʇʌʍʎ", "acefghijklmrtvwy", strict=True))
    drawn |= dict(zip("αβεηικνορτυχωγ", "abenikvoptuxwy", strict=True))
    drawn |= dict(zip("авекмнорстухіѕјԁһпг", "abekmhopctyxisjdhnr", strict=True))
    table = {ord(char): letter for char, letter in drawn.items()}
    for first in (0x1F150, 0x1F170, 0x1F1E6):
        table |= {first + at: chr(ord("a") + at) for at in range(26)}
    return table


_LOOKALIKES = _lookalikes() | _drawn()


class _Without(dict[int, int | None]):
    """A translation table that leaves out characters of some kinds; it looks each character up once."""

    def __init__(self, *kinds: str) -> None:
        self._kinds = frozenset(kinds)

    def __missing__(self, code: int) -> int | None:
        kept = None if unicodedata.category(chr(code)) in self._kinds else code
        if len(self) < _CHARACTERS_REMEMBERED:
            self[code] = kept
        return kept


_WITHOUT_UNSEEN = _Without("Cf", "Cs", "Cn", "Co", "Mn", "Me")
_WITHOUT_ACCENTS = _Without("Mn")


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
    return trim(unicodedata.normalize("NFKC", text)).translate(_BLANKS).translate(_WITHOUT_UNSEEN)


def fold(text: str) -> str:
    """Cleaned text without case or apostrophes."""
    if text.isascii():
        return text.replace("'", "").replace("`", "").casefold()
    return text.translate(_APOSTROPHES).casefold()


def unmask(text: str) -> str:
    """Folded text with accents and look-alike letters turned into the plain letters they stand for."""
    if text.isascii():
        return text
    bare = unicodedata.normalize("NFKD", text).translate(_WITHOUT_ACCENTS)
    return trim(bare).translate(_LOOKALIKES).casefold()


def plain(folded: str, vocabulary: Vocabulary) -> Reading:
    """The words as written, with only the usual contractions made one."""
    return read(folded, vocabulary)[0]


def respelt(folded: str, vocabulary: Vocabulary) -> Reading:
    """The words as meant: look-alikes, numbers for letters, stretched, spaced and text-speak spellings undone."""
    return read(folded, vocabulary)[-1]


def read(folded: str, vocabulary: Vocabulary) -> tuple[Reading, ...]:
    """The words as written, and as meant where that is not the same."""
    text = folded if folded.isascii() else folded.translate(vocabulary.emoji)
    bare = unmask(text)
    written, meant = words_of(text, vocabulary)
    if bare != text:
        meant = words_of(bare, vocabulary)[1]
    as_written = _reading(written, vocabulary)
    settled = _settled(meant, vocabulary)
    if settled == written:
        return (as_written,)
    as_meant = _reading(settled, vocabulary)
    return (as_written,) if as_meant == as_written else (as_written, as_meant)


def words_of(text: str, vocabulary: Vocabulary) -> tuple[Pairs, Pairs]:
    """The words of `text` as they stand, and as they are meant one by one."""
    written: Pairs = []
    meant: Pairs = []
    sentence = 0
    for line in text.splitlines():
        for chunk in line.split():
            # Most chunks are a word and nothing else, or a word with a mark at its end.
            core = chunk if chunk.isalpha() else chunk.strip(_EDGES)
            if core.isalpha():
                pair = (core, sentence)
                written.append(pair)
                settled = (core,) if len(core) == 1 else vocabulary.settle(core)
                if settled == (core,):
                    meant.append(pair)
                else:
                    meant.extend([(word, sentence) for word in settled])
            else:
                if chunk == "@":
                    chunk = core = "atsign"
                written.extend([(word, sentence) for word in WORD.findall(chunk)])
                meant.extend([(word, sentence) for word in _meant(chunk, core, vocabulary)])
            if chunk.endswith(_ENDS):
                sentence += 1
        sentence += 1
    return written, meant


def _settled(meant: Pairs, vocabulary: Vocabulary) -> Pairs:
    """Letters that stand alone made into the words they spell out, or each into the word it stands for."""
    alone = [word for word, _ in meant if len(word) == 1]
    if not alone:
        return meant
    settled: Pairs = []
    for word, sentence in spelt_out(meant, vocabulary) if len(alone) >= FEWEST_SPELT_OUT else meant:
        settled.extend([(one, sentence) for one in (vocabulary.settle(word) if len(word) == 1 else (word,))])
    return settled


def _meant(chunk: str, core: str, vocabulary: Vocabulary) -> Sequence[str]:
    """The words meant by a `chunk` that is more than a word; `core` is what is left without the marks around it."""
    if len(core) == 1 and core.isalnum():
        return (core,)
    if core.isalpha() or core in vocabulary.respelt:
        return vocabulary.settle(core)
    hidden = unhide(core, vocabulary)
    if hidden:
        return vocabulary.settle(hidden)
    return [word for part in WORD.findall(chunk) for word in vocabulary.settle(part)]


def _reading(pairs: Pairs, vocabulary: Vocabulary) -> Reading:
    words: list[str] = []
    sentences: list[int] = []
    follows: Mapping[str, str] | None = None
    for word, sentence in pairs:
        if follows and sentences[-1] == sentence and (together := follows.get(word)):
            word = words[-1] = together
        else:
            words.append(word)
            sentences.append(sentence)
        follows = vocabulary.halves.get(word)
    return Reading(tuple(words), tuple(sentences))
