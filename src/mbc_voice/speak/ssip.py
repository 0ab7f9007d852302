"""A client of Speech Dispatcher: its protocol, SSIP, over the user's own local socket.

Owns the connection. `Ssip.command` waits for the answer and may be used by one thread at a time; a
thread of its own, "ssip", reads, and hands every notification to `notify`. A local socket is a file
of this computer: nothing here can reach a network.

The protocol: doc/ssip.texi in the sources of Speech Dispatcher (brailcom/speechd)
"""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from mbc_voice.errors import VoiceError

ANSWER_SECONDS = 3.0
START_SECONDS = 10.0

NotificationKind: TypeAlias = Literal["mark", "began", "ended", "cancelled"]

_KINDS: dict[str, NotificationKind] = {
    "700": "mark",
    "701": "began",
    "702": "ended",
    "703": "cancelled",
}


class Notification(NamedTuple):
    """What became of a message."""

    message: int
    what: NotificationKind
    mark: str = ""
    """Name of the mark that was reached."""


class Ssip:
    """A connection, named and ready. Raises `VoiceError` where no daemon answers.

    `notify` gets each `Notification`, and None once when the daemon is gone.
    """

    def __init__(
        self, notify: Callable[[Notification | None], None], path: Path | None = None
    ) -> None:
        self._notify = notify
        self._answers: queue.SimpleQueue[list[str] | None] = queue.SimpleQueue()
        self._socket = _connect(path)
        self._reader = threading.Thread(target=self._read, name="ssip", daemon=True)
        self._reader.start()
        try:
            self.command(f"SET self CLIENT_NAME {_user()}:mbc-voice:talk")
            self.command("SET self NOTIFICATION ALL on")
        except VoiceError:
            self.close()
            raise

    def command(self, line: str) -> list[str]:
        """Send one line; return the lines of its answer without their codes, the last one too.

        Raises `VoiceError` if the daemon refuses, doesn't answer in time, or is gone.
        """
        try:
            self._socket.sendall(line.encode("utf-8") + b"\r\n")
            answer = self._answers.get(timeout=ANSWER_SECONDS)
        except (OSError, queue.Empty):
            answer = None
        if answer is None:
            raise VoiceError("Speech Dispatcher does not answer.")
        if answer[-1][:1] not in "12":
            raise VoiceError(f"Speech Dispatcher said: {answer[-1][4:].lower()}.")
        return [part[4:] for part in answer]

    def speak(self, text: str) -> int:
        """Have a text said behind what is waiting; return the number of the message."""
        self.command("SPEAK")
        line = " ".join(text.split())
        quoted = f".{line}" if line.startswith(".") else line
        return int(self.command(f"{quoted}\r\n.")[0])

    def close(self) -> None:
        """End the connection; the daemon drops what this client had waiting."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        if threading.current_thread() is not self._reader:
            self._reader.join(2.0)

    def _read(self) -> None:
        answer: list[str] = []
        with contextlib.suppress(OSError), self._socket.makefile(encoding="utf-8") as lines:
            for line in lines:
                answer.append(line.rstrip("\r\n"))
                if answer[-1][3:4] != "-":
                    self._take(answer)
                    answer = []
        self._answers.put(None)
        self._notify(None)

    def _take(self, lines: list[str]) -> None:
        if not lines[-1].startswith("7"):
            self._answers.put(lines)
            return
        kind = _KINDS.get(lines[-1][:3])
        if kind is not None:
            mark = lines[2][4:] if kind == "mark" and len(lines) > 3 else ""
            self._notify(Notification(int(lines[0][4:]), kind, mark))


def address(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where the daemon's socket is. Raises `VoiceError` if it is not on this computer."""
    method, _, place = environ.get("SPEECHD_ADDRESS", "").partition(":")
    if method not in ("", "unix_socket"):
        raise VoiceError(
            "SPEECHD_ADDRESS names a network address; only a unix_socket is used here."
        )
    if place:
        return Path(place)
    runtime = environ.get("XDG_RUNTIME_DIR")
    folder = Path(runtime) if runtime else Path.home() / ".cache"
    return folder / "speech-dispatcher" / "speechd.sock"


def _connect(path: Path | None) -> socket.socket:
    """Return a connection; the daemon is started if it isn't running and none was named."""
    if not hasattr(socket, "AF_UNIX"):
        raise VoiceError("There is no Speech Dispatcher on this system.")
    place = path or address()
    try:
        return _open(place)
    except OSError:
        if path is None:
            _start_daemon()
    try:
        return _open(place)
    except OSError as error:
        raise VoiceError(
            "Speech Dispatcher is not running here. To install it: "
            "sudo apt install speech-dispatcher speech-dispatcher-espeak-ng"
        ) from error


def _open(path: Path) -> socket.socket:
    opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        opened.connect(str(path))
    except OSError:
        opened.close()
        raise
    return opened


def _start_daemon() -> None:
    """Start it as other programs do; it goes on without us, and leaves when nobody needs it."""
    program = shutil.which("speech-dispatcher")
    if program is not None:
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run(
                [program, "--spawn"], capture_output=True, timeout=START_SECONDS, check=False
            )


def _user() -> str:
    name = os.environ.get("USER", "")
    return name if name.isalnum() else "user"
