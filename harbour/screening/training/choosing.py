"""Sets the thresholds: as many as can be of those who need an adult, within what false alarms staff can bear."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harbour.contracts.concerns import Urgency
from harbour.screening.heads import LEVELS, Floats
from harbour.screening.meaning import with_words
from harbour.screening.training.rows import EVERYDAY, TEMPLATES, WRITERS, Row

Flags = npt.NDArray[np.bool_]
NEVER = 99.0
"""A threshold that no logit reaches."""

_STEPS = 60
_LITTLE = 0.005
"""What the models may add where the rules alone reach a bound."""

_LOW, _MEDIUM, _HIGH, _IMMEDIATE = 1, 2, 3, 4


@dataclass(frozen=True)
class Bounds:
    """The most that may come up, as shares: of everyday messages, and of others that should not come up so high."""

    everyday: float
    others: tuple[tuple[int, float], ...] = ()
    """Of the writers' rows of a severity, at most this share."""


BOUNDS = {
    Urgency.IMMEDIATE: Bounds(0.001, ((0, 0.01), (_LOW, 0.02), (_MEDIUM, 0.03), (_HIGH, 0.2))),
    Urgency.HIGH: Bounds(0.0075, ((_LOW, 0.12),)),
    Urgency.MEDIUM: Bounds(0.0265),
}
"""A little below what is promised, because thresholds that are set on rows look their best on those rows."""


@dataclass(frozen=True)
class Judged:
    """Every row with what each tier said of it when it was held out; `rules` is the rank of a rule's urgency, or -1."""

    rows: Sequence[Row]
    rules: npt.NDArray[np.int64]
    words: Floats
    meaning: Floats | None = None

    def tiers(self) -> dict[str, Floats]:
        """The logits of each tier that takes part."""
        if self.meaning is None:
            return {"words": self.words}
        return {"words": self.words, "meaning": with_words(self.meaning, self.words)}


Chosen = dict[str, dict[Urgency, float]]
"""Thresholds by tier and level."""


def choose(judged: Judged) -> Chosen:
    """Thresholds for the tiers that take part, set together, the highest level first."""
    chosen: Chosen = {tier: {} for tier in judged.tiers()}
    up = np.zeros(len(judged.rows), dtype=bool)
    for level in (Urgency.IMMEDIATE, Urgency.HIGH, Urgency.MEDIUM):
        up = _choose_level(judged, level, up | (judged.rules >= level.rank), chosen)
    return chosen


def reached(judged: Judged, chosen: Chosen) -> npt.NDArray[np.int64]:
    """The rank of what each row comes up as, over all tiers, or -1."""
    ranks = judged.rules.copy()
    for tier, logits in judged.tiers().items():
        for level, threshold in chosen[tier].items():
            up = logits[:, LEVELS.index(level)] >= threshold
            ranks[up] = np.maximum(ranks[up], level.rank)
    return ranks


def _choose_level(judged: Judged, level: Urgency, up: Flags, chosen: Chosen) -> Flags:
    """Set the thresholds of one level, and return what is up at it or above."""
    place = LEVELS.index(level)
    said = {tier: logits[:, place] for tier, logits in judged.tiers().items()}
    best, found = -1.0, dict.fromkeys(said, NEVER)
    first, second = said["words"], said.get("meaning")
    for of_first in _candidates(judged, first):
        with_first = up | (first >= of_first)
        for of_second in [NEVER] if second is None else _candidates(judged, second):
            flags = with_first if second is None else with_first | (second >= of_second)
            if _within(judged, level, flags) and (worth := _worth(judged, level, flags)) > best:
                best, found = worth, {"words": of_first, "meaning": of_second}
    for tier in said:
        chosen[tier][level] = round(float(found[tier]), 3)
        up = up | (said[tier] >= chosen[tier][level])
    return up


def _candidates(judged: Judged, logits: npt.NDArray[np.float32]) -> list[float]:
    """Thresholds worth trying: places among what everyday messages get, closer together where fewer come up."""
    everyday = logits[_everyday(judged)]
    shares = np.geomspace(1 / max(2, len(everyday)), 0.06, _STEPS)
    tried = np.quantile(everyday, 1 - shares)
    above = [float(everyday.max()) + step for step in (0.01, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)]
    return [round(float(value), 3) for value in dict.fromkeys([*tried, *above, NEVER])]


def _within(judged: Judged, level: Urgency, flags: Flags) -> bool:
    bounds = BOUNDS[level]
    for source in EVERYDAY:
        if _share(flags, _of(judged, source)) > bounds.everyday:
            return False
    for severity, share in bounds.others:
        others = _voiced(judged, severity)
        if _share(flags, others) > max(share, _share(judged.rules >= level.rank, others) + _LITTLE):
            return False
    return True


def _worth(judged: Judged, level: Urgency, flags: Flags) -> float:
    """What is to be found at a level: those who need it most count most."""
    if level is Urgency.MEDIUM:
        urgent = _voiced(judged, _HIGH) | _voiced(judged, _IMMEDIATE)
        return _share(flags, urgent) + 0.3 * _share(flags, _voiced(judged, _MEDIUM))
    if level is Urgency.HIGH:
        return _share(flags, _voiced(judged, _IMMEDIATE)) + 0.3 * _share(flags, _voiced(judged, _HIGH))
    return _share(flags, _voiced(judged, _IMMEDIATE))


def _share(flags: Flags, among: Flags) -> float:
    return float(flags[among].mean()) if among.any() else 0.0


def _of(judged: Judged, source: str) -> Flags:
    return np.array([row.source == source for row in judged.rows])


def _everyday(judged: Judged) -> Flags:
    return np.array([row.source == EVERYDAY[0] for row in judged.rows])


def _voiced(judged: Judged, severity: int) -> Flags:
    """The rows of the four writers with this label."""
    voices = set(WRITERS) - {TEMPLATES}
    return np.array([row.severity == severity and row.source in voices for row in judged.rows])
