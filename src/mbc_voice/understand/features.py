"""Texts as rows of numbers: sentence embedding, letters, words and the terms they hold.

Owns the hashing of n-grams (Weinberger et al. 2009, "Feature hashing": a second hash gives the
sign, so that collisions cancel out) and their weights by rarity (TF-IDF). Read-only after
construction; any thread may ask it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from mbc_voice.understand.terms import Terms
from mbc_voice.understand.vocabulary import stem

Floats = npt.NDArray[np.float32]

LETTER_COLUMNS = 1024
WORD_COLUMNS = 1024
_SHORTEST, _LONGEST = 3, 5
_MAX_WORDS = 200
_DRUG = "<term>"


class Features:
    """A fixed number of columns: letters, words and a constant, after the embedding's."""

    def __init__(self, terms: Terms, texts: Sequence[str]) -> None:
        """Learn from normalised `texts` how rare each n-gram is."""
        self._terms = terms
        self._letters = _rarity(_hashed(texts, letter_grams, LETTER_COLUMNS))
        self._words = _rarity(_hashed(texts, self.word_grams, WORD_COLUMNS))

    def rows(self, texts: Sequence[str], embeddings: Floats | None) -> Floats:
        """Return one row per normalised text: (n, d) float32; the parts have length 1 each."""
        parts = [
            _weighted(_hashed(texts, letter_grams, LETTER_COLUMNS), self._letters),
            _weighted(_hashed(texts, self.word_grams, WORD_COLUMNS), self._words),
            np.ones((len(texts), 1), np.float32),
        ]
        return np.hstack(parts if embeddings is None else [embeddings, *parts])

    @staticmethod
    def sketch(rows: Floats) -> Floats:
        """Return vectors of length 1 for nearness where there are no embeddings: (n, 1536)."""
        letters = rows[:, :LETTER_COLUMNS]
        lengths = np.maximum(np.linalg.norm(letters, axis=1, keepdims=True), 1e-9)
        return np.asarray(letters / lengths, np.float32)

    def word_grams(self, words: str) -> Iterator[str]:
        """Yield stems, pairs of stems, and the same with every telling term made one word.

        The latter let "what is the dose of letrozole" say something about every drug's dose; the
        topics that speak of a term stand in for a term that no example question holds.
        """
        spoken = words.split()[:_MAX_WORDS]
        stems = [stem(word) for word in spoken]
        yield from _with_pairs(stems)
        found = [item for item in self._terms.find(" ".join(spoken)) if item.end <= len(spoken)]
        if not found:
            return
        for item in reversed(found):
            stems[item.start : item.end] = [_DRUG]
            if self._terms.is_telling(item.term):
                yield from (f"spoken of in {topic}" for topic in self._terms.topics[item.term])
        for gram in _with_pairs(stems):
            if _DRUG in gram:
                yield gram


def letter_grams(words: str) -> Iterator[str]:
    """Yield the three to five letters in a row of each word, its edges marked by spaces."""
    for word in words.split()[:_MAX_WORDS]:
        edged = f" {word[:40]} "
        for length in range(_SHORTEST, _LONGEST + 1):
            yield from (edged[start : start + length] for start in range(len(edged) - length + 1))


def _with_pairs(words: list[str]) -> Iterator[str]:
    yield from words
    yield from (f"{one} {two}" for one, two in pairwise(words))


def _hashed(texts: Sequence[str], grams: Callable[[str], Iterator[str]], columns: int) -> Floats:
    """Return how often each n-gram occurs, signed, as (n, columns) float32."""
    rows = np.zeros((len(texts), columns), np.float32)
    for row, text in zip(rows, texts, strict=True):
        for gram in grams(text):
            code = zlib.crc32(gram.encode("utf-8", "surrogatepass"))
            row[code % columns] += 1.0 if code & 0x10000000 else -1.0
    return rows


def _rarity(counts: Floats) -> Floats:
    """Return the inverse document frequency of each column: (columns,) float32."""
    used = (counts != 0).sum(axis=0)
    return np.asarray(np.log((1 + len(counts)) / (1 + used)) + 1, np.float32)


def _weighted(counts: Floats, rarity: Floats) -> Floats:
    weighted = np.sign(counts) * np.log1p(np.abs(counts)) * rarity
    lengths = np.maximum(np.linalg.norm(weighted, axis=1, keepdims=True), 1e-9)
    return np.asarray(weighted / lengths, np.float32)
