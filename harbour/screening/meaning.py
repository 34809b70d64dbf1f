"""The meaning tier: a small sentence encoder on the processor, which is optional and may fail or be late.

Whoever asks gets vectors or nothing, within a deadline, and never an exception: the other tiers then decide at lower
thresholds.
"""

import json
import os
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from harbour.screening.heads import Floats, Heads, load
from harbour.screening.words import as_meant

FILE = "meaning.npz"
GRAPH = "encoder.onnx"
TOKENISER = "tokenizer.json"
MOST_TOKENS = 96
"""Pieces of words read of one message; of a longer one the first and the last half of these."""

DEADLINE = 0.5
"""Seconds for one message. A busy machine may need a tenth of it; after that the other tiers decide."""

WORDS_COUNT = 0.7
"""How much the model of words counts in what this tier says: together they err less than either."""

_FIRST_DEADLINE = 20.0


def with_words(meant: Floats, words: Floats) -> Floats:
    """The logits of this tier: what the encoder says and what the words say, added."""
    return np.asarray(meant + WORDS_COUNT * words, dtype=np.float32)


def folder() -> Path:
    """Where the converted encoder lies: SCREENING_MEANING_FOLDER, or inside the Python environment."""
    return Path(os.environ.get("SCREENING_MEANING_FOLDER") or Path(sys.prefix) / "share" / "harbour" / "meaning")


@dataclass
class Encoder:
    """A loaded encoder. One thread reads, so that nobody has to wait for a late answer."""

    session: Any
    tokeniser: Any
    heads: Heads
    version: str
    deadline: float = DEADLINE
    _reader: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "meaning"))
    _busy: "Future[Floats] | None" = None

    def read(self, texts: Sequence[str]) -> Floats | None:
        """A logit for each text and question, or None where that fails or is late."""
        if self._busy is not None and not self._busy.done():
            return None
        self._busy = self._reader.submit(self._read, texts)
        try:
            return self._busy.result(self.deadline * max(1, len(texts)))
        except Exception:  # it failed, or is late
            return None

    def _read(self, texts: Sequence[str]) -> Floats:
        # One by one: together they would share one scale of whole numbers, and hang on one another.
        vectors = [self._vector(shortened(self.tokeniser.encode(as_meant(text)).ids)) for text in texts]
        return self.heads.of_vectors(np.concatenate(vectors))

    def _vector(self, pieces: Sequence[int]) -> Floats:
        ids = np.array([pieces], dtype=np.int64)
        mask = np.ones((1, len(pieces)), dtype=np.float32)
        return np.asarray(self.session.run(None, {"ids": ids, "mask": mask})[0], dtype=np.float32)


@cache
def encoder() -> Encoder | None:
    """The encoder, loaded at the first question; None where it is not installed, or made for other heads."""
    try:
        return load_from(folder())
    except Exception:  # whatever is missing or broken, the message is still judged
        return None


def load_from(place: Path) -> Encoder | None:
    """The encoder in a folder, ready to read; None where it was made for other heads or does not answer."""
    told = json.loads((place / "made.json").read_text("utf-8"))
    heads, version = load(FILE)
    return open_encoder(place, heads, version) if told.get("heads") == version else None


def open_encoder(place: Path, heads: Heads, version: str) -> Encoder | None:
    """The encoder in a folder with these heads, once it has answered; None where it does not."""
    import onnxruntime  # optional, as is the next: without them the other tiers decide
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(place / GRAPH), options, providers=["CPUExecutionProvider"])
    tokeniser = Tokenizer.from_file(str(place / TOKENISER))
    tokeniser.no_padding()
    tokeniser.no_truncation()
    made = Encoder(session, tokeniser, heads, version, deadline=_FIRST_DEADLINE)
    if made.read(["hello"]) is None:
        return None
    made.deadline = DEADLINE
    return made


def shortened(pieces: Sequence[int], most: int = MOST_TOKENS) -> Sequence[int]:
    """The first and last half of these pieces, where they are more than `most`."""
    return pieces if len(pieces) <= most else [*pieces[: most // 2], *pieces[-(most // 2) :]]
