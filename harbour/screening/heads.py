"""Linear heads: a weight for each feature and each question, kept as whole numbers in a small file."""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from harbour.contracts.concerns import Category, Urgency

Floats = npt.NDArray[np.float32]

LEVELS = (Urgency.LOW, Urgency.MEDIUM, Urgency.HIGH, Urgency.IMMEDIATE)
CATEGORIES = tuple(Category)
QUESTIONS = len(LEVELS) + len(CATEGORIES)
"""Of each message is asked whether it is at least as urgent as each level, and whether it is about each category."""

FOLDER = "models"
_MOST = 127


@dataclass(frozen=True)
class Heads:
    """The weights of one tier: row by feature, column by question."""

    weights: npt.NDArray[np.int8]
    scales: Floats
    biases: Floats

    def of_rows(self, rows: npt.NDArray[np.int64], values: Floats) -> Floats:
        """What these features, given by number and value, say to each question (a logit: above 0 is a yes)."""
        return np.asarray(values @ self.weights[rows] * self.scales + self.biases, dtype=np.float32)

    def of_vectors(self, vectors: Floats) -> Floats:
        """What each vector of all features says to each question."""
        return np.asarray(vectors @ self.weights * self.scales + self.biases, dtype=np.float32)

    def strength(self, rows: npt.NDArray[np.int64], question: int) -> Floats:
        """How much each of these features speaks for a yes to one question."""
        return np.asarray(self.weights[rows, question] * self.scales[question], dtype=np.float32)

    def to_bytes(self) -> bytes:
        """The same bytes for the same weights."""
        out = io.BytesIO()
        np.savez_compressed(out, weights=self.weights, scales=self.scales, biases=self.biases)
        return out.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Heads":
        """The heads that `to_bytes` wrote; raises ValueError or KeyError where the file is another."""
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            return cls(file["weights"], file["scales"], file["biases"])

    @classmethod
    def rounded(cls, weights: Floats, biases: Floats) -> "Heads":
        """Heads of whole numbers that come nearest to these weights."""
        scales = np.maximum(np.abs(weights).max(axis=0), 1e-9) / _MOST
        return cls(np.rint(weights / scales).astype(np.int8), scales.astype(np.float32), biases.astype(np.float32))


@dataclass(frozen=True)
class Thresholds:
    """From which logit on a tier says that a message is at least as urgent as a level."""

    of: Mapping[Urgency, float]

    def urgency(self, logits: Floats) -> Urgency | None:
        """The highest level that is reached, if one is."""
        for place in reversed(range(len(LEVELS))):
            if LEVELS[place] in self.of and logits[place] >= self.of[LEVELS[place]]:
                return LEVELS[place]
        return None

    @classmethod
    def parse(cls, tree: Mapping[str, float]) -> "Thresholds":
        """Thresholds out of names of levels and numbers; raises ValueError for a level that there is not."""
        return cls({Urgency(name): float(number) for name, number in tree.items()})


@dataclass(frozen=True)
class ThresholdTable:
    """For each tier that judges, its thresholds; a set for when the meaning tier judges too, and one for when not."""

    words: Thresholds
    words_alone: Thresholds
    meaning: Thresholds
    version: str


def sigmoid(logits: Floats) -> Floats:
    """Logits as numbers between 0 and 1."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float32)


def content_of(name: str) -> bytes:
    """A file of the models that ship with this package."""
    return (resources.files("harbour.screening") / FOLDER / name).read_bytes()


@cache
def load(name: str) -> tuple[Heads, str]:
    """The heads in a model file, and a short hash of the file."""
    content = content_of(name)
    return Heads.from_bytes(content), hashlib.sha256(content).hexdigest()[:8]


@cache
def thresholds() -> ThresholdTable:
    """The thresholds that ship with this package."""
    content = content_of("thresholds.json")
    tree = json.loads(content)
    return ThresholdTable(
        words=Thresholds.parse(tree["with_meaning"]["words"]),
        meaning=Thresholds.parse(tree["with_meaning"]["meaning"]),
        words_alone=Thresholds.parse(tree["without_meaning"]["words"]),
        version=hashlib.sha256(content).hexdigest()[:4],
    )
