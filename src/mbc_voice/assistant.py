"""The assistant: one inbox, one loop, the only mutable state.

Everything that happens (a transcript, a key, a sentence that began, a timer) is posted to the
inbox by whatever thread noticed it. The loop runs on the thread that calls `Assistant.run`; it
alone understands, steps the dialogue and tells ears and voice what to do.
"""

from __future__ import annotations

import logging
import queue
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from mbc_voice import timing
from mbc_voice.dialogue.state import State
from mbc_voice.dialogue.step import step
from mbc_voice.dialogue.view import context, snapshot
from mbc_voice.events import (
    Action,
    Alert,
    Attend,
    Context,
    Cue,
    Event,
    Failing,
    Forget,
    Listen,
    NotCovered,
    NothingHeard,
    Outcome,
    PauseSpeaking,
    Quit,
    ResumeSpeaking,
    SetRate,
    SetVoice,
    SetVolume,
    Silence,
    Snapshot,
    Speak,
    SpeechStarted,
    StartTimer,
    StopSpeaking,
    StopTimer,
    TimerEnded,
    Transcript,
    Understood,
    outcome_ids,
)
from mbc_voice.hear.listener import Heard
from mbc_voice.judging import Over, judge
from mbc_voice.own_voice import DUCKED, OwnVoice
from mbc_voice.parts import Ears, Failed, InputEnded, Interpret, Posted, Typed, Voice
from mbc_voice.watches import BROKEN, Watches

log = logging.getLogger(__name__)


FAILURE_STATUS = 3
"""Exit status when a part died: a supervisor should start the program again."""

FAREWELL = "farewell"
FAREWELL_SECONDS = 20.0
"""Where a part died, no voice is waited for any longer than this."""

ECHO_SECONDS = 2.0
"""Our own voice may come back so much later than it was reported as said."""


class Assistant:
    """Runs one talk from the first event to `Quit`."""

    def __init__(
        self,
        state: State,
        interpret: Interpret,
        voice: Voice,
        *,
        show: Callable[[Snapshot], None],
        alert: Callable[[str], None] | None = None,
        use_voice: Callable[[str], None] | None = None,
        forget: Callable[[], None] = lambda: None,
        attended: bool = True,
        watched: bool = False,
        clean: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._state = state
        self._interpret = interpret
        self._voice = voice
        self._ears: Ears | None = None
        self._show = show
        self._alert = alert
        self._use_voice = use_voice
        self._forget_elsewhere = forget
        self._count: Callable[[Outcome], None] = lambda _: None
        self._clock = clock
        self._inbox: queue.SimpleQueue[Posted] = queue.SimpleQueue()
        self._first: deque[Posted] = deque()
        self._waiting: deque[Typed] = deque()
        self._watches = Watches(clock, attended=attended, watched=watched)
        self._clean = clean
        """Whether our own voice is no part of what is heard: people may speak over it."""
        self._own = OwnVoice(voice, self._watches, clock, self._rate, clean=clean)
        self._status: int | None = None
        self._ending = False
        self.failure = ""
        """Why the loop ended early, if it did: one line for the person."""

    def hear_with(self, ears: Ears | None) -> None:
        """Connect the ears; without any, questions are typed."""
        self._ears = ears

    def count_with(self, count: Callable[[Outcome], None]) -> None:
        """Tell `count` what each question came to, on the loop's thread."""
        self._count = count

    def alert_with(self, alert: Callable[[str], None]) -> None:
        """Tell `alert` the sign of each emergency, on the loop's thread."""
        self._alert = alert

    def post(self, item: Posted) -> None:
        """Put something that happened into the inbox. Any thread may call this."""
        self._inbox.put(item)

    def post_next(self, item: Posted) -> None:
        """Let this be taken before all that waits. Only the loop's own thread may call this."""
        self._first.append(item)

    def finish_when_quiet(self) -> None:
        """End the talk once nothing is being said. Any thread may call this."""
        self.post(InputEnded())

    def context(self) -> Context:
        """Return where the talk is. Any thread may call this."""
        return context(self._state)

    def run(self) -> int:
        """Take part in the talk until it ends; return the exit status."""
        while self._status is None:
            item = self._next()
            if item is not None:
                self._take(item)
            self._end_timers()
            self._when_quiet()
        return self._status

    def _when_quiet(self) -> None:
        """Take the next question that waited for silence, or end if nobody can ask any more."""
        held = snapshot(self._state).phase == "paused"
        if self._status is not None or (self._own.sounds and not held):
            return
        if self._waiting:
            self._understand(self._waiting.popleft().text, by="text")
        elif self._ending:
            self._status = 0

    def _next(self) -> Posted | None:
        if self._first:
            return self._first.popleft()
        try:
            return self._inbox.get(timeout=self._watches.left())
        except queue.Empty:
            return None

    def _end_timers(self) -> None:
        for name in self._watches.ended():
            if name == FAREWELL:
                self._voice.stop()
                self._status = FAILURE_STATUS
            elif name == DUCKED:
                self._own.restore()
            elif name in BROKEN:
                self._fail(BROKEN[name])
            else:
                self._step(TimerEnded(name))

    def _rate(self) -> int:
        return snapshot(self._state).words_per_minute

    def _fail(self, reason: str) -> None:
        """Say that something broke, where a voice still works, and end."""
        if self.failure:
            return
        self.failure = reason
        self._watches.stop_all()
        self._watches.start(FAREWELL, FAREWELL_SECONDS)
        self._step(Failing())

    def _take(self, item: Posted) -> None:
        match item:
            case Heard():
                self._take_heard(item)
            case SpeechStarted():
                self._own.give_way()
                self._step(item)
            case Typed(text=text, patient=patient):
                if patient:
                    self._waiting.append(item)
                else:
                    self._understand(text, by="text")
            case Failed(reason=reason):
                self._fail(reason)
            case InputEnded():
                self._ending = True
            case _:
                self._step(item)

    def _take_heard(self, heard: Heard) -> None:
        """Take what was said; if it wasn't meant for us, go on as if nothing had been."""
        over = self._clean and heard.mode == "commands"
        self._own.heard(self._judge(heard), over=over)

    def _judge(self, heard: Heard) -> bool:
        """Do what was said, and return whether words were meant for us."""
        said = heard.said
        if isinstance(said, Transcript):
            log.info("segment %.0f ms, recognized in %.0f ms", heard.segment_ms, said.recognize_ms)
        since = self._clock() - _age(heard) - ECHO_SECONDS
        over = Over(self._clean, self._own.priority)
        meant = judge(heard, since, self._outcome, self._own.words, over)
        for event in meant:
            self._step(event)
        if isinstance(said, Silence) or not meant:
            return False
        if heard.mode == "anything":
            self._doubt(meant[-1])
        return True

    def _doubt(self, event: Event) -> None:
        """Ask for the wake phrase again after what may not have been meant for us."""
        outcome = event.outcome if isinstance(event, Understood) else None
        strange = isinstance(outcome, NotCovered) and outcome.referral is None
        strange = strange or isinstance(outcome, NothingHeard)
        if strange and self._state.listening == "wake-phrase" and self._ears is not None:
            self._ears.attend(False)

    def _understand(self, text: str, by: Literal["voice", "text"]) -> None:
        self._step(Understood(self._outcome(text), text, by))

    def _outcome(self, text: str) -> Outcome:
        began = time.perf_counter()
        outcome = self._interpret(text, context(self._state))
        timing.mark("understood")
        log.info(
            "understood as %s %s in %.1f ms",
            type(outcome).__name__,
            ",".join(outcome_ids(outcome)),
            (time.perf_counter() - began) * 1000,
        )
        return outcome

    def _step(self, event: Event) -> None:
        if isinstance(event, Understood):
            self._count(event.outcome)
        self._watches.devices(event)
        for unsaid in self._own.follow(event):
            self._show(replace(snapshot(self._state), caption=unsaid))
        self._state, actions = step(self._state, event)
        for action in actions:
            self._do(action)
        self._show(snapshot(self._state))

    def _do(self, action: Action) -> None:
        match action:
            case Speak(utterance=utterance):
                self._own.say(utterance)
            case StopSpeaking():
                self._own.stop()
            case PauseSpeaking():
                self._own.pause()
            case ResumeSpeaking():
                self._own.resume()
            case SetRate(words_per_minute=rate):
                self._voice.set_rate(rate)
            case SetVolume(level=level):
                self._voice.set_volume(level)
            case SetVoice(name=name):
                if self._use_voice is not None:
                    self._use_voice(name)
            case Cue(name=sound):
                self._voice.cue(sound)
            case Listen(to=mode):
                if self._ears is not None:
                    self._ears.listen_to(mode)
            case Attend(open=opened):
                if self._ears is not None:
                    self._ears.attend(opened)
            case StartTimer(name=name, seconds=seconds):
                self._watches.start(name, seconds)
            case StopTimer(name=name):
                self._watches.stop(name)
            case Alert(sign=sign):
                log.info("urgent sign: %s", sign)
                if self._alert is not None:
                    self._alert(sign)
            case Forget():
                self._forget()
            case Quit():
                self._status = FAILURE_STATUS if self.failure else 0

    def _forget(self) -> None:
        """Let go of all that was heard in the visit, here and in the other parts."""
        self._waiting.clear()
        self._own.forget()
        self._forget_elsewhere()
        if self._ears is not None and self._state.listening != "always":
            self._ears.attend(False)


def _age(heard: Heard) -> float:
    """Return how long ago (s) the first sound of this was heard, at least."""
    recognized = heard.said.recognize_ms if isinstance(heard.said, Transcript) else 0.0
    return (heard.segment_ms + recognized) / 1000
