"""The loudspeaker: one sounddevice output stream, found by part of the device's name.

PortAudio's own thread calls `Loudspeaker._callback`, which copies and nothing else. PortAudio keeps
the list of devices it saw when it started; seeing a new one needs its restart, which would stop the
microphone as well and so is nothing for this module to do.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from mbc_voice import portaudio
from mbc_voice.errors import DeviceError
from mbc_voice.speak.player import LOST_SECONDS, Pull

log = logging.getLogger(__name__)

BLOCK_MS = 10
LATENCY_SECONDS = 0.04
"""Asked of PortAudio: more means fewer dropouts on a busy machine, less a quicker stop."""

SWITCH_SECONDS = 0.001
"""How long another Python thread may keep the callback waiting: at Python's own 5 ms, two busy
threads make the sound stutter (hundreds of dropouts in 3 s), at 1 ms they can't be heard."""

USUAL_RATE = 48_000
REST_SECONDS = 0.1
"""Silence, beyond the device's delay, before it is closed: some clip the last sample otherwise."""

CLOSE_SECONDS = 1.5
"""A stream whose device is gone may never finish closing; it is left behind after so long."""


def loudspeakers() -> list[str]:
    """Return the names of all output devices. Raises `DeviceError` if PortAudio is missing."""
    return [str(device["name"]) for device in _outputs()]


class Loudspeaker:
    """A `Sink` on the device whose name contains `name`, or on the system's default.

    `due` times are `time.monotonic` plus the delay that PortAudio reports.
    """

    def __init__(self, name: str = "") -> None:
        self._name = name
        self._stream: Any = None
        self._pull: Pull | None = None
        self._pulled_at = 0.0
        self.underruns = 0
        """How often the device ran dry; the samples were only late, none was lost."""

    def open(self, pull: Callable[[int], Pull]) -> int:
        """Open the stream and return its sample rate.

        Tries the device's own rate, then 48 kHz. Raises `DeviceError` if there is no such
        loudspeaker or it can't be opened.
        """
        sounddevice = portaudio.load()
        device = _find(self._name)
        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_SECONDS))
        rates: tuple[int, ...] = (round(device["default_samplerate"]), USUAL_RATE)
        for rate in dict.fromkeys(rates):
            try:
                with portaudio.DEVICES:
                    self._open_stream(sounddevice, device, rate, pull)
            except sounddevice.PortAudioError as error:
                log.info("loudspeaker at %d Hz: %s", rate, error)
            else:
                return rate
        raise DeviceError(
            f"The loudspeaker {device['name']!r} can't be opened. Close other programs that use "
            "it, or choose another: mbc-voice devices"
        )

    def close(self) -> None:
        """Let the stream rest and close it, but wait no longer than `CLOSE_SECONDS`."""
        stream, self._stream = self._stream, None
        if stream is None:
            return
        closing = threading.Thread(target=_rest_and_close, args=(stream,), daemon=True)
        closing.start()
        closing.join(CLOSE_SECONDS)
        if closing.is_alive():
            log.warning("the loudspeaker does not close")
            portaudio.leave_open()

    def time(self) -> float:
        """Return `time.monotonic`."""
        return time.monotonic()

    @property
    def alive(self) -> bool:
        """Whether the device is open and has asked for samples lately."""
        return self._stream is not None and self.time() - self._pulled_at < LOST_SECONDS

    def _open_stream(
        self, sounddevice: Any, device: Any, rate: int, pull: Callable[[int], Pull]
    ) -> None:
        """Open for both ears where there are two: macOS would play mono into the left one only."""
        stream = sounddevice.OutputStream(
            samplerate=rate,
            blocksize=rate * BLOCK_MS // 1000,
            device=device["index"],
            channels=min(2, device["max_output_channels"]),
            dtype="float32",
            latency=LATENCY_SECONDS,
            callback=self._callback,
        )
        try:
            self._pull = pull(rate)
            self._pulled_at = self.time()
            self._stream = stream
            portaudio.opened(stream)
            stream.start()
        except BaseException:
            self._stream = None
            _close(stream)
            raise

    def _callback(self, out: npt.NDArray[np.float32], frames: int, times: Any, status: Any) -> None:
        self._pulled_at = now = self.time()
        if status.output_underflow:
            self.underruns += 1
        delay = times.outputBufferDacTime - times.currentTime
        if not 0.0 < delay < 1.0:
            delay = self._stream.latency if self._stream is not None else LATENCY_SECONDS
        assert self._pull is not None
        out[:] = self._pull(frames, now + delay)[:, np.newaxis]


def _rest_and_close(stream: Any) -> None:
    time.sleep(REST_SECONDS + min(stream.latency, 0.5))
    _close(stream)


def _close(stream: Any) -> None:
    """Close without draining, which takes ALSA on PulseAudio up to two seconds of silence."""
    try:
        stream.abort()
        stream.close()
    except Exception as error:  # closing must succeed, whatever the device says
        log.info("closing the loudspeaker: %s", error)
    portaudio.closed(stream)


def _find(name: str) -> Any:
    """Return sounddevice's entry of the loudspeaker. Raises `DeviceError`."""
    devices = list(_outputs())
    if not devices:
        raise DeviceError(
            "No loudspeaker was found. Connect one and start again. To read what it says instead, "
            "type: mbc-voice listen --speech off"
        )
    if name:
        for device in devices:
            if name.lower() in str(device["name"]).lower():
                return device
        raise DeviceError(f"There is no loudspeaker named {name!r}. To see all: mbc-voice devices")
    default = portaudio.load().default.device[1]
    return next((device for device in devices if device["index"] == default), devices[0])


def _outputs() -> Iterator[Any]:
    sounddevice = portaudio.load()
    try:
        devices = sounddevice.query_devices()
    except sounddevice.PortAudioError as error:
        raise DeviceError("The sound system does not answer. Start again.") from error
    return (device for device in devices if device["max_output_channels"] > 0)
