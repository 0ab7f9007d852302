"""The matcher: from a question's words to how likely each topic and referral is.

Owns the features and the trained classifier of one library. Read-only after construction; one
thread asks it, the one that interprets.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mbc_voice.library import Library
from mbc_voice.understand import cache
from mbc_voice.understand.classifier import softmax
from mbc_voice.understand.embeddings import Embedder
from mbc_voice.understand.features import WIDTH, Features
from mbc_voice.understand.recover import Recovered
from mbc_voice.understand.signals import SHARPNESS, Familiar, Nearness, blended, read_signals
from mbc_voice.understand.table import Table
from mbc_voice.understand.terms import Terms
from mbc_voice.understand.training import in_class_order, train
from mbc_voice.understand.wordings import Kind, Wording, wordings

Floats = npt.NDArray[np.float32]

RANKED = 5
"""How many topics a match lists."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a question looks like to the classifier."""

    topics: tuple[tuple[str, float], ...]
    """The likeliest topics, best first, with their shares of all that could be meant."""
    first: float
    """The chance that the first of them is right."""
    any: float
    """The chance that one of the first three is."""
    others: dict[Kind, tuple[str, float]]
    """The likeliest referral, command and urgent sign with their shares, where there are any."""
    nearest: tuple[str, float]
    """The example of the first topic that is nearest, and its cosine."""
    near_referral: float = 1.0
    """The greatest cosine to an example of the likeliest referral."""
    urgent: float = 0.0
    """The shares of all urgent signs together."""
    recovered: tuple[Recovered, ...] = ()
    """The names that were put right before."""

    def rival_of(self, kind: Kind) -> float:
        """Return the greatest share among all that is not of this kind."""
        shares = [share for other, (_, share) in self.others.items() if other != kind]
        return max([self.topics[0][1], *shares])


class Matcher:
    """The library's wordings, learnt."""

    def __init__(
        self, library: Library, terms: Terms, embedder: Embedder | None, folder: Path | None = None
    ) -> None:
        """Learn the library, or read from `folder` what was learnt from the same library before."""
        self.embeds = embedder is not None
        """Whether sentence embeddings help; without them only letters and words do."""
        self._embedder = embedder
        self._examples, self._layout = in_class_order(wordings(library))
        texts = [example.text for example in self._examples]
        name = embedder.name if embedder else "no-embedder"
        key = cache.key_of(self._examples, terms.topics, name)
        trained = cache.load(folder, key)
        if trained is None:
            embedded = self._embedded(texts, cache.vectors(folder, name)) if embedder else None
            table = Table(texts, terms, embedded)
            near = table.sketch() if embedded is None else embedded
            trained = train(self._examples, self._layout, table.rarity, table, near)
            cache.save(folder, key, name, texts, trained)
        self._trained = trained
        self._features = Features(terms, trained.rarity)
        self._familiar = Familiar(texts)
        self._nearness = Nearness(self._layout, trained.near)
        self._kinds = self._layout.others()

    @property
    def examples(self) -> tuple[Wording, ...]:
        """What it has learnt from."""
        return self._examples

    def match(self, words: str) -> Match:
        """Return what normalised `words`, at least one, are likely to mean."""
        near, grams = self._vectors(words)
        nearness, strange = self._nearness.of(near), [self._familiar.strange(words)]
        scores = blended(self._scores(near, grams), nearness)
        signals, ranked = read_signals(self._layout, scores, nearness, [words], strange)
        shares = softmax(scores[0], SHARPNESS)
        first = float(self._trained.first.of(signals)[0])
        return Match(
            topics=tuple(
                (self._layout.classes[number].id, float(shares[number]))
                for number in ranked[0, :RANKED]
            ),
            first=first,
            any=max(first, float(self._trained.any.of(signals)[0])),
            others=self._others(shares),
            nearest=self._nearest(int(ranked[0, 0]), near[0]),
            near_referral=self._near_referral(shares, nearness[0]),
            urgent=float(shares[self._kinds["urgent"]].sum()) if "urgent" in self._kinds else 0.0,
        )

    def _embedded(self, texts: list[str], known: dict[int, Floats]) -> Floats:
        """Return the embeddings of all texts; those that were `known` need no work."""
        assert self._embedder is not None
        codes = [cache.code_of(text) for text in texts]
        new = [place for place, code in enumerate(codes) if code not in known]
        made = dict(zip(new, self._embedder.embed([texts[place] for place in new]), strict=True))
        return np.stack([made[n] if n in made else known[code] for n, code in enumerate(codes)])

    def _vectors(self, words: str) -> tuple[Floats, Floats]:
        """Return the vector by which nearness is measured, and the n-grams, one row each."""
        grams = self._features.grams([words])
        return self._embedder.embed([words]) if self._embedder else Features.sketch(grams), grams

    def _scores(self, near: Floats, grams: Floats) -> Floats:
        """Return the classifier's scores: (1, classes); few of the n-grams' columns are used."""
        weights = self._trained.weights
        used = np.flatnonzero(grams[0])
        scores: Floats = weights[-1] + grams[:, used] @ weights[-WIDTH - 1 : -1][used]
        return scores + near @ weights[: -WIDTH - 1] if self._embedder else scores

    def _near_referral(self, shares: Floats, nearness: Floats) -> float:
        places = self._kinds.get("referral")
        return float(nearness[places[shares[places].argmax()]]) if places is not None else 0.0

    def _others(self, shares: Floats) -> dict[Kind, tuple[str, float]]:
        best = {kind: places[shares[places].argmax()] for kind, places in self._kinds.items()}
        return {
            kind: (self._layout.classes[place].id, float(shares[place]))
            for kind, place in best.items()
        }

    def _nearest(self, topic: int, vector: Floats) -> tuple[str, float]:
        place = self._layout.examples_of(topic)
        cosines = self._trained.near[place] @ vector
        best = int(cosines.argmax())
        return self._examples[place.start + best].text, float(cosines[best])
