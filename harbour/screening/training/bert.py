"""The sentence encoder (six layers, after BERT) written out in torch, with small corrections that are what we train."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch.nn import functional

from harbour.screening.encoder import PLACES, STRENGTH
from harbour.screening.encoder_graph import HEADS, LAYERS, WIDTH

FROZEN = 2
"""Layers at the bottom that stay as they came; they know spelling, not our task."""

RANK = 8
DROPPED = 0.1
Tensors = dict[str, Any]


def corrections(weights: Mapping[str, Any]) -> Tensors:
    """Two thin matrices for each matrix of the layers that are tuned; at first they change nothing."""
    tuned: Tensors = {}
    for layer in range(FROZEN, LAYERS):
        for place in PLACES:
            high, wide = weights[name(layer, place)].shape
            tuned[f"{layer}.{place}.in"] = (torch.randn(RANK, wide) / wide**0.5).requires_grad_()
            tuned[f"{layer}.{place}.out"] = torch.zeros(high, RANK).requires_grad_()
    return tuned


def name(layer: int, place: str) -> str:
    """The name of a matrix in the weights file."""
    return f"encoder.layer.{layer}.{PLACES[place]}.weight"


def vectors(weights: Mapping[str, Any], tuned: Tensors, ids: Any, mask: Any, *, training: bool = False) -> Any:
    """The mean of the last layer over each text."""
    with torch.no_grad():
        x = weights["embeddings.word_embeddings.weight"][ids]
        x = x + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = _normed(weights, x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for layer in range(FROZEN):
            x = _layer(weights, {}, layer, x, mask, 0.0)
    for layer in range(FROZEN, LAYERS):
        x = _layer(weights, tuned, layer, x, mask, DROPPED if training else 0.0)
    weight = mask[:, :, None].float()
    return (x * weight).sum(1) / weight.sum(1)


def padded(pieces: Sequence[Sequence[int]]) -> tuple[Any, Any]:
    """Texts in pieces as one block of numbers, and which of it is text."""
    longest = max(map(len, pieces))
    ids = torch.zeros(len(pieces), longest, dtype=torch.long)
    mask = torch.zeros(len(pieces), longest, dtype=torch.bool)
    for at, one in enumerate(pieces):
        ids[at, : len(one)] = torch.tensor(one)
        mask[at, : len(one)] = True
    return ids, mask


def _layer(weights: Mapping[str, Any], tuned: Tensors, layer: int, x: Any, mask: Any, dropped: float) -> Any:
    def linear(place: str, value: Any) -> Any:
        matrix = name(layer, place)
        out = functional.linear(value, weights[matrix], weights[matrix.removesuffix("weight") + "bias"])
        if tuned:
            inner, outer = tuned[f"{layer}.{place}.in"], tuned[f"{layer}.{place}.out"]
            out = out + value @ inner.T @ outer.T * STRENGTH
        return out

    def split(value: Any) -> Any:
        return value.view(*value.shape[:2], HEADS, WIDTH // HEADS).transpose(1, 2)

    prefix = f"encoder.layer.{layer}"
    seen = functional.scaled_dot_product_attention(
        split(linear("q", x)), split(linear("k", x)), split(linear("v", x)), attn_mask=mask[:, None, None, :]
    )
    out = linear("o", seen.transpose(1, 2).reshape(x.shape))
    x = _normed(weights, x + functional.dropout(out, dropped, bool(dropped)), f"{prefix}.attention.output.LayerNorm")
    out = linear("g", functional.gelu(linear("f", x)))
    return _normed(weights, x + functional.dropout(out, dropped, bool(dropped)), f"{prefix}.output.LayerNorm")


def _normed(weights: Mapping[str, Any], x: Any, layer_norm: str) -> Any:
    return functional.layer_norm(x, (WIDTH,), weights[f"{layer_norm}.weight"], weights[f"{layer_norm}.bias"], 1e-12)
