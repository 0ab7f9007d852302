"""Whose turn it is: when somebody's words are complete, and whether they go on after all.

Knows of no device and no thread: the listener calls it, one call at a time. Time is counted in
samples.

- *Early look.* A moment after speech stops, what was said so far is recognised, while the pause is
  still being waited out. Words that are plainly a whole question end the turn at once, words that
  trail off put it off (`Patience`). If speech goes on, the look is forgotten.
- *Second thoughts.* Who goes on within the usual pause after an early end had not finished: the
  sound of both is joined and heard as one question, and `QuestionWentOn` tells at once that the
  answer to the first part is to be taken back. So nobody is cut off, and nobody waits.

While we speak, our own voice may be in the sound. Unless it has been cancelled (`clean`), only what
began before our voice is taken for the rest of a question; of anything later, `Heard.after` says
what it might go on, and the assistant judges by the words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, Protocol, TypeAlias

import numpy as np

from mbc_voice import timing
from mbc_voice.audio import SAMPLE_RATE, Block, Samples, Segment
from mbc_voice.events import QuestionWentOn, Silence, SpeechStarted, Transcript
from mbc_voice.hear.endpoint import (
    Endpoint,
    EndpointEvent,
    EndpointSettings,
    Paused,
    SpeechBegan,
    SpeechWentOn,
)

Mode: TypeAlias = Literal["anything", "commands", "nothing"]
Said: TypeAlias = Transcript | Silence


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
LONGEST_COMMAND_MS = 5_000
"""Our own voice may be in the room while commands are awaited; it must not hold them up."""
REST_MS = 96
"""After a change of mode nothing begins before so much quiet: what was being said when it changed
(the end of our own voice, mostly) is nobody's question."""
LONGEST_REST_MS = 2_000
"""But in steady noise we don't wait for quiet longer than this."""


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


News: TypeAlias = Heard | SpeechStarted | QuestionWentOn


class Asked(Protocol):
    """A recognizer at work; answers come as `Turns.recognized`."""

    def begin(self, phrases: Sequence[str] | None) -> None:
        """A segment begins."""

    def feed(self, samples: Samples) -> None:
        """More of it."""

    def look(self, number: int) -> None:
        """Ask what was said so far."""

    def end(self, number: int) -> None:
        """Ask what was said in the whole segment."""

    def forget(self, number: int) -> None:
        """Nobody wants this answer any more."""


@dataclass(eq=False)
class _Turn:
    """A turn from its first sound until its words are known."""

    mode: Mode
    before: _Ended | None = None
    """What it goes on, or may go on."""
    joined: bool = False
    """Whether it surely goes on, and was fed together with what was before."""
    asked: int | None = None
    """Number of the early look that was asked for last."""
    looked_to: int = -1
    """End of speech that the look was about."""
    guess: Said | None = None
    """What the look brought."""
    open: bool = False
    """Whether it is to end so early that it may still go on."""
    sound: Segment | None = None
    """All of it, once it is over."""


@dataclass(frozen=True, eq=False)
class _Ended:
    """A turn that was ended early, for as long as it may still go on."""

    samples: Samples = field(repr=False)
    speech_end: int
    text: str = field(repr=False)


class Turns:
    """Follows the sound of one microphone. `phrases` are those a recognizer may be held to."""

    def __init__(
        self,
        ask: Asked,
        post: Callable[[News], None],
        *,
        settings: EndpointSettings,
        phrases: Sequence[str] = (),
        patience: Patience | None = None,
        clean: bool = False,
    ) -> None:
        self.mode: Mode = "anything"
        self._ask = ask
        self._post = post
        self._settings = _settings_by_mode(settings)
        self._endpoint = Endpoint(settings)
        self._phrases = tuple(phrases)
        self._patience = patience
        self._clean = clean
        """Whether our own voice has been taken out of the sound."""
        self._turn: _Turn | None = None
        """The one in progress."""
        self._waiting: dict[int, _Turn] = {}
        """By number, the turns that wait for an answer of the recognizer."""
        self._number = 0
        self._last: _Ended | None = None
        self._changed_at = 0
        """From which sample on the mode is what it is."""
        self._resting = False
        """Whether nothing may begin yet, after a change of mode."""
        self._rested_ms = self._quiet_ms = 0.0

    def hear(self, frame: Block, probability: float) -> None:
        """Take the next frame and how likely it is speech."""
        if self._resting:
            self._rest(frame, probability)
            return
        self._take(self._endpoint.hear(frame, probability))
        last = self._last
        if last is not None and self._endpoint.state == "quiet":
            late = frame.start - last.speech_end > self._usual_pause
            self._last = None if late else last

    def recognized(self, number: int, said: Said) -> None:
        """Take the recognizer's answer to a look or an end."""
        turn = self._waiting.pop(number, None)
        if turn is None:
            return
        if turn.sound is not None:
            self._finish(turn, turn.sound, said)
        elif turn is self._turn and self._endpoint.speech_end == turn.looked_to:
            turn.guess = said
            enough = self._enough(turn, said)
            turn.open = enough.pause_ms < self._usual_pause_ms and not enough.final
            self._take(self._endpoint.end_after(enough.pause_ms))

    def change(self, mode: Mode, at: int) -> None:
        """Listen for something else from sample `at` on."""
        if mode == self.mode:
            return
        before, self.mode, self._changed_at = self.mode, mode, at
        if mode != "nothing" and self._goes_on():
            return
        if mode == "nothing" or before == "anything":
            self._drop_turn()
        else:
            self._take(self._endpoint.finish())
        if self._clean and mode != "nothing":
            self._endpoint.settings = self._settings[mode]
            return
        self._endpoint.forget(self._settings[mode])
        self._resting = before != "nothing"
        self._rested_ms = self._quiet_ms = 0.0

    def drop(self) -> None:
        """Forget all that was heard: the sound breaks off here."""
        self._drop_turn()
        self._last = None
        self._endpoint.forget()

    @property
    def _usual_pause_ms(self) -> int:
        return self._settings["anything"].end_pause_ms

    @property
    def _usual_pause(self) -> int:
        return self._usual_pause_ms * SAMPLE_RATE // 1000

    def _goes_on(self) -> bool:
        """Return whether the rest of a question is being said, or may be just beginning."""
        if self._turn is not None:
            return self._turn.joined
        return self._last is not None and self._endpoint.state == "starting"

    def _rest(self, frame: Block, probability: float) -> None:
        """Count the pause after a change of mode, and end it when it is long enough."""
        length = len(frame.samples) / SAMPLE_RATE * 1000
        speech = probability >= self._endpoint.settings.stay_probability
        self._quiet_ms = 0.0 if speech else self._quiet_ms + length
        self._rested_ms += length
        self._resting = self._quiet_ms < REST_MS and self._rested_ms < LONGEST_REST_MS

    def _take(self, events: Sequence[EndpointEvent]) -> None:
        for event in events:
            match event:
                case SpeechBegan():
                    self._begin(event)
                case SpeechWentOn(samples=samples):
                    self._forget_look()
                    self._ask.feed(samples)
                case Paused(speech_end=end):
                    self._look(end)
                case Segment():
                    self._end(event)

    def _begin(self, event: SpeechBegan) -> None:
        onset = event.start + len(event.samples)
        onset -= self._endpoint.settings.min_speech_ms * SAMPLE_RATE // 1000
        last, self._last = self._last, None
        if last is not None and not self._may_go_on(last, onset):
            last = None
        ours = self.mode == "commands" and not self._clean and onset >= self._changed_at
        joined = last is not None and not ours
        turn = self._turn = _Turn("anything" if joined else self.mode, last, joined)
        held = turn.mode == "commands" and last is None and self._phrases
        self._ask.begin(self._phrases if held else None)
        if joined and last is not None:
            self._endpoint.settings = self._settings["anything"]
            self._post(QuestionWentOn())
            self._ask.feed(last.samples)
        elif turn.mode == "anything":
            self._post(SpeechStarted())
        self._ask.feed(event.samples)

    def _may_go_on(self, last: _Ended, onset: int) -> bool:
        longest = self._settings["anything"].longest_ms * SAMPLE_RATE // 1000
        return onset - last.speech_end <= self._usual_pause and len(last.samples) < longest

    def _look(self, speech_end: int) -> None:
        """Have a look at what was said so far; perhaps it was all."""
        turn = self._turn
        if turn is None or self._patience is None:
            return
        turn.looked_to, turn.guess, turn.open = speech_end, None, False
        turn.asked = self._next_number(turn)
        self._ask.look(turn.asked)

    def _forget_look(self) -> None:
        """Forget a look that is out of date: speech went on."""
        turn = self._turn
        if turn is None or self._endpoint.speech_end == turn.looked_to:
            return
        turn.guess, turn.open = None, False
        if turn.asked is not None and self._waiting.pop(turn.asked, None) is not None:
            self._ask.forget(turn.asked)

    def _enough(self, turn: _Turn, said: Said) -> Enough:
        """Return what ends the turn after these words."""
        usual = self._settings[turn.mode].end_pause_ms
        if isinstance(said, Silence) or self._patience is None:
            return Enough(usual)
        wanted = self._patience(said.text)
        if turn.mode == "commands":
            return Enough(min(wanted.pause_ms, usual), final=True)
        return wanted

    def _end(self, segment: Segment) -> None:
        turn, self._turn = self._turn, None
        self._endpoint.settings = self._settings[self.mode]
        if turn is None:
            return
        timing.mark("turn ended")
        turn.sound = _joined(turn, segment)
        looked = segment.speech_end == turn.looked_to
        if looked and turn.guess is not None:
            if turn.open and turn.mode == "anything" and isinstance(turn.guess, Transcript):
                text = turn.guess.text
                self._last = _Ended(turn.sound.samples, segment.speech_end, text)
            self._finish(turn, turn.sound, turn.guess)
        elif not looked or turn.asked not in self._waiting:
            self._ask.end(self._next_number(turn))

    def _finish(self, turn: _Turn, sound: Segment, said: Said) -> None:
        timing.mark("heard")
        longest = self._settings[turn.mode].longest_ms
        after = turn.before.text if turn.before is not None else ""
        length = sound.seconds * 1000
        self._post(Heard(said, turn.mode, length, after, cut=length >= longest))

    def _drop_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None and turn.asked is not None:
            self._waiting.pop(turn.asked, None)
            self._ask.forget(turn.asked)

    def _next_number(self, turn: _Turn) -> int:
        self._number += 1
        self._waiting[self._number] = turn
        return self._number


def _joined(turn: _Turn, segment: Segment) -> Segment:
    """Return the segment together with what it goes on."""
    if not turn.joined or turn.before is None:
        return segment
    samples = np.concatenate([turn.before.samples, segment.samples])
    return replace(segment, samples=samples)


def _settings_by_mode(questions: EndpointSettings) -> dict[Mode, EndpointSettings]:
    commands = replace(
        questions,
        end_pause_ms=min(COMMAND_PAUSE_MS, questions.end_pause_ms),
        longest_ms=min(LONGEST_COMMAND_MS, questions.longest_ms),
    )
    return {"anything": questions, "commands": commands, "nothing": questions}
