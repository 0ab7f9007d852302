"""The server: one listening socket, and uvicorn on a thread of its own.

The socket is bound before anything else is loaded, so that a port in use is told at once. It only
ever listens; nothing here opens a connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from mbc_voice.errors import UsageError
from mbc_voice.shells.kiosk import protocol
from mbc_voice.shells.kiosk.certificate import Certificate
from mbc_voice.shells.kiosk.patience import PatientProtocol, PatientSocket

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 96
"""At once; a browser uses up to six for one page."""
WORKERS = 32
"""Threads for what may take a moment: a page that joins or leaves."""
START_SECONDS, STOP_SECONDS = 10.0, 3.0


class Listening:
    """A listening socket, closed at the end of a ``with``."""

    def __init__(self, socket: socket.socket) -> None:
        self.socket = socket
        self.port: int = socket.getsockname()[1]

    def __enter__(self) -> Listening:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()


def own_names() -> list[str]:
    """Return the names of this computer, without asking anybody else."""
    name = socket.gethostname().lower()
    return [name, f"{name}.local"]


def listening_at(host: str, port: int) -> Listening:
    """Return a socket that listens there; port 0 is any free one. Raises `UsageError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(64)
    except OSError as error:
        listening.close()
        if isinstance(error, PermissionError):
            why = f"Port {port} needs more rights than this program has"
        elif error.errno in _BUSY:
            why = f"Port {port} is in use: perhaps mbc-voice runs already"
        else:
            why = f"This computer has no address {host}"
        raise UsageError(f"{why}. Choose another with --port, or in the settings.") from error
    return Listening(listening)


_BUSY = {98, 48, 10048}
"""EADDRINUSE on Linux, macOS and Windows."""


class Server:
    """Serves an application on a listening socket until it is stopped."""

    def __init__(
        self, app: ASGIApp, listening: Listening, certificate: Certificate | None = None
    ) -> None:
        self._listening = listening
        tls: dict[str, Any] = {}
        if certificate is not None:
            tls = {"ssl_certfile": certificate.chain, "ssl_keyfile": certificate.key}
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http=PatientProtocol,
                loop="asyncio",
                ws=PatientSocket,
                ws_max_size=max(protocol.MOST_BYTES, 4 * protocol.MOST_CHARACTERS),
                ws_per_message_deflate=False,
                lifespan="on",
                log_config=None,
                log_level="error",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                limit_concurrency=MOST_CONNECTIONS,
                timeout_graceful_shutdown=1,
                h11_max_incomplete_event_size=16_384,
                **tls,
            )
        )
        self._thread = threading.Thread(target=self._run, name="server", daemon=True)
        self._up = threading.Event()

    @property
    def alive(self) -> bool:
        """Whether it serves."""
        return self._thread.is_alive() and bool(self._server.started)

    def start(self) -> None:
        """Begin to serve; returns when it does. Raises `UsageError` for files of no use."""
        try:
            self._server.config.load()
        except OSError as error:
            raise UsageError(
                f"The certificate or its key can't be used ({error.strerror or error}). "
                "Correct kiosk.certificate and kiosk.certificate_key."
            ) from error
        self._thread.start()
        self._up.wait(START_SECONDS)

    def stop(self) -> None:
        """End all connections and the thread; waits no longer than `STOP_SECONDS`."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        with contextlib.suppress(SystemExit):
            asyncio.run(self._serve())

    async def _serve(self) -> None:
        workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="server's")
        asyncio.get_running_loop().set_default_executor(workers)
        serving = asyncio.create_task(self._server.serve(sockets=[self._listening.socket]))
        while not self._server.started and not serving.done():
            await asyncio.sleep(0.01)
        self._up.set()
        await serving
