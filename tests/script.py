"""Conversations written as text, played through the real `step`.

A line without indent is something that happens; the indented lines under it are all that the
dialogue does about it, and the test compares them word for word. ``you: WORDS -> OUTCOME`` is a
person; ``key: NAME`` a key; everything else is news from the voice, the ears or the clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mbc_voice.dialogue.state import Profile, State, begin
from mbc_voice.dialogue.step import step
from mbc_voice.events import (
    Action,
    Alert,
    Answer,
    Attend,
    Attending,
    Choose,
    Command,
    Cue,
    Event,
    Failing,
    Interrupted,
    Listen,
    LoudspeakerLost,
    LoudspeakerReady,
    MicrophoneLost,
    MicrophoneReady,
    NotCovered,
    NothingHeard,
    Outcome,
    PauseSpeaking,
    QuestionWentOn,
    Quit,
    ResumeSpeaking,
    SentenceStarted,
    SetRate,
    SetVoice,
    SetVolume,
    Speak,
    SpeechStarted,
    Started,
    StartTimer,
    StillHere,
    StopSpeaking,
    StopTimer,
    TalkPressed,
    TimerEnded,
    Understood,
    Urgent,
    UtteranceEnded,
    WordStarted,
)
from mbc_voice.library import Library

NEWS: dict[str, Event] = {
    "started": Started(),
    "speech started": SpeechStarted(),
    "question went on": QuestionWentOn(),
    "talk pressed": TalkPressed(),
    "ear opens": Attending(True),
    "ear closes": Attending(False),
    "still here": StillHere(),
    "time to think ended": TimerEnded("think"),
    "microphone lost": MicrophoneLost(),
    "microphone ready": MicrophoneReady(),
    "loudspeaker lost": LoudspeakerLost(),
    "loudspeaker ready": LoudspeakerReady(),
    "interrupted": Interrupted(),
    "failing": Failing(),
}


@dataclass
class Talk:
    """A conversation so far: gives events to `step` and keeps what came of it."""

    library: Library
    profile: Profile = "home"
    voices: tuple[str, ...] = ()
    sounds: bool = False
    """Whether the earcons are among the lines."""
    state: State = field(init=False)
    actions: tuple[Action, ...] = ()
    """What the last event led to."""
    utterance: int = 0
    """Id of the utterance said last."""

    def __post_init__(self) -> None:
        self.state = begin(self.library, profile=self.profile, voices=self.voices)

    def happens(self, event: Event) -> list[str]:
        """Return, as lines, what the dialogue does about an event."""
        self.state, self.actions = step(self.state, event)
        for action in self.actions:
            if isinstance(action, Speak):
                self.utterance = action.utterance.id
        lines = lines_of(self.actions)
        return [line for line in lines if self.sounds or not line.startswith("sound: ")]

    def line(self, text: str) -> list[str]:
        """Return what the dialogue does about a line of a script."""
        return self.happens(self._event(text))

    def _event(self, text: str) -> Event:
        kind, _, rest = text.partition(": ")
        if kind == "you":
            heard, _, outcome = rest.partition("-> ")
            return Understood(outcome_of(outcome), heard.strip(), "voice")
        if kind == "key":
            return Understood(outcome_of(rest), "", "key")
        word, _, number = text.rpartition(" ")
        if kind == "word":
            index, start, end = (int(part) for part in rest.split())
            return WordStarted(self.utterance, index - 1, start, end)
        if word == "sentence":
            return SentenceStarted(self.utterance, int(number) - 1)
        if text in ("finished", "stopped", "failed"):
            return UtteranceEnded(self.utterance, text)  # type: ignore[arg-type]
        return NEWS[text]


def outcome_of(text: str) -> Outcome:
    """Return the outcome that a line names; a command goes by its own name."""
    name, *rest = text.split()
    if name == "answer":
        return Answer(rest[0], 0.9)
    if name == "choose":
        return Choose(tuple(rest), 0.5)
    if name == "not-covered":
        return NotCovered(rest[0] if rest else None, 0.2)
    if name == "urgent":
        return Urgent(rest[0])
    if name == "nothing-heard":
        return NothingHeard()
    number = int(rest[0]) if rest and rest[0].isdigit() else None
    return Command(name, number, "" if number is not None else " ".join(rest))


def lines_of(actions: Sequence[Action]) -> Iterator[str]:
    """Yield one line an action; the `Listen` that goes with every `Speak` is left out."""
    speaks = any(isinstance(action, Speak) for action in actions)
    for action in actions:
        match action:
            case Speak(utterance=utterance):
                yield f"says: {' '.join(item.text for item in utterance.sentences)}"
            case Listen(to=to):
                if not (speaks and to == "commands"):
                    yield "listens" if to == "anything" else f"listens to {to}"
            case StartTimer(seconds=seconds):
                yield f"waits {seconds:g} s"
            case StopTimer():
                yield "stops waiting"
            case Attend(open=opened):
                yield "opens its ear" if opened else "takes that for all"
            case SetRate(words_per_minute=rate):
                yield f"rate {rate}"
            case SetVolume(level=level):
                yield f"volume {level}"
            case SetVoice(name=name):
                yield f"voice {name}"
            case Cue(name=cue):
                yield f"sound: {cue}"
            case Alert(sign=sign):
                yield f"alerts: {sign}"
            case StopSpeaking():
                yield "is silent"
            case PauseSpeaking():
                yield "pauses"
            case ResumeSpeaking():
                yield "resumes"
            case Quit():
                yield "quits"
