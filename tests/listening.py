"""A running ``mbc-voice listen`` on a private sound server, followed by its captions."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from sound_server import SoundServer

PROGRAM = (sys.executable, "-m", "mbc_voice")
PATIENCE_S = 60.0


class Listening:
    """A running ``mbc-voice listen``, and the captions it prints."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.captions: list[str] = []
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, name="captions", daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.strip():
                self._lines.put(line.strip())
        self._lines.put(None)

    def wait_for(self, text: str) -> None:
        """Wait until a caption holds the text; fails if the program ends or nothing comes."""
        while True:
            line = self._next(text)
            if line is None:
                pytest.fail(f"the program ended before {text!r}, after {self.captions}")
            self.captions.append(line)
            if text in line:
                return

    def comes(self, text: str, seconds: float) -> bool:
        """Return whether a caption that holds the text comes within so many seconds."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                line = self._lines.get(timeout=left)
            except queue.Empty:
                return False
            if line is None:
                pytest.fail(f"the program ended before {text!r}, after {self.captions}")
            self.captions.append(line)
            if text in line:
                return True
        return False

    def wait_for_end(self) -> int:
        """Wait until the program ends by itself; return its exit status."""
        while (line := self._next("the end")) is not None:
            self.captions.append(line)
        return self.process.wait(PATIENCE_S)

    def _next(self, awaited: str) -> str | None:
        try:
            return self._lines.get(timeout=PATIENCE_S)
        except queue.Empty:
            pytest.fail(f"waited in vain for {awaited!r} after {self.captions}")


@contextmanager
def listening(
    server: SoundServer, *arguments: str, env: Mapping[str, str] | None = None
) -> Iterator[Listening]:
    """Run the assistant on the private sound server; it must end by itself when asked to."""
    cache = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    process = subprocess.Popen(
        [*PROGRAM, "listen", *arguments],
        env={**server.env, "XDG_CACHE_HOME": cache, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Listening(process)
    finally:
        process.kill()
        process.wait(20)
        if process.stdout is not None:
            process.stdout.close()
