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
from mbc_voice.hear.looks import Looks
from mbc_voice.hear.rest import Rest
from mbc_voice.hear.turn import (
    LONGEST_EARLY_MS,
    PLAIN_PAUSE_MS,
    Asked,
    Ended,
    Enough,
    Heard,
    Look,
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
        """By mode; whether the quick or the slow ones, the latest looks decide."""
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
        self._looks = Looks(ask)
        self._last: Ended | None = None
        self._changed_at = 0
        """From which sample on the mode is what it is."""
        self._rest = Rest()

    def hear(self, frame: Block, probability: float) -> None:
        """Take the next frame and how likely it is speech."""
        self._now = frame.start + len(frame.samples)
        speech = probability >= self._endpoint.settings.stay_probability
        if self._rest.takes(frame, speech=speech):
            return
        self._take(self._endpoint.hear(frame, probability))
        quiet = self._endpoint.state == "quiet"
        last = self._last
        if last is not None and quiet and frame.start - last.speech_end > self._usual_pause:
            self._last = None
            self._attention.said()
        ours = quiet and self.mode == "anything" and not self._looks
        self._attention.wait(len(frame.samples), quiet=ours)

    @property
    def deaf(self) -> bool:
        """Whether the sound need not be looked at at all."""
        return self.mode == "nothing" or self._attention.deaf

    def attend(self, *, opened: bool) -> None:
        """Open the ear for a turn, or take what was said so far for all of it."""
        if not opened and not self._attention.asleep:
            self._take(self._endpoint.finish())
            self._last = None
        if self._attention.deaf:
            self._endpoint.forget()
            self._rest.end()
        self._attention.turn(opened=opened)

    def recognized(self, number: int, said: Said) -> None:
        """Take the recognizer's answer to a look or an end."""
        answered = self._looks.answered(number, self._now)
        if answered is None:
            return
        turn, look = answered
        self._settings = self._slow if self._looks.slow else self._quick
        if turn.sound is not None:
            self._finish(turn, turn.sound, said)
            return
        said = self._for_us(turn, said)
        if turn is not self._turn or not self._holds(look):
            return
        if look.kind == "glance":
            self._glanced(turn, look, said)
        else:
            look.said = said
            if not turn.asleep:
                look.enough = self._enough(turn, said)
                self._wait_for_more(turn, look.enough)

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
            if self._turn is not None:
                self._endpoint.forget()
            self._drop_turn()
        elif not (self._clean and self._endpoint.state == "starting"):
            self._take(self._endpoint.finish())
        if self._clean and mode != "nothing":
            self._endpoint.settings = self._settings[mode]
            return
        self._endpoint.forget(self._settings[mode])
        if before != "nothing":
            self._rest.begin()
        else:
            self._rest.end()

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
        turn.woken = goes_on and last is not None and last.woken
        expected = self._phrases if last is None else ()
        self._ask.begin(expected if turn.mode == "commands" else None)
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
        if turn.look is not None and not self._holds(turn.look):
            of_its_beginning = turn.asleep and turn.length >= PHRASE_SECONDS * SAMPLE_RATE
            if not of_its_beginning:
                self._looks.forget(turn)
        self._ask.feed(samples)
        before, turn.length = turn.length, turn.length + len(samples)
        if turn.asleep and before < PHRASE_SECONDS * SAMPLE_RATE <= turn.length:
            self._look(self._endpoint.speech_end)

    def _for_us(self, turn: Turn, said: Said) -> Said:
        """Return what was said without the wake phrase, which may wake it."""
        if turn.asleep:
            return self._woken(turn, said)
        return self._without_phrase(said) if turn.woken else said

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

    def _look(self, end: int, *, early: bool = False) -> None:
        """Have a look at what was said so far, up to sample `end`; perhaps it was all."""
        turn = self._turn
        if turn is None or (self._patience is None and not turn.asleep):
            return
        look = turn.look
        if early:
            if turn.length <= LONGEST_EARLY_MS * SAMPLE_RATE // 1000:
                self._looks.ask(turn, "glance", end, self._now)
        elif look is None or look.kind != "glance":
            self._looks.ask(turn, "look", end, self._now)
        elif look.enough is not None:
            self._wait_for_more(turn, look.enough)
        elif self._looks.awaits(look):
            look.again = True
        else:
            self._looks.ask(turn, "look", end, self._now)

    def _holds(self, look: Look) -> bool:
        """Return whether a look is about all that was said so far."""
        endpoint = self._endpoint
        return look.to == (endpoint.sound_end if look.kind == "glance" else endpoint.speech_end)

    def _glanced(self, turn: Turn, look: Look, said: Said) -> None:
        """Believe what is plain; an order ends the turn even before voice activity lets go."""
        enough = self._enough(turn, said)
        if enough.pause_ms == 0:
            look.said = said
            lingers, faded_dbfs = self._endpoint.state == "speaking", self._endpoint.faded_dbfs
            self._take(self._endpoint.finish())
            if lingers:
                self._rest.begin(faded_dbfs)
        elif enough.pause_ms <= PLAIN_PAUSE_MS:
            look.said, look.enough = said, enough
            self._wait_for_more(turn, enough)
        elif look.again:
            self._looks.ask(turn, "look", self._endpoint.speech_end, self._now)

    def _wait_for_more(self, turn: Turn, enough: Enough) -> None:
        """End the turn after the pause that its words need to be all, unless speech goes on."""
        turn.open = enough.pause_ms < self._usual_pause_ms and not enough.final
        self._take(self._endpoint.end_after(enough.pause_ms))

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
        look = turn.look if turn.look is not None and self._holds(turn.look) else None
        if look is not None and look.said is not None:
            if turn.open and turn.mode == "anything" and isinstance(look.said, Transcript):
                sound, text = turn.sound.samples, look.said.text
                self._last = Ended(sound, segment.speech_end, text, turn.woken)
            self._finish(turn, turn.sound, look.said)
        elif look is None or look.kind == "glance" or not self._looks.awaits(look):
            self._looks.ask(turn, "end", segment.speech_end, self._now)

    def _finish(self, turn: Turn, sound: Segment, said: Said) -> None:
        said = self._for_us(turn, said)
        only_phrase = turn.woken and not turn.joined and isinstance(said, Silence)
        if turn.asleep or only_phrase:
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
        if turn is not None:
            self._looks.forget(turn)
