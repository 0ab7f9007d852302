"""What the assistant asks of its parts, and what they may put into its inbox.

Only shapes: the loop is in `assistant`, and engines never see these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from mbc_voice.events import Context, CueName, Event, Outcome, Utterance
from mbc_voice.hear.listener import Heard


class Ears(Protocol):
    """What the assistant asks of its hearing."""

    def listen_to(self, mode: Literal["anything", "commands", "nothing"]) -> None:
        """Say what is to be listened for from now on."""

    def attend(self, opened: bool) -> None:
        """Open the ear for one turn, or take what was said so far for all of it."""


class Voice(Protocol):
    """What the assistant asks of its speaker."""

    def say(self, utterance: Utterance) -> None:
        """Say this in place of anything else."""

    def stop(self) -> None:
        """Be silent at once."""

    def pause(self) -> None:
        """Be silent and keep the place."""

    def resume(self) -> None:
        """Go on at the kept place."""

    def set_rate(self, words_per_minute: int) -> None:
        """Use this rate from the next sentence on."""

    def set_volume(self, level: int) -> None:
        """Use this volume (0 to 10) at once."""

    def duck(self) -> None:
        """Go on more softly, because somebody speaks; until `restore`, or the next thing said."""

    def restore(self) -> None:
        """Go on at the usual volume."""

    def cue(self, name: CueName) -> None:
        """Play a short quiet sound, beside or before what is said."""


class Interpret(Protocol):
    """What a transcript means, given where the talk is."""

    def __call__(self, text: str, context: Context) -> Outcome:
        """Return exactly one outcome; never raises."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A question somebody typed."""

    text: str
    patient: bool = False
    """Whether it waits until nothing is being said, as one from a pipe does."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A part died that the assistant can't do without: the loop ends with this status."""

    reason: str
    """One line for the person."""


@dataclass(frozen=True, slots=True)
class InputEnded:
    """Nobody can ask anything any more: end as soon as all has been said."""


Posted: TypeAlias = Event | Heard | Typed | Failed | InputEnded
