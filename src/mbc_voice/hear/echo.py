"""What we said lately, to tell its echo in the microphone from a person's words.

Until sound itself is cancelled, words are compared: what is heard while we speak, and consists
mostly of words that we were just saying, is our own voice. Owned by the assistant's loop; time is
an argument.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

ECHO_SHARE = 0.6
"""From this share of our own words on, what was heard is our own voice."""
ALIKE = 75.0
"""Two words are taken for the same from this likeness on (0 to 100): recognizers mishear."""
MEMORY_S = 40.0
"""Older sentences are forgotten; a segment has at most 30 s."""


@dataclass(slots=True)
class _Said:
    words: tuple[str, ...]
    ended: float | None = None
    """When the next sentence began or silence fell; None while it sounds."""


class OwnWords:
    """The sentences that sounded lately."""

    def __init__(self) -> None:
        self._said: deque[_Said] = deque()

    def saying(self, text: str, now: float) -> None:
        """Take note that a sentence begins to sound at `now` (s)."""
        self.silent(now)
        self._said.append(_Said(_words(text)))
        while self._said[0].ended is not None and self._said[0].ended < now - MEMORY_S:
            self._said.popleft()

    def silent(self, now: float) -> None:
        """Take note that nothing sounds from `now` (s) on."""
        if self._said and self._said[-1].ended is None:
            self._said[-1].ended = now

    def left_over(self, heard: str, since: float) -> str:
        """Return the words heard that are none of those said since then (s), in order."""
        ours = self._since(since)
        return " ".join(word for word in _words(heard) if not _is_among(word, ours))

    def echoes(self, heard: str, since: float) -> bool:
        """Return whether what was heard is our own voice of the time since then (s)."""
        words = _words(heard)
        foreign = len(self.left_over(heard, since).split())
        return bool(words) and 1 - foreign / len(words) >= ECHO_SHARE

    def _since(self, since: float) -> set[str]:
        return {
            word
            for said in self._said
            if said.ended is None or said.ended >= since
            for word in said.words
        }


def _is_among(word: str, ours: set[str]) -> bool:
    return word in ours or any(ratio(word, our) >= ALIKE for our in ours)


def _words(text: str) -> tuple[str, ...]:
    return tuple("".join(c if c.isalnum() else " " for c in text.lower().replace("'", "")).split())
