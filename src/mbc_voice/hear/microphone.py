"""The microphone: one sounddevice stream, found by part of the device's name.

PortAudio's own thread calls `Microphone._arrived`, which copies, counts and enqueues, nothing else.
`blocks` runs on the listener's thread and resamples there. `close` may be called by any thread.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
import soxr

from mbc_voice import portaudio
from mbc_voice.audio import SAMPLE_RATE, Block, Samples
from mbc_voice.errors import DeviceError

log = logging.getLogger(__name__)

BLOCK_MS = 32
QUEUE_BLOCKS = 30_000 // BLOCK_MS
"""How much is kept while a recognizer is busy (30 s); what comes after that is dropped."""
LOST_SECONDS = 2.0
"""No sound for so long means that the microphone is gone."""
CLOSE_SECONDS = 1.5
"""A stream whose device is gone may never finish closing; it is left behind after so long."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The microphone sends nothing any more; no block follows until it is opened again."""


Arrived: TypeAlias = Block | Lost

_Arrival: TypeAlias = tuple[Samples, int, float]
"""Samples at the device's rate, the index of the first, and when they arrived."""


class Source(Protocol):
    """Where the listener gets its sound from."""

    @property
    def position(self) -> int:
        """Samples at 16 kHz that have arrived since the stream began, read or not."""

    def open(self) -> None:
        """Open the device, or open it again. Raises `DeviceError`."""

    def blocks(self) -> Iterator[Arrived]:
        """Yield blocks until `close`, or `Lost` as the last thing."""

    def close(self) -> None:
        """End `blocks` and let the device go; may be called twice, by any thread."""


@dataclass(frozen=True, slots=True)
class MicrophoneName:
    """One microphone of this computer."""

    name: str
    sample_rate: int
    """Hz, the device's own."""
    is_default: bool


def list_microphones() -> list[MicrophoneName]:
    """Return all microphones. Raises `DeviceError` if PortAudio is missing."""
    sounddevice = portaudio.load()
    default = sounddevice.default.device[0]
    return [
        MicrophoneName(str(one["name"]), round(one["default_samplerate"]), one["index"] == default)
        for one in _inputs(sounddevice)
    ]


class Microphone:
    """A `Source` on the device whose name contains `name`, or on the system's default.

    PortAudio keeps the list of devices it saw when it started. Seeing a new one needs its restart,
    which stops every stream of the program: `may_restart` says whether that may be done now. No
    stream is opened meanwhile.
    """

    def __init__(self, name: str = "", *, may_restart: Callable[[], bool] = lambda: False) -> None:
        self.dropped = 0
        """Samples (at the device's rate) lost because nobody read them or the computer was late."""
        self._name = name
        self._may_restart = may_restart
        self._stream: Any = None
        self._rate = SAMPLE_RATE
        self._arrived_frames = 0
        self._base = 0
        self._queue: queue.Queue[_Arrival | None] = queue.Queue(QUEUE_BLOCKS)
        self._closing = threading.Lock()

    @property
    def position(self) -> int:
        """Samples at 16 kHz that have arrived since the stream began, read or not."""
        return self._base + self._arrived_frames * SAMPLE_RATE // self._rate

    def open(self) -> None:
        """Open the device. Raises `DeviceError` naming what there is."""
        self.close()
        with portaudio.DEVICES:
            try:
                self._open()
            except DeviceError:
                if not self._may_restart():
                    raise
                sounddevice = portaudio.load()
                sounddevice._terminate()
                sounddevice._initialize()
                self._open()

    def blocks(self) -> Iterator[Arrived]:
        """Yield blocks at 16 kHz until `close`; after two seconds without any, `Lost`."""
        resampler = soxr.ResampleStream(self._rate, SAMPLE_RATE, 1, dtype="float32")
        arrivals, base, expected = self._queue, self._base, 0
        start = base
        while True:
            try:
                arrival = arrivals.get(timeout=LOST_SECONDS)
            except queue.Empty:
                yield Lost()
                return
            if arrival is None:
                return
            samples, first, at = arrival
            if first != expected:
                start = base + first * SAMPLE_RATE // self._rate
            expected = first + len(samples)
            if self._rate != SAMPLE_RATE:
                samples = np.asarray(resampler.resample_chunk(samples), dtype=np.float32)
            if len(samples):
                yield Block(samples, start, at)
                start += len(samples)

    def close(self) -> None:
        """End `blocks` and close the stream; waits no longer than `CLOSE_SECONDS`."""
        with self._closing:
            stream, self._stream = self._stream, None
            if stream is None:
                return
            self._base, self._arrived_frames = self.position, 0
            arrivals, self._queue = self._queue, queue.Queue(QUEUE_BLOCKS)
        _end_queue(arrivals)
        closing = threading.Thread(
            target=_close, args=(stream,), name="closing the microphone", daemon=True
        )
        closing.start()
        closing.join(CLOSE_SECONDS)

    def _open(self) -> None:
        sounddevice = portaudio.load()
        device = _find(sounddevice, self._name)
        own_rate = round(device["default_samplerate"])
        for rate in dict.fromkeys((SAMPLE_RATE, own_rate)):
            try:
                self._start(sounddevice, device, rate)
            except (sounddevice.PortAudioError, ValueError) as error:
                log.info("microphone at %d Hz: %s", rate, error)
            else:
                return
        raise DeviceError(
            f"The microphone {device['name']!r} can't be opened. Close other programs that use it, "
            "or choose another: mbc-voice devices"
        )

    def _start(self, sounddevice: Any, device: Any, rate: int) -> None:
        self._rate, self._arrived_frames = rate, 0
        stream = sounddevice.InputStream(
            samplerate=rate,
            blocksize=rate * BLOCK_MS // 1000,
            device=device["index"],
            channels=1,
            dtype="float32",
            callback=self._callback(self._queue),
        )
        portaudio.opened(stream)
        try:
            stream.start()
        except BaseException:
            _close(stream)
            raise
        self._stream = stream

    def _callback(
        self, arrivals: queue.Queue[_Arrival | None]
    ) -> Callable[[npt.NDArray[np.float32], int, Any, Any], None]:
        """Return a callback for one stream and its queue; later calls of it do nothing."""

        def arrived(data: npt.NDArray[np.float32], frames: int, _times: Any, status: Any) -> None:
            if arrivals is not self._queue:
                return
            if status.input_overflow:
                self.dropped += frames
            first = self._arrived_frames
            self._arrived_frames = first + frames
            try:
                arrivals.put_nowait((data[:, 0].copy(), first, time.monotonic()))
            except queue.Full:
                self.dropped += frames

        return arrived


def _end_queue(arrivals: queue.Queue[_Arrival | None]) -> None:
    """Put the end behind what is waiting, making room for it if there is none."""
    while True:
        try:
            arrivals.put_nowait(None)
        except queue.Full:
            with contextlib.suppress(queue.Empty):
                arrivals.get_nowait()
        else:
            return


def _close(stream: Any) -> None:
    try:
        stream.abort()
        stream.close()
    except Exception as error:  # closing must succeed, whatever the device says
        log.info("closing the microphone: %s", error)
    portaudio.closed(stream)


def _inputs(sounddevice: Any) -> list[Any]:
    return [device for device in sounddevice.query_devices() if device["max_input_channels"] > 0]


def _find(sounddevice: Any, name: str) -> Any:
    """Return sounddevice's entry of the microphone. Raises `DeviceError`."""
    devices = _inputs(sounddevice)
    if not devices:
        raise DeviceError("No microphone was found. Connect one and start again.")
    if name:
        wanted = name.casefold()
        fitting = [one for one in devices if wanted in str(one["name"]).casefold()]
        exact = [one for one in fitting if wanted == str(one["name"]).casefold()]
        if not fitting:
            names = ", ".join(dict.fromkeys(str(one["name"]) for one in devices))
            raise DeviceError(f"There is no microphone {name!r}. There is: {names}.")
        return (exact or fitting)[0]
    default = sounddevice.default.device[0]
    return next((one for one in devices if one["index"] == default), devices[0])
