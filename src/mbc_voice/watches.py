"""What is awaited, and how long: timers of the dialogue, devices that are lost, a voice that hangs.

Belongs to the assistant's loop; time is what its clock says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mbc_voice.events import (
    Event,
    LoudspeakerLost,
    LoudspeakerReady,
    MicrophoneLost,
    MicrophoneReady,
    SentenceStarted,
)
from mbc_voice.library import Sentence

LOST_SECONDS = 15.0
"""A microphone or loudspeaker that is lost for so long does not come back by itself."""
HANG_SECONDS = 20.0
HANG_FACTOR = 2.0
"""The voice hangs if a sentence takes longer than this and so many times its length."""

BROKEN = {
    "microphone lost": "The microphone is gone. Plug it in again, and start again.",
    "loudspeaker lost": "The loudspeaker is gone. Plug it in again, and start again.",
    "voice hangs": "The voice hangs. Start again.",
}
"""What is said when one of these ends: nobody could go on."""


class Watches:
    """Names, each with the moment it ends. `attended`: somebody can type, and needs no device.

    `watched` says whether a voice that falls silent in the middle is waited for.
    """

    def __init__(self, clock: Callable[[], float], *, attended: bool, watched: bool) -> None:
        self._clock = clock
        self._attended = attended
        self._watched = watched
        self._ends: dict[str, float] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._ends

    def start(self, name: str, seconds: float) -> None:
        """Wait so long from now on, in place of an earlier wait of this name."""
        self._ends[name] = self._clock() + seconds

    def stop(self, name: str) -> None:
        """Forget this wait."""
        self._ends.pop(name, None)

    def stop_all(self) -> None:
        """Forget all."""
        self._ends.clear()

    def left(self) -> float | None:
        """Return the seconds until the next one ends; None if there is none."""
        if not self._ends:
            return None
        return max(0.0, min(self._ends.values()) - self._clock())

    def ended(self) -> Iterator[str]:
        """Yield, and forget, those that have ended, unless one before stopped them."""
        now = self._clock()
        for name in [name for name, at in self._ends.items() if at <= now]:
            if self._ends.pop(name, None) is not None:
                yield name

    def devices(self, event: Event) -> None:
        """Begin or end to wait for a lost device, where nobody could go on without it."""
        match event:
            case MicrophoneLost() if not self._attended:
                self.start("microphone lost", LOST_SECONDS)
            case MicrophoneReady():
                self.stop("microphone lost")
            case LoudspeakerLost() if self._attended:
                self.stop("voice hangs")
            case LoudspeakerLost() if "loudspeaker lost" not in self:
                self.start("loudspeaker lost", LOST_SECONDS)
            case LoudspeakerReady() | SentenceStarted():
                self.stop("loudspeaker lost")

    def voice(self, sentence: Sentence | None, words_per_minute: int) -> None:
        """Wait for the end of this sentence, but not for ever; for none if it is silent."""
        if sentence is None:
            self.stop("voice hangs")
        elif self._watched:
            seconds = len(sentence.text.split()) * 60 / words_per_minute
            self.start("voice hangs", HANG_SECONDS + HANG_FACTOR * seconds)
