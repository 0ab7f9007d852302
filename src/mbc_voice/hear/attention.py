"""Is what is said now meant for us? Always, after a press, or after the wake phrase.

Pure: counts samples, knows of no device; used by `turns` alone.

- *always*: everything said is for us.
- *push-to-talk*: nothing is, and nothing is even looked at, until somebody presses; it ends by
  itself with the turn, or when nobody says anything. An emergency is not heard either: that is what
  the mode promises.
- *wake-phrase*: what begins with the phrase is, and then everything until it has been quiet for a
  while. Of what doesn't, only the beginning is recognised, and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from mbc_voice.audio import SAMPLE_RATE
from mbc_voice.events import ListenMode

Spot: TypeAlias = Callable[[str], str | None]
"""Returns the words after the wake phrase that a text begins with, "" for none; None without it."""

PRESSED_SECONDS = 10.0
"""After a press it waits so long for the first word."""
AWAKE_SECONDS = 30.0
"""So long after the last turn, or after the end of our answer, no phrase is needed."""
PHRASE_SECONDS = 2.5
"""What hasn't begun with the wake phrase after so long is not for us."""


class Attention:
    """Follows one microphone. `tell` is told whenever it opens or closes."""

    def __init__(
        self,
        mode: ListenMode = "always",
        spot: Spot | None = None,
        tell: Callable[[bool], None] = lambda _: None,
    ) -> None:
        self.mode: ListenMode = mode
        self.open = mode == "always"
        """Whether what is said now is for us."""
        self._spot = spot
        self._tell = tell
        self._quiet = 0
        """Samples since something was said for us, or since we fell silent."""

    @property
    def deaf(self) -> bool:
        """Whether sound need not be looked at at all."""
        return self.mode == "push-to-talk" and not self.open

    @property
    def asleep(self) -> bool:
        """Whether only the wake phrase is listened for."""
        return self.mode == "wake-phrase" and not self.open

    def turn(self, *, opened: bool) -> None:
        """Open or close it; where it is always open, nothing changes."""
        self._quiet = 0
        if self.mode != "always" and opened != self.open:
            self.open = opened
            self._tell(opened)

    def woken_by(self, text: str) -> str | None:
        """Return what follows the wake phrase in a text, or None if it doesn't begin with it."""
        return self._spot(text) if self._spot is not None else None

    def said(self) -> None:
        """A turn is over that was for us, for good."""
        if self.mode == "push-to-talk":
            self.turn(opened=False)
        self._quiet = 0

    def wait(self, samples: int, *, quiet: bool) -> None:
        """Let so many samples pass; `quiet` if it is the person's turn and nobody speaks."""
        self._quiet = self._quiet + samples if quiet else 0
        patience = PRESSED_SECONDS if self.mode == "push-to-talk" else AWAKE_SECONDS
        if self.open and self._quiet > patience * SAMPLE_RATE:
            self.turn(opened=False)
