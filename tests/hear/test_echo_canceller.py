"""Our own voice, taken out of what the microphone hears."""

from __future__ import annotations

import numpy as np
import pytest
import soxr

from echo_room import EchoRoom
from mbc_voice.audio import SAMPLE_RATE, Block, Samples, rms_dbfs
from mbc_voice.hear import echo_canceller
from mbc_voice.hear.echo_canceller import (
    FRAME,
    LEAD,
    Aec3,
    EchoFree,
    Reference,
    is_cancelled_already,
)
from mbc_voice.hear.linear_canceller import LinearCanceller
from mbc_voice.hear.voice_activity import seen
from mbc_voice.played import Played
from mbc_voice.speak.player import Player
from voices import samples_of

TEXTS = (
    "Symptoms in the lungs. There are four. A cough that won't go away. Chest pain.",
    "Hormone therapy blocks or lowers the hormones that help some breast cancers grow.",
)


class Compare:
    """Cancels nothing; keeps what was heard and what was played beside it."""

    def __init__(self) -> None:
        self.heard: list[Samples] = []
        self.played: list[Samples] = []

    def cancel(self, heard: Samples, played: Samples) -> Samples:
        self.heard.append(heard)
        self.played.append(played)
        return heard

    def learn_again(self) -> None:
        """There is nothing to learn."""


def sound(seconds: float, rate: int) -> Samples:
    """Return noise that swells and fades three times a second."""
    noise = np.random.default_rng(1).standard_normal(int(seconds * rate))
    swell = np.sin(np.arange(len(noise)) * 2 * np.pi * 1.5 / rate) ** 2
    return np.asarray(0.1 * noise * swell, dtype=np.float32)


def our_voice() -> Samples:
    """Return 12 s of the natural voice at -20 dBFS."""
    speech = np.concatenate([samples_of(text, "hibari") for text in TEXTS])
    return np.asarray(0.1 * speech / np.sqrt(np.mean(speech**2)), dtype=np.float32)


class Resampler:
    """Resamples, and counts the samples it was given."""

    given = 0

    def __init__(self, rate: int) -> None:
        self._inner = soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="float32", vr=True)
        self.set_io_ratio = self._inner.set_io_ratio

    def resample_chunk(self, samples: Samples) -> Samples:
        Resampler.given += len(samples)
        return np.asarray(self._inner.resample_chunk(samples), np.float32)


def beside(stream: Samples, rate: int, run: int, drift: float) -> Samples:
    """Return what lies beside a microphone that hears nothing, told in runs of so many samples."""
    played = Played()
    reference = Reference(played)
    reference.drift = drift
    for number, samples in enumerate(np.split(stream, len(stream) // run)):
        start, now = number * run * SAMPLE_RATE // rate, (number + 1) * run / rate
        played.tell(samples, rate, now)
        length = (number + 1) * run * SAMPLE_RATE // rate - start
        reference.heard(Block(np.zeros(length, np.float32), start, now))
    first, last = SAMPLE_RATE, len(stream) * SAMPLE_RATE // rate
    frames = [reference.at(at, missing_is_silence=True) for at in range(first, last - FRAME, FRAME)]
    return np.concatenate([one for one in frames if one is not None])


@pytest.mark.parametrize(("rate", "run"), [(24_000, 240), (48_000, 480), (44_100, 1024)])
@pytest.mark.parametrize("drift", [0.0, 50e-6])
def test_silence_that_is_counted_moves_nothing(
    monkeypatch: pytest.MonkeyPatch, rate: int, run: int, drift: float
) -> None:
    """What sounds after a long silence lies where it would if the silence were resampled."""
    sounds = sound(1.5, rate)
    stream = np.concatenate([sounds, np.zeros(int(3.7 * rate), np.float32), sounds])
    stream = np.pad(stream, (0, -len(stream) % run))
    monkeypatch.setattr(echo_canceller, "_resampler", Resampler)
    monkeypatch.setattr(Resampler, "given", 0)
    counted = beside(stream, rate, run, drift)
    share = Resampler.given / len(stream)
    monkeypatch.setattr(echo_canceller, "SETTLED_SECONDS", 1e9)
    resampled = beside(stream, rate, run, drift)
    assert np.allclose(counted, resampled, atol=1e-5)
    assert np.abs(counted[-SAMPLE_RATE:]).max() > 0.05
    assert (share < 0.7) == (drift == 0.0)


def playing(room: EchoRoom, samples: Samples, rate: int) -> Played:
    """Play samples into the room; return what is told of it."""
    played = Played()
    player = Player(room.loudspeaker, played=played, wake_ms=0)
    player.open()
    player.play(samples, rate)
    return played


def heard_through(room: EchoRoom, source: EchoFree) -> tuple[Samples, Samples]:
    """Return all words and all voice that the source gives, until the room's time is over."""
    words, voice, end = [], [], 0
    for block in source.blocks():
        assert isinstance(block, Block)
        assert block.start == end
        words.append(block.samples)
        voice.append(seen(block))
        end += len(block.samples)
        if end > len(room.people) - 2 * 512:
            break
    return np.concatenate(words), np.concatenate(voice)


def compare(first: Samples, second: Samples) -> tuple[float, float]:
    """Return how much later the second is than the first (ms), and how alike they are then."""
    size = 1 << (len(first) * 2).bit_length()
    likeness = np.fft.irfft(np.fft.rfft(second, size) * np.conj(np.fft.rfft(first, size)), size)
    best = int(np.argmax(likeness))
    norm = float(np.linalg.norm(first) * np.linalg.norm(second))
    lag = best if best < size // 2 else best - size
    return lag * 1000 / SAMPLE_RATE, float(likeness[best]) / norm


@pytest.mark.parametrize("rate", [16_000, 24_000, 44_100, 48_000])
@pytest.mark.parametrize("delay_ms", [20.0, 150.0])
def test_both_streams_run_side_by_side(rate: int, delay_ms: float) -> None:
    """What was played comes before its echo, by the true delay and at most 20 ms more."""
    room = EchoRoom(6.0, rate=rate, delay_ms=delay_ms)
    played = playing(room, sound(5.0, rate), rate)
    compared = Compare()
    heard_through(room, EchoFree(room.microphone, played, compared, Compare()))
    lag, _ = compare(np.concatenate(compared.played), np.concatenate(compared.heard))
    device = 40.0
    assert delay_ms + device <= lag + LEAD * 1000 / SAMPLE_RATE <= delay_ms + device + 30.0


def test_nothing_is_changed_while_no_loudspeaker_plays() -> None:
    """Without a reference every block passes as it came."""
    room = EchoRoom(1.0)
    room.say(sound(0.5, SAMPLE_RATE), 1000)
    heard, voice = heard_through(room, EchoFree(room.microphone, Played(), Compare(), Compare()))
    assert np.array_equal(room.people[: len(heard)], heard)
    assert np.array_equal(heard, voice)


def test_nothing_is_done_while_the_loudspeaker_is_silent() -> None:
    """A second after the last sound the cancellers rest, and every block passes as it came."""
    room = EchoRoom(5.0)
    played, compared = playing(room, sound(1.0, 24_000), 24_000), Compare()
    heard_through(room, EchoFree(room.microphone, played, compared, Compare()))
    assert 1.0 < len(compared.heard) / 100 < 2.5


@pytest.mark.engine
@pytest.mark.parametrize("drift_ppm", [0.0, 50.0, -100.0])
@pytest.mark.parametrize("level_db", [-6.0, -20.0])
def test_the_echo_of_our_own_voice_is_taken_out(level_db: float, drift_ppm: float) -> None:
    """With any two clocks, 15 dB come off our voice for words, and 25 dB for voice activity."""
    voice = np.concatenate([our_voice(), our_voice()])
    room = EchoRoom(20.0, level_db=level_db, drift_ppm=drift_ppm)
    played = playing(room, voice, SAMPLE_RATE)
    words, seen_voice = heard_through(
        room, EchoFree(room.microphone, played, LinearCanceller(), Aec3())
    )
    learnt = slice(12 * SAMPLE_RATE, len(words))
    echo = rms_dbfs(room.echo[learnt])
    assert rms_dbfs(words[learnt]) < echo - 15
    assert rms_dbfs(seen_voice[learnt]) < echo - 25


def test_a_loudspeaker_that_fails_at_once_makes_nobody_deaf() -> None:
    """After a few samples and then none, people are heard as they are."""
    room, played = EchoRoom(3.0), Played()
    room.say(sound(2.0, SAMPLE_RATE), SAMPLE_RATE)
    played.tell(sound(0.05, SAMPLE_RATE) + np.float32(0.1), SAMPLE_RATE, 0.0)
    heard, voice = heard_through(room, EchoFree(room.microphone, played, Compare(), Compare()))
    assert np.array_equal(voice[SAMPLE_RATE:], heard[SAMPLE_RATE:])
    assert not voice[:512].any()


@pytest.mark.engine
def test_nobody_is_noticed_while_it_learns() -> None:
    """Of the first two seconds of our voice, voice activity sees next to nothing."""
    room = EchoRoom(4.0, level_db=-6.0)
    played = playing(room, our_voice(), SAMPLE_RATE)
    source = EchoFree(room.microphone, played, LinearCanceller(), Aec3())
    _, voice = heard_through(room, source)
    seconds = [slice(at, at + SAMPLE_RATE) for at in range(0, 2 * SAMPLE_RATE, SAMPLE_RATE)]
    assert all(rms_dbfs(voice[one]) < rms_dbfs(room.echo[one]) - 30 for one in seconds)


@pytest.mark.engine
def test_a_person_is_heard_over_our_own_voice() -> None:
    """What somebody says as loud as the echo is left almost as it was, when the echo is not."""
    room = EchoRoom(16.0, level_db=-12.0)
    played = playing(room, np.concatenate([our_voice(), our_voice()]), SAMPLE_RATE)
    person = samples_of("Where does it spread to?", "slt")
    person = person * np.float32(10 ** (-32 / 20)) / np.sqrt(np.mean(person**2))
    at = 10 * SAMPLE_RATE
    room.say(person, at)
    words, voice = heard_through(room, EchoFree(room.microphone, played, LinearCanceller(), Aec3()))
    said = slice(at, at + len(person))
    assert rms_dbfs(room.echo[said]) > -36
    _, alike = compare(room.people[said], room.people[said] + room.echo[said])
    lag, cleaned = compare(room.people[said], words[said])
    assert lag == 0
    assert alike < 0.85 < 0.95 < cleaned
    assert rms_dbfs(voice[said]) > rms_dbfs(person) - 6


def test_a_loudspeaker_that_was_opened_again_is_found_again() -> None:
    """After a pause of the device the streams run side by side as before."""
    room = EchoRoom(9.0)
    played = Played()
    player = Player(room.loudspeaker, played=played, wake_ms=0)
    player.open()
    compared = Compare()
    source = EchoFree(room.microphone, played, compared, Compare())
    player.play(sound(2.0, 24_000), 24_000)
    for block in source.blocks():
        assert isinstance(block, Block)
        end = block.start + len(block.samples)
        if end > 3 * SAMPLE_RATE and room.loudspeaker.alive and end < 4 * SAMPLE_RATE:
            room.loudspeaker.close()
        if end > 5 * SAMPLE_RATE and not room.loudspeaker.alive:
            player.reopen()
            player.play(sound(3.0, 24_000), 24_000)
            compared.heard.clear()
            compared.played.clear()
        if end > 8 * SAMPLE_RATE:
            break
    lag, _ = compare(np.concatenate(compared.played), np.concatenate(compared.heard))
    assert 80.0 <= lag <= 130.0


@pytest.mark.parametrize(
    ("name", "cancelled"),
    [
        ("Echo-Cancel Source", True),
        ("alsa_input.usb.echo-cancel", True),
        ("Built-in Audio (echo cancelled with WebRTC)", True),
        ("USB Microphone", False),
        ("", False),
    ],
)
def test_the_system_may_cancel_the_echo_itself(name: str, cancelled: bool) -> None:
    """A source that the system already cancels is known by its name."""
    assert is_cancelled_already(name) is cancelled
