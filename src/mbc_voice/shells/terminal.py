"""The keyboard of a terminal, on its own thread.

A terminal is put into character mode and always restored; where standard input is not a terminal,
each of its lines is a typed question.
"""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from mbc_voice.shells.keys import KeyDecoder, Pressed, Question

ESCAPE_WAIT_S = 0.05
"""A lone Escape is taken as such after this long without another byte."""


@contextmanager
def character_mode(stream: TextIO) -> Iterator[bool]:
    """Hand over keys one by one while inside; yield False where there is no terminal for it."""
    try:
        import termios
        import tty
    except ImportError:
        yield False
        return
    if not is_terminal(stream):
        yield False
        return
    descriptor = stream.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor, termios.TCSANOW)
        yield True
    finally:
        termios.tcsetattr(descriptor, termios.TCSANOW, before)


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether somebody may sit at this stream; a closed or missing one is no terminal."""
    return stream is not None and not stream.closed and stream.isatty()


class Keyboard:
    """Reads a terminal (or lines) and hands over what was pressed or typed.

    `on_pressed` is called on the keyboard's own thread. `on_end` is called there once when
    standard input is closed.
    """

    def __init__(
        self,
        on_pressed: Callable[[Pressed], None],
        on_end: Callable[[], None] = lambda: None,
        stream: TextIO | None = None,
    ) -> None:
        self._on_pressed = on_pressed
        self._on_end = on_end
        self._stream = sys.stdin if stream is None else stream
        self._wake_read, self._wake_write = os.pipe()
        self._thread = threading.Thread(target=self._run, name="keyboard", daemon=True)
        self._characters = False

    def start(self, characters: bool) -> None:
        """Begin; `characters` says whether the terminal is in character mode."""
        self._characters = characters
        self._thread.start()

    def close(self) -> None:
        """Stop reading."""
        os.write(self._wake_write, b".")
        self._thread.join(timeout=1.0)
        os.close(self._wake_write)
        os.close(self._wake_read)

    def _run(self) -> None:
        try:
            self._read_keys() if self._characters else self._read_lines()
        except (OSError, ValueError):
            self._on_end()

    def _wait(self, timeout: float | None) -> bool | None:
        """Return True if there is input, False if the time is over, None if we are to stop."""
        ready, _, _ = select.select([self._stream, self._wake_read], [], [], timeout)
        if self._wake_read in ready:
            return None
        return bool(ready)

    def _read_keys(self) -> None:
        decoder = KeyDecoder()
        pending = False
        while True:
            ready = self._wait(ESCAPE_WAIT_S if pending else None)
            if ready is None:
                return
            if ready:
                data = os.read(self._stream.fileno(), 256)
                if not data:
                    self._on_end()
                    return
                pressed = decoder.feed(data)
                pending = True
            else:
                pressed = decoder.flush()
                pending = False
            for item in pressed:
                self._on_pressed(item)

    def _read_lines(self) -> None:
        buffered = b""
        while True:
            if self._wait(None) is None:
                return
            data = os.read(self._stream.fileno(), 4096)
            buffered += data
            *lines, buffered = buffered.split(b"\n")
            if not data and buffered:
                lines, buffered = [buffered], b""
            for line in lines:
                text = " ".join(line.decode("utf-8", "replace").split())
                if text:
                    self._on_pressed(Question(text))
            if not data:
                self._on_end()
                return
