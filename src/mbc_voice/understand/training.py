"""Fitting the matcher to a library: weights, and what its scores are worth on held-out wordings.

Owns the one way from wordings to a `Trained`. Deterministic; runs once per library and model, a
few seconds on one core, so that `cache` may keep the outcome. Any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mbc_voice.understand import calibration, classifier
from mbc_voice.understand.calibration import Chance
from mbc_voice.understand.classifier import Rows
from mbc_voice.understand.signals import Familiar, Layout, Nearness, blended, read_signals
from mbc_voice.understand.wordings import Label, Wording

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.intp]

UNCOVERED = 0.4
"""How much of what people say is assumed to be outside the topics, when scores are calibrated."""

CALIBRATED = 8_000
"""Examples at most that the scores are calibrated on, so that a huge library stays quick."""

_CHUNK = 512


@dataclass(frozen=True, slots=True)
class Trained:
    """What fitting gives; plain arrays, so that it can be kept on disk."""

    weights: Floats
    """(columns, classes)"""
    rarity: Floats
    """What `features.Features` needs: (columns of n-grams,)"""
    near: Floats
    """(wordings, width): what the nearness to each wording is measured by."""
    first: Chance
    """The chance that the best topic is right."""
    any: Chance
    """The chance that one of the three best topics is right."""


def train(
    examples: Sequence[Wording], layout: Layout, rarity: Floats, rows: Rows, near: Floats
) -> Trained:
    """Return the classifier fitted to `examples`, with scores calibrated on held-out ones.

    `rows` (n, d) are their features, made with `rarity`, and `near` (n, width) vectors of length 1,
    in order of class as `layout` has them. Examples are scored by a fit without them; those outside
    the topics also by a fit without their whole class, which stands for the kinds of question that
    nobody thought of.
    """
    classes = np.repeat(np.arange(len(layout.classes), dtype=np.intp), layout.counts)
    weight = np.array([example.weight for example in examples], np.float32)
    ridge = classifier.Ridge(rows, classes, weight, len(layout.classes))
    held_out = _HeldOut(examples, layout, near)
    whole = _spread(np.flatnonzero(weight == 1.0))
    known, best = held_out.signals(np.array_split(whole, -(-len(whole) // _CHUNK)), ridge.alone)
    outside = [block for block in layout.blocks() if classes[block[0]] >= layout.topics]
    never: list[npt.NDArray[np.float64]] = []
    if outside:
        never.append(held_out.signals(outside, ridge.together, hide_class=True)[0])
    right_first, right_any = _right(best, classes[whole])
    signals = np.vstack([known, *never])
    unknown = np.zeros(len(signals) - len(known), bool)
    shares = _shares(classes[whole] < layout.topics, len(unknown))
    return Trained(
        weights=ridge.weights,
        rarity=rarity,
        near=near,
        first=calibration.fit(signals, np.concatenate([right_first, unknown]), shares),
        any=calibration.fit(signals, np.concatenate([right_any, unknown]), shares),
    )


class _HeldOut:
    """The signals of examples as if they, or their classes, were not there."""

    def __init__(self, examples: Sequence[Wording], layout: Layout, near: Floats) -> None:
        self._examples, self._layout = examples, layout
        self._nearness = Nearness(layout, near)
        self._familiar = Familiar(example.text for example in examples)

    def signals(
        self,
        blocks: Sequence[Numbers],
        score: Callable[[Numbers], Floats],
        hide_class: bool = False,
    ) -> tuple[npt.NDArray[np.float64], Numbers]:
        """Return the signals of all blocks' examples in a row, and their three best topics."""
        found = [self._block(block, score(block), hide_class) for block in blocks]
        return np.vstack([one for one, _ in found]), np.vstack([best for _, best in found])

    def _block(
        self, block: Numbers, scores: Floats, hide_class: bool
    ) -> tuple[npt.NDArray[np.float64], Numbers]:
        nearness = self._nearness.held_out(block, hide_class)
        texts = [self._examples[row].text for row in block.tolist()]
        strange = [self._familiar.strange(text, held_out=True) for text in texts]
        signals, ranked = read_signals(
            self._layout, blended(scores, nearness), nearness, texts, strange
        )
        return signals, ranked[:, :3]


def _spread(rows: Numbers) -> Numbers:
    """Return at most `CALIBRATED` of the rows, evenly spread over all of them."""
    return rows[:: max(1, -(-len(rows) // CALIBRATED))]


def _right(best: Numbers, classes: Numbers) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    hits = best == classes[:, None]
    return hits[:, 0], hits.any(axis=1)


def _shares(is_topic: npt.NDArray[np.bool_], unknown: int) -> npt.NDArray[np.float64]:
    """Return weights by which `UNCOVERED` of all examples lie outside the topics.

    Half of these are of a kind that was never seen.
    """
    inside, outside = int(is_topic.sum()), int((~is_topic).sum())
    seen = np.where(is_topic, (1 - UNCOVERED) / max(inside, 1), UNCOVERED / 2 / max(outside, 1))
    unseen = np.full(unknown, UNCOVERED / 2 / max(unknown, 1))
    shares = np.concatenate([seen, unseen])
    return np.asarray(shares * len(shares) / shares.sum(), np.float64)


def in_class_order(examples: Sequence[Wording]) -> tuple[tuple[Wording, ...], Layout]:
    """Return the examples sorted by class, topics first, and the layout of their classes."""
    classes = tuple(sorted(dict.fromkeys(example.label for example in examples), key=_topics_first))
    place = {label: number for number, label in enumerate(classes)}
    ordered = tuple(sorted(examples, key=lambda example: place[example.label]))
    counts = [0] * len(classes)
    for example in ordered:
        counts[place[example.label]] += 1
    return ordered, Layout(classes, tuple(counts))


def _topics_first(label: Label) -> bool:
    return label.kind != "topic"
