"""A voice that is loaded only when it is needed: nearly all that is said is kept on disk.

The natural voice takes 180 MB, most of it the dictionary of its pronunciations, and a second or
more to load. At another rate than the usual one, what is kept is stretched: that takes a hundredth
of a second, and is understood as well (benchmarks/results.md, rates). A word that is spelled wakes
it; when it has not been needed for a while it sleeps again, which gives 130 MB back. Used by one
thread at a time, the renderer's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from mbc_voice.errors import VoiceError
from mbc_voice.speak.level import finish
from mbc_voice.speak.stretch import FASTEST, SLOWEST, stretch
from mbc_voice.speak.synthesizer import Rendering, Synthesizer
from mbc_voice.speak.words import stretched

AWAKE_SECONDS = 60.0
"""A voice that nothing has needed for so long is let go."""


class SleepingVoice:
    """A `Synthesizer` by this name, which `load` returns, or raises `VoiceError`.

    `kept` returns a text as it is kept at `usual_rate` words a minute, or None. Once loaded, the
    voice is let go when nothing has needed it for `awake_seconds`; `slept` is called then.
    """

    def __init__(
        self,
        name: str,
        load: Callable[[], Synthesizer],
        kept: Callable[[str], Rendering | None],
        usual_rate: int,
        *,
        awake_seconds: float = AWAKE_SECONDS,
        slept: Callable[[], None] = lambda: None,
    ) -> None:
        self._name = name
        self._load = load
        self._kept = kept
        self._usual_rate = usual_rate
        self._awake_seconds = awake_seconds
        self._slept = slept
        self._timer: threading.Timer | None = None
        self._voice: Synthesizer | None = None
        self._failure: VoiceError | None = None

    @property
    def name(self) -> str:
        """The voice's own name."""
        return self._name

    def render(self, text: str, words_per_minute: int) -> Rendering:
        """Return what is kept, at this rate, or what the voice makes once it is loaded.

        One that can't be loaded is not tried again, so that the fallback speaks without delay.
        """
        kept = self._at_rate(text, words_per_minute)
        if kept is not None:
            return kept
        if self._timer is not None:
            self._timer.cancel()
        voice = self._voice
        if voice is None:
            voice = self._voice = self._wake()
        try:
            return voice.render(text, words_per_minute)
        finally:
            self._timer = threading.Timer(self._awake_seconds, self._sleep)
            self._timer.daemon = True
            self._timer.start()

    def _sleep(self) -> None:
        """Let the voice go; on the timer's thread. A sentence that is being made is finished."""
        self._voice = None
        self._slept()

    def _at_rate(self, text: str, words_per_minute: int) -> Rendering | None:
        speed = words_per_minute / self._usual_rate
        kept = self._kept(text) if SLOWEST <= speed <= FASTEST else None
        if kept is None:
            return None
        sound = stretch(kept.samples, kept.sample_rate, speed)
        return finish(sound, kept.sample_rate, stretched(kept.words, speed))

    def _wake(self) -> Synthesizer:
        if self._failure is not None:
            raise self._failure
        try:
            return self._load()
        except VoiceError as error:
            self._failure = error
            raise
