"""The model of words: which n-grams a message has, what each speaks for, and where the strongest stand."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from harbour.screening.heads import Floats, load
from harbour.screening.reading import CAP, trim
from harbour.screening.spans import Span, joined
from harbour.screening.words import Gram, Token, grams, tokens, windows

FILE = "words.npz"
LETTERS_WEIGH = 0.7
"""How much the n-grams of letters count beside those of words."""

_STRONGEST = 3
_LEAST = 0.02


@dataclass(frozen=True)
class Features:
    """The n-grams of one stretch of a message with their values: where there are more, each counts for less."""

    grams: Sequence[Gram]
    values: Floats

    @classmethod
    def of(cls, found: Sequence[Token]) -> "Features":
        """The features of these words."""
        of_words, of_letters = grams(found)
        values = np.empty(len(of_words) + len(of_letters), dtype=np.float32)
        values[: len(of_words)] = 1 / max(1, len(of_words)) ** 0.5
        values[len(of_words) :] = LETTERS_WEIGH / max(1, len(of_letters)) ** 0.5
        return cls([*of_words, *of_letters], values)

    @property
    def rows(self) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        """The bucket of each."""
        return np.fromiter((gram.bucket for gram in self.grams), dtype=np.int64, count=len(self.grams))


@dataclass(frozen=True)
class WordsReading:
    """What the model of words says of a message: a logit for each question, the highest of all its stretches."""

    logits: Floats
    stretches: tuple[Features, ...]
    each: Floats
    left_out: int = 0
    """Characters in the middle of a long message that were not read."""

    def spans(self, question: int) -> tuple[Span, ...]:
        """Where the n-grams stand that speak loudest for a yes, in the order of the message."""
        heads, _ = load(FILE)
        features = self.stretches[int(self.each[:, question].argmax())]
        said = heads.strength(features.rows, question) * features.values
        loudest = [at for at in np.argsort(-said, kind="stable")[:_STRONGEST] if said[at] > _LEAST]
        return joined([self._in_message(features.grams[at].start, features.grams[at].end) for at in loudest])

    def _in_message(self, start: int, end: int) -> Span:
        return (start + self.left_out, end + self.left_out) if start > CAP // 2 else (start, end)


def read(text: str) -> WordsReading:
    """What the model of words says of `text`."""
    heads, _ = load(FILE)
    stretches = tuple(Features.of(stretch) for stretch in windows(tokens(trim(text))))
    each = np.stack([heads.of_rows(stretch.rows, stretch.values) for stretch in stretches])
    return WordsReading(each.max(axis=0), stretches, each, max(0, len(text) - CAP - 1))
