"""Tells systemd that the assistant is ready and well, so that a hung one is started again.

Without ``NOTIFY_SOCKET`` in the environment nothing happens. The protocol is sd_notify(3): one
datagram a message, to a Unix socket. A thread of its own sends; it asks `well` each time.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Mapping

log = logging.getLogger(__name__)

SIGNS = 3
"""Signs of life within the time that systemd allows, as its manual advises (two at least)."""


class Watchdog:
    """Says that all is well as often as systemd wants to hear it, as long as `well` says so."""

    def __init__(self, well: Callable[[], bool], environ: Mapping[str, str] = os.environ) -> None:
        self._well = well
        self._address = environ.get("NOTIFY_SOCKET", "")
        self._pause = _microseconds(environ) / 1_000_000 / SIGNS
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def start(self) -> None:
        """Say that the program is ready, and go on saying that it is well."""
        if not self._address:
            return
        self._say("READY=1")
        if self._pause:
            self._thread.start()

    def stop(self) -> None:
        """Say that the program ends, and end the thread."""
        self._ending.set()
        if self._address:
            self._say("STOPPING=1")
        if self._thread.is_alive():
            self._thread.join(self._pause + 1)

    def _run(self) -> None:
        while not self._ending.wait(self._pause):
            if self._well():
                self._say("WATCHDOG=1")
            else:
                log.warning("not well: systemd is told nothing")

    def _say(self, message: str) -> None:
        # An address that begins with @ is an abstract one: its first byte is 0.
        address = "\0" + self._address[1:] if self._address[0] == "@" else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
                out.sendto(message.encode(), address)
        except OSError as error:
            log.warning("systemd can't be told anything: %s", error.strerror)


def _microseconds(environ: Mapping[str, str]) -> int:
    """Return within what time systemd wants a sign of life; 0 if it wants none."""
    try:
        return max(0, int(environ.get("WATCHDOG_USEC", "0")))
    except ValueError:
        return 0
