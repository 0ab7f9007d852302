"""Rooms to ask questions in: babble and kitchen noise, made here, mixed in at a given level.

Everything is drawn from a fixed seed: the same question in the same room is the same samples.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mbc_voice.audio import SAMPLE_RATE, Samples, decibels_to_gain

LEAD_S = 0.6
"""Seconds of the room before and after the question."""

_LOUD = 0.05
"""Samples above this part of the loudest are speech, when its level is measured."""

_CLATTER_PER_S = 3.0
_HUM_BAND_HZ = (80.0, 1800.0)
_BABBLE_VOICES = 6
_PEAK = 0.9


def in_room(speech: Samples, noise: Samples, snr_db: float) -> Samples:
    """Return the speech within `noise`, as long as both its leads need, at this ratio of levels.

    The level of the speech is that of its loud parts alone, so that pauses don't count.
    """
    lead = np.zeros(int(LEAD_S * SAMPLE_RATE), np.float32)
    padded = np.concatenate([lead, speech, lead])
    loud = speech[np.abs(speech) > _LOUD * np.abs(speech).max()]
    floor = noise[: len(padded)]
    gain = _level(loud) / max(_level(floor), 1e-9) / decibels_to_gain(snr_db)
    mixed = padded + gain * floor
    return np.asarray(mixed * min(1.0, _PEAK / float(np.abs(mixed).max())), np.float32)


def kitchen(length: int, name: str) -> Samples:
    """Return `length` samples of a fan's band-limited noise with crockery on top."""
    random = _random(name)
    spectrum = np.fft.rfft(random.standard_normal(length))
    pitch = np.fft.rfftfreq(length, 1 / SAMPLE_RATE)
    low, high = _HUM_BAND_HZ
    spectrum *= np.where((pitch > low) & (pitch < high), 1 / np.sqrt(np.maximum(pitch, low)), 0)
    hum = np.fft.irfft(spectrum, length)
    hum /= np.sqrt(np.mean(hum**2))
    for _ in range(int(_CLATTER_PER_S * length / SAMPLE_RATE)):
        start = int(random.integers(length))
        hit = _clatter(random)[: length - start]
        hum[start : start + len(hit)] += hit
    return np.asarray(hum, np.float32)


def babble(length: int, talk: Sequence[Samples], name: str) -> Samples:
    """Return `length` samples of several people of `talk` speaking at once, equally loud."""
    random = _random(name)
    mixed = np.zeros(length, np.float32)
    for place in random.permutation(len(talk))[:_BABBLE_VOICES]:
        voice = np.tile(talk[place], length // len(talk[place]) + 2)
        start = int(random.integers(len(talk[place])))
        mixed += voice[start : start + length] / max(_level(talk[place]), 1e-9)
    return mixed


def _clatter(random: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return one hit of crockery: a few high tones that die away within a fifth of a second."""
    time = np.arange(int(0.2 * SAMPLE_RATE)) / SAMPLE_RATE
    tones = random.uniform(1500, 6000, size=4)
    ring = sum(np.sin(2 * np.pi * tone * time + random.uniform(0, 6)) for tone in tones)
    return np.asarray(random.uniform(1, 5) * ring * np.exp(-time / 0.03), np.float64)


def _level(samples: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if len(samples) else 0.0


def _random(name: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(name.encode()))
