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
from dataclasses import replace

from mbc_voice import timing
from mbc_voice.audio import SAMPLE_RATE, Block, Samples, Segment
from mbc_voice.events import QuestionWentOn, Silence, SpeechStarted, Transcript
from mbc_voice.hear.attention import PHRASE_SECONDS, Attention
from mbc_voice.hear.endpoint import (
    Endpoint,
    EndpointEvent,
    EndpointSettings,
    Paused,
    SpeechBegan,
    SpeechWentOn,
)
from mbc_voice.hear.turn import (
    LONGEST_EARLY_MS,
    SLOW_LOOK_MS,
    Asked,
    Ended,
    Enough,
    Heard,
    Mode,
    News,
    Patience,
    Said,
    Turn,
    added,
    joined,
    settings_by_mode,
)

__all__ = ["Enough", "Heard", "Mode", "News", "Patience", "Said", "Turns"]

REST_MS = 96
"""After a change of mode nothing begins before so much quiet: what was being said when it changed
(the end of our own voice, mostly) is nobody's question."""
LONGEST_REST_MS = 2_000
"""But in steady noise we don't wait for quiet longer than this."""


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
        attention: Attention | None = None,
    ) -> None:
        self.mode: Mode = "anything"
        self._ask = ask
        self._post = post
        self._quick = settings_by_mode(settings, clean=clean)
        self._slow = settings_by_mode(settings, clean=clean, slow=True)
        self._settings = self._quick
        """By mode; whether the quick or the slow ones, the latest look decides."""
        self._now = 0
        """Samples since the stream began."""
        self._endpoint = Endpoint(settings)
        self._phrases = tuple(phrases)
        self._patience = patience
        self._attention = attention or Attention()
        self._clean = clean
        """Whether our own voice has been taken out of the sound."""
        self._turn: Turn | None = None
        """The one in progress."""
        self._waiting: dict[int, Turn] = {}
        """By number, the turns that wait for an answer of the recognizer."""
        self._number = 0
        self._last: Ended | None = None
        self._changed_at = 0
        """From which sample on the mode is what it is."""
        self._resting = False
        """Whether nothing may begin yet, after a change of mode."""
        self._rested_ms = self._quiet_ms = 0.0

    def hear(self, frame: Block, probability: float) -> None:
        """Take the next frame and how likely it is speech."""
        self._now = frame.start + len(frame.samples)
        if self._resting:
            self._rest(frame, probability)
            return
        self._take(self._endpoint.hear(frame, probability))
        quiet = self._endpoint.state == "quiet"
        last = self._last
        if last is not None and quiet and frame.start - last.speech_end > self._usual_pause:
            self._last = None
            self._attention.said()
        ours = quiet and self.mode == "anything" and not self._waiting
        self._attention.wait(len(frame.samples), quiet=ours)

    @property
    def deaf(self) -> bool:
        """Whether the sound need not be looked at at all."""
        return self.mode == "nothing" or self._attention.deaf

    def attend(self, *, opened: bool) -> None:
        """Open the ear for a turn, or take what was said so far for all of it."""
        if not opened and not self._attention.asleep:
            self._take(self._endpoint.finish())
        if self._attention.deaf:
            self._endpoint.forget()
        self._attention.turn(opened=opened)

    def recognized(self, number: int, said: Said) -> None:
        """Take the recognizer's answer to a look or an end."""
        turn = self._waiting.pop(number, None)
        if turn is None:
            return
        slow = (self._now - turn.asked_at) * 1000 > SLOW_LOOK_MS * SAMPLE_RATE
        self._settings = self._slow if slow else self._quick
        if turn.sound is not None:
            self._finish(turn, turn.sound, said)
            return
        if turn is not self._turn:
            return
        if turn.asleep:
            said = self._woken(turn, said)
        elif turn.woken:
            said = self._without_phrase(said)
        if turn is self._turn and self._endpoint.speech_end == turn.looked_to:
            enough = self._enough(turn, said)
            if turn.early and enough.pause_ms:
                if turn.again:
                    self._look(turn.looked_to)
                return
            turn.guess = said
            if turn.asleep:
                return
            turn.open = enough.pause_ms < self._usual_pause_ms and not enough.final
            self._take(self._endpoint.end_after(enough.pause_ms))

    def change(self, mode: Mode, at: int) -> None:
        """Listen for something else from sample `at` on."""
        if mode == self.mode:
            return
        before, self.mode, self._changed_at = self.mode, mode, at
        if mode != "nothing" and self._goes_on():
            return
        if self._clean and mode == "anything" and self._turn is not None:
            self._turn.mode = mode
            self._endpoint.settings = self._settings[mode]
            self._post(SpeechStarted())
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
                    self._go_on(samples)
                case Paused(speech_end=end, early=early):
                    self._look(end, early=early)
                case Segment():
                    self._end(event)

    def _begin(self, event: SpeechBegan) -> None:
        onset = event.start + len(event.samples)
        onset -= self._endpoint.settings.min_speech_ms * SAMPLE_RATE // 1000
        last, self._last = self._last, None
        if last is not None and not self._may_go_on(last, onset):
            last = None
        ours = self.mode == "commands" and not self._clean and onset >= self._changed_at
        goes_on = last is not None and not ours
        turn = self._turn = Turn("anything" if goes_on else self.mode, last, goes_on)
        turn.asleep = turn.mode == "anything" and self._attention.asleep
        held = turn.mode == "commands" and last is None and self._phrases
        self._ask.begin(self._phrases if held else None)
        if goes_on and last is not None:
            self._endpoint.settings = self._settings["anything"]
            self._post(QuestionWentOn())
            self._ask.feed(last.samples)
        elif (turn.mode == "anything" or self._clean) and not turn.asleep:
            self._post(SpeechStarted())
        self._go_on(event.samples)

    def _go_on(self, samples: Samples) -> None:
        """Feed more of a turn; of one that doesn't begin with the wake phrase, only the start."""
        turn = self._turn
        if turn is None:
            return
        if self._endpoint.speech_end != turn.looked_to:
            self._forget_look(turn)
        self._ask.feed(samples)
        before, turn.length = turn.length, turn.length + len(samples)
        if turn.asleep and before < PHRASE_SECONDS * SAMPLE_RATE <= turn.length:
            self._look(self._endpoint.speech_end)

    def _woken(self, turn: Turn, said: Said) -> Said:
        """Wake up if the turn begins with the wake phrase; else it is not for us."""
        rest = self._attention.woken_by(said.text) if isinstance(said, Transcript) else None
        if rest is None:
            if turn.length >= PHRASE_SECONDS * SAMPLE_RATE and turn is self._turn:
                self._drop_turn()
            return said
        turn.asleep, turn.woken = False, True
        self._attention.turn(opened=True)
        if rest:
            self._post(SpeechStarted())
        return self._without_phrase(said)

    def _without_phrase(self, said: Said) -> Said:
        """Return what was said after the wake phrase."""
        rest = self._attention.woken_by(said.text) if isinstance(said, Transcript) else ""
        if rest is None or isinstance(said, Silence):
            return said
        return replace(said, text=rest) if rest else Silence("silence")

    def _may_go_on(self, last: Ended, onset: int) -> bool:
        longest = self._settings["anything"].longest_ms * SAMPLE_RATE // 1000
        return onset - last.speech_end <= self._usual_pause and len(last.samples) < longest

    def _look(self, speech_end: int, *, early: bool = False) -> None:
        """Have a look at what was said so far; perhaps it was all."""
        turn = self._turn
        if turn is None or (self._patience is None and not turn.asleep):
            return
        if early and turn.length > LONGEST_EARLY_MS * SAMPLE_RATE // 1000:
            return
        if turn.early and turn.asked in self._waiting and speech_end == turn.looked_to:
            turn.again = True
            return
        turn.early, turn.again = early, False
        turn.looked_to, turn.guess, turn.open = speech_end, None, False
        turn.asked = self._next_number(turn)
        if early:
            self._ask.glance(turn.asked)
        else:
            self._ask.look(turn.asked)

    def _forget_look(self, turn: Turn) -> None:
        """Forget a look that is out of date: speech went on."""
        if turn.asleep and turn.length >= PHRASE_SECONDS * SAMPLE_RATE:
            return
        turn.guess, turn.open, turn.again = None, False, False
        if turn.asked is not None and self._waiting.pop(turn.asked, None) is not None:
            self._ask.forget(turn.asked)

    def _enough(self, turn: Turn, said: Said) -> Enough:
        """Return what ends the turn after these words."""
        usual = self._settings[turn.mode].end_pause_ms
        if isinstance(said, Silence) or self._patience is None:
            return Enough(usual)
        wanted = self._patience(said.text)
        if turn.joined and turn.before is not None:
            order = self._patience(added(said.text, turn.before.text))
            wanted = order if order.final else wanted
        if turn.mode == "commands":
            if self._clean and wanted.final:
                return Enough(0, final=True)
            unfinished = self._clean and wanted.pause_ms > self._usual_pause_ms
            pause = self._usual_pause_ms if unfinished else min(wanted.pause_ms, usual)
            return Enough(pause, final=True)
        return wanted

    def _end(self, segment: Segment) -> None:
        turn, self._turn = self._turn, None
        self._endpoint.settings = self._settings[self.mode]
        if turn is None:
            return
        timing.mark("turn ended")
        turn.sound = joined(turn, segment)
        looked = segment.speech_end == turn.looked_to and not turn.again
        if looked and turn.guess is not None:
            if turn.open and turn.mode == "anything" and isinstance(turn.guess, Transcript):
                text = turn.guess.text
                self._last = Ended(turn.sound.samples, segment.speech_end, text)
            self._finish(turn, turn.sound, turn.guess)
        elif not looked or turn.asked not in self._waiting:
            self._forget_look(turn)
            self._ask.end(self._next_number(turn))

    def _finish(self, turn: Turn, sound: Segment, said: Said) -> None:
        if turn.asleep:
            said = self._woken(turn, said)
        elif turn.woken:
            said = self._without_phrase(said)
        if turn.asleep or (turn.woken and isinstance(said, Silence)):
            return
        timing.mark("heard")
        longest = self._settings[turn.mode].longest_ms
        after = turn.before.text if turn.before is not None else ""
        length = sound.seconds * 1000
        self._post(Heard(said, turn.mode, length, after, cut=length >= longest))
        if turn.mode == "anything" and self._last is None:
            self._attention.said()

    def _drop_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None and turn.asked is not None:
            self._waiting.pop(turn.asked, None)
            self._ask.forget(turn.asked)

    def _next_number(self, turn: Turn) -> int:
        self._number += 1
        self._waiting[self._number] = turn
        turn.asked_at = self._now
        return self._number
