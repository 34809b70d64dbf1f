"""What the tiers find of messages they were not trained on, as tables with intervals for the model card."""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from harbour.screening.training.choosing import Chosen, Judged, reached
from harbour.screening.training.rows import APART, EVERYDAY, TEMPLATES, WRITERS

Ranks = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_MEDIUM, _HIGH = 1, 2
_Z = 1.96
_VOICES = "writers 1 to 4"
_Target = tuple[str, tuple[int, ...], int, str]
"""What is measured: its name, of which severities, from which rank on, and what is to be reached."""
_TARGETS: tuple[_Target, ...] = (
    ("high and immediate, at medium or above", (3, 4), _MEDIUM, "≥ 97 %"),
    ("immediate, at high or above", (4,), _HIGH, "≥ 98 %"),
    ("medium, at medium or above", (2,), _MEDIUM, "≥ 85 %"),
    ("low, at high or above", (1,), _HIGH, "≤ 15 %"),
    ("none, at medium or above", (0,), _MEDIUM, ""),
    ("none, at high or above", (0,), _HIGH, ""),
)


def tables(judged: Judged, apart: Judged, together: Chosen, alone: Chosen) -> str:
    """The figures of the model card, in Markdown."""
    ways, ways_apart = _ways(judged, together, alone), _ways(apart, together, alone)
    parts = [
        "**Writers apart.** " + _number(apart) + "\n",
        _table(apart, ways_apart, APART, _TARGETS),
        "**Each writer held out in turn.** " + _number(judged) + "\n",
        _table(judged, ways, _VOICES, [target for target in _TARGETS if target[3]]),
        "Everyday messages of other people, a fifth held out in turn with each writer:\n",
        _everyday(judged, ways),
        "All tiers, writer by writer:\n",
        _by_writer(judged, ways["all tiers"]),
        "The models without the rules, writer by writer (nobody who trained them had seen these rows):\n",
        _by_writer(judged, ways["models without rules"]),
        "Thresholds, as logits:\n",
        _thresholds(together, alone),
    ]
    return "\n".join(parts)


def _ways(judged: Judged, together: Chosen, alone: Chosen) -> dict[str, Ranks]:
    """What each row comes up as, with everything and with parts of it."""
    without = Judged(judged.rows, judged.rules, judged.words)
    silent = Judged(judged.rows, np.full(len(judged.rows), -1), judged.words, judged.meaning)
    return {
        "all tiers": reached(judged, together),
        "models without rules": reached(silent, together),
        "without the meaning model": reached(without, alone),
        "rules alone": judged.rules,
    }


def interval(hits: int, of: int) -> tuple[float, float]:
    """Wilson's interval (95 %) for a share."""
    if not of:
        return 0.0, 1.0
    share, spread = hits / of, _Z * _Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(share * (1 - share) / of + spread / 4 / of) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def said(flags: Flags) -> str:
    """A share with its interval, in per cent."""
    if not len(flags):
        return "–"
    low, high = interval(int(flags.sum()), len(flags))
    return f"{100 * flags.mean():.1f} ({100 * low:.1f}–{100 * high:.1f})"


def _number(judged: Judged) -> str:
    rows = sum(row.source not in EVERYDAY for row in judged.rows)
    return f"{rows:,} rows; per cent, with Wilson’s 95 % interval."


def _table(judged: Judged, ways: Mapping[str, Ranks], whose: str, targets: Iterable[_Target]) -> str:
    lines = [_row([whose, "rows", "to reach", *ways]), _rule(3 + len(ways))]
    for name, severities, rank, wanted in targets:
        among = _among(judged, whose, severities)
        cells = [said(ranks[among] >= rank) for ranks in ways.values()]
        lines.append(_row([name, str(int(among.sum())), wanted, *cells]))
    return "\n".join(lines) + "\n"


def _everyday(judged: Judged, ways: Mapping[str, Ranks]) -> str:
    lines = [_row(["everyday", "rows", "to reach", *ways]), _rule(3 + len(ways))]
    for source in EVERYDAY:
        for name, rank, wanted in (("medium or above", _MEDIUM, "≤ 3 %"), ("high or above", _HIGH, "≤ 1 %")):
            among = _among(judged, source, (0,))
            cells = [said(ranks[among] >= rank) for ranks in ways.values()]
            lines.append(_row([f"{source}, {name}", str(int(among.sum())), wanted, *cells]))
    return "\n".join(lines) + "\n"


def _by_writer(judged: Judged, ranks: Ranks) -> str:
    writers = [*WRITERS[1:], TEMPLATES]
    lines = [_row(["held out", *writers]), _rule(1 + len(writers))]
    for name, severities, rank, _ in _TARGETS:
        cells = [said(ranks[_among(judged, writer, severities)] >= rank) for writer in writers]
        lines.append(_row([name, *cells]))
    return "\n".join(lines) + "\n"


def _thresholds(together: Chosen, alone: Chosen) -> str:
    sets = {
        "words": together["words"],
        "meaning": together["meaning"],
        "words, where meaning is missing": alone["words"],
    }
    levels = list(alone["words"])
    lines = [_row(["tier", *(level.value for level in levels)]), _rule(1 + len(levels))]
    lines += [_row([name, *(f"{chosen[level]:g}" for level in levels)]) for name, chosen in sets.items()]
    return "\n".join(lines) + "\n"


def _among(judged: Judged, source: str, severities: Sequence[int]) -> Flags:
    sources = {*WRITERS} - {TEMPLATES} if source == _VOICES else {source}
    return np.array([row.source in sources and row.severity in severities for row in judged.rows])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(columns: int) -> str:
    return _row(["---"] * columns)
