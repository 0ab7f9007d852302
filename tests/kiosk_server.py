"""A real server for the page on a free port, over a small library, and clients for it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from starlette.routing import Route
from websockets.sync.client import ClientConnection, connect

from mbc_voice.library import CommandWords, Library, Place
from mbc_voice.shells.kiosk import guard
from mbc_voice.shells.kiosk.app import Talks, application
from mbc_voice.shells.kiosk.guard import Allowed
from mbc_voice.shells.kiosk.server import Server, listening_at
from mbc_voice.shells.kiosk.shown import Shown
from small_library import small_library

HOST = "127.0.0.1"


def library() -> Library:
    """Return the small library with a place of the body and two commands."""
    return replace(
        small_library(),
        places=(Place("liver", "The liver", "symptoms-liver"),),
        commands={
            "stop": CommandWords("stop", "Say stop.", ("[please] stop [(it|that)]",), ("escape",)),
            "volume": CommandWords("volume", "Say volume five.", ("volume {number}",)),
        },
    )


SHOWN = Shown(library())


class Serving:
    """A server that runs, and how to ask it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.origin = f"http://{HOST}:{port}"

    def get(
        self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET"
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Return status, headers and body of one request."""
        asking = http.client.HTTPConnection(HOST, self.port, timeout=10)
        try:
            asking.request(method, path, headers=dict(headers or {}))
            answer = asking.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            asking.close()

    @contextmanager
    def page(self, **options: Any) -> Iterator[PageClient]:
        """A page that is connected."""
        options = {"origin": self.origin, "compression": None, "open_timeout": 20} | options
        with connect(f"ws://{HOST}:{self.port}/talk", **options) as socket:
            yield PageClient(socket)


class PageClient:
    """What a page does, without a browser."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    def send(self, **message: Any) -> None:
        """Send a message."""
        self.socket.send(json.dumps(message))

    def frame(self) -> dict[str, Any]:
        """Return the next text frame."""
        while not isinstance(text := self.socket.recv(timeout=20), str):
            pass
        told: dict[str, Any] = json.loads(text)
        return told

    def until(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Return the next frame of this kind with these fields."""
        while True:
            frame = self.frame()
            if frame["kind"] == kind and fields.items() <= frame.items():
                return frame


@contextmanager
def serving(talks: Talks, allowed: Allowed | None = None, *more: Route) -> Iterator[Serving]:
    """A server for these talks, and for more than them."""
    with listening_at(HOST, 0) as listening:
        port = listening.port
        let_in = allowed or Allowed(guard.hosts([HOST, "localhost"], port, "http"))
        server = Server(application(talks, let_in, *more), listening)
        server.start()
        try:
            yield Serving(port)
        finally:
            server.stop()
