"""PortAudio, loaded once for microphone and loudspeaker: the one place that imports sounddevice.

May be called by any thread.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import os
import sys
import threading
from typing import Any

from mbc_voice.errors import DeviceError

_HANDLER = ctypes.CFUNCTYPE(
    None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
)
_SAY_NOTHING = _HANDLER(lambda *_: None)
"""Takes the place of ALSA's error handler, which writes to the person's terminal."""


def load() -> Any:
    """Return the module sounddevice, with ALSA's own chatter on standard error switched off.

    Raises `DeviceError` if PortAudio is not installed.
    """
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_SAY_NOTHING)
    try:
        import sounddevice
    except OSError as error:
        raise DeviceError(
            "Sound needs PortAudio. Install it: sudo apt install libportaudio2"
        ) from error
    return sounddevice


def hush() -> None:
    """Keep what C libraries write to standard error (PortAudio, Kaldi) from the person's terminal.

    Python's own ``sys.stderr`` still reaches it.
    """
    if sys.stderr is not sys.__stderr__:
        return
    try:
        kept = os.dup(2)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
    except OSError:
        return
    sys.stderr = os.fdopen(kept, "w", buffering=1, encoding="utf-8", errors="replace")


DEVICES = threading.RLock()
"""Held while a stream is opened, and while PortAudio is restarted to see new devices."""
_streams: set[int] = set()


def opened(stream: object) -> None:
    """Take note of a stream that is open."""
    _streams.add(id(stream))


def closed(stream: object) -> None:
    """Take note that a stream is closed, or was never opened."""
    _streams.discard(id(stream))


def is_unused() -> bool:
    """Return whether no stream is open, so that PortAudio may be restarted."""
    return not _streams


def leave_open() -> None:
    """Let the program end without PortAudio's own clean-up, which hangs on a stream that hangs."""
    import sounddevice

    atexit.unregister(sounddevice._exit_handler)
