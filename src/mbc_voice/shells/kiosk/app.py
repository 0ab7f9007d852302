"""The web application: the page's files, the watchdog's question, and the one WebSocket.

Runs on the server's thread, in its event loop. It knows nothing of the talk: pages `join` and
`leave` a `Talks`, which takes their messages and fills their mailboxes.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from importlib import resources
from pathlib import Path
from typing import Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from mbc_voice.audio import Samples
from mbc_voice.shells.kiosk import protocol
from mbc_voice.shells.kiosk.guard import Allowed, Guard
from mbc_voice.shells.kiosk.mailbox import Mailbox
from mbc_voice.shells.kiosk.protocol import Known, Message, RefusedError, TextTyped

log = logging.getLogger(__name__)

MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
}
"""What the page may consist of; nothing else of the package is served."""

MESSAGES_A_SECOND, MESSAGES_AT_ONCE = 40.0, 60.0
"""Text frames; a page that sends more is not ours."""
BYTES_A_SECOND, BYTES_AT_ONCE = 48_000.0, 192_000.0
"""Sound of the microphone (half as much again as there is); more is dropped."""
QUESTIONS_A_SECOND, QUESTIONS_AT_ONCE = 2.0, 10.0
"""Typed; each costs more than a button does."""
REFUSALS = 10
"""So many refused frames in a row end a connection."""
SLOWEST_SECONDS = 15.0
"""A page that doesn't take a frame for so long is gone."""
TICK_SECONDS = 0.5
GOING_AWAY, POLICY, TRY_LATER = 1001, 1008, 1013
"""Close codes (RFC 6455 and its registry)."""


class FullError(Exception):
    """No further page can be served now."""


class Visitor(Protocol):
    """One page, for as long as it is connected."""

    def take(self, message: Message) -> None:
        """Do what a message asks for; returns at once."""

    def hear(self, samples: Samples) -> None:
        """Take what the page's microphone heard, at 16 kHz; returns at once."""

    def leave(self) -> None:
        """The page is gone; may take a moment."""


class Talks(Protocol):
    """What pages connect to."""

    @property
    def known(self) -> Known:
        """The ids a page may name."""

    def join(self, page: Mailbox) -> Visitor:
        """Welcome a page. Raises `FullError`; may take a moment."""

    def tick(self) -> None:
        """Some time has passed; returns at once."""

    def health(self) -> dict[str, object]:
        """Return whether all is well (``ok``), and what there is to know."""

    def picture(self, topic: str) -> bytes | None:
        """Return a QR code (SVG) for a topic, or None."""

    def gone_sound(self) -> bytes | None:
        """Return what the page says when the server is gone (WAV), or None."""


class Allowance:
    """How much may come: `rate` a second, and `most` at once. Time is what `clock` says."""

    def __init__(
        self, rate: float, most: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate, self._most, self._clock = rate, most, clock
        self._left, self._at = most, clock()

    def allows(self, amount: float = 1.0) -> bool:
        """Return whether so much may come now, and count it if so."""
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
        if amount > self._left:
            return False
        self._left -= amount
        return True


def application(talks: Talks, allowed: Allowed, *more: Route) -> ASGIApp:
    """Return the whole application, guarded."""

    async def index(_: Request) -> Response:
        return page_file("index.html")

    async def file(request: Request) -> Response:
        return page_file(request.path_params["name"])

    async def health(_: Request) -> Response:
        told = talks.health()
        return JSONResponse(told, 200 if told["ok"] else 503)

    async def picture(request: Request) -> Response:
        found = talks.picture(request.path_params["topic"])
        return Response(found or b"", 200 if found else 404, media_type="image/svg+xml")

    async def gone(_: Request) -> Response:
        found = talks.gone_sound()
        return Response(found or b"", 200 if found else 404, media_type="audio/wav")

    async def talk(socket: WebSocket) -> None:
        await Connection(socket, talks).run()

    @contextlib.asynccontextmanager
    async def ticking(_: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(_tick(talks))
        yield
        task.cancel()

    routes = [
        Route("/", index),
        Route("/page/{name}", file),
        Route("/health", health),
        Route("/take-away/{topic}.svg", picture),
        Route("/gone.wav", gone),
        WebSocketRoute("/talk", talk),
        *more,
    ]
    return Guard(Starlette(routes=routes, lifespan=ticking), allowed)


def page_file(name: str) -> Response:
    """Return a file of the page by its name, or 404; only names of files there are known."""
    folder = Path(str(resources.files("mbc_voice.shells.kiosk") / "page"))
    known = {path.name: path for path in folder.iterdir()} if folder.is_dir() else {}
    path = known.get(name)
    if path is None or path.suffix not in MEDIA_TYPES or not path.is_file():
        return Response(status_code=404)
    return FileResponse(path, media_type=MEDIA_TYPES[path.suffix])


async def _tick(talks: Talks) -> None:
    while True:
        await asyncio.sleep(TICK_SECONDS)
        talks.tick()


class Connection:
    """One page's WebSocket, from its first frame to its last."""

    def __init__(self, socket: WebSocket, talks: Talks) -> None:
        self._socket = socket
        self._talks = talks
        self._news = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._page = Mailbox(lambda: _wake(loop, self._news))
        self._messages = Allowance(MESSAGES_A_SECOND, MESSAGES_AT_ONCE)
        self._bytes = Allowance(BYTES_A_SECOND, BYTES_AT_ONCE)
        self._questions = Allowance(QUESTIONS_A_SECOND, QUESTIONS_AT_ONCE)
        self._refusals = 0

    async def run(self) -> None:
        """Serve the page until it leaves, or misbehaves."""
        await self._socket.accept()
        try:
            visitor = await asyncio.to_thread(self._talks.join, self._page)
        except FullError:
            await self._socket.close(TRY_LATER, "too many pages")
            return
        sending = asyncio.create_task(self._send())
        try:
            await self._receive(visitor)
        except WebSocketDisconnect:
            pass
        finally:
            sending.cancel()
            await asyncio.shield(asyncio.to_thread(visitor.leave))
        await self._close(POLICY)

    async def _close(self, code: int) -> None:
        if self._socket.application_state == WebSocketState.CONNECTED:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await self._socket.close(code)

    async def _receive(self, visitor: Visitor) -> None:
        """Take what comes until it is too much or too strange."""
        while self._refusals < REFUSALS:
            event = await self._socket.receive()
            if event["type"] != "websocket.receive":
                return
            data = event.get("bytes")
            if data is None and not self._messages.allows():
                return
            try:
                if data is None:
                    visitor.take(self._message(event["text"]))
                elif self._bytes.allows(len(data)):
                    visitor.hear(protocol.microphone_block(data))
            except RefusedError as error:
                self._refusals += 1
                self._page.put(protocol.frame("refused", reason=str(error)))
            else:
                self._refusals = 0

    def _message(self, text: str) -> Message:
        """Return the message that a text frame is. Raises `RefusedError`."""
        message = protocol.parse(text, self._talks.known)
        if isinstance(message, TextTyped) and not self._questions.allows():
            raise RefusedError("text: too many questions at once")
        return message

    async def _send(self) -> None:
        """Send what waits; a page that can't follow is let go."""
        while not self._page.full:
            frame = self._page.take()
            if frame is None:
                self._news.clear()
                frame = self._page.take()
            if frame is None:
                if self._page.over:
                    await self._close(GOING_AWAY)
                    return
                await self._news.wait()
                continue
            sending = self._socket.send_text if isinstance(frame, str) else self._socket.send_bytes
            try:
                await asyncio.wait_for(sending(frame), SLOWEST_SECONDS)  # type: ignore[arg-type]
            except (asyncio.TimeoutError, RuntimeError, WebSocketDisconnect):
                break
        await self._close(TRY_LATER)


def _wake(loop: asyncio.AbstractEventLoop, news: asyncio.Event) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is there to be woken
        loop.call_soon_threadsafe(news.set)
