"""BERT's forward pass written out in numpy, to hold converted models against."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def sentence_vector(
    weights: Mapping[str, npt.NDArray[Any]], ids: list[int], layers: int, heads: int
) -> Array:
    """Return the mean of the last layer's states, scaled to length 1."""
    states = (
        weights["embeddings.word_embeddings.weight"][ids]
        + weights["embeddings.position_embeddings.weight"][: len(ids)]
        + weights["embeddings.token_type_embeddings.weight"][0]
    ).astype(np.float64)
    states = _norm(weights, "embeddings.LayerNorm", states)
    for number in range(layers):
        name = f"encoder.layer.{number}"
        attended = _linear(
            weights, f"{name}.attention.output.dense", _attend(weights, name, states, heads)
        )
        states = _norm(weights, f"{name}.attention.output.LayerNorm", states + attended)
        inner = _gelu(_linear(weights, f"{name}.intermediate.dense", states))
        states = _norm(
            weights,
            f"{name}.output.LayerNorm",
            states + _linear(weights, f"{name}.output.dense", inner),
        )
    mean = states.mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), np.float64)


def _attend(weights: Mapping[str, npt.NDArray[Any]], name: str, states: Array, heads: int) -> Array:
    query, key, value = (
        _linear(weights, f"{name}.attention.self.{part}", states)
        .reshape(len(states), heads, -1)
        .transpose(1, 0, 2)
        for part in ("query", "key", "value")
    )
    scores = query @ key.transpose(0, 2, 1) / math.sqrt(query.shape[-1])
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    mixed = (scores / scores.sum(axis=-1, keepdims=True)) @ value
    return np.asarray(mixed.transpose(1, 0, 2).reshape(states.shape), np.float64)


def _linear(weights: Mapping[str, npt.NDArray[Any]], name: str, states: Array) -> Array:
    return np.asarray(states @ weights[f"{name}.weight"].T + weights[f"{name}.bias"], np.float64)


def _norm(weights: Mapping[str, npt.NDArray[Any]], name: str, states: Array) -> Array:
    centred = states - states.mean(axis=-1, keepdims=True)
    scaled = centred / np.sqrt(states.var(axis=-1, keepdims=True) + 1e-12)
    return np.asarray(scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"], np.float64)


def _gelu(values: Array) -> Array:
    errors = np.vectorize(math.erf)(values / math.sqrt(2.0))
    return np.asarray(values * 0.5 * (1.0 + errors), np.float64)


def write_safetensors(path: Path, tensors: Mapping[str, npt.NDArray[np.float32]]) -> None:
    """Write tensors in the safetensors format."""
    header: dict[str, Any] = {"__metadata__": {"format": "np"}}
    offset = 0
    for name, tensor in tensors.items():
        header[name] = {
            "dtype": "F32",
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + tensor.nbytes],
        }
        offset += tensor.nbytes
    head = json.dumps(header).encode()
    body = b"".join(tensor.tobytes() for tensor in tensors.values())
    path.write_bytes(len(head).to_bytes(8, "little") + head + body)


def tiny_bert(folder: Path, layers: int = 2, heads: int = 2, width: int = 16) -> list[str]:
    """Write a small encoder with random weights to `folder`; return its words."""
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "does", "it", "spread", "to", "the", "bones"]
    random = np.random.default_rng(7)

    def draw(*shape: int) -> npt.NDArray[np.float32]:
        return random.normal(0, 0.5, shape).astype(np.float32)

    tensors = {
        "embeddings.word_embeddings.weight": draw(len(words), width),
        "embeddings.position_embeddings.weight": draw(32, width),
        "embeddings.token_type_embeddings.weight": draw(2, width),
        "embeddings.LayerNorm.weight": draw(width),
        "embeddings.LayerNorm.bias": draw(width),
    }
    for number in range(layers):
        name = f"encoder.layer.{number}"
        shapes = {
            "attention.self.query": (width, width),
            "attention.self.key": (width, width),
            "attention.self.value": (width, width),
            "attention.output.dense": (width, width),
            "intermediate.dense": (4 * width, width),
            "output.dense": (width, 4 * width),
        }
        for part, (rows, columns) in shapes.items():
            tensors[f"{name}.{part}.weight"] = draw(rows, columns)
            tensors[f"{name}.{part}.bias"] = draw(rows)
        for part in ("attention.output.LayerNorm", "output.LayerNorm"):
            tensors[f"{name}.{part}.weight"] = draw(width)
            tensors[f"{name}.{part}.bias"] = draw(width)
    folder.mkdir(parents=True, exist_ok=True)
    write_safetensors(folder / "model.safetensors", tensors)
    config = {
        "model_type": "bert",
        "hidden_act": "gelu",
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "layer_norm_eps": 1e-12,
    }
    (folder / "config.json").write_text(json.dumps(config))
    tokenizer: dict[str, Any] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "WordLevel",
            "vocab": {word: number for number, word in enumerate(words)},
            "unk_token": "[UNK]",
        },
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    return words
