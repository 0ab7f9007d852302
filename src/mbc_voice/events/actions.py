"""What to do next: every `Action` that `step` may ask for, and the `Utterance` that is spoken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from mbc_voice.library import Sentence


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing being said: sentences in order, under one id."""

    id: int
    """Rises with every utterance of a run; news of an older one is stale."""
    sentences: tuple[Sentence, ...]
    priority: Literal["safety", "answer", "notice"] = "answer"
    start: int = 0
    """Where in its first sentence to begin, in characters: with the word there, where the voice can
    tell, else with the sentence."""


@dataclass(frozen=True, slots=True)
class Speak:
    """Say this now, in place of whatever is being said."""

    utterance: Utterance


@dataclass(frozen=True, slots=True)
class StopSpeaking:
    """Be silent at once."""


@dataclass(frozen=True, slots=True)
class PauseSpeaking:
    """Be silent at once, and keep the place."""


@dataclass(frozen=True, slots=True)
class ResumeSpeaking:
    """Go on where `PauseSpeaking` stopped."""


@dataclass(frozen=True, slots=True)
class SetRate:
    """Speak at this rate from the next sentence on."""

    words_per_minute: int


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Speak at this volume at once."""

    level: int
    """0 to 10; each step is 3 dB, 10 is full."""


@dataclass(frozen=True, slots=True)
class SetVoice:
    """Speak with this voice from the next sentence on."""

    name: str
    """One of the names that `dialogue.state.begin` was given."""


CueName: TypeAlias = Literal[
    "listening", "understood", "not-understood", "microphone-lost", "paused", "finished"
]
"""The earcons: ``listening`` it is the person's turn; ``understood`` and ``not-understood`` what
became of what they said; ``finished`` an answer was read to its end, or a visit is over."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Play a short quiet sound beside the words; never the only sign of anything."""

    name: CueName


@dataclass(frozen=True, slots=True)
class Listen:
    """What to listen for from now on."""

    to: Literal["anything", "commands", "nothing"]
    """``commands`` while speaking: only a command or an urgent sign gets through."""


@dataclass(frozen=True, slots=True)
class Attend:
    """Open the ear for one turn, or take what was said so far for all of it."""

    open: bool


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Send `TimerEnded` with this name after so many seconds; replaces one of the same name."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class StopTimer:
    """Forget this timer."""

    name: str


@dataclass(frozen=True, slots=True)
class Alert:
    """Tell the clinic's staff, where that has been set up."""

    sign: str


@dataclass(frozen=True, slots=True)
class Forget:
    """The visit is over: let go of all that was heard in it."""


@dataclass(frozen=True, slots=True)
class Quit:
    """The talk is over."""


Action: TypeAlias = (
    Speak
    | StopSpeaking
    | PauseSpeaking
    | ResumeSpeaking
    | SetRate
    | SetVolume
    | SetVoice
    | Cue
    | Listen
    | Attend
    | StartTimer
    | StopTimer
    | Alert
    | Forget
    | Quit
)
