"""Tunes the encoder without one fold, and keeps what came of it, so that an interrupted training can go on."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from harbour.screening.encoder import package_folder
from harbour.screening.heads import FOLDER, Heads
from harbour.screening.training.fitting_meaning import Encoder, Tuned, fit_meaning
from harbour.screening.training.rows import Row, read_rows

_SPELLING = Path(__file__).parents[1] / FOLDER / "spelling.json"


def tuned_without(data: Path, held_out: int, keep: Path) -> Tuned:
    """The encoder tuned on all rows but those of one fold; taken from `keep` where that has been done."""
    rows = [row for row in read_rows(data) if row.fold != held_out]
    kept = keep / f"{digest(rows)}.npz"
    if not kept.exists():
        tuned = fit_meaning(Encoder(package_folder()), rows)
        kept.with_suffix(".heads").write_bytes(tuned.heads.to_bytes())
        kept.write_bytes(tuned.corrections_to_bytes())
    with np.load(kept, allow_pickle=False) as file:
        return Tuned(dict(file), Heads.from_bytes(kept.with_suffix(".heads").read_bytes()))


def digest(rows: Sequence[Row]) -> str:
    """What the tuning of an encoder goes by: the rows, how they are read, and how it is done."""
    files = [Path(__file__).with_name(name) for name in ("fitting_meaning.py", "bert.py")]
    content = b"".join(file.read_bytes() for file in (*files, _SPELLING))
    return hashlib.sha256(repr(rows).encode() + content).hexdigest()[:16]
