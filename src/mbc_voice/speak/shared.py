"""One voice for several renderers, who take turns."""

from __future__ import annotations

import threading

from mbc_voice.speak.synthesizer import Rendering, Synthesizer


class SharedVoice:
    """A `Synthesizer` that any thread may call: one sentence after the other."""

    def __init__(self, voice: Synthesizer) -> None:
        self._voice = voice
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The voice's name."""
        return self._voice.name

    def render(self, text: str, words_per_minute: int) -> Rendering:
        """Return one sentence as sound. Raises `VoiceError`."""
        with self._lock:
            return self._voice.render(text, words_per_minute)
