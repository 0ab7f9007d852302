"""Whisper held to a set of phrases: for orders that are called out while it speaks.

A bare "louder" by a rough voice is written down as "laver". So a short segment that is no phrase is
searched a second time, with no other pieces of words than the phrases are made of. A phrase found
so is taken if the model finds it about as likely as the text it wrote freely. Speech that is no
order hardly ever comes near one (`benchmarks/orders.py`). Used by the recognizer's thread.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

LONGEST_S = 2.0
"""Orders are short; what is longer is left to the free search."""
SHORTEST_PHRASE, MOST_WORDS = 4, 3
"""Letters and words. "No" and "ta" are found in any sound."""
BEAM = 8
FARTHEST = 6.0
"""How much less likely than the free text (natural logarithm, all tokens together) a phrase may
be."""
LEAD = 0.7
"""How much more likely than the next one it must be."""
UNLIKELIEST = 1e-9
NEAR, LIKELY = 2.0, -4.0
"""How much less likely than one word of free text a phrase may be to count as heard instead, and
how likely it must be by itself. Where a "stop" over our voice was written down as "start" or
"stuff", that was at most 1.3 likelier and the "stop" at least -3.6; of 90 other short utterances
over it none came as near."""


class HeldPhrases:
    """Phrases as one model writes them, all lower case and without punctuation.

    `phrases` are those that are searched for.
    """

    def __init__(self, tokenizer: Any, phrases: Sequence[str], end_of_text: int) -> None:
        self._all = frozenset(phrases)
        self.phrases = frozenset(
            phrase
            for phrase in self._all
            if len(phrase) >= SHORTEST_PHRASE and phrase.count(" ") < MOST_WORDS
        )
        self._tokenizer = tokenizer
        self._end_of_text = end_of_text
        spellings = [f" {form}" for one in self.phrases for form in (one, one.capitalize())]
        batch = tokenizer.encode_batch([*spellings, *".!?,"], add_special_tokens=False)
        pieces = {piece for encoded in batch for piece in encoded.ids}
        self._others = [token for token in range(end_of_text) if token not in pieces]

    def has(self, text: str) -> bool:
        """Return whether a text is one of the phrases, the shortest and longest too."""
        return _plain(text) in self._all

    def comes_near(
        self, model: Any, encoded: Any, prompt: Sequence[int], free: Sequence[int], phrase: str
    ) -> bool:
        """Return whether the sound comes about as near to a phrase as to one word written freely.

        Takes a quarter of the time of `search`, which finds out which phrase it is. False for more
        words than one.
        """
        word = self._tokenizer.decode(list(free)).rstrip(".!?,")
        if not re.fullmatch(r" [\w'-]+", word):
            return False
        form = phrase.capitalize() if word[1].isupper() else phrase
        texts = self._tokenizer.encode_batch([word, f" {form}"], add_special_tokens=False)
        one, other = _log_probabilities(model, encoded, prompt, [text.ids for text in texts])
        return one - other <= NEAR and other >= LIKELY

    def search(
        self, model: Any, encoded: Any, prompt: Sequence[int], free: Sequence[int], longest: int
    ) -> tuple[str, float] | None:
        """Return the phrase that the sound comes near to, and its mean log-probability.

        `encoded` is the sound; `free` are the tokens of the free search, `longest` the bound on
        tokens. None if there is no such phrase.
        """
        found = model.generate(
            encoded,
            [list(prompt)],
            beam_size=BEAM,
            num_hypotheses=BEAM,
            max_length=longest,
            suppress_tokens=[-1, *self._others],
        )[0]
        near: dict[str, list[int]] = {}
        for ids in found.sequences_ids:
            tokens = [token for token in ids if token < self._end_of_text]
            phrase = _plain(self._tokenizer.decode(tokens))
            if phrase in self.phrases:
                near.setdefault(phrase, tokens)
        return self._likeliest(model, encoded, prompt, free, near) if near and free else None

    def _likeliest(
        self,
        model: Any,
        encoded: Any,
        prompt: Sequence[int],
        free: Sequence[int],
        near: dict[str, list[int]],
    ) -> tuple[str, float] | None:
        likely = _log_probabilities(model, encoded, prompt, [list(free), *near.values()])
        (best, phrase), *others = sorted(zip(likely[1:], near, strict=True), reverse=True)
        if likely[0] - best > FARTHEST or (others and best - others[0][0] < LEAD):
            return None
        return phrase, best / len(near[phrase])


def _log_probabilities(
    model: Any, encoded: Any, prompt: Sequence[int], texts: Sequence[list[int]]
) -> list[float]:
    """Return how likely the model finds each of these texts, given the sound."""
    from ctranslate2 import StorageView

    sound: npt.NDArray[np.float32] = np.array(encoded)
    sounds = StorageView.from_array(np.ascontiguousarray(np.repeat(sound, len(texts), axis=0)))
    frames = [2 * sound.shape[1]] * len(texts)
    found = model.align(sounds, list(prompt), list(texts), frames)
    return [float(np.log(np.maximum(one.text_token_probs, UNLIKELIEST)).sum()) for one in found]


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z']+", " ", text.lower()).split())
