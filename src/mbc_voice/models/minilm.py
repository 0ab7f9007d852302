"""Turns the published MiniLM sentence encoder into the small int8 model that the matcher runs.

Owns the reading of a safetensors file with numpy alone, and the mapping of BERT's weights onto
CTranslate2's encoder; the mapping is the one of CTranslate2's own converter for BERT (its
`converters/transformers.py`), which would need PyTorch. Runs once, when the model is installed,
on the caller's thread.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mbc_voice.errors import ModelError

SOURCE_FILES = ("model.safetensors", "tokenizer.json", "config.json")
"""What `convert` reads."""

TARGET_FILES = ("vocabulary.json", "config.json", "tokenizer.json", "model.bin")
"""What `convert` writes; the weights come last, so that a folder with them is complete."""

_DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4"}
_MAX_HEADER = 16 * 1024 * 1024

Array = npt.NDArray[Any]


def convert(source_dir: Path, target_dir: Path, quantization: str = "int8") -> None:
    """Write the encoder of `source_dir` to `target_dir` (24 MB as int8, 90 MB as float32).

    `source_dir` holds `SOURCE_FILES`. The files of `target_dir` are replaced one by one, each
    complete, the weights last. Raises `ModelError` if the source is missing or damaged.
    """
    for name in SOURCE_FILES:
        if not (source_dir / name).is_file():
            raise ModelError(f"{source_dir} has no {name}. Install the model minilm-l6 again.")
    try:
        config = json.loads((source_dir / "config.json").read_text(encoding="utf-8"))
        tokenizer = json.loads((source_dir / "tokenizer.json").read_text(encoding="utf-8"))
        weights = read_safetensors(source_dir / "model.safetensors")
        spec = _specification(config, weights)
        spec.register_vocabulary(_vocabulary(tokenizer))
        spec.config.unk_token = "[UNK]"
        spec.config.layer_norm_epsilon = float(config["layer_norm_eps"])
        spec.validate()
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"The model in {source_dir} is damaged or of another kind. Install it again."
        ) from error
    spec.optimize(quantization=quantization)
    target_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target_dir, prefix=".partial-") as folder:
        partial = Path(folder)
        spec.save(str(partial))
        shutil.copyfile(source_dir / "tokenizer.json", partial / "tokenizer.json")
        for name in TARGET_FILES:
            (partial / name).replace(target_dir / name)


def read_safetensors(path: Path) -> dict[str, Array]:
    """Return the tensors of a safetensors file by name, mapped from disk, not copied.

    The format: eight bytes with the header's length (little-endian), the header as JSON with
    each tensor's type, shape and offsets, then the bytes. Raises `ModelError` if it is damaged.
    """
    damaged = ModelError(f"{path} is not a whole safetensors file. Install the model again.")
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 2 <= length <= min(_MAX_HEADER, size - 8):
                raise damaged
            header = json.loads(file.read(length))
        data = np.memmap(path, dtype=np.uint8, mode="r", offset=8 + length)
        return {
            name: _tensor(data, entry) for name, entry in header.items() if name != "__metadata__"
        }
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise damaged from error


def _tensor(data: Array, entry: Mapping[str, Any]) -> Array:
    start, end = entry["data_offsets"]
    if not 0 <= start <= end <= len(data):
        raise ValueError("tensor outside the file")
    tensor: Array = data[start:end].view(_DTYPES[entry["dtype"]]).reshape(entry["shape"])
    return tensor


def _vocabulary(tokenizer: Mapping[str, Any]) -> list[str]:
    vocabulary: dict[str, int] = tokenizer["model"]["vocab"]
    return sorted(vocabulary, key=vocabulary.__getitem__)


def _specification(config: Mapping[str, Any], weights: Mapping[str, Array]) -> Any:
    """Return CTranslate2's description of the encoder, filled with the weights."""
    from ctranslate2 import specs

    if config["model_type"] != "bert" or config["hidden_act"] != "gelu":
        raise ValueError("not the kind of encoder this mapping is for")
    encoder = specs.TransformerEncoderSpec(
        config["num_hidden_layers"],
        config["num_attention_heads"],
        pre_norm=False,
        activation=specs.Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=specs.EmbeddingsMerge.ADD,
    )
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = _copy(weights["embeddings.word_embeddings.weight"])
    encoder.embeddings[1].weight = _copy(weights["embeddings.token_type_embeddings.weight"])
    encoder.position_encodings.encodings = _copy(weights["embeddings.position_embeddings.weight"])
    _norm(encoder.layernorm_embedding, weights, "embeddings.LayerNorm")
    for number, layer in enumerate(encoder.layer):
        _layer(layer, weights, f"encoder.layer.{number}")
    return specs.TransformerEncoderModelSpec(encoder)


def _layer(layer: Any, weights: Mapping[str, Array], name: str) -> None:
    """Fill one layer; query, key and value become one matrix, as CTranslate2 wants them."""
    parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
    fused = layer.self_attention.linear[0]
    fused.weight = np.concatenate([_copy(weights[f"{part}.weight"]) for part in parts])
    fused.bias = np.concatenate([_copy(weights[f"{part}.bias"]) for part in parts])
    _linear(layer.self_attention.linear[1], weights, f"{name}.attention.output.dense")
    _norm(layer.self_attention.layer_norm, weights, f"{name}.attention.output.LayerNorm")
    _linear(layer.ffn.linear_0, weights, f"{name}.intermediate.dense")
    _linear(layer.ffn.linear_1, weights, f"{name}.output.dense")
    _norm(layer.ffn.layer_norm, weights, f"{name}.output.LayerNorm")


def _linear(spec: Any, weights: Mapping[str, Array], name: str) -> None:
    spec.weight = _copy(weights[f"{name}.weight"])
    spec.bias = _copy(weights[f"{name}.bias"])


def _norm(spec: Any, weights: Mapping[str, Array], name: str) -> None:
    spec.gamma = _copy(weights[f"{name}.weight"])
    spec.beta = _copy(weights[f"{name}.bias"])


def _copy(tensor: Array) -> Array:
    return np.array(tensor, dtype=np.float32)
