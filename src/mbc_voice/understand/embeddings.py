"""Sentence embeddings: text to points in a space where close means alike.

Owns the `Embedder` Protocol and its one engine, MiniLM by CTranslate2. Any thread may use an
embedder: the loop interprets what was heard, and the recognizer's thread whether it was all.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from mbc_voice.errors import ModelError

Floats = npt.NDArray[np.float32]

BATCH = 32
"""Texts run at once; more would only cost memory on one core."""

MOST_ABREAST = 2
"""Batches run side by side while a library is learnt: it takes half the time on two cores."""


class Embedder(Protocol):
    """Something that turns texts into vectors."""

    @property
    def name(self) -> str:
        """Name and version of the model, for whoever caches what it made."""
        ...

    def knows(self, word: str) -> bool:
        """Return whether the model was taught this as a whole word: common English."""
        ...

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one vector of length 1 per text: (n, d) float32."""
        ...


class MiniLmEmbedder:
    """all-MiniLM-L6-v2: 384 numbers a text, the mean over its tokens, scaled to length 1.

    Pooling and the limit of tokens are those of the published sentence-transformers model.
    """

    name = "minilm-l6"
    dimensions = 384
    max_tokens = 128

    def __init__(self, model_dir: Path, abreast: int | None = None) -> None:
        """Load the folder that `models.minilm.convert` wrote.

        Many texts run on so many threads `abreast`: on two, if the computer has them.

        Raises `ModelError` if it is missing or can't be loaded.
        """
        import ctranslate2
        from tokenizers import Tokenizer

        self._abreast = abreast or min(MOST_ABREAST, os.cpu_count() or 1)
        try:
            self._encoder = ctranslate2.Encoder(
                str(model_dir), device="cpu", intra_threads=1, inter_threads=self._abreast
            )
            self._tokenizer = Tokenizer.from_file(str(model_dir / "tokenizer.json"))
        except Exception as error:  # both libraries raise bare Exceptions and RuntimeErrors
            raise ModelError(
                f"The sentence model in {model_dir} can't be loaded. "
                "Type: mbc-voice models install minilm-l6"
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self.max_tokens)

    def knows(self, word: str) -> bool:
        """Return whether this is one of the 22,000 whole words that the model was taught."""
        return word.isalpha() and self._tokenizer.token_to_id(word) is not None

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one vector of length 1 per text: (n, 384) float32."""
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        by_length = sorted(range(len(texts)), key=lambda row: len(tokens[row]))
        batches = [by_length[start : start + BATCH] for start in range(0, len(texts), BATCH)]
        if len(batches) < 2 or self._abreast < 2:
            for batch in batches:
                rows[batch] = self._pooled([tokens[row] for row in batch])
            return rows
        with ThreadPoolExecutor(self._abreast) as pool:
            pooled = pool.map(lambda batch: self._pooled([tokens[row] for row in batch]), batches)
            for batch, found in zip(batches, pooled, strict=True):
                rows[batch] = found
        return rows

    def _pooled(self, tokens: list[list[int]]) -> Floats:
        types = [[0] * len(ids) for ids in tokens]
        output = self._encoder.forward_batch(tokens, token_type_ids=types)
        states = np.array(output.last_hidden_state)
        means = np.stack([states[row, : len(ids)].mean(axis=0) for row, ids in enumerate(tokens)])
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        return np.asarray(means / np.maximum(lengths, 1e-12), np.float32)
