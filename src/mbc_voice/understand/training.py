"""Fitting the matcher to a library: weights, and what its scores are worth on held-out wordings.

Owns the one way from wordings to a `Trained`. Deterministic; runs once per library and model, a
few seconds on one core, so that `cache` may keep the outcome. Any thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mbc_voice.understand import calibration, classifier
from mbc_voice.understand.calibration import Chance
from mbc_voice.understand.signals import Familiar, Layout, Nearness, blended, read_signals
from mbc_voice.understand.wordings import Label, Wording

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.intp]

UNCOVERED = 0.4
"""How much of what people say is assumed to be outside the topics, when scores are calibrated."""


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
    examples: Sequence[Wording], layout: Layout, rarity: Floats, rows: Floats, near: Floats
) -> Trained:
    """Return the classifier fitted to `examples`, with scores calibrated on held-out ones.

    `rows` (n, d) are their features, made with `rarity`, and `near` (n, width) vectors of length 1,
    in order of class as `layout` has them; `rows` is changed in place, to save memory. Each example
    is scored by a fit without it; each one outside the topics also by a fit without its whole
    class, which stands for the kinds of question that nobody thought of.
    """
    classes = np.array([layout.classes.index(example.label) for example in examples], np.intp)
    weight = np.array([example.weight for example in examples], np.float32)
    scale = np.sqrt(weight)[:, None]
    targets = np.zeros((len(examples), len(layout.classes)), np.float32)
    targets[np.arange(len(examples)), classes] = 1.0
    outside = [block for block in layout.blocks() if classes[block[0]] >= layout.topics]
    rows *= scale
    weights, alone, strangers = classifier.fit(rows, targets * scale, outside)
    whole = np.flatnonzero(weight == 1.0)
    unknown = np.intersect1d(np.concatenate(outside), whole) if outside else whole[:0]
    known = _signals(
        examples, layout, near, np.asarray(alone / scale, np.float32), whole, hide_class=False
    )
    strange = _signals(
        examples, layout, near, np.asarray(strangers / scale, np.float32), unknown, hide_class=True
    )
    right_first, right_any = _right(known[1], classes[whole])
    never = np.zeros(len(unknown), bool)
    signals = np.vstack([known[0], strange[0]])
    shares = _shares(classes[whole] < layout.topics, len(unknown))
    return Trained(
        weights=weights,
        rarity=rarity,
        near=near,
        first=calibration.fit(signals, np.concatenate([right_first, never]), shares),
        any=calibration.fit(signals, np.concatenate([right_any, never]), shares),
    )


def _signals(
    examples: Sequence[Wording],
    layout: Layout,
    near: Floats,
    scores: Floats,
    chosen: Numbers,
    hide_class: bool,
) -> tuple[npt.NDArray[np.float64], Numbers]:
    """Return the signals of held-out examples, and their three best topics."""
    nearness = Nearness(layout, near).held_out(chosen, hide_class)
    texts = [examples[row].text for row in chosen.tolist()]
    familiar = Familiar(example.text for example in examples)
    strange = [familiar.strange(text, held_out=True) for text in texts]
    signals, ranked = read_signals(
        layout, blended(scores[chosen], nearness), nearness, texts, strange
    )
    return signals, ranked[:, :3]


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
