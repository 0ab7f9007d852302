"""What the loudspeaker is to play next: clips, pause, stop and volume, exact to the sample.

Nothing here knows a device. One thread (PortAudio's callback) calls `Playback.pull`; only that
thread touches the clips. Every other thread leaves orders in a queue, which the next pull carries
out in turn, so nothing here waits for a lock and nothing is lost or played twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from mbc_voice.audio import Samples, decibels_to_gain

FADE_MS = 8
"""Length of the fade at pause, resume and stop: long enough not to click."""

VOLUME_RAMP_MS = 20

DUCKED = decibels_to_gain(-15.0)
"""Factor while somebody speaks over us: hardly heard, and still there if they didn't mean us."""
DUCK_MS, RESTORE_MS = 20, 200

LOUDEST = 10
STEP_DB = 3.0
"""Volume steps: 0 is -30 dB, 10 is 0 dB."""


def volume_gain(level: int) -> float:
    """Return the factor for a volume from 0 to 10; others are held to that range."""
    return decibels_to_gain((min(max(level, 0), LOUDEST) - LOUDEST) * STEP_DB)


class Mark(NamedTuple):
    """A clip began or ended."""

    clip: int
    what: Literal["started", "ended"]
    due: float
    """When that is heard, in seconds on the sink's clock."""


class Head(NamedTuple):
    """A run of samples that was handed over, and when its first one is heard."""

    clip: int
    sample: int
    """Its first sample, within the clip."""
    length: int
    due: float


@dataclass(slots=True)
class _Clip:
    id: int
    samples: Samples
    next: int = 0


class Playback:
    """Clips in a row, at one sample rate (Hz). `fade_ms` 0 switches the fades off."""

    def __init__(self, sample_rate: int, fade_ms: float = FADE_MS) -> None:
        self._sample_rate = sample_rate
        self._fade = round(sample_rate * fade_ms / 1000)
        self._orders: deque[Callable[[], None]] = deque()
        self._clips: deque[_Clip] = deque()
        self._tail: Samples = np.zeros(0, dtype=np.float32)
        self._cue: Samples = np.zeros(0, dtype=np.float32)
        self._paused = False
        self._gate = _Ramp(1.0, self._fade)
        self._duck = _Ramp(1.0, self._fade)
        self._gain = _Ramp(1.0, round(sample_rate * VOLUME_RAMP_MS / 1000))
        self.marks: deque[Mark] = deque()
        """What began and ended, oldest first; whoever reads them takes them out."""
        self.heads: deque[Head] = deque(maxlen=256)
        """The latest runs, oldest first."""

    def play(self, clip: int, samples: Samples) -> None:
        """Add a clip (at this sample rate, not empty) behind all others."""
        self._orders.append(lambda: self._clips.append(_Clip(clip, samples)))

    def pause(self) -> None:
        """Fade out and keep the place."""
        self._orders.append(lambda: self._hold(True))

    def resume(self) -> None:
        """Go on at the sample after the last one that was heard."""
        self._orders.append(lambda: self._hold(False))

    def stop(self) -> None:
        """Fade out, forget all clips, and be ready for new ones."""
        self._orders.append(self._drop)

    def cue(self, samples: Samples) -> None:
        """Sound this at once, over the clips and even in a pause; behind a cue still sounding."""
        self._orders.append(lambda: self._add_cue(samples))

    def set_gain(self, gain: float) -> None:
        """Change the volume, over `VOLUME_RAMP_MS` if something is sounding."""
        self._orders.append(lambda: self._gain.aim(gain, at_once=not self._clips))

    def duck(self) -> None:
        """Sound the clips at a fraction of their volume; undone by `restore`, and by `stop`."""
        self._orders.append(lambda: self._duck.aim(DUCKED, within=self._samples(DUCK_MS)))

    def restore(self) -> None:
        """Sound the clips at their volume again."""
        self._orders.append(lambda: self._duck.aim(1.0, within=self._samples(RESTORE_MS)))

    def pull(self, frames: int, due: float) -> Samples:
        """Return the next samples, ``(frames,) float32``; `due` is when the first is heard."""
        while self._orders:
            self._orders.popleft()()
        out = np.zeros(frames, dtype=np.float32)
        if self._at_rest:
            return out
        filled = self._fill_from_tail(out)
        while filled < frames and self._clips and not self._silent:
            filled = self._fill_from_clip(out, filled, due)
        self._duck.apply(out)
        self._mix_cue(out)
        self._gain.apply(out)
        return out

    @property
    def _at_rest(self) -> bool:
        """Whether nothing sounds and no volume moves: most of the time, at little cost."""
        sounding = (self._clips and not self._silent) or len(self._tail) or len(self._cue)
        return not (sounding or self._duck.left or self._gain.left)

    @property
    def _silent(self) -> bool:
        return self._paused and self._gate.level == 0.0

    def _fill_from_tail(self, out: Samples) -> int:
        count = min(len(out), len(self._tail))
        out[:count] = self._tail[:count]
        self._tail = self._tail[count:]
        return count

    def _fill_from_clip(self, out: Samples, filled: int, due: float) -> int:
        clip = self._clips[0]
        count = min(len(out) - filled, len(clip.samples) - clip.next)
        if self._paused:
            count = min(count, self._gate.left)
        start = due + filled / self._sample_rate
        if clip.next == 0:
            self.marks.append(Mark(clip.id, "started", start))
        self.heads.append(Head(clip.id, clip.next, count, start))
        part = clip.samples[clip.next : clip.next + count].copy()
        self._gate.apply(part)
        out[filled : filled + count] = part
        clip.next += count
        if clip.next == len(clip.samples):
            self.marks.append(Mark(clip.id, "ended", start + count / self._sample_rate))
            self._clips.popleft()
        return filled + count

    def _add_cue(self, samples: Samples) -> None:
        self._cue = np.concatenate([self._cue, samples])

    def _mix_cue(self, out: Samples) -> None:
        count = min(len(out), len(self._cue))
        out[:count] += self._cue[:count]
        self._cue = self._cue[count:]

    def _hold(self, paused: bool) -> None:
        self._paused = paused
        self._gate.aim(0.0 if paused else 1.0, at_once=not self._clips)

    def _drop(self) -> None:
        clip = self._clips[0] if self._clips else None
        if clip is not None and clip.next and not self._silent:
            self._tail = clip.samples[clip.next : clip.next + self._fade].copy()
            self._gate.apply(self._tail)
            self._tail *= np.linspace(1.0, 0.0, len(self._tail), dtype=np.float32)
            self._tail *= np.float32(self._duck.level)
        self._clips.clear()
        self._paused = False
        self._gate.aim(1.0, at_once=True)
        self._duck.aim(1.0, at_once=True)

    def _samples(self, milliseconds: int) -> int:
        return round(self._sample_rate * milliseconds / 1000)


class _Ramp:
    """A factor that moves to its target evenly, a full swing (0 to 1) taking `length` samples."""

    def __init__(self, level: float, length: int) -> None:
        self.level = level
        self._target = level
        self._step = 1.0 / length if length else 0.0

    @property
    def left(self) -> int:
        """Samples until the target is reached; 0 when it is."""
        if self.level == self._target:
            return 0
        return max(1, round(abs(self._target - self.level) / self._step))

    def aim(self, target: float, *, at_once: bool = False, within: int = 0) -> None:
        """Move to the target, in so many samples if that is said."""
        if within and target != self.level:
            self._step = abs(target - self.level) / within
        self._target = target
        if at_once or not self._step:
            self.level = target

    def apply(self, samples: npt.NDArray[np.float32]) -> None:
        """Multiply the samples in place by the factor as it moves."""
        moving = min(self.left, len(samples))
        if moving:
            end = self._target
            if moving < self.left:
                end = self.level + (self._target - self.level) * moving / self.left
            samples[:moving] *= np.linspace(self.level, end, moving + 1, dtype=np.float32)[1:]
            self.level = end
        samples[moving:] *= np.float32(self.level)
