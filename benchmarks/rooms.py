"""Rooms to ask questions in: babble, café, kitchen, television, made here and mixed in.

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
_CAFE_VOICES = 12
_MUSIC = 0.15
_TELEVISION_BAND_HZ = (150.0, 5000.0)
_WALLS_S = 0.4
_STRAIGHT = 3.0


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


def cafe(length: int, talk: Sequence[Samples], name: str) -> Samples:
    """Return `length` samples of a café: a dozen people around, each with a pitch of their own.

    Their voices reach the microphone by the walls rather than straight, and some are nearer.
    """
    random = _random(name)
    mixed = np.zeros(length, np.float64)
    for _ in range(_CAFE_VOICES):
        talker = talk[int(random.integers(len(talk)))]
        places = np.arange(0, len(talker) - 1, random.uniform(0.85, 1.18))
        voice = np.interp(places, np.arange(len(talker)), talker)
        voice = np.tile(voice, length // len(voice) + 2)[int(random.integers(len(voice))) :]
        loudness = decibels_to_gain(float(random.uniform(-8, 0)))
        mixed += loudness * voice[:length] / max(_level(voice[:length].astype(np.float32)), 1e-9)
    return far_away(mixed.astype(np.float32), name)


def television(length: int, talk: Sequence[Samples], name: str) -> Samples:
    """Return `length` samples of a television: one who reads the news, over a chord now and then.

    Without deep and high tones, as from a small loudspeaker across the room.
    """
    random = _random(name)
    talker = talk[int(random.integers(len(talk)))]
    voice = np.tile(talker, length // len(talker) + 2)[int(random.integers(len(talker))) :][:length]
    time = np.arange(length) / SAMPLE_RATE
    chord = sum(np.sin(2 * np.pi * pitch * time) for pitch in (220.0, 277.2, 329.6, 440.0))
    swell = np.clip(np.sin(2 * np.pi * time / 7 + random.uniform(0, 6)), 0, None)
    mixed = voice / max(_level(voice), 1e-9) + _MUSIC * swell * np.asarray(chord)
    spectrum = np.fft.rfft(mixed)
    pitch_hz = np.fft.rfftfreq(length, 1 / SAMPLE_RATE)
    low, high = _TELEVISION_BAND_HZ
    spectrum[(pitch_hz < low) | (pitch_hz > high)] = 0
    return far_away(np.fft.irfft(spectrum, length).astype(np.float32), name)


def far_away(sound: Samples, name: str) -> Samples:
    """Return a sound as it arrives across a room, mostly by the walls."""
    random = _random(f"walls {name}")
    time = np.arange(int(_WALLS_S * SAMPLE_RATE)) / SAMPLE_RATE
    walls = random.standard_normal(len(time)) * 10.0 ** (-3.0 * time / _WALLS_S)
    walls[0] = _STRAIGHT
    size = 1 << (len(sound) + len(walls)).bit_length()
    spread = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(walls, size), size)[: len(sound)]
    return np.asarray(spread / max(_level(spread.astype(np.float32)), 1e-9), np.float32)
