"""From raw scores to honest chances: a logistic regression on a few signals.

Owns the fitting and the use of one such regression (Platt 1999, "Probabilistic outputs for support
vector machines", with several signals in place of one score). Pure; any thread may call it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_PENALTY = 1.0
_STEPS = 25


@dataclass(frozen=True, slots=True)
class Chance:
    """A fitted regression: signals to a chance from 0 to 1."""

    mean: Floats
    scale: Floats
    weights: Floats
    """The last one is the constant's."""

    def of(self, signals: Floats) -> Floats:
        """Return the chance for each row of `signals` (n, k): (n,)."""
        return _logistic(_columns(signals, self.mean, self.scale) @ self.weights)


def fit(signals: Floats, happened: npt.NDArray[np.bool_], weights: Floats) -> Chance:
    """Return the regression of `happened` (n,) on `signals` (n, k), by Newton's method."""
    mean, scale = signals.mean(axis=0), np.maximum(signals.std(axis=0), 1e-6)
    columns = _columns(signals, mean, scale)
    target = happened.astype(np.float64)
    penalty = np.full(columns.shape[1], _PENALTY)
    penalty[-1] = 1e-6
    solution = np.zeros(columns.shape[1])
    for _ in range(_STEPS):
        chance = _logistic(columns @ solution)
        slope = columns.T @ (weights * (chance - target)) + penalty * solution
        bend = (columns * (weights * chance * (1 - chance))[:, None]).T @ columns
        solution = solution - np.linalg.solve(bend + np.diag(penalty), slope)
    return Chance(mean, scale, solution)


def _columns(signals: Floats, mean: Floats, scale: Floats) -> Floats:
    return np.hstack([(signals - mean) / scale, np.ones((len(signals), 1))])


def _logistic(values: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -30.0, 30.0))), np.float64)
