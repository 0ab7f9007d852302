"""Many texts as rows of numbers, kept small: the embeddings as they are, the n-grams sparsely.

Owns the one place where more rows are held than one question's. A text uses about a twentieth of
the columns, so that ten thousand wordings take a tenth of what whole rows would. Read-only after
construction; any thread may ask it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from mbc_voice.understand.features import WIDTH, Features, count_grams
from mbc_voice.understand.terms import Terms

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.intp]

_CHUNK = 256


class Table:
    """The rows that `Features.rows` would give, made whole a few at a time."""

    def __init__(self, texts: Sequence[str], terms: Terms, embeddings: Floats | None) -> None:
        """Count the n-grams of normalised `texts`, at least one; learn how rare each is."""
        self._embeddings = embeddings
        self._width = 0 if embeddings is None else embeddings.shape[1]
        starts: list[int] = [0]
        columns: list[npt.NDArray[np.uint16]] = []
        counts: list[Floats] = []
        used = np.zeros(WIDTH)
        for start in range(0, len(texts), _CHUNK):
            chunk = count_grams(texts[start : start + _CHUNK], terms)
            rows, places = np.nonzero(chunk)
            used += np.bincount(places, minlength=WIDTH)
            starts += (starts[-1] + np.cumsum(np.bincount(rows, minlength=len(chunk)))).tolist()
            columns.append(places.astype(np.uint16))
            counts.append(chunk[rows, places])
        self._starts = np.array(starts, np.intp)
        self._columns, self._weights = np.concatenate(columns), np.concatenate(counts)
        self.rarity = np.asarray(np.log((1 + len(texts)) / (1 + used)) + 1, np.float32)
        """What `Features` needs: the inverse document frequency of each column of n-grams."""
        self._weigh(Features(terms, self.rarity))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns, the constant's included."""
        return len(self._starts) - 1, self._width + WIDTH + 1

    def __getitem__(self, chosen: Numbers) -> Floats:
        """Return the chosen rows, whole: (m, columns)."""
        rows = np.ones((len(chosen), self.shape[1]), np.float32)
        if self._embeddings is not None:
            rows[:, : self._width] = self._embeddings[chosen]
        rows[:, self._width : -1] = self._grams(chosen)
        return rows

    def sketch(self) -> Floats:
        """Return vectors of length 1 for nearness where there are no embeddings: (n, 1024)."""
        return np.vstack([Features.sketch(self._grams(chunk)) for chunk in self._chunks()])

    def _weigh(self, features: Features) -> None:
        """Turn the counts into weights."""
        for chunk in self._chunks():
            grams = self._grams(chunk)
            features.weigh(grams)
            bounds = self._starts[chunk[0] : chunk[-1] + 2]
            rows, kept = np.repeat(chunk - chunk[0], np.diff(bounds)), slice(bounds[0], bounds[-1])
            self._weights[kept] = grams[rows, self._columns[kept]]

    def _grams(self, chosen: Numbers) -> Floats:
        grams = np.zeros((len(chosen), WIDTH), np.float32)
        for row, number in zip(grams, chosen.tolist(), strict=True):
            kept = slice(self._starts[number], self._starts[number + 1])
            row[self._columns[kept]] = self._weights[kept]
        return grams

    def _chunks(self) -> Iterator[Numbers]:
        for start in range(0, self.shape[0], _CHUNK):
            yield np.arange(start, min(start + _CHUNK, self.shape[0]))
