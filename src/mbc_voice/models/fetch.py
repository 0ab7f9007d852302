"""Fetches one file over HTTP, going on where an earlier attempt stopped; trusts only its SHA-256.

Owns the network: time limits, and which hosts are known to be out of reach in this run. One thread
at a time.
"""

from __future__ import annotations

import http.client
import queue
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mbc_voice.models import record

RESOLVE_S = 3.0
"""Longest wait for a host's address; the system's own limit can be half a minute."""
CONNECT_S = 5.0
"""Longest wait for a connection, over all of a host's addresses."""
READ_S = 30.0
"""Longest silence of a connection."""
ATTEMPTS = 5
"""How often in a row a broken connection is taken up again."""
CHUNK = 1 << 16

_unreachable: set[str] = set()

Seen = Callable[[int], None]
"""Told how many bytes are there."""


class SourceError(Exception):
    """A source didn't give what it should; the text says why, in a few words."""


def forget_unreachable() -> None:
    """Try every host again from now on."""
    _unreachable.clear()


def download(url: str, part: Path, size: int, sha256: str, seen: Seen) -> None:
    """Make `part` the file of `size` bytes and `sha256`, keeping what it already holds.

    What came before an interruption stays in `part` for the next attempt, whatever its source; a
    whole file with the wrong SHA-256 is deleted. Raises `SourceError`, or OSError if `part` can't
    be written.
    """
    broken = 0
    part.touch()
    while True:
        begun = part.stat().st_size
        if begun > size:
            part.write_bytes(b"")
            begun = 0
        if begun < size:
            _receive(url, part, begun, size, seen)
        here = part.stat().st_size
        if here == size and record.sha256_of(part) == sha256:
            return
        if here == size:
            part.write_bytes(b"")
            if not begun:
                raise SourceError(f"{_host(url)} sent a wrong file")
            continue
        broken += 1
        if here <= begun or broken == ATTEMPTS:
            raise SourceError(f"{_host(url)} broke off")


def _receive(url: str, part: Path, begun: int, size: int, seen: Seen) -> None:
    """Append to `part` what the server sends; return when it is whole or the line breaks."""
    response = _open(url, begun)
    with response, part.open("ab") as file:
        if response.status != 206:
            file.truncate(0)
            begun = 0
        elif not str(response.headers.get("Content-Range", "")).startswith(f"bytes {begun}-"):
            raise SourceError(f"{_host(url)} sent another part than asked for")
        while True:
            try:
                chunk = response.read1(CHUNK)
            except (OSError, http.client.HTTPException):
                return
            if not chunk:
                return
            begun += len(chunk)
            if begun > size:
                file.truncate(0)
                raise SourceError(f"{_host(url)} sent a wrong file, too long")
            file.write(chunk)
            seen(begun)


def _open(url: str, begun: int) -> Any:
    host, place = _host(url), urlsplit(url).netloc
    if place in _unreachable:
        raise SourceError(f"{host} can't be reached")
    headers = {"User-Agent": "mbc-voice", "Accept-Encoding": "identity"}
    if begun:
        headers["Range"] = f"bytes={begun}-"
    try:
        return _opener().open(urllib.request.Request(url, headers=headers), timeout=CONNECT_S)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416:
            raise SourceError(f"{host} has a shorter file") from error
        raise SourceError(f"{host} answers {error.code}") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        _unreachable.add(place)
        raise SourceError(f"{host} can't be reached") from error


class _Patient:
    """A connection that is opened within `CONNECT_S` and then may be silent for `READ_S`."""

    sock: Any

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._create_connection = _connect

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        self.sock.settimeout(READ_S)


class _Connection(_Patient, http.client.HTTPConnection):
    pass


class _SecureConnection(_Patient, http.client.HTTPSConnection):
    pass


class _Http(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_Connection, req)


class _Https(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_SecureConnection, req, context=ssl.create_default_context())


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_Http, _Https)


def _connect(address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
    """Return a connection to the first of a host's addresses that answers in time.

    Raises OSError.
    """
    until = time.monotonic() + CONNECT_S
    failure: OSError = TimeoutError("no address answered in time")
    for family, kind, protocol, _name, place in _resolve(*address):
        left = until - time.monotonic()
        if left <= 0:
            break
        connection = socket.socket(family, kind, protocol)
        connection.settimeout(left)
        try:
            connection.connect(place)
        except OSError as error:
            connection.close()
            failure = error
            continue
        connection.settimeout(CONNECT_S)
        return connection
    raise failure


def _resolve(host: str, port: int) -> list[Any]:
    """Return `getaddrinfo` of a host, or raise OSError after `RESOLVE_S`."""
    found: queue.Queue[list[Any] | OSError] = queue.Queue()

    def look_up() -> None:
        try:
            found.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            found.put(error)

    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    try:
        answer = found.get(timeout=RESOLVE_S)
    except queue.Empty:
        raise TimeoutError(f"no address for {host}") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _host(url: str) -> str:
    return urlsplit(url).hostname or url
