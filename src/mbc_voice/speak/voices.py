"""The voices that this machine has, by name, each made when it is first chosen.

Owns those it has made, until `Voices.close`. Used by one thread at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mbc_voice.errors import VoiceError
from mbc_voice.speak.synthesizer import Synthesizer

SYSTEM = "system:"
"""Names of the system's voices begin so: ``system:english-america``."""


def said(name: str) -> str:
    """Return a voice's name as it is said: "English america" for ``system:english-america``."""
    return name.removeprefix(SYSTEM).replace("-", " ").capitalize()


class Voices:
    """Voices by name, the best one first. `makers` make them; each may raise `VoiceError`."""

    def __init__(self, makers: Mapping[str, Callable[[], Synthesizer]]) -> None:
        self._makers = dict(makers)
        self._made: dict[str, Synthesizer] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all voices, as settings have them."""
        return tuple(self._makers)

    @property
    def said(self) -> tuple[str, ...]:
        """Names of all voices in the same order, as they are said."""
        return tuple(map(said, self._makers))

    def make(self, name: str) -> Synthesizer:
        """Return the voice with this name, written or said; the same one every time.

        May take a second. Raises `VoiceError` if there is none, or if it can't be loaded.
        """
        found = next((known for known in self._makers if name in (known, said(known))), None)
        if found is None:
            raise VoiceError(f"There is no voice {name!r}. There are: {', '.join(self.names)}.")
        if found not in self._made:
            self._made[found] = self._makers[found]()
        return self._made[found]

    def keep(self, name: str, voice: Synthesizer) -> None:
        """Use this voice under a name, instead of making another like it."""
        self._made[name] = voice

    def close(self) -> None:
        """Let all voices go that hold anything."""
        made, self._made = self._made, {}
        for voice in made.values():
            close = getattr(voice, "close", None)
            if callable(close):
                close()
