"""The labelled messages, whose they are, and which are held out together."""

import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from harbour.screening.heads import CATEGORIES, LEVELS, QUESTIONS

SEVERITIES = ("none", *(level.value for level in LEVELS))
TEMPLATES = "templates"
WRITERS = (TEMPLATES, "writer 1", "writer 2", "writer 3", "writer 4")
"""Each is held out in turn, whole, so that twins and rows of one template stay together."""

EVERYDAY = ("text messages", "requests")
"""Real everyday messages by other people. A fifth of each is held out with every writer."""

OURS = "ours"
"""Rows written for this project. They are always trained on and never measured."""

APART = "writers apart"
"""Rows written to measure with: nothing is trained on them, set by them, or written with them in view."""

FOLDS = len(WRITERS)
_SEED = 7
_OF_ONE_TEMPLATE = 5
_MASK = re.compile(r"<(?:user|url|email|number)>")
_WEIGHTS = {"requests": 0.35}


@dataclass(frozen=True)
class Row:
    """One labelled message: how urgent (0 for none up to 4), about what, whose, and how much it counts in training."""

    text: str
    severity: int
    categories: tuple[str, ...]
    source: str
    fold: int
    weight: float = 1.0

    @property
    def answers(self) -> list[bool]:
        """The right answer to each question."""
        at_least = [self.severity > level for level in range(len(LEVELS))]
        return [*at_least, *(category.value in self.categories for category in CATEGORIES)]


def read_rows(data: Path) -> list[Row]:
    """All rows to train on and to measure with; raises FileNotFoundError naming a file that is not there."""
    rows = [
        *_labelled(_lines(data / "synthetic_teen_chat_dev.jsonl"), TEMPLATES, 0),
        *(row for n in range(1, FOLDS) for row in _labelled(_lines(data / f"dev_voices_{n}.jsonl"), WRITERS[n], n)),
        *_everyday(_lines(data / "sms_ham.jsonl"), EVERYDAY[0]),
        *_everyday(_lines(data / "clinc_everyday_requests.jsonl"), EVERYDAY[1]),
    ]
    return _thinned(rows, data) + our_rows()


def our_rows() -> list[Row]:
    """The rows that ship with the project to train on."""
    return _labelled(_shipped("rows"), OURS, -1)


def rows_apart() -> list[Row]:
    """The rows that ship with the project to measure with, and for nothing else."""
    return _labelled(_shipped("apart"), APART, -1)


def answers(rows: Sequence[Row]) -> npt.NDArray[np.bool_]:
    """The right answers, a row for each message and a column for each question."""
    return np.array([row.answers for row in rows], dtype=bool).reshape(len(rows), QUESTIONS)


def weights(rows: Sequence[Row]) -> npt.NDArray[np.float64]:
    """How much each row counts in training."""
    return np.array([row.weight for row in rows])


def _shipped(folder: str) -> list[Mapping[str, Any]]:
    place = resources.files("harbour.screening.training") / folder
    names = sorted(file.name for file in place.iterdir() if file.name.endswith(".jsonl"))
    return [json.loads(line) for name in names for line in (place / name).read_text("utf-8").splitlines()]


def _lines(file: Path) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def _labelled(lines: Iterable[Mapping[str, Any]], source: str, fold: int) -> list[Row]:
    return [
        Row(line["text"], SEVERITIES.index(line["severity"]), tuple(line["categories"]), source, fold) for line in lines
    ]


def _everyday(lines: Sequence[Mapping[str, Any]], source: str) -> list[Row]:
    """Rows without the masks in them, which nobody writes and by which a model could know where a row is from."""
    order = list(range(len(lines)))
    random.Random(_SEED).shuffle(order)  # noqa: S311
    fold_of = {at: place % FOLDS for place, at in enumerate(order)}
    weight = _WEIGHTS.get(source, 1.0)
    return [Row(_MASK.sub("", line["text"]), 0, (), source, fold_of[at], weight) for at, line in enumerate(lines)]


def _thinned(rows: Sequence[Row], data: Path) -> list[Row]:
    """All rows, but those of one template count together for a few at most, as they are near copies."""
    templates = [line["template"] for line in _lines(data / "synthetic_teen_chat_dev.jsonl")]
    copies = {template: templates.count(template) for template in set(templates)}
    thinned = []
    for at, row in enumerate(rows):
        weight = min(1.0, _OF_ONE_TEMPLATE / copies[templates[at]]) if row.source == TEMPLATES else row.weight
        thinned.append(Row(row.text, row.severity, row.categories, row.source, row.fold, weight))
    return thinned
