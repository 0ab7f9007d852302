"""Texts as rows of numbers: sentence embedding, letters, words and the terms they hold.

Owns the hashing of n-grams (Weinberger et al. 2009, "Feature hashing": a second hash gives the
sign, so that collisions cancel out) and their weights by rarity (TF-IDF). Read-only after
construction; any thread may ask it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from mbc_voice.understand.terms import Terms
from mbc_voice.understand.vocabulary import stem

Floats = npt.NDArray[np.float32]

LETTER_COLUMNS = 1024
WORD_COLUMNS = 1024
WIDTH = LETTER_COLUMNS + WORD_COLUMNS
_SHORTEST, _LONGEST = 3, 5
_MAX_WORDS = 200
_DRUG = "<term>"


class Features:
    """A fixed number of columns: the embedding's, then letters, words and a constant."""

    def __init__(self, terms: Terms, rarity: Floats) -> None:
        """Use the inverse document frequency of each column of n-grams, (`WIDTH`,)."""
        self._terms = terms
        self._rarity = rarity

    def grams(self, texts: Sequence[str]) -> Floats:
        """Return the columns of n-grams of normalised texts: (n, `WIDTH`)."""
        grams = count_grams(texts, self._terms)
        self.weigh(grams)
        return grams

    def weigh(self, counts: Floats) -> None:
        """Turn counts of n-grams (n, `WIDTH`) into weights, in place; both parts have length 1."""
        counts[:] = np.sign(counts) * np.log1p(np.abs(counts)) * self._rarity
        for part in (slice(0, LETTER_COLUMNS), slice(LETTER_COLUMNS, None)):
            lengths = np.linalg.norm(counts[:, part], axis=1, keepdims=True)
            counts[:, part] /= np.maximum(lengths, 1e-9)

    @staticmethod
    def sketch(grams: Floats) -> Floats:
        """Return vectors of length 1 for nearness where there are no embeddings: (n, 1024)."""
        letters = grams[:, :LETTER_COLUMNS]
        lengths = np.maximum(np.linalg.norm(letters, axis=1, keepdims=True), 1e-9)
        return np.asarray(letters / lengths, np.float32)


def count_grams(texts: Sequence[str], terms: Terms) -> Floats:
    """Return how often each n-gram of normalised texts occurs, signed: (n, `WIDTH`)."""
    counts = np.zeros((len(texts), WIDTH), np.float32)
    for row, text in zip(counts, texts, strict=True):
        _hash_into(row[:LETTER_COLUMNS], letter_grams(text))
        _hash_into(row[LETTER_COLUMNS:], word_grams(text, terms))
    return counts


def word_grams(words: str, terms: Terms) -> Iterator[str]:
    """Yield stems, pairs of stems, and the same with every telling term made one word.

    The latter let "what is the dose of letrozole" say something about every drug's dose; the
    topics that speak of a term stand in for a term that no example question holds.
    """
    spoken = words.split()[:_MAX_WORDS]
    stems = [stem(word) for word in spoken]
    yield from _with_pairs(stems)
    found = [item for item in terms.find(" ".join(spoken)) if item.end <= len(spoken)]
    if not found:
        return
    for item in reversed(found):
        stems[item.start : item.end] = [_DRUG]
        if terms.is_telling(item.term):
            yield from (f"spoken of in {topic}" for topic in terms.topics[item.term])
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


def _hash_into(row: Floats, grams: Iterator[str]) -> None:
    for gram in grams:
        code = zlib.crc32(gram.encode("utf-8", "surrogatepass"))
        row[code % len(row)] += 1.0 if code & 0x10000000 else -1.0
