"""The sentence encoder as an ONNX graph: six layers after BERT, and the mean over the words of each text.

Only used when the encoder is converted (`python -m harbour.screening.encoder`), never while judging.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import TensorProto, helper, numpy_helper

Weights = Mapping[str, npt.NDArray[Any]]

HEADS = 12
WIDTH = 384
LAYERS = 6
_OPSET = 20
_IR = 9
_EPSILON = 1e-12
_FAR = -10_000.0


class _Graph:
    """Nodes and constants as they are added; every name is used once."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def add(self, kind: str, *inputs: str, **settings: Any) -> str:
        """The output of a new node."""
        out = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [out], name=out, **settings))
        return out

    def keep(self, name: str, value: npt.NDArray[Any]) -> str:
        """A constant under its name."""
        self.constants.append(numpy_helper.from_array(value, name))
        return name


def build(weights: Weights) -> Any:
    """A model with the inputs `ids` and `mask` (texts by pieces) and one vector for each text."""
    graph = _Graph()
    mask_3d = graph.add("Unsqueeze", "mask", graph.keep("last_axis", np.array([2])))
    hidden = graph.add("Sub", graph.keep("one", _number(1.0)), "mask")
    hidden = graph.add("Mul", hidden, graph.keep("far", _number(_FAR)))
    hidden = graph.add("Unsqueeze", hidden, graph.keep("middle_axes", np.array([1, 2])))
    graph.keep("split_shape", np.array([0, 0, HEADS, WIDTH // HEADS]))
    graph.keep("joined_shape", np.array([0, 0, WIDTH]))
    graph.keep("root", _number((WIDTH // HEADS) ** 0.5))
    x = _embedded(graph, weights)
    for layer in range(LAYERS):
        x = _layer(graph, weights, f"encoder.layer.{layer}", x, hidden)
    graph.keep("pieces_axis", np.array([1]))
    total = graph.add("ReduceSum", graph.add("Mul", x, mask_3d), "pieces_axis", keepdims=0)
    count = graph.add("ReduceSum", mask_3d, "pieces_axis", keepdims=0)
    graph.nodes.append(helper.make_node("Div", [total, count], ["vectors"], name="mean"))
    texts = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "pieces"]),
        helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["texts", "pieces"]),
    ]
    out = [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", WIDTH])]
    body = helper.make_graph(graph.nodes, "encoder", texts, out, graph.constants)
    return helper.make_model(body, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR)


def _embedded(graph: _Graph, weights: Weights) -> str:
    """Each piece by what it is and where it stands."""
    piece = _gathered(graph, weights["embeddings.word_embeddings.weight"])
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    shape = graph.add("Shape", "ids", start=1, end=2)
    zero, axis = graph.keep("zero", np.array([0])), graph.keep("axis", np.array([0]))
    here = graph.add("Slice", graph.keep("places", places), zero, shape, axis)
    return _normed(graph, weights, "embeddings.LayerNorm", graph.add("Add", piece, here))


def _gathered(graph: _Graph, table: npt.NDArray[Any]) -> str:
    """The row of each piece; the table is kept in whole numbers, each row with its own scale."""
    scales = np.abs(table).max(axis=1, keepdims=True) / 127
    rows = graph.add("Gather", graph.keep("words", np.rint(table / scales).astype(np.int8)), "ids")
    scale = graph.add("Gather", graph.keep("scales", scales.astype(np.float32)), "ids")
    return graph.add("Mul", graph.add("Cast", rows, to=TensorProto.FLOAT), scale)


def _layer(graph: _Graph, weights: Weights, prefix: str, x: str, hidden: str) -> str:
    """One layer: each piece looks at all others, and then at itself."""

    def linear(name: str, value: str) -> str:
        matrix = graph.keep(f"{prefix}.{name}.w", np.ascontiguousarray(weights[f"{prefix}.{name}.weight"].T))
        bias = graph.keep(f"{prefix}.{name}.b", weights[f"{prefix}.{name}.bias"])
        return graph.add("Add", graph.add("MatMul", value, matrix), bias)

    def split(name: str, order: list[int]) -> str:
        return graph.add("Transpose", graph.add("Reshape", linear(name, x), "split_shape"), perm=order)

    question = graph.add("Div", split("attention.self.query", [0, 2, 1, 3]), "root")
    likeness = graph.add("MatMul", question, split("attention.self.key", [0, 2, 3, 1]))
    looked = graph.add("Softmax", graph.add("Add", likeness, hidden), axis=-1)
    seen = graph.add("MatMul", looked, split("attention.self.value", [0, 2, 1, 3]))
    seen = graph.add("Reshape", graph.add("Transpose", seen, perm=[0, 2, 1, 3]), "joined_shape")
    seen = graph.add("Add", x, linear("attention.output.dense", seen))
    x = _normed(graph, weights, f"{prefix}.attention.output.LayerNorm", seen)
    thought = linear("output.dense", graph.add("Gelu", linear("intermediate.dense", x)))
    return _normed(graph, weights, f"{prefix}.output.LayerNorm", graph.add("Add", x, thought))


def _normed(graph: _Graph, weights: Weights, name: str, x: str) -> str:
    scale = graph.keep(f"{name}.w", weights[f"{name}.weight"])
    bias = graph.keep(f"{name}.b", weights[f"{name}.bias"])
    return graph.add("LayerNormalization", x, scale, bias, axis=-1, epsilon=_EPSILON)


def _number(value: float) -> npt.NDArray[np.float32]:
    return np.array([value], dtype=np.float32)
