"""What happened: every `Event` that is posted to the inbox, whichever thread noticed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from mbc_voice.events.outcomes import Outcome
from mbc_voice.library import Sentence


@dataclass(frozen=True, slots=True)
class Started:
    """The program is ready: greet."""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Somebody began to speak."""


@dataclass(frozen=True, slots=True)
class StillHere:
    """Somebody touched the screen or a key that is no command: they are still there."""


@dataclass(frozen=True, slots=True)
class TalkPressed:
    """Somebody pressed to talk: a key, a button of the page, a pedal."""

    open: bool | None = None
    """True to be heard, False for "that was all"; None, for a single key, is the other of the two.
    """


@dataclass(frozen=True, slots=True)
class Pointed:
    """Somebody who can't see came by key to something on the page: say what it is."""

    sentences: tuple[Sentence, ...]
    """At least one."""


@dataclass(frozen=True, slots=True)
class Attending:
    """The ear opened, or closed: whether what is said now is heard as a question."""

    open: bool


@dataclass(frozen=True, slots=True)
class QuestionWentOn:
    """Somebody goes on with a question that was taken to be over: what it led to is taken back.

    The whole question follows as an `Understood` of its own.
    """


@dataclass(frozen=True, slots=True)
class Understood:
    """A question or command was understood (or nothing was heard)."""

    outcome: Outcome
    heard: str = ""
    """The transcript, to be shown; empty for keys and buttons."""
    by: Literal["voice", "key", "text"] = "voice"


@dataclass(frozen=True, slots=True)
class SentenceStarted:
    """The first sample of a sentence was played."""

    utterance: int
    index: int
    """Position within the utterance, from 0."""


@dataclass(frozen=True, slots=True)
class WordStarted:
    """A word of the sentence that began last is being heard; only some voices can tell."""

    utterance: int
    index: int
    """The sentence's position within the utterance, from 0."""
    start: int
    """Where the word begins in `Sentence.text`, in characters."""
    end: int
    """Where it ends there: after its last character."""


@dataclass(frozen=True, slots=True)
class UtteranceEnded:
    """An utterance is over: its last sample was played, or it was stopped, or no voice worked."""

    utterance: int
    why: Literal["finished", "stopped", "failed"] = "finished"


@dataclass(frozen=True, slots=True)
class TimerEnded:
    """A timer that `StartTimer` set has run out."""

    name: str


@dataclass(frozen=True, slots=True)
class MicrophoneLost:
    """The microphone sends no sound any more."""


@dataclass(frozen=True, slots=True)
class MicrophoneReady:
    """The microphone works (again)."""


@dataclass(frozen=True, slots=True)
class LoudspeakerLost:
    """The loudspeaker can't be played to any more."""


@dataclass(frozen=True, slots=True)
class LoudspeakerReady:
    """The loudspeaker that was lost can be played to again."""


@dataclass(frozen=True, slots=True)
class Failing:
    """A part died that the talk can't do without: say so, and end."""


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The program was asked from outside to end (Ctrl-C, a signal)."""


Event: TypeAlias = (
    Started
    | SpeechStarted
    | StillHere
    | TalkPressed
    | Pointed
    | Attending
    | QuestionWentOn
    | Understood
    | SentenceStarted
    | WordStarted
    | UtteranceEnded
    | TimerEnded
    | MicrophoneLost
    | MicrophoneReady
    | LoudspeakerLost
    | LoudspeakerReady
    | Failing
    | Interrupted
)
