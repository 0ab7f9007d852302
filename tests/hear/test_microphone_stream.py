from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mbc_voice import portaudio
from mbc_voice.audio import SAMPLE_RATE, Block, Samples
from mbc_voice.errors import DeviceError
from mbc_voice.hear import microphone as hearing
from mbc_voice.hear.microphone import Lost, Microphone, list_microphones


class PortAudioError(Exception):
    pass


@dataclass
class Stream:
    """An input stream whose samples the test sends with `hear`."""

    samplerate: int
    blocksize: int
    device: int
    channels: int
    dtype: str
    callback: Callable[..., None]
    started: bool = False

    def start(self) -> None:
        self.started = True

    def abort(self) -> None:
        self.started = False

    def close(self) -> None:
        self.started = False

    def hear(self, samples: Samples, *, overflow: bool = False) -> None:
        for at in range(0, len(samples), self.blocksize):
            part = samples[at : at + self.blocksize]
            status = SimpleNamespace(input_overflow=overflow)
            self.callback(part[:, np.newaxis], len(part), None, status)


@dataclass
class SoundDevices:
    """Stands in for the sounddevice module; only `rates` can be opened."""

    rates: tuple[int, ...] = (16_000, 48_000)
    names: tuple[str, ...] = ("Webcam", "USB Mic", "usb mic pro")
    appear_on_restart: tuple[str, ...] = ()
    streams: list[Stream] = field(default_factory=list)
    restarts: int = 0
    PortAudioError = PortAudioError

    @property
    def default(self) -> Any:
        return SimpleNamespace(device=(2 if self.names else -1, 0))

    def query_devices(self) -> list[dict[str, Any]]:
        loudspeaker = {"index": 0, "name": "USB loudspeaker", "max_input_channels": 0}
        return [loudspeaker] + [
            {"index": at, "name": name, "max_input_channels": 2, "default_samplerate": 48_000.0}
            for at, name in enumerate(self.names, start=1)
        ]

    def InputStream(self, **arguments: Any) -> Stream:  # noqa: N802
        if arguments["samplerate"] not in self.rates:
            raise PortAudioError("Invalid sample rate")
        self.streams.append(Stream(**arguments))
        return self.streams[-1]

    def _terminate(self) -> None:
        self.restarts += 1

    def _initialize(self) -> None:
        self.names += self.appear_on_restart


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch) -> SoundDevices:
    devices = SoundDevices()
    monkeypatch.setattr(portaudio, "load", lambda: devices)
    return devices


def read(microphone: Microphone) -> list[Block]:
    """Close the microphone and return the blocks that had arrived."""
    blocks = microphone.blocks()
    first = next(blocks)
    microphone.close()
    return [one for one in (first, *blocks) if isinstance(one, Block)]


@pytest.mark.parametrize(
    ("name", "index"),
    [("", 2), ("usb", 2), ("USB MIC", 2), ("usb mic pro", 3), ("pro", 3), ("cam", 1)],
)
def test_a_microphone_is_found_by_part_of_its_name(
    devices: SoundDevices, name: str, index: int
) -> None:
    """An exact name wins, then the first that holds it; without a name, the default."""
    Microphone(name).open()
    assert devices.streams[0].device == index
    assert devices.streams[0].started


def test_microphones_are_listed_without_loudspeakers(devices: SoundDevices) -> None:
    """Each has its name and rate, and one is the default."""
    assert [(one.name, one.is_default) for one in list_microphones()] == [
        ("Webcam", False), ("USB Mic", True), ("usb mic pro", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("names", "name", "message"),
    [
        ((), "", "No microphone was found. Connect one and start again."),
        (("Webcam",), "usb", "There is no microphone 'usb'. There is: Webcam."),
    ],
)
def test_no_microphone_is_a_clear_error(
    devices: SoundDevices, names: tuple[str, ...], name: str, message: str
) -> None:
    """The error says what there is."""
    devices.names = names
    with pytest.raises(DeviceError) as error:
        Microphone(name).open()
    assert str(error.value) == message


def test_a_microphone_that_cannot_be_opened_is_a_clear_error(devices: SoundDevices) -> None:
    """Both rates are tried, then the person is told what to do."""
    devices.rates = ()
    with pytest.raises(DeviceError, match=r"'USB Mic' can't be opened\. Close"):
        Microphone().open()


@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_sound_arrives_at_16_khz(devices: SoundDevices, rate: int) -> None:
    """Whatever the device's rate, blocks follow one another and keep their pitch and length."""
    devices.rates = (rate,)
    microphone = Microphone()
    microphone.open()
    seconds = np.arange(rate * 2) / rate
    devices.streams[0].hear(np.sin(2 * np.pi * 500 * seconds).astype(np.float32))
    assert microphone.position == 2 * SAMPLE_RATE
    blocks = read(microphone)
    joined = np.concatenate([block.samples for block in blocks])
    starts = np.cumsum([0] + [len(block.samples) for block in blocks[:-1]])
    assert [block.start for block in blocks] == starts.tolist()
    assert len(joined) == pytest.approx(2 * SAMPLE_RATE, abs=1000)
    spectrum = np.abs(np.fft.rfft(joined[:SAMPLE_RATE]))
    assert int(np.argmax(spectrum)) == 500
    assert microphone.dropped == 0


def test_a_full_queue_counts_what_it_drops(
    devices: SoundDevices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody reads for too long: the newest sound is lost and counted, and the gap shows."""
    monkeypatch.setattr(hearing, "QUEUE_BLOCKS", 4)
    microphone = Microphone()
    microphone.open()
    (stream,) = devices.streams
    stream.hear(np.zeros(512 * 6, np.float32))
    assert microphone.dropped == 512 * 2
    assert microphone.position == 512 * 6
    blocks = microphone.blocks()
    starts = [block.start for block in (next(blocks) for _ in range(4)) if isinstance(block, Block)]
    stream.hear(np.zeros(512, np.float32))
    last = next(blocks)
    assert isinstance(last, Block)
    assert [*starts, last.start] == [0, 512, 1024, 1536, 3072]


def test_an_overflow_of_the_device_is_counted(devices: SoundDevices) -> None:
    """Sound that the computer was too late for counts as dropped."""
    microphone = Microphone()
    microphone.open()
    devices.streams[0].hear(np.zeros(512, np.float32), overflow=True)
    assert microphone.dropped == 512


def test_no_sound_for_long_means_lost(
    devices: SoundDevices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When nothing arrives any more, the last thing that comes is `Lost`."""
    monkeypatch.setattr(hearing, "LOST_SECONDS", 0.01)
    microphone = Microphone()
    microphone.open()
    assert list(microphone.blocks()) == [Lost()]


def test_an_old_stream_cannot_disturb_a_new_one(devices: SoundDevices) -> None:
    """A late call of a closed stream is ignored, and positions go on rising."""
    microphone = Microphone()
    microphone.open()
    devices.streams[0].hear(np.zeros(1024, np.float32))
    microphone.open()
    devices.streams[0].hear(np.ones(512, np.float32))
    devices.streams[1].hear(np.zeros(512, np.float32))
    (block,) = read(microphone)
    assert (block.start, float(block.samples.max())) == (1024, 0.0)
    assert not devices.streams[0].started


@pytest.mark.parametrize("allowed", [True, False])
def test_portaudio_is_restarted_only_with_permission(devices: SoundDevices, allowed: bool) -> None:
    """A device plugged in later is seen after a restart, which somebody must allow."""
    devices.appear_on_restart = ("Headset",)
    microphone = Microphone("headset", may_restart=lambda: allowed)
    if allowed:
        microphone.open()
        assert devices.streams[0].device == 4
    else:
        with pytest.raises(DeviceError, match="no microphone 'headset'"):
            microphone.open()
    assert devices.restarts == int(allowed)


def test_portaudio_is_in_use_while_a_stream_is_open(
    devices: SoundDevices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An open microphone counts, and one that was closed doesn't."""
    monkeypatch.setattr(portaudio, "_streams", set())
    microphone = Microphone()
    microphone.open()
    assert not portaudio.is_unused()
    microphone.close()
    assert portaudio.is_unused()
