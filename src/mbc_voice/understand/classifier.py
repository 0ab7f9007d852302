"""A linear classifier: ridge regression onto one column per class, with exact held-out scores.

Owns the fitting. Chosen over logistic regression because it is solved in one step, and because
leaving examples out needs no second fit: with the hat matrix H, a fit without the block B gives B
the scores Y - (I - H_BB)^-1 (Y - HY), taken at B (Cook and Weisberg 1982, "Residuals and influence
in regression"). Time and memory grow with examples and with classes, never with their product.
Pure; any thread.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.intp]

PENALTY = 0.4
"""Ridge penalty, chosen on held-out wordings of the content."""


class Ridge:
    """One fit. `weights` (columns, classes) turn rows into scores."""

    def __init__(
        self, rows: Floats, classes: Numbers, weight: Floats, count: int, penalty: float = PENALTY
    ) -> None:
        """Fit `rows` (n, d), the examples of `classes` (n,) out of `count`.

        `weight` (n,) is how much each example counts. `rows` is changed in place, to save memory.
        """
        self._root = np.sqrt(weight, dtype=np.float32)
        rows *= self._root[:, None]
        self._rows, self._classes = rows, classes
        gram = rows.T @ rows
        gram[np.diag_indices(len(gram))] += penalty
        self._inverse = np.linalg.inv(gram)
        sums = np.zeros((count, rows.shape[1]), np.float32)
        order = np.argsort(classes, kind="stable")
        bounds = np.searchsorted(classes[order], np.arange(count + 1))
        for number in range(count):
            block = order[bounds[number] : bounds[number + 1]]
            sums[number] = self._root[block] @ rows[block]
        self.weights: Floats = self._inverse @ sums.T

    def alone(self, chosen: Numbers) -> Floats:
        """Return the scores of the chosen examples, each by a fit without it: (m, classes)."""
        rows = self._rows[chosen]
        leverage = np.einsum("nd,nd->n", rows @ self._inverse, rows)
        targets, residuals = self._residuals(chosen)
        return self._unscaled(
            targets - residuals / np.maximum(1.0 - leverage, 1e-4)[:, None], chosen
        )

    def together(self, block: Numbers) -> Floats:
        """Return the scores of a block of examples by a fit without all of it: (m, classes)."""
        rows = self._rows[block]
        kept = np.eye(len(block), dtype=np.float32) - rows @ self._inverse @ rows.T
        targets, residuals = self._residuals(block)
        return self._unscaled(targets - np.linalg.solve(kept, residuals), block)

    def _residuals(self, chosen: Numbers) -> tuple[Floats, Floats]:
        targets = np.zeros((len(chosen), self.weights.shape[1]), np.float32)
        targets[np.arange(len(chosen)), self._classes[chosen]] = self._root[chosen]
        return targets, targets - self._rows[chosen] @ self.weights

    def _unscaled(self, scores: Floats, chosen: Numbers) -> Floats:
        return np.asarray(scores / self._root[chosen][:, None], np.float32)


def softmax(scores: Floats, sharpness: float) -> Floats:
    """Return shares that add up to 1 along the last axis."""
    powers = np.exp(sharpness * (scores - scores.max(axis=-1, keepdims=True)))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)
