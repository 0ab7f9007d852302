"""Less noise, before anything listens."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes import FakeMicrophone
from mbc_voice.audio import SAMPLE_RATE, Block, Samples, rms_dbfs
from mbc_voice.hear.microphone import Lost
from mbc_voice.hear.noise_suppressor import FRAME, NoiseSuppressor, Quieter


def noise(seconds: float) -> Samples:
    random = np.random.default_rng(1)
    return (0.05 * random.standard_normal(int(seconds * SAMPLE_RATE))).astype(np.float32)


def suppressed(samples: Samples, cuts: list[int]) -> tuple[Samples, list[int]]:
    """Return what comes of samples cut into blocks, and where each block begins."""
    suppressor, out, starts, at = NoiseSuppressor(), [], [], 0
    for part in np.split(samples, sorted(cuts)):
        block = suppressor.suppress(Block(part, at))
        out.append(block.samples)
        starts.append(block.start)
        at += len(part)
    return np.concatenate(out), starts


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 8000), max_size=8))
def test_cuts_do_not_matter(cuts: list[int]) -> None:
    """However the sound is cut, the same comes out, at its place, but for the last 10 ms."""
    sound = noise(0.5)
    whole, _ = suppressed(sound, [])
    pieces, starts = suppressed(sound, cuts)
    assert np.array_equal(whole, pieces)
    assert len(sound) - len(pieces) < FRAME
    assert all(start % FRAME == 0 for start in starts)


def test_steady_noise_goes_down() -> None:
    """After a second a fan is at least 10 dB softer."""
    sound = noise(3.0)
    quiet, _ = suppressed(sound, [])
    assert rms_dbfs(quiet[SAMPLE_RATE:]) < rms_dbfs(sound) - 10


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 8000), max_size=8))
def test_what_voice_activity_sees_stays_as_it_is(cuts: list[int]) -> None:
    """However the sound is cut, what voice activity sees passes unchanged, beside its sound."""
    sound = noise(0.5)
    voice = np.linspace(0.0, 1.0, len(sound), dtype=np.float32)
    suppressor, at = NoiseSuppressor(), 0
    for part in np.split(sound, sorted(cuts)):
        block = suppressor.suppress(Block(part, at, voice=voice[at : at + len(part)]))
        at += len(part)
        assert block.voice is not None
        assert np.array_equal(block.voice, voice[block.start : block.start + len(block.samples)])


def test_sound_with_and_without_a_voice_of_its_own_follows_each_other() -> None:
    """Only a block that came with a voice of its own leaves with one, as long as its sound."""
    suppressor, at = NoiseSuppressor(), 0
    for length, has_voice in ((500, False), (480, True), (77, True), (600, False)):
        part = noise(1.0)[:length]
        block = suppressor.suppress(Block(part, at, voice=part if has_voice else None))
        assert (block.voice is not None) == has_voice
        assert block.voice is None or len(block.voice) == len(block.samples)
        at += length


def test_a_lost_microphone_is_passed_on() -> None:
    """The source around a microphone says what the microphone says."""
    microphone = FakeMicrophone([Block(noise(0.1), 0), Lost()])
    source = Quieter(microphone)
    source.open()
    block, lost = source.blocks()
    assert isinstance(block, Block)
    assert isinstance(lost, Lost)
    assert source.position == len(block.samples)
    source.close()
