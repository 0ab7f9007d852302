"""What the dialogue remembers, as frozen values; nothing here acts.

A `State` holds one `phase` (what the voice is doing) and one `Talk` (what this visit is about).
The end of a visit forgets the whole `Talk`. Only the assistant's loop holds a current state.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from mbc_voice.dialogue import prompts
from mbc_voice.dialogue.offers import Offer
from mbc_voice.events import Action, Display, ListenMode, Understood, Utterance
from mbc_voice.library import Library, Sentence

Profile: TypeAlias = Literal["home", "kiosk"]
Then: TypeAlias = Literal["listen", "pause", "quit", "rest"]
Length: TypeAlias = Literal["short", "usual", "long"]
"""How much is read before the offer to go on."""

THINK_SECONDS = 15.0
HISTORY = 20
"""How many earlier topics "back" can return to."""


# ---------------------------------------------------------------- what was said


@dataclass(frozen=True, slots=True)
class Turn:
    """What is said in one go, from the program's first word to the person's turn."""

    sentences: tuple[Sentence, ...] = ()
    at: int = 0
    """Index of the sentence to go on with; ``len(sentences)`` once all of it was said."""
    places: tuple[int, ...] = ()
    """Which lines of the topic's script its first sentences are; empty if it reads no topic."""
    priority: Literal["safety", "answer", "notice"] = "answer"

    @property
    def unfinished(self) -> bool:
        """Whether something of it is still to be said."""
        return self.at < len(self.sentences)


@dataclass(frozen=True, slots=True)
class Reading:
    """The place in a topic's script (see `reading.script`)."""

    topic: str
    place: int = 0
    """Index of the line to go on with."""
    end: int = 0
    """Index after the last line of the stretch that is being said."""
    queue: tuple[str, ...] = ()
    """Topics that were asked for together with this one, still to come."""


# ---------------------------------------------------------------- what the voice is doing


@dataclass(frozen=True, slots=True)
class Ready:
    """Nobody was greeted yet; on a kiosk also the rest between two visits."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Silent: it is the person's turn."""


@dataclass(frozen=True, slots=True)
class Speaking:
    """An utterance is being said: a whole turn, the rest of one, or a note beside it."""

    utterance: Utterance
    first: int
    """Index in the turn of the utterance's first sentence. Sentences that stand before the turn's
    place are a note: they don't move it."""
    index: int = 0
    """Which sentence of the utterance is being said."""
    word: tuple[int, int] | None = None
    """Where in its text the word stands that is being said, if the voice can tell."""
    then: Then = "listen"
    """What comes when it has been said."""
    held: Understood | None = None
    """What was asked during a safety message, to be answered after it."""


@dataclass(frozen=True, slots=True)
class Paused:
    """Silent on request; "resume" goes on."""

    speaking: Speaking | None
    """What the voice holds at its exact place; None if it has to begin the sentence again."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The talk is over; nothing more is said or done."""


Phase: TypeAlias = Ready | Listening | Speaking | Paused | Ended


# ---------------------------------------------------------------- all of it


@dataclass(frozen=True, slots=True)
class Delivery:
    """How it is spoken, and shown."""

    words_per_minute: int = 160
    volume: int = 7
    """0 to 10."""
    voice: str = ""
    """One of `State.voices`; empty if it has none to choose from."""
    answers: Length = "usual"
    earcons: bool = True
    display: Display | None = None
    """None where nothing is shown that could be changed."""


@dataclass(frozen=True, slots=True)
class Tries:
    """How often in a row something went wrong, so that help can grow."""

    silences: int = 0
    """Times the person was given time to think and said nothing."""
    unheard: int = 0
    """Times there was sound, but no words."""
    unmatched: int = 0
    """Times nothing fitted the question."""
    patient: bool = False
    """Whether more time was asked for."""


@dataclass(frozen=True, slots=True)
class UndoDelivery:
    """Back to this delivery."""

    delivery: Delivery


@dataclass(frozen=True, slots=True)
class UndoTopic:
    """Take the last answer back, and return to this."""

    reading: Reading | None
    history: tuple[str, ...]


Undo: TypeAlias = UndoDelivery | UndoTopic | None
"""What "undo" does."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What one visit is about, and what its end forgets."""

    turn: Turn = field(default_factory=Turn)
    """What was said last."""
    reading: Reading | None = None
    """The topic being read, with the place in it."""
    offer: Offer = None
    tries: Tries = field(default_factory=Tries)
    history: tuple[str, ...] = ()
    """Topics told before this one, oldest first."""
    undo: Undo = None
    heard: str = ""
    """The last question, to be shown."""
    asked: int = 0
    """How many questions and orders came in words."""
    nudges: int = 0
    """Gentle prompts so far: at home they end for good after three."""
    cut_off: Speaking | None = None
    """What the voice failed in the middle of; said again when the loudspeaker is back."""
    before: State | None = field(default=None, repr=False)
    """What it was before the last spoken question, in case that goes on after all."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything the dialogue knows between two events."""

    library: Library = field(repr=False)
    profile: Profile
    usual: Delivery
    """What a new visitor finds, and what "normal speed" means."""
    delivery: Delivery
    voices: tuple[str, ...] = ()
    """Names of the voices to choose from, as they are said."""
    think_seconds: float | None = THINK_SECONDS
    """Time to think before the first gentle prompt; None for no prompts at all (not at a kiosk)."""
    silent: bool = False
    """Whether nothing sounds: everything is printed, and a screen reader speaks it its own way."""
    phase: Phase = field(default_factory=Ready)
    talk: Talk = field(default_factory=Talk)
    microphone: Literal["on", "lost"] = "on"
    told: Literal["on", "lost"] = "on"
    """What the person believes of the microphone: what they were told of it last."""
    loudspeaker: Literal["on", "lost"] = "on"
    listening: ListenMode = "always"
    wake_phrase: str = ""
    open: bool = True
    """Whether what is said now is heard as a question."""
    notice: str | None = None
    """Name of a prompt that waits for the end of what is being said."""
    utterances: int = 0
    """Id of the last utterance; the next one's is higher."""

    @property
    def safety(self) -> bool:
        """Whether a safety message is being said."""
        return isinstance(self.phase, Speaking) and self.phase.utterance.priority == "safety"

    @property
    def speaking_turn(self) -> bool:
        """Whether the turn itself is being said, and not only a note beside it."""
        phase = self.phase
        if not isinstance(phase, Speaking):
            return False
        return phase.first + len(phase.utterance.sentences) > self.talk.turn.at


Next: TypeAlias = tuple[State, tuple[Action, ...]]
"""What every part of the dialogue returns: the state after, and what to do."""


def begin(
    library: Library,
    *,
    profile: Profile = "home",
    usual: Delivery = Delivery(),
    delivery: Delivery | None = None,
    voices: tuple[str, ...] = (),
    think_seconds: float | None = THINK_SECONDS,
    silent: bool = False,
    listening: ListenMode = "always",
    wake_phrase: str = "",
) -> State:
    """Return the state before the first event.

    `usual` is what the settings say; `delivery` what the person made of it last time, if anything.
    The first of the `voices` speaks, unless one of them is named. Where the talk is `silent`, the
    prompts are those for people who type.
    """
    usual = _with_voice(usual, voices)
    return State(
        library=prompts.printed(library) if silent else library,
        profile=profile,
        usual=usual,
        delivery=usual if delivery is None else _with_voice(delivery, voices),
        voices=voices,
        think_seconds=think_seconds,
        silent=silent,
        listening=listening,
        wake_phrase=wake_phrase,
        open=listening == "always",
    )


def _with_voice(delivery: Delivery, voices: tuple[str, ...]) -> Delivery:
    known = delivery.voice in voices
    return delivery if known else replace(delivery, voice=voices[0] if voices else "")


def remember(state: State, **changes: Any) -> State:
    """Return the state with some fields of its `Talk` changed."""
    return replace(state, talk=replace(state.talk, **changes))


def leave_topic(state: State) -> State:
    """Return the state with the topic put away, where "back" finds it."""
    reading = state.talk.reading
    if reading is None:
        return state
    history = (*state.talk.history, reading.topic)[-HISTORY:]
    return remember(state, reading=None, history=history)
