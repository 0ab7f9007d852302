"""Make speech faster or slower and keep its pitch, for the rates a voice can't say well itself.

WSOLA: Verhelst and Roelands, "An overlap-add technique based on waveform similarity (WSOLA) for
high quality time-scale modification of speech", ICASSP 1993. Windows of the sound are laid one
over the other, closer or wider than they were, each taken from where it continues the one before
it best. Pure and thread-free.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mbc_voice.audio import Samples

WINDOW_MS = 24.0
"""Two to five periods of a voice; longer echoes, shorter roughens low voices."""

SEARCH_MS = 7.0
"""How far, to either side, a better continuation is looked for: half a period of 70 Hz."""

COARSE_RATE = 6_000
"""Hz at which it is looked for first; then to the sample."""

SLOWEST, FASTEST = 0.25, 4.0


def stretch(samples: Samples, sample_rate: int, speed: float) -> Samples:
    """Return the sound at `speed` times its tempo, ``(about n / speed,) float32``, at its pitch.

    2 is twice as fast. Raises ValueError outside 0.25 to 4.
    """
    if not SLOWEST <= speed <= FASTEST:
        raise ValueError(f"speed must be from {SLOWEST} to {FASTEST}")
    hop = max(2, round(sample_rate * WINDOW_MS / 2000))
    if abs(speed - 1.0) < 1e-3 or len(samples) < 2 * hop:
        return samples
    reach = round(sample_rate * SEARCH_MS / 1000)
    length = round(len(samples) / speed)
    count = -(-length // hop) + 1
    room = reach + hop
    last = round((count - 1) * hop * speed)
    sound = np.pad(samples, (room, max(0, last - len(samples)) + 4 * hop + 2 * reach))
    sound = np.asarray(sound, dtype=np.float32)
    wanted = room - hop + np.round(np.arange(count) * hop * speed).astype(np.int64)
    starts = _choose(sound, wanted, hop, reach, max(1, sample_rate // COARSE_RATE))
    return np.asarray(_overlap_add(sound, starts, hop)[hop : hop + length])


def _choose(
    sound: Samples, wanted: npt.NDArray[np.int64], hop: int, reach: int, step: int
) -> npt.NDArray[np.int64]:
    """Return where each window is taken from.

    That is near where it is wanted, and as like as can be to what followed the window before.
    """
    rough = sound[: len(sound) // step * step].reshape(-1, step).mean(axis=1)
    starts: npt.NDArray[np.int64] = wanted.copy()
    for index in range(1, len(wanted)):
        follows = int(starts[index - 1]) + hop
        low = int(wanted[index]) - reach
        at = _most_alike(rough, follows // step, hop // step, low // step, 2 * reach // step)
        near = max(low, at * step - step)
        starts[index] = _most_alike(sound, follows, hop, near, 2 * step)
    return starts


def _most_alike(sound: Samples, start: int, length: int, low: int, reach: int) -> int:
    """Return the start, from `low` to `low` + `reach`, of what is most like that at `start`.

    It has the highest correlation, divided by its own loudness.
    """
    pattern = sound[start : start + length]
    field = sound[low : low + reach + length]
    alike = np.correlate(field, pattern, "valid")
    power = np.cumsum(np.concatenate([[0.0], np.square(field, dtype=np.float64)]))
    own = power[length:] - power[:-length]
    best = int(np.argmax(alike / np.sqrt(own + 1e-6)))
    return low + best


def _overlap_add(sound: Samples, starts: npt.NDArray[np.int64], hop: int) -> Samples:
    """Return the windows, half over each other; rising and falling halves add up to one."""
    rise = np.sin(np.pi * (np.arange(hop) + 0.5) / (2 * hop)) ** 2
    window = np.concatenate([rise, rise[::-1]]).astype(np.float32)
    frames = sound[starts[:, None] + np.arange(2 * hop)] * window
    out = np.zeros((len(starts) + 1, hop), dtype=np.float32)
    out[:-1] += frames[:, :hop]
    out[1:] += frames[:, hop:]
    return out.reshape(-1)
