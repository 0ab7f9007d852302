from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bert_reference import sentence_vector, tiny_bert
from mbc_voice.errors import ModelError
from mbc_voice.models.minilm import TARGET_FILES, convert, read_safetensors
from mbc_voice.understand.embeddings import MiniLmEmbedder

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "models" / "minilm-l6-source"
MODEL = ROOT / "models" / "minilm-l6"


class TinyEmbedder(MiniLmEmbedder):
    dimensions = 16


def test_the_conversion_computes_what_bert_computes(tmp_path: Path) -> None:
    """A converted encoder gives the same vectors as BERT's formulas written out in numpy."""
    words = tiny_bert(tmp_path / "source")
    convert(tmp_path / "source", tmp_path / "model", quantization="float32")
    embedder = TinyEmbedder(tmp_path / "model")
    texts = ["does it spread to the bones", "the bones", "it"]
    weights = read_safetensors(tmp_path / "source" / "model.safetensors")
    expected = [
        sentence_vector(weights, [words.index(word) for word in text.split()], layers=2, heads=2)
        for text in texts
    ]
    np.testing.assert_allclose(embedder.embed(texts), np.stack(expected), atol=1e-5)


def test_a_second_conversion_replaces_the_first(tmp_path: Path) -> None:
    """Converting twice leaves one complete model and nothing half-written."""
    tiny_bert(tmp_path / "source")
    convert(tmp_path / "source", tmp_path / "model", quantization="float32")
    convert(tmp_path / "source", tmp_path / "model", quantization="float32")
    assert sorted(path.name for path in (tmp_path / "model").iterdir()) == sorted(TARGET_FILES)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    """A source without one of its files is refused by that file's name."""
    tiny_bert(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ModelError, match=name):
        convert(tmp_path, tmp_path / "model")


@pytest.mark.parametrize("kept", [0, 4, 8, 20, 300, -1])
def test_a_truncated_file_is_refused(tmp_path: Path, kept: int) -> None:
    """A safetensors file that was cut off anywhere raises one clear error."""
    tiny_bert(tmp_path)
    path = tmp_path / "model.safetensors"
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ModelError, match="Install"):
        convert(tmp_path, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_another_kind_of_model_is_refused(tmp_path: Path) -> None:
    """A model that isn't BERT is refused instead of being converted wrongly."""
    tiny_bert(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "model_type": "gpt2"}))
    with pytest.raises(ModelError, match="another kind"):
        convert(tmp_path, tmp_path / "model")


def test_a_folder_without_a_model_says_what_to_type(tmp_path: Path) -> None:
    """Loading from an empty folder names the command that installs the model."""
    with pytest.raises(ModelError, match="mbc-voice models install minilm-l6"):
        MiniLmEmbedder(tmp_path)


PUBLISHED = ("what helps when the bones hurt", "hormones", "my sister lives far away in the hills")

FULL_PRECISION = [
    [-0.0227, 0.0279, 0.0249, -0.0442, 0.0452, 0.0181, 0.0632, -0.0563],
    [-0.0507, 0.0289, -0.0805, -0.0108, 0.0101, 0.0106, 0.0021, -0.0412],
    [0.0007, 0.0250, 0.0312, 0.0105, -0.0478, -0.0670, 0.0648, -0.0259],
]
"""Every eighth of the first 64 numbers for `PUBLISHED`, from the published weights by BERT's
formulas (`bert_reference`)."""


@pytest.mark.engine
def test_the_small_model_gives_the_published_numbers() -> None:
    """The installed int8 model lies within rounding of the published weights' own results."""
    vectors = MiniLmEmbedder(MODEL).embed(PUBLISHED)
    assert vectors.shape == (3, 384)
    np.testing.assert_allclose(vectors[:, :64:8], FULL_PRECISION, atol=0.02)


@pytest.mark.engine
def test_the_small_model_agrees_with_the_published_weights() -> None:
    """The int8 model's vectors lie within a cosine of 0.99 of BERT's formulas in full precision."""
    if not SOURCE.is_dir() or not MODEL.is_dir():
        pytest.skip("the model minilm-l6 and its source are not installed")
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(SOURCE / "tokenizer.json"))
    tokenizer.no_padding()
    weights = read_safetensors(SOURCE / "model.safetensors")
    expected = [
        sentence_vector(weights, tokenizer.encode(text).ids, layers=6, heads=12)
        for text in PUBLISHED
    ]
    cosines = (MiniLmEmbedder(MODEL).embed(PUBLISHED) * np.stack(expected)).sum(axis=1)
    assert cosines.min() >= 0.99


@pytest.mark.engine
def test_the_order_and_the_batch_do_not_matter() -> None:
    """A text's vector is the same whichever texts are embedded with it."""
    if not MODEL.is_dir():
        pytest.skip("the model minilm-l6 is not installed")
    embedder = MiniLmEmbedder(MODEL)
    texts = ["the liver", "a much longer text about how somebody sleeps at night", "", "🙂"]
    together = embedder.embed(texts)
    alone = np.concatenate([embedder.embed([text]) for text in texts])
    assert ((together * alone).sum(axis=1) > 0.99).all()
    assert embedder.embed([]).shape == (0, 384)
