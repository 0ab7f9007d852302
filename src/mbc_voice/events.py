"""The frozen types that travel: what was heard, what it meant, what happened, what to do next.

Data flows one way: a `Transcript` becomes an `Outcome`, an outcome travels in an `Event` to the
dialogue's `step`, which returns `Action`s. Everything here is immutable and may cross threads.
No event carries audio, and only `Transcript`, `Understood` and `Snapshot` carry what a person said;
these are never logged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from mbc_voice.library import Sentence

# ---------------------------------------------------------------- what was heard


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


# ---------------------------------------------------------------- what it meant


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


# ---------------------------------------------------------------- what is said


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


# ---------------------------------------------------------------- how it is shown

Theme: TypeAlias = Literal["light", "dark", "yellow"]
"""Dark on light, light on dark, yellow on black."""


@dataclass(frozen=True, slots=True)
class Display:
    """How a page shows what is said."""

    text_size: int = 100
    """Percent."""
    theme: Theme = "light"


# ---------------------------------------------------------------- events, into the inbox


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

    sentence: Sentence


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


ListenMode: TypeAlias = Literal["always", "push-to-talk", "wake-phrase"]
"""What is meant for us: everything, what follows a press, or what follows the wake phrase."""


# ---------------------------------------------------------------- actions, out of step


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


# ---------------------------------------------------------------- what a page or terminal shows


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is to be shown right now."""

    phase: Literal["ready", "listening", "thinking", "speaking", "paused", "choosing", "ended"]
    caption: Sentence | None = None
    """The sentence being spoken."""
    spoken: tuple[int, int] | None = None
    """The word of the caption that is being heard, from its first character to after its last one;
    None where the voice can't tell."""
    heard: str = ""
    """The question as it was heard."""
    asked: int = 0
    """How much was said or typed to it so far: the same words may come again."""
    topic: str | None = None
    """Id of the topic being answered."""
    position: int = 0
    """Which sentence of the topic, from 1; 0 outside an answer."""
    length: int = 0
    """How many sentences the topic has."""
    choices: tuple[str, ...] = ()
    """Ids of the topics on offer."""
    options: tuple[str, ...] = ()
    """What "number one", "number two" choose from, as it is said: topics, groups or voices."""
    words_per_minute: int = 160
    volume: int = 7
    microphone: Literal["on", "off", "lost"] = "on"
    listening: ListenMode = "always"
    open: bool = True
    """Whether what is said now would be heard as a question."""
    voice: str = ""
    """Name of the voice; empty where there is only one."""
    answers: Literal["short", "usual", "long"] = "usual"
    """How much is read before the offer to go on."""
    earcons: bool = True
    """Whether short sounds go with the words."""
    display: Display = Display()
    visit: Literal["waiting", "active", "warning"] = "active"
    """``waiting`` for the next person, at a kiosk only; ``warning`` its end was announced."""
    seconds_left: int | None = None
    """Until the visit ends, from this moment on, if nothing happens."""
