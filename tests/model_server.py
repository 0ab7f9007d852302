"""A small web server on 127.0.0.1 that serves files, badly where a test wants it to."""

from __future__ import annotations

import hashlib
import http.server
import io
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mbc_voice.models import fetch, record
from mbc_voice.models.manifest import Archive, File, Files, Model, Source

WEIGHTS = bytes(range(256)) * 4096
FILES = {"model.bin": WEIGHTS, "conf/model.conf": b"--beam=10\n"}
"""A toy model."""


@dataclass
class ModelServer:
    """Serves `files` by path; use it in a ``with`` statement."""

    files: dict[str, bytes] = field(default_factory=dict)
    drops: dict[str, list[int]] = field(default_factory=dict)
    """For a path: after how many bytes each of the next answers breaks off."""
    ranges: bool = True
    """Whether it can go on in the middle of a file."""
    hold: bool = False
    """Whether a broken-off answer stays open, silent, instead of ending."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Path and Range header of every request."""
    half_sent: threading.Event = field(default_factory=threading.Event)
    """Set when an answer was broken off."""

    def __enter__(self) -> ModelServer:
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _answers(self))
        self._released = threading.Event()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def pause(self) -> None:
        """Block an answer until the server closes."""
        self._released.wait(30)


@contextmanager
def serving() -> Iterator[ModelServer]:
    """Serve `FILES`, with no host known to be out of reach, before and after."""
    fetch.forget_unreachable()
    with ModelServer({f"/{path}": data for path, data in FILES.items()}) as site:
        yield site
    fetch.forget_unreachable()


def _answers(site: ModelServer) -> type[http.server.BaseHTTPRequestHandler]:
    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked_range = self.headers.get("Range", "")
            site.asked.append((self.path, asked_range))
            data = site.files.get(self.path)
            if data is None:
                self.send_error(404)
                return
            start = int(asked_range.removeprefix("bytes=").rstrip("-")) if asked_range else 0
            if start and site.ranges:
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            else:
                self.send_response(200)
                start = 0
            body = data[start:]
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self._send(body)

        def _send(self, body: bytes) -> None:
            drops = site.drops.get(self.path)
            if not drops:
                self.wfile.write(body)
                return
            self.wfile.write(body[: drops.pop(0)])
            self.wfile.flush()
            site.half_sent.set()
            if site.hold:
                site.pause()
            self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Answers


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """Return a zip holding `files`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path, data in files.items():
            zipped.writestr(path, data)
    return buffer.getvalue()


def model_of(files: Mapping[str, bytes], *sources: Source, convert: str = "") -> Model:
    """Return a model called ``toy`` that consists of `files`."""
    described = tuple(File(path, len(data), sha256(data)) for path, data in files.items())
    return Model("toy", "A toy", "MIT", "is tested", "run", described, sources, convert)


def archive_model(data: bytes, url: str, unpacked: int = 2 << 20) -> Model:
    """Return a model called ``toy`` that is known only by the SHA-256 of its zip."""
    source = Archive(url, len(data), sha256(data), "toy-1.0", unpacked)
    return Model("toy", "A toy", "MIT", "is tested", "run", (), (source,))


def at(address: str) -> Files:
    return Files(address)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != record.NAME
    }


def leftovers(folder: Path) -> set[str]:
    """Everything beside the model itself and its lock."""
    return {path.name for path in folder.iterdir()} - {"toy", ".toy.lock"}
