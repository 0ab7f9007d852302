"""The wake phrase, found at the beginning of what was heard by how it sounds.

Pure; any thread may call it.
"""

from __future__ import annotations

from mbc_voice.understand.normalize import normalize
from mbc_voice.understand.sounds import likeness, sound_of
from mbc_voice.understand.vocabulary import words_of

ALIKE = 0.9
"""From this likeness of sound on it is the phrase. "Hello Nora" has 0.88 of "hello nurse"."""
_BEFORE = words_of("oh um uh er ah so well and okay ok")
"""Words that people may say before it."""


class WakePhrase:
    """A phrase such as "hello nurse"."""

    def __init__(self, phrase: str) -> None:
        words = normalize(phrase)
        self._sound = sound_of(words)
        self._length = len(words.split())

    def rest(self, text: str) -> str | None:
        """Return what follows the phrase in a transcript, "" for nothing.

        None if it doesn't begin with the phrase. A word more or less counts as the phrase if it
        sounds like it: "hello, nurse", "hullo Norse" and "helloners".
        """
        words = text.split()
        while words and normalize(words[0]) in _BEFORE | {""}:
            words = words[1:]
        best, end = ALIKE, -1
        for count in range(1, self._length + 2):
            alike = likeness(sound_of(normalize(" ".join(words[:count]))), self._sound)
            if count <= len(words) and alike >= best:
                best, end = alike + 1e-9, count
        return None if end < 0 else " ".join(words[end:])
