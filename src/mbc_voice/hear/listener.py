"""The listener: from blocks of sound to what was heard, on a thread of its own.

That thread alone touches voice activity, endpoint and recognizer. Others call `start`, `stop` and
`listen_to`; news leaves through `post`, which must not block. What people say is never logged.

A change of what to listen for takes effect at the sample that was arriving when it was asked for,
not at the one being looked at: while a recognizer is busy, sound waits in a queue, and the end of
our own voice must not be taken for a question because it was looked at late.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, TypeVar

from mbc_voice import timing
from mbc_voice.audio import SAMPLE_RATE, Block, Segment
from mbc_voice.errors import DeviceError
from mbc_voice.events import MicrophoneLost, MicrophoneReady, Silence, SpeechStarted, Transcript
from mbc_voice.hear.endpoint import (
    Endpoint,
    EndpointEvent,
    EndpointSettings,
    SpeechBegan,
    SpeechWentOn,
)
from mbc_voice.hear.microphone import Lost, Source
from mbc_voice.hear.recognizer import Recognizer
from mbc_voice.hear.voice_activity import Frames, VoiceActivity

log = logging.getLogger(__name__)

Mode: TypeAlias = Literal["anything", "commands", "nothing"]
Answered = TypeVar("Answered")

COMMAND_PAUSE_MS = 400
"""Commands are short and urgent: a shorter pause ends one."""
LONGEST_COMMAND_MS = 5_000
"""Our own voice may be in the room while commands are awaited; it must not hold them up."""
REST_MS = 96
"""After a change of mode nothing begins before so much quiet: what was being said when it changed
(the end of our own voice, mostly) is nobody's question."""
LONGEST_REST_MS = 2_000
"""But in steady noise we don't wait for quiet longer than this."""
REOPEN_SECONDS = (0.0, 0.5, 1.0, 2.0)
"""Waits before each try to open a lost microphone again; the last is repeated."""
STOP_SECONDS = 5.0
MOST_FAILURES = 3
"""A recognizer that fails in so many segments in a row is broken: the program ends."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One segment, and what the recognizer made of it."""

    said: Transcript | Silence
    mode: Mode
    """What was being listened for when it began."""
    segment_ms: float = 0.0
    """Its length."""


News: TypeAlias = Heard | SpeechStarted | MicrophoneLost | MicrophoneReady


class Listener:
    """Listens until it is stopped, and says what it heard.

    `phrases` are the commands a recognizer may be held to. `endpoint` are the settings for
    questions. `on_death` is told, in one line, when the thread ends unasked: the program is deaf
    then and should end. `tries` bounds how often a lost microphone is tried, None for ever.
    """

    def __init__(
        self,
        source: Source,
        voice_activity: VoiceActivity,
        recognizer: Recognizer,
        post: Callable[[News], None],
        *,
        phrases: Sequence[str] = (),
        endpoint: EndpointSettings | None = None,
        on_death: Callable[[str], None] = log.error,
        tries: int | None = None,
    ) -> None:
        self._source = source
        self._activity = voice_activity
        self._ear = _Ear(recognizer, post, phrases)
        self._post = post
        self._settings = _settings_by_mode(endpoint or EndpointSettings())
        self._endpoint = Endpoint(self._settings["anything"])
        self._on_death = on_death
        self._tries = tries
        self._changes: deque[tuple[int, Mode]] = deque()
        """Changes of mode to come: from which sample on, and to what."""
        self._mode: Mode = "anything"
        self._resting = False
        """Whether nothing may begin yet, after a change of mode."""
        self._rested_ms = 0.0
        self._quiet_ms = 0.0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    @property
    def alive(self) -> bool:
        """Whether the thread runs; one that was started and isn't alive hears nothing."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Open the microphone and begin to listen. Raises `DeviceError`."""
        self._source.open()
        self._thread.start()

    def stop(self) -> None:
        """End the thread and let the microphone go; waits at most `STOP_SECONDS`."""
        self._stopping.set()
        self._source.close()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(STOP_SECONDS)

    def listen_to(self, mode: Mode) -> None:
        """Say what to listen for, from the sound arriving now on. Any thread may call this."""
        self._changes.append((self._source.position, mode))

    def _run(self) -> None:
        try:
            self._listen_until_stopped()
        except DeviceError as error:
            self._on_death(str(error))
        except BaseException as error:  # the thread must not die unnoticed, whatever it was
            log.info("the listener died", exc_info=True)
            self._on_death(f"Listening failed ({type(error).__name__}). Start again.")
        finally:
            self._source.close()

    def _listen_until_stopped(self) -> None:
        while True:
            lost = self._listen()
            if self._stopping.is_set():
                return
            if lost:
                self._post(MicrophoneLost())
            if not self._open_again():
                return
            self._post(MicrophoneReady())

    def _listen(self) -> bool:
        """Listen until the source ends; return whether it was lost."""
        frames = Frames()
        self._activity.reset()
        lost = False
        for arrived in self._source.blocks():
            if isinstance(arrived, Lost):
                lost = True
                break
            for frame in frames.cut(arrived):
                self._take(frame)
            if self._stopping.is_set():
                break
        self._ear.drop()
        self._endpoint.forget()
        return lost

    def _open_again(self) -> bool:
        """Try until the microphone opens; return False if stopped. Raises the last error."""
        number = 0
        while not self._stopping.wait(REOPEN_SECONDS[min(number, len(REOPEN_SECONDS) - 1)]):
            number += 1
            try:
                self._source.open()
            except DeviceError:
                if number == self._tries:
                    raise
            else:
                return True
        return False

    def _take(self, frame: Block) -> None:
        while self._changes and self._changes[0][0] <= frame.start:
            self._change(self._changes.popleft()[1])
        if self._mode == "nothing":
            return
        probability = self._activity.probability(frame.samples)
        if self._resting:
            self._rest(frame, probability)
            return
        self._tell(self._endpoint.hear(frame, probability))

    def _change(self, mode: Mode) -> None:
        if mode == self._mode:
            return
        if mode == "nothing" or self._mode == "anything":
            self._ear.drop()
        else:
            self._tell(self._endpoint.finish())
        self._endpoint.forget(self._settings[mode])
        self._resting = self._mode != "nothing"
        self._rested_ms = self._quiet_ms = 0.0
        if self._mode == "nothing":
            self._activity.reset()
        self._mode = mode

    def _rest(self, frame: Block, probability: float) -> None:
        """Count the pause after a change of mode, and end it when it is long enough."""
        length = len(frame.samples) / SAMPLE_RATE * 1000
        speech = probability >= self._endpoint.settings.stay_probability
        self._quiet_ms = 0.0 if speech else self._quiet_ms + length
        self._rested_ms += length
        self._resting = self._quiet_ms < REST_MS and self._rested_ms < LONGEST_REST_MS

    def _tell(self, events: Sequence[EndpointEvent]) -> None:
        for event in events:
            if isinstance(event, SpeechBegan):
                if self._mode == "anything":
                    self._post(SpeechStarted())
                self._ear.begin(self._mode)
            self._ear.take(event)


class _Ear:
    """The recognizer, guarded: one that throws loses this segment and no other."""

    def __init__(
        self, recognizer: Recognizer, post: Callable[[News], None], phrases: Sequence[str]
    ) -> None:
        self._recognizer = recognizer
        self._post = post
        self._phrases = tuple(phrases)
        self._mode: Mode = "anything"
        self._well = True
        """Whether the recognizer has not failed in this segment."""
        self._failures = 0
        """Segments in a row in which it failed."""

    def begin(self, mode: Mode) -> None:
        """A segment begins."""
        self._mode, self._well = mode, True
        only = self._phrases if mode == "commands" and self._phrases else None
        self._guard(lambda: self._recognizer.begin(only))

    def take(self, event: EndpointEvent) -> None:
        """Feed what is new; at the end of the segment, post what was heard."""
        if isinstance(event, SpeechBegan | SpeechWentOn):
            samples = event.samples
            self._guard(lambda: self._recognizer.feed(samples))
        else:
            self._end(event)

    def drop(self) -> None:
        """Forget the segment; the next `begin` starts afresh."""
        self._well = True

    def _end(self, segment: Segment) -> None:
        timing.mark("turn ended")
        said = self._guard(self._recognizer.end) or Silence("unclear")
        self._failures = 0 if self._well else self._failures + 1
        if self._failures >= MOST_FAILURES:
            raise DeviceError("Understanding speech failed again and again. Start again.")
        timing.mark("heard")
        self._post(Heard(said, self._mode, segment.seconds * 1000))

    def _guard(self, ask: Callable[[], Answered]) -> Answered | None:
        if not self._well:
            return None
        try:
            return ask()
        except Exception as error:
            self._well = False
            log.info("the recognizer failed: %s", type(error).__name__)
            return None


def _settings_by_mode(questions: EndpointSettings) -> dict[Mode, EndpointSettings]:
    commands = replace(
        questions,
        end_pause_ms=min(COMMAND_PAUSE_MS, questions.end_pause_ms),
        longest_ms=min(LONGEST_COMMAND_MS, questions.longest_ms),
    )
    return {"anything": questions, "commands": commands, "nothing": questions}
