"""The staff's password: kept as a scrypt hash in one file, and who is let in by it.

The server's thread asks; `set_password` runs on the main thread of ``--staff-password``.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from mbc_voice.errors import UsageError

SHORTEST = 8
N, R, P = 2**15, 8, 1
"""Cost of scrypt: 32 MB and about a tenth of a second (RFC 7914, OWASP's second choice)."""
MEMORY = 64 * 1024 * 1024
TRIES, TRIES_SECONDS = 5, 60.0
"""So many wrong passwords in this time, and none is looked at for as long."""
VISIT_SECONDS = 30 * 60.0
"""Somebody who has done nothing for so long must give the password again."""


def default_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the file that the hash is kept in."""
    base = environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "mbc-voice" / "staff-password"


def set_password(path: Path, password: str) -> None:
    """Keep the hash of a password, readable by this user alone. Raises `UsageError`."""
    if len(password) < SHORTEST:
        raise UsageError(f"The password needs at least {SHORTEST} letters or digits.")
    salt = secrets.token_bytes(16)
    line = f"scrypt {salt.hex()} {_hash(password, salt).hex()}\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half_made = path.with_suffix(".part")
        half_made.unlink(missing_ok=True)
        with os.fdopen(os.open(half_made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
            out.write(line)
        half_made.replace(path)
    except OSError as error:
        raise UsageError(f"{path} can't be written ({error.strerror}).") from error


def is_right(path: Path, password: str) -> bool:
    """Return whether this is the password; False where none was set. Takes a tenth of a second."""
    try:
        kind, salt, kept = path.read_text(encoding="ascii").split()
        wanted = bytes.fromhex(kept)
        given = _hash(password, bytes.fromhex(salt))
    except (OSError, ValueError):
        return False
    return kind == "scrypt" and hmac.compare_digest(wanted, given)


def _hash(password: str, salt: bytes) -> bytes:
    data = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(data, salt=salt, n=N, r=R, p=P, maxmem=MEMORY)


class Door:
    """Lets in whoever has the password, and knows them by what it gave them."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._wrong: list[float] = []
        self._inside: dict[str, float] = {}
        self._trying = threading.Lock()
        """Held while a password is looked at: guesses come one after the other."""

    @property
    def exists(self) -> bool:
        """Whether there is a password at all; without one nobody gets in."""
        return self._path.is_file()

    @property
    def locked(self) -> bool:
        """Whether there were too many wrong passwords just now."""
        now = self._clock()
        self._wrong = [at for at in self._wrong if now - at < TRIES_SECONDS]
        return len(self._wrong) >= TRIES

    def enter(self, password: str) -> str | None:
        """Return what the visitor is known by from now on, or None for a wrong password."""
        with self._trying:
            if self.locked:
                return None
            self._wrong.append(self._clock())
            if not is_right(self._path, password):
                return None
            self._wrong.pop()
        name = secrets.token_urlsafe(32)
        self._inside[name] = self._clock()
        return name

    def knows(self, name: str) -> bool:
        """Return whether this is somebody who was let in, and hasn't been away for long."""
        now = self._clock()
        self._inside = {
            one: seen for one, seen in self._inside.items() if now - seen < VISIT_SECONDS
        }
        given = name.encode("utf-8", "surrogatepass")
        inside = self._inside
        known = next((one for one in inside if hmac.compare_digest(one.encode(), given)), None)
        if known is not None:
            self._inside[known] = now
        return known is not None

    def leave(self, name: str) -> None:
        """Know this one no more."""
        self._inside.pop(name, None)
