"""A linear classifier: ridge regression onto one column per class, with exact held-out scores.

Owns the fitting. Chosen over logistic regression because it is solved in one step, and because
leaving examples out needs no second fit: with the hat matrix H, a fit without the block B gives B
the scores Y - (I - H_BB)^-1 (Y - HY), taken at B (Cook and Weisberg 1982, "Residuals and influence
in regression"). Time and memory grow with examples and with classes, never with their product.
Pure; any thread.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.intp]

_CHUNK = 512
_BLOCK = 128

PENALTY = 0.4
"""Ridge penalty, chosen on held-out wordings of the content."""


class Rows(Protocol):
    """Rows of numbers, given a few at a time."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        ...

    def __getitem__(self, chosen: Numbers, /) -> Floats:
        """Return the chosen rows: (m, columns)."""
        ...


class Ridge:
    """One fit. `weights` (columns, classes) turn rows into scores."""

    def __init__(
        self, rows: Rows, classes: Numbers, weight: Floats, count: int, penalty: float = PENALTY
    ) -> None:
        """Fit `rows` (n, d), the examples of `classes` (n,) out of `count`.

        `weight` (n,) is how much each example counts.
        """
        self._rows, self._classes = rows, classes
        self._root = np.sqrt(weight, dtype=np.float32)
        gram, sums = self._products(count)
        gram[np.diag_indices(len(gram))] += penalty
        invert(gram)
        self._inverse = gram.astype(np.float32)
        self.weights: Floats = self._inverse @ sums.T

    def _products(self, count: int) -> tuple[Doubles, Floats]:
        """Return rows times rows (d, d), and the sum of the rows of each class (count, d)."""
        examples, columns = self._rows.shape
        gram = np.zeros((columns, columns))
        sums = np.zeros((count, columns), np.float32)
        for start in range(0, examples, _CHUNK):
            chunk = np.arange(start, min(start + _CHUNK, examples))
            rows = self._scaled(chunk)
            gram += rows.T @ rows
            present, places = np.unique(self._classes[chunk], return_inverse=True)
            members = np.zeros((len(present), len(chunk)), np.float32)
            members[places, np.arange(len(chunk))] = self._root[chunk]
            sums[present] += members @ rows
        return gram, sums

    def _scaled(self, chosen: Numbers) -> Floats:
        return self._rows[chosen] * self._root[chosen][:, None]

    def alone(self, chosen: Numbers) -> Floats:
        """Return the scores of the chosen examples, each by a fit without it: (m, classes)."""
        rows = self._scaled(chosen)
        leverage = np.einsum("nd,nd->n", rows @ self._inverse, rows)
        targets, residuals = self._residuals(chosen, rows)
        return self._unscaled(
            targets - residuals / np.maximum(1.0 - leverage, 1e-4)[:, None], chosen
        )

    def together(self, block: Numbers) -> Floats:
        """Return the scores of a block of examples by a fit without all of it: (m, classes)."""
        rows = self._scaled(block)
        kept = np.eye(len(block), dtype=np.float32) - rows @ self._inverse @ rows.T
        targets, residuals = self._residuals(block, rows)
        return self._unscaled(targets - np.linalg.solve(kept, residuals), block)

    def _residuals(self, chosen: Numbers, rows: Floats) -> tuple[Floats, Floats]:
        targets = np.zeros((len(chosen), self.weights.shape[1]), np.float32)
        targets[np.arange(len(chosen)), self._classes[chosen]] = self._root[chosen]
        return targets, targets - rows @ self.weights

    def _unscaled(self, scores: Floats, chosen: Numbers) -> Floats:
        return np.asarray(scores / self._root[chosen][:, None], np.float32)


def invert(matrix: Doubles) -> None:
    """Turn a symmetric positive definite matrix into its inverse, in place.

    Gauss and Jordan's method by blocks. NumPy's own takes the room of four matrices more.
    """
    for start in range(0, len(matrix), _BLOCK):
        block = slice(start, start + _BLOCK)
        pivot = np.linalg.inv(matrix[block, block])
        across = pivot @ matrix[block]
        across[:, block] = pivot
        down = matrix[:, block].copy()
        matrix[:, block] = 0.0
        for first in range(0, len(matrix), _BLOCK):
            lines = slice(first, first + _BLOCK)
            matrix[lines] -= down[lines] @ across
        matrix[block] = across


def softmax(scores: Floats, sharpness: float) -> Floats:
    """Return shares that add up to 1 along the last axis."""
    powers = np.exp(sharpness * (scores - scores.max(axis=-1, keepdims=True)))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)
