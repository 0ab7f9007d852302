"""A server in place of the kiosk's: it shows what a test gives it, and keeps what the page sent.

The frames are made by the real `Shown` from the real library, so they are those of
``docs/page-protocol.md``. The server runs on a thread of its own; a test calls from the main one.
"""

from __future__ import annotations

import asyncio
import io
import json
import queue
import socket
import threading
import time
import wave
from pathlib import Path
from types import TracebackType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from mbc_voice.content.load import load_library
from mbc_voice.content.place import default_content
from mbc_voice.events import Snapshot
from mbc_voice.shells.kiosk.shown import Shown

PAGE = Path(__file__).parents[1] / "src" / "mbc_voice" / "shells" / "kiosk" / "page"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PATIENCE_S = 10.0
"""So long a message of the page is waited for."""

USUAL: dict[str, Any] = {"clinic": "Riverside Cancer Center"}
SOUND: dict[str, Any] = {"by": "browser", "rate": 24000, "microphone_rate": 16000}


class StandIn:
    """Stands in for the kiosk's server, from ``with`` to its end. `url` is its address."""

    def __init__(self) -> None:
        self.library = load_library(default_content())
        self.welcome: dict[str, Any] = dict(USUAL)
        """Fields that the next connection's ``welcome`` has in place of the real ones."""
        self.away = False
        """Whether it refuses connections."""
        self.sent: queue.Queue[dict[str, Any]] = queue.Queue()
        """What the page sent since the last `forget`."""
        self.blocks: queue.Queue[bytes] = queue.Queue()
        """The microphone's blocks."""
        self._now = Snapshot(phase="ready", visit="waiting")
        self._changes: dict[str, Any] = {}
        self._talks: set[WebSocket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        config = uvicorn.Config(
            self._app(), log_level="error", lifespan="off", ws="websockets-sansio"
        )
        self._server = uvicorn.Server(config)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="stand-in", daemon=True)

    def __enter__(self) -> StandIn:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENCE_S)

    # ------------------------------------------------------------ for tests

    def reset(self) -> None:
        """Be as new: somebody may come."""
        self.away = False
        self.welcome = dict(USUAL)
        self._now, self._changes = Snapshot(phase="ready", visit="waiting"), {}
        self.forget()
        while not self.blocks.empty():
            self.blocks.get()

    def show(self, now: Snapshot, **changes: Any) -> None:
        """Show this on every page; `changes` are fields of the frame itself."""
        self._now, self._changes = now, changes
        self._say(self._snapshot())

    def tell(self, kind: str, **fields: Any) -> None:
        """Send a text frame to every page."""
        self._say(json.dumps({"kind": kind, **fields}))

    def sound(self, frame: bytes) -> None:
        """Send a binary frame to every page."""
        self._call(self._send_all(frame))

    def leave(self) -> None:
        """Close every connection, and take no new one."""
        self.away = True
        self._call(self._close_all())

    def come_back(self) -> None:
        """Take connections again."""
        self.away = False

    def next(self, kind: str) -> dict[str, Any]:
        """Return the next message of this kind; others before it are dropped."""
        while True:
            message = self.sent.get(timeout=PATIENCE_S)
            if message["kind"] == kind:
                return message

    def forget(self) -> None:
        """Drop what the page sent so far."""
        while not self.sent.empty():
            self.sent.get()

    # ------------------------------------------------------------ on its own thread

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._server.serve(sockets=[self._listener]))
        self._loop.close()

    def _say(self, frame: str) -> None:
        self._call(self._send_all(frame))

    def _call(self, doing: Any) -> None:
        asyncio.run_coroutine_threadsafe(doing, self._loop).result(PATIENCE_S)

    async def _send_all(self, frame: str | bytes) -> None:
        for talk in list(self._talks):
            await (talk.send_text(frame) if isinstance(frame, str) else talk.send_bytes(frame))

    async def _close_all(self) -> None:
        for talk in list(self._talks):
            await talk.close(1001)

    def _snapshot(self) -> str:
        frame = json.loads(Shown(self.library).snapshot(self._now))
        return json.dumps(frame | self._changes)

    async def _talk(self, talk: WebSocket) -> None:
        if self.away:
            await talk.close(1001)
            return
        await talk.accept()
        welcome = json.loads(Shown(self.library).welcome()) | self.welcome
        await talk.send_text(json.dumps(welcome))
        await talk.send_text(self._snapshot())
        self._talks.add(talk)
        try:
            while True:
                frame = await talk.receive()
                if frame["type"] == "websocket.disconnect":
                    break
                if frame.get("text") is not None:
                    self.sent.put(json.loads(frame["text"]))
                else:
                    self.blocks.put(frame["bytes"])
        except WebSocketDisconnect:
            pass
        finally:
            self._talks.discard(talk)

    def _app(self) -> Starlette:
        async def index(_: Request) -> Response:
            return FileResponse(PAGE / "index.html")

        async def gone(_: Request) -> Response:
            return Response(silence(), media_type="audio/wav")

        return Starlette(
            routes=[
                Route("/", index),
                Route("/gone.wav", gone),
                WebSocketRoute("/talk", self._talk),
                Mount("/page", StaticFiles(directory=PAGE)),
            ],
            middleware=[Middleware(_Policy)],
        )


def silence() -> bytes:
    """Return a sound file of 0.1 s without a sound."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, 24000, 0, "NONE", "not compressed"))
        out.writeframes(bytes(4800))
    return file.getvalue()


class _Policy:
    """Adds the Content-Security-Policy to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"content-security-policy", POLICY.encode()))
            await send(message)

        await self._app(scope, receive, with_policy)
