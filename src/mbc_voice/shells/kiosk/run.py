"""``mbc-voice`` and ``mbc-voice kiosk``: the assistant, with the page at a local address."""

from __future__ import annotations

import argparse
import getpass
import signal
import threading
from typing import TYPE_CHECKING

from mbc_voice import build, portaudio, renderings, talk
from mbc_voice.engines import load as load_engines
from mbc_voice.errors import UsageError
from mbc_voice.events import Command, Display, Snapshot, Understood
from mbc_voice.settings import Settings, changed, load
from mbc_voice.shells import listen
from mbc_voice.shells.kiosk import password, site
from mbc_voice.shells.kiosk.alerts import Alerts
from mbc_voice.shells.kiosk.counts import Saving
from mbc_voice.shells.kiosk.meter import Meter
from mbc_voice.shells.kiosk.one_talk import OneTalk
from mbc_voice.shells.kiosk.own_talks import OwnTalks, share
from mbc_voice.shells.kiosk.server import Listening, listening_at
from mbc_voice.shells.kiosk.shown import GONE

if TYPE_CHECKING:
    from mbc_voice.hear.microphone import Source


def run(arguments: argparse.Namespace) -> int:
    """Talk, and show the page, until somebody ends it or a part dies."""
    if arguments.staff_password:
        return ask_for_password()
    settings = with_page_options(listen.with_options(load(), arguments), arguments)
    with listening_at(settings.kiosk.host, settings.kiosk.port) as listening:
        if settings.kiosk.sound == "browser":
            return serve_pages(arguments, settings, listening)
        return listen.talk_in_terminal(arguments, settings, Page(settings, listening))


def ask_for_password() -> int:
    """Take the staff's new password from the keyboard. Raises `UsageError`."""
    try:
        given = getpass.getpass("New password for the staff's page: ")
        again = getpass.getpass("Once more: ")
    except EOFError:
        raise UsageError("No password was typed. Nothing was changed.") from None
    if again != given:
        raise UsageError("These two are not the same. Nothing was changed.")
    password.set_password(password.default_path(), given)
    print("It is set. The page is at the kiosk's address, with /staff behind it.")
    return 0


def with_page_options(settings: Settings, arguments: argparse.Namespace) -> Settings:
    """Return the settings as the command line changes them. Raises `SettingsError`."""
    if arguments.port is not None:
        settings = changed(settings, "kiosk", "port", arguments.port, "--port")
    if settings.kiosk.sound == "browser":
        settings = changed(settings, "talk", "profile", "kiosk", "kiosk.sound")
    site.check_reach(settings)
    return settings


def serve_pages(arguments: argparse.Namespace, settings: Settings, listening: Listening) -> int:
    """Serve pages that each have a talk of their own, until Ctrl-C or a signal."""
    if settings.speak.speech == "off" or settings.speak.voice == build.DISPATCHER:
        raise UsageError("A page that plays the sound needs a voice of ours: see speak.voice.")
    print("Getting ready ...", flush=True)
    if not arguments.verbose:
        portaudio.hush()
    engines = load_engines(
        settings, arguments.engine, arguments.voice, microphone=not arguments.text_only
    )
    common = share(engines, renderings.cache(settings))
    ahead = renderings.renderer(settings, engines.library, common.voice)
    shown = site.shown(settings, engines.library)
    gone = site.gone_sound(common.voice, settings.speak.rate)
    counts = site.counts_of(settings)
    saving = Saving(counts) if counts is not None else None
    place, ending = site.Site(settings, listening), threading.Event()
    talks = OwnTalks(
        common,
        shown,
        picture=site.picture(shown),
        gone_sound=lambda: gone,
        counts=counts,
        alert=place.alerts.tell,
    )
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    try:
        print(place.open(talks), flush=True)
        ending.wait()
    finally:
        talks.close()
        place.close()
        ahead.close()
        if saving is not None:
            saving.close()
    return 0


class Page:
    """The page beside the terminal; satisfies `listen.Beside`."""

    def __init__(self, settings: Settings, listening: Listening) -> None:
        self._settings = settings
        self._site = site.Site(settings, listening)
        self._talk: OneTalk | None = None
        self._saving: Saving | None = None

    @property
    def display(self) -> Display:
        """How the page looks at first."""
        return talk.shown_at_first(self._settings)

    @property
    def source(self) -> Source:
        """The microphone of the settings, with its level shown on the page."""
        return Meter(build.microphone(self._settings), self._level)

    @property
    def alerts(self) -> Alerts:
        """What the staff are told of."""
        return self._site.alerts

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
        shown = site.shown(self._settings, parts.library)
        gone = site.gone_sound(parts.voice, self._settings.speak.rate)
        counts = site.counts_of(self._settings)
        if counts is not None:
            parts.assistant.count_with(counts.outcome)
            self._saving = Saving(counts)
        parts.assistant.alert_with(self._site.alerts.tell)
        self._talk = OneTalk(
            shown,
            parts.assistant.post,
            picture=site.picture(shown),
            gone_sound=lambda: gone,
            counts=counts,
        )
        how_loud = Understood(Command("volume"), by="key")
        return self._site.open(self._talk, lambda: parts.assistant.post(how_loud))

    def end(self, reason: str) -> None:
        """Tell all pages, and stop serving."""
        if self._talk is not None:
            self._talk.board.say_goodbye(GONE if reason else "Goodbye.")
        self._site.close()
        if self._saving is not None:
            self._saving.close()

    def _level(self, value: float) -> None:
        if self._talk is not None:
            self._talk.board.level(value)
