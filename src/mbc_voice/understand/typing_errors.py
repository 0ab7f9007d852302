"""Words that somebody mistyped: "where does it spred", "hormoan therapy".

A last resort, asked only about what would otherwise be sent away. A word that is neither English
nor the library's is read as the library's word that is a letter away, or two in a long word; of
several, as the one that is asked with most often.
Read-only once built; any thread may use it. Words that were merely heard wrong are English, as a
recognizer writes no others; `recover` sees to those.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

SHORTEST = 4
"""Letters; shorter words are a letter away from too many."""
LONG = 7
"""From so many letters on two may be wrong."""
MOST_WORDS = 40
"""Longer tales are told in enough words that are right."""


class TypingErrors:
    """Reads mistyped words; those that are `english` need no mending, and without it none are.

    `meant` are the library's own words, and how often each is asked with.
    """

    def __init__(self, meant: Mapping[str, int], english: Callable[[str], bool] | None) -> None:
        self._english = english
        self._meant = {word: often for word, often in meant.items() if len(word) >= SHORTEST}

    def mend(self, words: str) -> str:
        """Return normalised `words` with the mistyped ones put right.

        Where more strange words can't be read than can, it is another language: nothing is mended.
        """
        spoken = words.split()
        english = self._english
        if english is None or len(spoken) > MOST_WORDS:
            return words
        strange = {
            word: self._meant_by(word)
            for word in spoken
            if self._may_be_mistyped(word) and not english(word)
        }
        unread = sum(word == meant for word, meant in strange.items())
        if unread > len(strange) - unread:
            return words
        return " ".join(strange.get(word, word) for word in spoken)

    def _may_be_mistyped(self, word: str) -> bool:
        """Return whether this is long enough to mend, and not the library's."""
        return len(word) >= SHORTEST and word.isalpha() and word not in self._meant

    def _meant_by(self, word: str) -> str:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        most = 2 if len(word) >= LONG else 1
        near = process.extract(
            word, self._meant.keys(), scorer=OSA.distance, score_cutoff=most, limit=None
        )
        order = ((distance, -self._meant[other], other) for other, distance, _ in near)
        return min(order, default=(0, 0, word))[2]
