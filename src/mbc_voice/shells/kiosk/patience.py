"""How slow and how fast somebody at the other end of a connection may be. On the server's thread.

uvicorn waits for ever for a request that never ends, and reads a WebSocket as fast as it comes.
Here whoever dawdles is cut off, and whoever floods has to wait, so that others notice nothing.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from mbc_voice.shells.kiosk.app import Allowance

REQUEST_SECONDS = 10.0
"""Whoever has not begun a new request after so long is cut off, in the middle of one too."""
MOST_FROM_ONE = 48
"""Connections from one address; half of all that there may be."""
PIECE = 4_096
"""Bytes taken at once from whoever sends too much."""
BYTES_A_SECOND, BYTES_AT_ONCE = 65_536.0, 65_536.0
"""Twice what a microphone sends; what is more waits with whoever sends it."""
FRAGMENTS = 64
"""A message may come in so many pieces."""


class PatientProtocol(H11Protocol):
    """HTTP for people who ask within `REQUEST_SECONDS`; others are cut off."""

    _looked_at: object = None
    _next: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for requests, unless this address has enough connections already."""
        super().connection_made(transport)
        if self._from_here() > MOST_FROM_ONE:
            transport.abort()
            return
        self._next = self.loop.call_later(REQUEST_SECONDS, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        if self._next is not None:
            self._next.cancel()
        super().connection_lost(exc)

    def _from_here(self) -> int:
        clients = [getattr(one, "client", None) for one in self.connections]
        return sum(
            bool(client and self.client and client[0] == self.client[0]) for client in clients
        )

    def _look(self) -> None:
        """Cut off whoever has asked for nothing new since the last look."""
        # In this order: a connection that is closing may belong to nobody.
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return
        if self.cycle is self._looked_at:
            self.transport.abort()
            return
        self._looked_at = self.cycle
        self._next = self.loop.call_later(REQUEST_SECONDS, self._look)


class PatientSocket(WebSocketsSansIOProtocol):
    """A WebSocket that reads no faster than a page has reason to send, whatever the frames are."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._pace = Allowance(BYTES_A_SECOND, BYTES_AT_ONCE)
        self._waiting = bytearray()

    def data_received(self, data: bytes) -> None:
        """Take what came, or let it wait."""
        if not self._waiting and self._pace.allows(len(data)):
            self._take(data)
            return
        if not self._waiting:
            self.loop.call_later(PIECE / BYTES_A_SECOND, self._go_on)
        self._waiting += data
        self.transport.pause_reading()

    def _go_on(self) -> None:
        if self.transport.is_closing():
            self._waiting.clear()
            return
        while self._waiting and self._pace.allows(min(PIECE, len(self._waiting))):
            piece = bytes(self._waiting[:PIECE])
            del self._waiting[:PIECE]
            self._take(piece)
        if self._waiting:
            self.loop.call_later(PIECE / BYTES_A_SECOND, self._go_on)
        elif not self.read_paused:
            self.transport.resume_reading()

    def _take(self, data: bytes) -> None:
        super().data_received(data)
        if len(self.frames) > FRAGMENTS:
            self.transport.abort()
