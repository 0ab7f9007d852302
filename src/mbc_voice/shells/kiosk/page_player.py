"""A player whose loudspeaker is a page: clips go out as frames, and what it reports is the clock.

The speaker's thread and the server's use it; all of it holds one lock, for moments only. Pauses,
stops and volume are carried out by the page at once, however much sound it was sent ahead.

A page that plays nothing (no sound device, or nobody has touched it yet, which browsers ask for)
reports nothing: then time goes by as if it had been heard, so that captions go on for the deaf.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mbc_voice.audio import Samples, resample
from mbc_voice.shells.kiosk import protocol
from mbc_voice.shells.kiosk.mailbox import Mailbox
from mbc_voice.shells.kiosk.protocol import CUE, FRAME_SAMPLES, LAST, SOUND_RATE
from mbc_voice.speak.playback import Mark, volume_gain
from mbc_voice.speak.player import Position

AHEAD_SAMPLES = 3 * SOUND_RATE
"""So much is sent before it was heard: enough for a slow network."""
SILENT_SECONDS = 2.5
"""Without a report for so long, the page is taken to play nothing."""
REPORT_SECONDS = 0.1
"""The time since the last report counts as heard, up to so much."""
DUCKED = 0.25
"""Share of the volume while somebody speaks."""


@dataclass(slots=True)
class _Clip:
    id: int
    samples: Samples
    sent: int = 0
    heard: int = 0
    started: bool = False


class PagePlayer:
    """Satisfies `speak.player.Plays` on one page."""

    sample_rate = SOUND_RATE

    def __init__(self, page: Mailbox, clock: Callable[[], float] = time.monotonic) -> None:
        self._page = page
        self._clock = clock
        self._clips: deque[_Clip] = deque()
        self._marks: list[Mark] = []
        self._last = Position(0, 0)
        self._number = 0
        self._paused = False
        self._moved = clock()
        """When anything was heard last, or could have been."""
        self._deaf = False
        """Whether the page plays nothing."""
        self._gain = 1.0
        self._share = 1.0
        self._lock = threading.Lock()

    @property
    def alive(self) -> bool:
        """Always: a page that is gone ends its talk."""
        return True

    def reopen(self) -> bool:
        """Return that all goes on."""
        return True

    def close(self) -> None:
        """Be silent."""
        self.stop()

    def play(self, samples: Samples, sample_rate: int) -> int:
        """Play a clip behind what is already waiting; return its number."""
        fitting = resample(samples, sample_rate, SOUND_RATE)
        with self._lock:
            self._number += 1
            if not self._clips:
                self._moved = self._clock()
            sound = fitting if len(fitting) else np.zeros(1, dtype=np.float32)
            self._clips.append(_Clip(self._number, sound))
            self._send()
            return self._number

    def pause(self) -> None:
        """Be silent at once, and keep the place."""
        with self._lock:
            self._advance()
            self._paused = True
            self._page.put(protocol.frame("sound-pause"))

    def resume(self) -> None:
        """Go on with the sample after the last one played."""
        with self._lock:
            self._paused = False
            self._moved = self._clock()
            self._page.put(protocol.frame("sound-resume"))

    def stop(self) -> None:
        """Be silent at once, and forget all clips."""
        with self._lock:
            self._clips.clear()
            self._marks.clear()
            self._paused = False
            self._share = 1.0
            self._page.drop_sound()
            self._page.put(protocol.frame("sound-stop"))
            self._tell_gain()

    def duck(self) -> None:
        """Go on more softly, because somebody speaks; until `restore` or `stop`."""
        self._set_share(DUCKED)

    def restore(self) -> None:
        """Go on at the usual volume."""
        self._set_share(1.0)

    def cue(self, samples: Samples, sample_rate: int) -> None:
        """Sound something short at once; it is not reported."""
        with self._lock:
            self._number += 1
            sound = resample(samples, sample_rate, SOUND_RATE)
            self._page.put_sound(protocol.sound_frame(self._number, 0, sound, CUE | LAST))

    def set_volume(self, level: int) -> None:
        """Change the volume at once: 0 to 10 in steps of 3 dB, 10 is full."""
        with self._lock:
            self._gain = volume_gain(level)
            self._tell_gain()

    def heard(self) -> list[Mark]:
        """Return, once each and in order, the beginnings and ends heard until now."""
        with self._lock:
            self._advance()
            marks, self._marks = self._marks, []
            return marks

    @property
    def position(self) -> Position | None:
        """What is being heard right now, or was heard last; None before the first clip."""
        with self._lock:
            self._advance()
            clip = self._clips[0] if self._clips else None
            if clip is None or not clip.started:
                return self._last if self._last.clip else None
            since = 0.0 if self._paused else min(self._clock() - self._moved, REPORT_SECONDS)
            return Position(clip.id, min(clip.heard + round(since * SOUND_RATE), len(clip.samples)))

    def played(self, clip: int, sample: int) -> None:
        """Take a report of the page: so many samples of this clip were heard."""
        with self._lock:
            if not any(one.id == clip for one in self._clips):
                return
            self._deaf = False
            self._moved = self._clock()
            while self._clips[0].id != clip:
                self._hear(self._clips[0], len(self._clips[0].samples))
            self._hear(self._clips[0], min(sample, self._clips[0].sent))
            self._send()

    # ------------------------------------------------------------ with the lock held

    def _hear(self, clip: _Clip, sample: int) -> None:
        """Take it that the first clip was heard up to this sample."""
        clip.heard = max(clip.heard, min(sample, len(clip.samples)))
        if not clip.heard:
            return
        now = self._clock()
        self._last = Position(clip.id, clip.heard)
        if not clip.started:
            clip.started = True
            self._marks.append(Mark(clip.id, "started", now))
        if clip.heard >= len(clip.samples):
            self._marks.append(Mark(clip.id, "ended", now))
            self._clips.popleft()

    def _advance(self) -> None:
        """Let time pass for a page that doesn't say what it plays."""
        now = self._clock()
        since = now - self._moved
        if self._paused or not self._clips or not (self._deaf or since > SILENT_SECONDS):
            return
        if not self._deaf:
            self._deaf, since = True, 0.0
        self._moved = now
        left = max(1, round(since * SOUND_RATE))
        while left > 0 and self._clips:
            clip = self._clips[0]
            step = min(left, len(clip.samples) - clip.heard)
            self._hear(clip, clip.heard + max(step, 1))
            left -= max(step, 1)
            if clip.heard >= len(clip.samples):
                self._take_back()
        self._send()

    def _take_back(self) -> None:
        """Let a page that plays nothing not play it later."""
        self._page.drop_sound()
        self._page.put(protocol.frame("sound-stop"))
        for clip in self._clips:
            clip.sent = clip.heard

    def _send(self) -> None:
        """Send as much as the page may have ahead."""
        ahead = sum(max(0, clip.sent - clip.heard) for clip in self._clips)
        for clip in self._clips:
            while clip.sent < len(clip.samples) and ahead < AHEAD_SAMPLES:
                part = clip.samples[clip.sent : clip.sent + FRAME_SAMPLES]
                last = clip.sent + len(part) == len(clip.samples)
                frame = protocol.sound_frame(clip.id, clip.sent, part, LAST if last else 0)
                self._page.put_sound(frame)
                clip.sent += len(part)
                ahead += len(part)

    def _set_share(self, share: float) -> None:
        with self._lock:
            self._share = share
            self._tell_gain()

    def _tell_gain(self) -> None:
        gain = round(self._gain * self._share, 4)
        self._page.put(protocol.frame("sound-volume", gain=gain))
