"""What was heard, and what it meant: from a `Transcript`, in a `Context`, to an `Outcome`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a recognizer made of one segment."""

    text: str
    confidence: float = 1.0
    """0 to 1; how sure the recognizer says it is. Not a probability for every engine."""
    recognize_ms: float = 0.0
    """From the end of the segment to the text."""
    instead_of: str = ""
    """What it was taken for at first, where `text` is another reading of the sound."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A segment that held no words: what a recognizer returns instead of an empty string."""

    why: Literal["silence", "noise", "unclear"] = "noise"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for an outcome, for people who ask why."""

    source: str
    """The part that found it: ``commands``, ``urgent``, ``matcher``, ``context``, ..."""
    detail: str
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The question is covered by one topic."""

    topic: str
    score: float
    evidence: tuple[Evidence, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Choose:
    """Two or three topics fit about equally well: ask which."""

    topics: tuple[str, ...]
    score: float
    evidence: tuple[Evidence, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class NotCovered:
    """The library has no answer; perhaps it knows where to turn."""

    referral: str | None
    """Id of the referral, or None if nothing fits."""
    score: float
    evidence: tuple[Evidence, ...] = field(default=(), compare=False)
    nearest: tuple[str, ...] = ()
    """Topics to offer in its place, best first: those that a name in the question points to come
    before the referral's own."""


@dataclass(frozen=True, slots=True)
class Urgent:
    """Someone describes an emergency."""

    sign: str
    score: float = 1.0
    evidence: tuple[Evidence, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do with the talk itself, by its id in the library's commands."""

    name: str
    number: int | None = None
    """For commands with a number, such as "volume five" or "number two"."""
    word: str = ""
    """For commands with a word, such as "spell palbociclib"."""
    score: float = 1.0
    evidence: tuple[Evidence, ...] = field(default=(), compare=False)


SILENCING = ("stop", "pause")
"""Names of the commands to be silent: nothing is worth waiting for then."""


@dataclass(frozen=True, slots=True)
class NothingHeard:
    """There was sound, but no words; or words were awaited and none came."""

    why: Literal["silence", "noise", "unclear", "long"] = "silence"
    """``long``: so much at once that no question could be found in it."""


Outcome: TypeAlias = Answer | Choose | NotCovered | Urgent | Command | NothingHeard

OUTCOME_NAMES: dict[type[object], str] = {
    Answer: "answer",
    Choose: "choose",
    NotCovered: "not_covered",
    Urgent: "urgent",
    Command: "command",
    NothingHeard: "nothing_heard",
}


def outcome_ids(outcome: Outcome) -> list[str]:
    """Return the ids an outcome names: topics, a referral, an urgent sign or a command."""
    match outcome:
        case Answer(topic=topic):
            return [topic]
        case Choose(topics=topics):
            return list(topics)
        case NotCovered(referral=referral):
            return [referral] if referral else []
        case Urgent(sign=sign):
            return [sign]
        case Command(name=name):
            return [name]
        case NothingHeard():
            return []


@dataclass(frozen=True, slots=True)
class Context:
    """Where the talk is, as far as understanding needs to know."""

    topic: str | None = None
    """The topic last answered."""
    choices: tuple[str, ...] = ()
    """Topics on offer, in the order they were said."""
