"""The listener: from blocks of sound to what was heard.

Its thread reads the microphone and follows voice activity; the recognizer works on another
(`recognizing`), so that sound is followed while words are looked for. Both take `Turns` in turn,
under one lock, which is never held while a recognizer works. Others call `start`, `stop` and
`listen_to`; news leaves through `post`, which must not block. What people say is never logged.

A change of what to listen for takes effect at the sample that was arriving when it was asked for,
not at the one being looked at: sound may wait in a queue, and the end of our own voice must not be
taken for a question because it was looked at late.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeAlias

from mbc_voice.audio import Block
from mbc_voice.errors import DeviceError
from mbc_voice.events import Attending, ListenMode, MicrophoneLost, MicrophoneReady
from mbc_voice.hear.attention import Attention, Spot
from mbc_voice.hear.endpoint import EndpointSettings
from mbc_voice.hear.foreground import Foreground
from mbc_voice.hear.microphone import Lost, Source
from mbc_voice.hear.recognizer import Recognizer
from mbc_voice.hear.recognizing import Recognizing, Said
from mbc_voice.hear.turns import Heard, Mode, Patience, Turns
from mbc_voice.hear.turns import News as TurnNews
from mbc_voice.hear.voice_activity import Frames, VoiceActivity, seen

__all__ = ["Heard", "Listener", "Mode", "News"]

log = logging.getLogger(__name__)

REOPEN_SECONDS = (0.0, 0.5, 1.0, 2.0)
"""Waits before each try to open a lost microphone again; the last is repeated."""
STOP_SECONDS = 5.0

News: TypeAlias = TurnNews | MicrophoneLost | MicrophoneReady


class Listener:
    """Listens until it is stopped, and says what it heard.

    `phrases` are the commands a recognizer may be held to. `endpoint` are the settings for
    questions, and `patience` says by the words when one is complete; without it every question
    takes the usual pause. `clean` says that our own voice is no part of the sound. `renew` makes
    another recognizer in place of one that hangs. `on_death` is told, in one line, when it can't
    hear any more: the program is deaf then and should end. `tries` bounds how often a lost
    microphone is tried, None for ever. `inline` recognises on the listener's own thread, for sound
    that doesn't come in real time. `mode` says what is meant for us, and `spot` finds the wake
    phrase.
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
        patience: Patience | None = None,
        clean: bool = False,
        renew: Callable[[], Recognizer] | None = None,
        on_death: Callable[[str], None] = log.error,
        tries: int | None = None,
        inline: bool = False,
        mode: ListenMode = "always",
        spot: Spot | None = None,
    ) -> None:
        self._source = source
        self._activity = voice_activity
        self._foreground = Foreground()
        self._recognizing = Recognizing(
            recognizer, self._recognized, on_death, renew=renew, inline=inline
        )
        self._turns = Turns(
            self._recognizing,
            post,
            settings=endpoint or EndpointSettings(),
            phrases=phrases,
            patience=patience,
            clean=clean,
            attention=Attention(mode, spot, lambda opened: post(Attending(opened))),
        )
        self._one_at_a_time = threading.RLock()
        """Held by whoever uses `_turns`."""
        self._post = post
        self._on_death = on_death
        self._tries = tries
        self._changes: deque[tuple[int, Mode | bool]] = deque()
        """From which sample on to listen for what, or whether the ear is open."""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    @property
    def alive(self) -> bool:
        """Whether the thread runs; one that was started and isn't alive hears nothing."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Open the microphone and begin to listen. Raises `DeviceError`."""
        self._source.open()
        self._recognizing.start()
        self._thread.start()

    def stop(self) -> None:
        """End the threads and let the microphone go; waits at most `STOP_SECONDS`."""
        self._stopping.set()
        self._source.close()
        self._recognizing.close()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(STOP_SECONDS)

    def listen_to(self, mode: Mode) -> None:
        """Say what to listen for, from the sound arriving now on. Any thread may call this."""
        self._changes.append((self._source.position, mode))

    def attend(self, opened: bool) -> None:
        """Open the ear for a turn, or take what was said so far for all of it. Any thread."""
        self._changes.append((self._source.position, opened))

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
        self._foreground.forget()
        lost = False
        for arrived in self._source.blocks():
            if isinstance(arrived, Lost):
                lost = True
                break
            for frame in frames.cut(arrived):
                self._take(frame)
            if self._stopping.is_set():
                break
        with self._one_at_a_time:
            self._turns.drop()
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
        with self._one_at_a_time:
            while self._changes and self._changes[0][0] <= frame.start:
                self._change(*self._changes.popleft())
            if not self._turns.deaf:
                speech = self._activity.probability(seen(frame))
                self._turns.hear(frame, self._foreground.weigh(frame.samples, speech))
        self._recognizing.watch()

    def _change(self, at: int, what: Mode | bool) -> None:
        was_deaf = self._turns.deaf
        if isinstance(what, bool):
            self._turns.attend(opened=what)
        else:
            self._turns.change(what, at)
        if was_deaf and not self._turns.deaf:
            self._activity.reset()
            self._foreground.forget()

    def _recognized(self, number: int, said: Said) -> None:
        """Take the recognizer's answer, on its own thread."""
        with self._one_at_a_time:
            self._turns.recognized(number, said)
