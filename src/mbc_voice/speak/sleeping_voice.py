"""A voice that is loaded only when it is needed: nearly all that is said is kept on disk.

The natural voice takes 180 MB, most of it the dictionary of its pronunciations. Used by one thread
at a time, the renderer's.
"""

from __future__ import annotations

from collections.abc import Callable

from mbc_voice.errors import VoiceError
from mbc_voice.speak.synthesizer import Rendering, Synthesizer


class SleepingVoice:
    """A `Synthesizer` by this name, which `load` returns, or raises `VoiceError`."""

    def __init__(self, name: str, load: Callable[[], Synthesizer]) -> None:
        self._name = name
        self._load = load
        self._voice: Synthesizer | None = None
        self._failure: VoiceError | None = None

    @property
    def name(self) -> str:
        """The voice's own name."""
        return self._name

    def render(self, text: str, words_per_minute: int) -> Rendering:
        """Return what the voice makes; the first time it is loaded, which may take a second.

        One that can't be loaded is not tried again, so that the fallback speaks without delay.
        """
        if self._failure is not None:
            raise self._failure
        if self._voice is None:
            try:
                self._voice = self._load()
            except VoiceError as error:
                self._failure = error
                raise
        return self._voice.render(text, words_per_minute)
