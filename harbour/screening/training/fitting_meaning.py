"""Tunes the sentence encoder on our task: small corrections to its layers and linear heads on top, learnt together."""

import io
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch.nn import functional

from harbour.screening.encoder import write
from harbour.screening.encoder_graph import WIDTH
from harbour.screening.heads import LEVELS, QUESTIONS, Floats, Heads
from harbour.screening.meaning import open_encoder, shortened
from harbour.screening.training.bert import corrections, padded, vectors
from harbour.screening.training.rows import Row, answers
from harbour.screening.words import as_meant

_ROUNDS = 3
_BATCH = 32
_SORTED_TOGETHER = 20
_PACE = 1e-3
_WARMING = 0.06
_SEED = 0
_PATIENT = 60.0
_LONGEST = 64
_CATEGORIES_WEIGH = 0.5
_SURE = (0.005, 0.985)
"""A no and a yes, as learnt: labels are one person's, and a model that is never quite sure ranks better."""


@dataclass(frozen=True)
class Tuned:
    """What training makes: corrections by name, and heads."""

    corrections: Mapping[str, npt.NDArray[np.float16]]
    heads: Heads

    def corrections_to_bytes(self) -> bytes:
        """The same bytes for the same corrections."""
        out = io.BytesIO()
        named: dict[str, Any] = {key: self.corrections[key] for key in sorted(self.corrections)}
        np.savez_compressed(out, **named)
        return out.getvalue()


class Encoder:
    """The encoder as it came from its package."""

    def __init__(self, package: Path) -> None:
        self.package = package
        self.weights = load_file(package / "model.safetensors")
        self._tokeniser = Tokenizer.from_file(str(package / "tokenizer.json"))
        self._tokeniser.no_padding()
        self._tokeniser.no_truncation()

    def pieces(self, texts: Sequence[str]) -> list[Sequence[int]]:
        """The texts cut into pieces of words, as numbers."""
        return [shortened(one.ids, _LONGEST) for one in self._tokeniser.encode_batch([*map(as_meant, texts)])]


def fit_meaning(encoder: Encoder, rows: Sequence[Row]) -> Tuned:
    """Tune on these rows; the same rows in the same order make the same corrections and heads on the same machine."""
    torch.set_num_threads(1)
    torch.manual_seed(_SEED)
    chance = np.random.default_rng(_SEED)
    drawn = [row for row, luck in zip(rows, chance.random(len(rows)), strict=True) if luck < row.weight]
    pieces = encoder.pieces([row.text for row in drawn])
    right = torch.tensor(answers(drawn).astype(np.float32))
    tuned, head, bias = corrections(encoder.weights), torch.zeros(QUESTIONS, WIDTH), torch.logit(right.mean(0), 1e-3)
    learnt = [*tuned.values(), head.requires_grad_(), bias.requires_grad_()]
    optimiser = torch.optim.AdamW(learnt, lr=_PACE, weight_decay=0.01)
    steps = _ROUNDS * (len(drawn) // _BATCH + 1)
    step = 0
    for _ in range(_ROUNDS):
        for lot in _lots(pieces, chance):
            step += 1
            for group in optimiser.param_groups:
                group["lr"] = _PACE * min(1.0, step / (_WARMING * steps)) * max(0.02, 1 - step / steps)
            ids, mask = padded([pieces[at] for at in lot])
            seen = functional.dropout(vectors(encoder.weights, tuned, ids, mask, training=True), 0.1)
            loss = _loss(functional.linear(seen, head, bias), right[torch.from_numpy(lot)])
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learnt, 1.0)
            optimiser.step()
    heads = Heads.rounded(head.detach().numpy().T.copy(), bias.detach().numpy().copy())
    return Tuned({key: value.detach().numpy().astype(np.float16) for key, value in tuned.items()}, heads)


def said_by_meaning(encoder: Encoder, tuned: Tuned, texts: Sequence[str]) -> Floats:
    """The logits for each text, by the encoder as it will run: converted to whole numbers."""
    with tempfile.TemporaryDirectory() as folder:
        write(encoder.package, tuned.corrections, Path(folder) / "made")
        converted = open_encoder(Path(folder) / "made", tuned.heads, "")
    assert converted is not None, "the converted encoder does not answer"
    converted.deadline = _PATIENT
    said = converted.read(texts)
    assert said is not None, "the converted encoder fails"
    return said


def exact_answers(encoder: Encoder, tuned: Tuned, texts: Sequence[str]) -> Floats:
    """The logits for each text as they were learnt, before the weights become whole numbers."""
    kept = {key: torch.from_numpy(value.astype(np.float32)) for key, value in tuned.corrections.items()}
    ids, mask = padded(encoder.pieces(texts))
    with torch.no_grad():
        return tuned.heads.of_vectors(vectors(encoder.weights, kept, ids, mask).numpy())


def _lots(pieces: Sequence[Sequence[int]], chance: np.random.Generator) -> Iterator[npt.NDArray[np.int64]]:
    """Every row once, in lots of like length, in a new order."""
    lengths = np.array([len(one) for one in pieces])
    order = chance.permutation(len(pieces))
    lots = []
    for start in range(0, len(order), _BATCH * _SORTED_TOGETHER):
        some = order[start : start + _BATCH * _SORTED_TOGETHER]
        some = some[np.argsort(lengths[some], kind="stable")]
        lots += [some[at : at + _BATCH] for at in range(0, len(some), _BATCH)]
    for at in chance.permutation(len(lots)):
        yield lots[at]


def _loss(logits: Any, right: Any) -> Any:
    no, yes = _SURE
    each = functional.binary_cross_entropy_with_logits(logits, no + (yes - no) * right, reduction="none")
    return (each[:, : len(LEVELS)].sum(1) + _CATEGORIES_WEIGH * each[:, len(LEVELS) :].sum(1)).mean()
