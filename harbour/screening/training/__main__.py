"""`python -m harbour.screening.training DATA`: train, set thresholds, measure, and write the models and the model card.

Takes about an hour of one processor. What is trained is kept under `--keep` and taken up again after an interruption.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from harbour.contracts.concerns import Urgency
from harbour.screening import judge_by_rules
from harbour.screening.encoder import CORRECTIONS, REFERENCE, package_folder
from harbour.screening.heads import FOLDER, QUESTIONS, Floats, Heads
from harbour.screening.meaning import FILE as MEANING
from harbour.screening.ordinary import is_ordinary
from harbour.screening.training.choosing import NEVER, Chosen, Judged, choose
from harbour.screening.training.fitting_meaning import Encoder, Tuned, exact_answers, said_by_meaning
from harbour.screening.training.fitting_words import fit_words, said_by_words
from harbour.screening.training.keeping import tuned_without
from harbour.screening.training.measuring import tables
from harbour.screening.training.rows import FOLDS, Row, read_rows, rows_apart
from harbour.screening.words_tier import FILE as WORDS

_MODELS = Path(__file__).parents[1] / FOLDER
_CARD = Path("docs/screening.md")
_BEGIN, _END = "<!-- figures: written by make screening -->", "<!-- end of figures -->"
_ALL = FOLDS
"""In place of the number of a fold: nothing is held out."""

_INVENTED = (
    "hello everyone, chips for tea again",
    "i dont want to be here any more and ive told nobody",
    "six months clean today",
    "add me, my number is 07700 900123",
)


def main() -> int:
    """Train all, held out and whole, and write what comes of it."""
    asked = argparse.ArgumentParser(prog="python -m harbour.screening.training")
    asked.add_argument("data", type=Path, help="the folder with the development data")
    asked.add_argument("--keep", type=Path, default=Path("var/screening"), help="where finished parts are kept")
    asked.add_argument("--at-once", type=int, default=max(1, (os.cpu_count() or 1) // 2), help="processes")
    given = asked.parse_args()
    rows = read_rows(given.data)
    given.keep.mkdir(parents=True, exist_ok=True)
    _say(f"{len(rows)} rows; tuning the encoder {FOLDS + 1} times")
    with ProcessPoolExecutor(given.at_once, mp_context=get_context("spawn")) as pool:
        tuned = list(pool.map(tuned_without, [given.data] * (FOLDS + 1), range(FOLDS + 1), [given.keep] * (FOLDS + 1)))
    judged = _held_out(rows, tuned)
    together, alone = choose(judged), choose(Judged(judged.rows, judged.rules, judged.words))
    words = fit_words(rows)
    _write_models(words, tuned[_ALL], together, alone)
    _write_card(tables(judged, _apart(words, tuned[_ALL]), together, alone))
    return 0


def _held_out(rows: Sequence[Row], tuned: Sequence[Tuned]) -> Judged:
    """Every measured row with what each tier says that was trained without its fold."""
    encoder = Encoder(package_folder())
    measured, words, meaning = [], [], []
    for fold in range(FOLDS):
        held = [row for row in rows if row.fold == fold]
        texts = [row.text for row in held]
        measured += held
        words.append(said_by_words(fit_words([row for row in rows if row.fold != fold]), texts))
        meaning.append(said_by_meaning(encoder, tuned[fold], texts))
    return _judged(measured, np.concatenate(words), np.concatenate(meaning))


def _apart(words: Heads, tuned: Tuned) -> Judged:
    """The rows apart with what each tier says of them as it is shipped."""
    rows = rows_apart()
    texts = [row.text for row in rows]
    meaning = said_by_meaning(Encoder(package_folder()), tuned, texts)
    return _judged(rows, said_by_words(words, texts), meaning)


def _judged(rows: Sequence[Row], words: Floats, meaning: Floats) -> Judged:
    """All tiers together; the models say no to everything where a message is not put to them."""
    ordinary = np.array([is_ordinary(row.text) for row in rows])[:, None]
    ranks = np.array([_rank(row.text) for row in rows])
    return Judged(rows, ranks, np.where(ordinary, -NEVER, words), np.where(ordinary, -NEVER, meaning))


def _rank(text: str) -> int:
    finding = judge_by_rules(text)
    return finding.urgency.rank if finding else -1


def _write_models(words: Heads, tuned: Tuned, together: Chosen, alone: Chosen) -> None:
    answers = exact_answers(Encoder(package_folder()), tuned, _INVENTED)
    reference = [{"text": text, "logits": _numbers(said)} for text, said in zip(_INVENTED, answers, strict=True)]
    thresholds = {"with_meaning": _named(together), "without_meaning": _named(alone)}
    (_MODELS / WORDS).write_bytes(words.to_bytes())
    (_MODELS / MEANING).write_bytes(tuned.heads.to_bytes())
    (_MODELS / CORRECTIONS).write_bytes(tuned.corrections_to_bytes())
    (_MODELS / REFERENCE).write_text(json.dumps(reference, indent=1) + "\n")
    (_MODELS / "thresholds.json").write_text(json.dumps(thresholds, indent=1) + "\n")
    _say(f"models in {os.path.relpath(_MODELS)}, {sum(file.stat().st_size for file in _MODELS.iterdir()):,} bytes")


def _numbers(said: Floats) -> list[float]:
    assert said.shape == (QUESTIONS,)
    return [round(float(one), 3) for one in said]


def _named(chosen: Chosen) -> dict[str, dict[str, float]]:
    return {tier: dict(_reachable(levels)) for tier, levels in chosen.items()}


def _reachable(levels: dict[Urgency, float]) -> Iterator[tuple[str, float]]:
    for level, threshold in levels.items():
        if threshold < NEVER:
            yield level.value, threshold


def _write_card(figures: str) -> None:
    """Put the figures in their place in the model card."""
    card = _CARD.read_text("utf-8")
    before, rest = card.split(_BEGIN)
    after = rest.split(_END)[1]
    _CARD.write_text(f"{before}{_BEGIN}\n{figures}{_END}{after}", "utf-8")
    _say(f"figures in {_CARD}")


def _say(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
