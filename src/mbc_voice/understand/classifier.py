"""A linear classifier: ridge regression onto one column per class, with exact held-out scores.

Owns the fitting. Chosen over logistic regression because it is solved in one step, and because
leaving examples out needs no second fit: with the hat matrix H, a fit without the block B gives B
the scores Y - (I - H_BB)^-1 (Y - HY), taken at B (Cook and Weisberg 1982, "Residuals and influence
in regression"). Pure; any thread.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.intp]

PENALTY = 0.4
"""Ridge penalty, chosen on held-out wordings of the content."""

_CHUNK = 512


def fit(
    rows: Floats, targets: Floats, blocks: Sequence[Numbers], penalty: float = PENALTY
) -> tuple[Floats, Floats, Floats]:
    """Return the weights (d, classes), and two tables of held-out scores (n, classes).

    `rows` (n, d) and `targets` (n, classes) are scaled by the square root of each example's
    weight, and so are the scores: the first table from fits without the one example, the second
    from fits without its block; zeros for rows in no block.
    """
    gram = rows.T @ rows
    gram[np.diag_indices(len(gram))] += penalty
    inverse = np.linalg.inv(gram)
    weights = inverse @ (rows.T @ targets)
    residuals = targets - rows @ weights
    leverage = np.concatenate(
        [
            np.einsum("nd,nd->n", part @ inverse, part)
            for part in np.array_split(rows, -(-len(rows) // _CHUNK))
        ]
    )
    alone = targets - residuals / np.maximum(1.0 - leverage, 1e-4)[:, None]
    together = np.zeros_like(targets)
    for block in blocks:
        kept = np.eye(len(block), dtype=np.float32) - rows[block] @ inverse @ rows[block].T
        together[block] = targets[block] - np.linalg.solve(kept, residuals[block])
    return weights, alone, together


def softmax(scores: Floats, sharpness: float) -> Floats:
    """Return shares that add up to 1 along the last axis."""
    powers = np.exp(sharpness * (scores - scores.max(axis=-1, keepdims=True)))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)
