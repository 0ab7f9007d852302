"""What a turn is: one in progress, what is heard of it, and what it takes for it to end.

Owns the types that `turns` works with; nothing here acts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, Protocol, TypeAlias

import numpy as np

from mbc_voice.audio import Samples, Segment
from mbc_voice.events import Attending, QuestionWentOn, Silence, SpeechStarted, Transcript
from mbc_voice.hear.endpoint import EndpointSettings

Mode: TypeAlias = Literal["anything", "commands", "nothing"]
Said: TypeAlias = Transcript | Silence
Kind: TypeAlias = Literal["glance", "look", "end"]
"""At a glance only what is plain is believed; an ``end`` is asked for when all has been said."""


class Enough(NamedTuple):
    """What ends a turn, going by its words so far."""

    pause_ms: int
    """So much quiet means that they were all."""
    final: bool = False
    """Whether nothing said after that belongs to them: an order is obeyed, not gone on with."""


Patience: TypeAlias = Callable[[str], Enough]
"""What it takes for these words to be all."""

COMMAND_PAUSE_MS = 400
"""Commands are short and urgent: a shorter pause ends one."""
COMMAND_LOOK_MS = 128
"""Over our voice little is gained by a look before this."""
LATE_LOOK_MS = 192
"""Where looks take long, they begin so late in a pause."""
EARLY_MS = 96
"""An order over our voice is glanced at after so much quiet. Before the "p" of "stop" there is less
(32 to 64 ms, five voices)."""
LONGEST_EARLY_MS = 2_000
"""What is longer is a question, which can wait."""
INTERRUPTION_PAUSE_MS = 800
"""A question that is asked over our voice may hold longer ones."""
WORN_SPEECH_MS = 64
"""What is enough to begin with where our own voice has been taken out of the sound."""
PLAIN_PAUSE_MS = 400
"""Words that need no longer pause than this to be all are plain enough for a glance."""
LONGEST_COMMAND_MS = 5_000
"""Our own voice may be in the room while commands are awaited; it must not hold them up."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One turn, and what the recognizer made of it."""

    said: Said
    mode: Mode
    """What was being listened for when it began."""
    segment_ms: float = 0.0
    """Its length."""
    after: str = ""
    """The words that it goes on, or may go on. In mode ``anything`` it surely does, and `said`
    holds both."""
    cut: bool = False
    """Whether it was ended because it was so long."""


News: TypeAlias = Heard | SpeechStarted | QuestionWentOn | Attending


class Asked(Protocol):
    """A recognizer at work; answers come as `Turns.recognized`."""

    def begin(self, phrases: Sequence[str] | None) -> None:
        """A segment begins; `phrases` as in `Recognizer.begin`."""

    def feed(self, samples: Samples) -> None:
        """More of it."""

    def glance(self, number: int) -> None:
        """Ask quickly what was said so far."""

    def look(self, number: int) -> None:
        """Ask what was said so far."""

    def end(self, number: int) -> None:
        """Ask what was said in the whole segment."""

    def forget(self, number: int) -> None:
        """Nobody wants this answer any more."""


@dataclass(eq=False)
class Look:
    """A question to the recognizer about one turn."""

    number: int
    kind: Kind
    to: int
    """Where the sound ended that it is about."""
    asked_at: int
    """When it was asked, in samples since the stream began."""
    again: bool = False
    """Whether a closer look is due as soon as this glance is answered."""
    said: Said | None = None
    """What it brought."""
    enough: Enough | None = None
    """What ends the turn after that."""


@dataclass(eq=False)
class Turn:
    """A turn from its first sound until its words are known."""

    mode: Mode
    before: Ended | None = None
    """What it goes on, or may go on."""
    joined: bool = False
    """Whether it surely goes on, and was fed together with what was before."""
    look: Look | None = None
    """The one that was asked for last, unless speech has gone on since."""
    open: bool = False
    """Whether it is to end so early that it may still go on."""
    asleep: bool = False
    """Whether the wake phrase has yet to be found at its beginning."""
    woken: bool = False
    """Whether it began with the wake phrase, which is left out of what was heard."""
    length: int = 0
    """Samples so far."""
    sound: Segment | None = None
    """All of it, once it is over."""


@dataclass(frozen=True, eq=False)
class Ended:
    """A turn that was ended early, for as long as it may still go on."""

    samples: Samples = field(repr=False)
    speech_end: int
    text: str = field(repr=False)
    woken: bool = False
    """Whether the samples begin with the wake phrase, which the text leaves out."""


def joined(turn: Turn, segment: Segment) -> Segment:
    """Return the segment together with what it goes on."""
    if not turn.joined or turn.before is None:
        return segment
    samples = np.concatenate([turn.before.samples, segment.samples])
    return replace(segment, samples=samples)


def added(whole: str, part: str) -> str:
    """Return the words of a question that came after its first part."""
    return " ".join(whole.split()[len(part.split()) :])


def settings_by_mode(
    questions: EndpointSettings, *, clean: bool, slow: bool = False
) -> dict[Mode, EndpointSettings]:
    """Return what ends a turn in each mode: an order is short, and not waited for.

    Where sound is `clean` of our own voice, whole questions are asked over it too, and a person is
    taken for one sooner: cancelling wears words down. Faded sound doesn't count for a pause there,
    because a worn word fades before it ends; it only brings an early look, unless looks take long
    (`slow`).
    """
    if slow:
        questions = replace(questions, look_ms=max(LATE_LOOK_MS, questions.look_ms))
    pause, longest = COMMAND_PAUSE_MS, LONGEST_COMMAND_MS
    least = questions.min_speech_ms
    if clean:
        pause, longest = INTERRUPTION_PAUSE_MS, questions.longest_ms
        least = min(WORN_SPEECH_MS, least)
    commands = replace(
        questions,
        min_speech_ms=least,
        end_pause_ms=min(pause, questions.end_pause_ms),
        look_ms=COMMAND_LOOK_MS,
        lag_ms=0,
        early_ms=EARLY_MS if clean and not slow else 0,
        longest_ms=min(longest, questions.longest_ms),
    )
    return {"anything": questions, "commands": commands, "nothing": questions}
