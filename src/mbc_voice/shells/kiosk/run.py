"""``mbc-voice`` and ``mbc-voice kiosk``: the assistant, with the page at a local address."""

from __future__ import annotations

import argparse
import os
import sys
import threading
import webbrowser
from typing import TYPE_CHECKING

from mbc_voice import build, talk
from mbc_voice.errors import SettingsError
from mbc_voice.events import Display, Snapshot
from mbc_voice.settings import Settings, changed, load
from mbc_voice.shells import listen
from mbc_voice.shells.kiosk import guard
from mbc_voice.shells.kiosk.app import application
from mbc_voice.shells.kiosk.guard import Allowed
from mbc_voice.shells.kiosk.meter import Meter
from mbc_voice.shells.kiosk.one_talk import OneTalk
from mbc_voice.shells.kiosk.server import Certificate, Listening, Server, listening_at, own_names
from mbc_voice.shells.kiosk.shown import GONE, Shown
from mbc_voice.shells.kiosk.watchdog import Watchdog

if TYPE_CHECKING:
    from mbc_voice.hear.microphone import Source

SHORTEST_TOKEN = 16


def run(arguments: argparse.Namespace) -> int:
    """Talk, and show the page, until somebody ends it or a part dies."""
    usual = with_page_options(listen.with_options(load(), arguments), arguments)
    with listening_at(usual.kiosk.host, usual.kiosk.port) as listening:
        return listen.talk_in_terminal(arguments, usual, Page(usual, listening))


def with_page_options(settings: Settings, arguments: argparse.Namespace) -> Settings:
    """Return the settings as the command line changes them. Raises `SettingsError`."""
    if arguments.port is not None:
        settings = changed(settings, "kiosk", "port", arguments.port, "--port")
    check_reach(settings)
    return settings


def check_reach(settings: Settings) -> None:
    """Raise `SettingsError` if the page could be reached from elsewhere, and isn't protected."""
    kiosk = settings.kiosk
    if bool(kiosk.certificate) != bool(kiosk.certificate_key):
        raise SettingsError("kiosk.certificate and kiosk.certificate_key go together: set both.")
    if guard.is_loopback(kiosk.host):
        return
    if not kiosk.certificate or len(kiosk.token) < SHORTEST_TOKEN:
        raise SettingsError(
            f"The page can only be served at {kiosk.host} with a certificate and a token: set "
            "kiosk.certificate, kiosk.certificate_key and kiosk.token (16 characters or more). "
            "See docs/kiosk.md."
        )


def allowed(settings: Settings, port: int) -> Allowed:
    """Return who may reach the page."""
    kiosk = settings.kiosk
    scheme = "https" if kiosk.certificate else "http"
    names = [kiosk.host]
    if guard.is_loopback(kiosk.host):
        names += ["localhost", "127.0.0.1", "::1"]
        return Allowed(guard.hosts(names, port, scheme), scheme)
    names += own_names()
    return Allowed(guard.hosts(names, port, scheme), scheme, kiosk.token)


class Page:
    """The page beside the terminal; satisfies `listen.Beside`."""

    def __init__(self, settings: Settings, listening: Listening) -> None:
        self._settings = settings
        self._listening = listening
        self._talk: OneTalk | None = None
        self._server: Server | None = None
        self._watchdog = Watchdog(self._well)

    @property
    def display(self) -> Display:
        """How the page looks at first."""
        kiosk = self._settings.kiosk
        theme = kiosk.theme
        return Display(
            kiosk.text_size,
            "dark" if theme == "dark" else "yellow" if theme == "yellow" else "light",
        )

    @property
    def source(self) -> Source:
        """The microphone of the settings, with its level shown on the page."""
        return Meter(build.microphone(self._settings), self._level)

    @property
    def waits(self) -> bool:
        """Whether nobody is greeted before they come: at a kiosk."""
        return self._settings.talk.profile == "kiosk"

    def show(self, snapshot: Snapshot) -> None:
        """Show this on every page."""
        if self._talk is not None:
            self._talk.show(snapshot)

    def begin(self, parts: talk.Talk) -> str:
        """Begin to serve; return a line with the address."""
        settings = self._settings
        port = self._listening.port
        let_in = allowed(settings, port)
        self._talk = OneTalk(shown(settings, parts, self.display), parts.assistant.post)
        certificate = Certificate(settings.kiosk.certificate, settings.kiosk.certificate_key)
        tls = certificate if settings.kiosk.certificate else None
        self._server = Server(application(self._talk, let_in), self._listening, tls)
        self._server.start()
        self._watchdog.start()
        address = address_of(settings, port, let_in)
        if settings.kiosk.open_browser and has_desktop():
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        return f"The page is at {address.partition('?')[0]}"

    def end(self, reason: str) -> None:
        """Tell all pages, and stop serving."""
        self._watchdog.stop()
        if self._talk is not None:
            self._talk.board.say_goodbye(GONE if reason else "Goodbye.")
        if self._server is not None:
            self._server.stop()

    def _well(self) -> bool:
        talk, server = self._talk, self._server
        return (
            talk is not None and server is not None and server.alive and bool(talk.health()["ok"])
        )

    def _level(self, value: float) -> None:
        if self._talk is not None:
            self._talk.board.level(value)


def shown(settings: Settings, parts: talk.Talk, display: Display) -> Shown:
    """Return what is the same for every snapshot."""
    return Shown(
        parts.library,
        profile=settings.talk.profile,
        words_per_minute=settings.speak.rate,
        volume=settings.speak.volume,
        display=display,
    )


def address_of(settings: Settings, port: int, let_in: Allowed) -> str:
    """Return the address to open on this computer, with its token."""
    host = settings.kiosk.host
    host = own_names()[0] if host in ("0.0.0.0", "::") else host
    named = f"[{host}]" if ":" in host else host
    token = f"?token={let_in.token}" if let_in.token else ""
    return f"{let_in.scheme}://{named}:{port}/{token}"


def has_desktop() -> bool:
    """Return whether a browser can be opened for somebody who sees it."""
    if not sys.stdin.isatty():
        return False
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True
