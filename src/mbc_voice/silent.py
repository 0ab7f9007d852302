"""A voice without sound: it hands on each sentence as text, for a screen reader to speak.

Satisfies the assistant's `Voice`. Whatever is to be said is written at once and is over at once, so
that the dialogue goes on; how fast it is spoken is the screen reader's business. Runs on the
assistant's loop.
"""

from __future__ import annotations

from collections.abc import Callable

from mbc_voice.events import CueName, Event, SentenceStarted, Utterance, UtteranceEnded


class SilentVoice:
    """Writes what it is to say; `post` receives the news, as from a real voice."""

    def __init__(self, post: Callable[[Event], None], write: Callable[[str], None]) -> None:
        self._post = post
        self._write = write

    def say(self, utterance: Utterance) -> None:
        """Write all sentences, one call each, and report each of them and the end."""
        for index, sentence in enumerate(utterance.sentences):
            self._write(sentence.text)
            self._post(SentenceStarted(utterance.id, index))
        self._post(UtteranceEnded(utterance.id))

    def stop(self) -> None:
        """Nothing sounds, so nothing is to be stopped."""

    def pause(self) -> None:
        """Nothing sounds, so nothing waits."""

    def resume(self) -> None:
        """All of it was written before."""

    def set_rate(self, words_per_minute: int) -> None:
        """The screen reader has a rate of its own."""

    def set_volume(self, level: int) -> None:
        """The screen reader has a volume of its own."""

    def duck(self) -> None:
        """There is nothing to hear."""

    def restore(self) -> None:
        """There is nothing to hear."""

    def cue(self, name: CueName) -> None:
        """No sounds."""
