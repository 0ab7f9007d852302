"""Where the page is served: who may reach it, its address, and the server behind it."""

from __future__ import annotations

import io
import os
import sys
import threading
import webbrowser
from collections.abc import Callable, Sequence
from functools import partial

import soundfile

from mbc_voice import build, ears
from mbc_voice.dialogue import prompts
from mbc_voice.errors import SettingsError, VoiceError
from mbc_voice.library import Library
from mbc_voice.settings import Settings
from mbc_voice.shells.kiosk import guard, password
from mbc_voice.shells.kiosk.alerts import Alerts
from mbc_voice.shells.kiosk.app import Talks, application
from mbc_voice.shells.kiosk.certificate import Certificate
from mbc_voice.shells.kiosk.counts import Counts, default_folder
from mbc_voice.shells.kiosk.guard import Allowed
from mbc_voice.shells.kiosk.password import Door
from mbc_voice.shells.kiosk.protocol import MICROPHONE_RATE, SOUND_RATE
from mbc_voice.shells.kiosk.server import Listening, Server, own_names
from mbc_voice.shells.kiosk.shown import GONE, Shown
from mbc_voice.shells.kiosk.staff import Staff
from mbc_voice.shells.kiosk.watchdog import Watchdog
from mbc_voice.speak.synthesizer import Synthesizer
from mbc_voice.talk import shown_at_first

SHORTEST_TOKEN = 16


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


def allowed(settings: Settings, port: int, certified: Sequence[str] = ()) -> Allowed:
    """Return who may reach the page, by the names of its certificate too."""
    kiosk = settings.kiosk
    scheme = "https" if kiosk.certificate else "http"
    names = [kiosk.host, "localhost", "127.0.0.1", "::1"]
    if guard.is_loopback(kiosk.host):
        return Allowed(guard.hosts(names, port, scheme), scheme)
    names += [*own_names(), *certified]
    return Allowed(guard.hosts(names, port, scheme), scheme, kiosk.token)


def shown(settings: Settings, library: Library) -> Shown:
    """Return what is the same for every snapshot. Raises `ContentError`."""
    clinic = build.clinic(settings)
    in_page = {"by": "browser", "rate": SOUND_RATE, "microphone_rate": MICROPHONE_RATE}
    return Shown(
        library,
        profile=settings.talk.profile,
        clinic=clinic.name,
        hours=clinic.hours,
        greeting=greeting(settings, library),
        take_away=clinic.take_away,
        keypad=clinic.keypad,
        capital_px=clinic.capital_px,
        words_per_minute=settings.speak.rate,
        volume=settings.speak.volume,
        display=shown_at_first(settings),
        sound=in_page if settings.kiosk.sound == "browser" else {"by": "kiosk"},
    )


def greeting(settings: Settings, library: Library) -> str:
    """Return what a visitor is greeted with, which tells how to talk here."""
    name = {"push-to-talk": "greeting-push", "wake-phrase": "greeting-wake"}.get(
        ears.mode(settings), "greeting"
    )
    said = prompts.render(library, name, phrase=settings.hear.wake_phrase)
    return " ".join(sentence.text for sentence in said)


def picture(shown: Shown) -> Callable[[str], bytes | None]:
    """Return what draws a QR code (SVG) with the address of a topic's text."""

    def draw(topic: str) -> bytes | None:
        import segno

        address = shown.take_away(topic) if topic in shown.library.topics else None
        if address is None:
            return None
        drawn = io.BytesIO()
        segno.make(address, error="m", micro=False).save(
            drawn, kind="svg", border=4, scale=8, dark="#000", light="#fff", xmldecl=False
        )
        return drawn.getvalue()

    return draw


def gone_sound(voice: Synthesizer | None, words_per_minute: int) -> bytes | None:
    """Return what a page says when the server is gone, as WAV; None without a voice."""
    if voice is None:
        return None
    try:
        said = voice.render(GONE, words_per_minute)
    except VoiceError:
        return None
    written = io.BytesIO()
    soundfile.write(written, said.samples, said.sample_rate, subtype="PCM_16", format="WAV")
    return written.getvalue()


def counts_of(settings: Settings) -> Counts | None:
    """Return where to count, at a kiosk whose clinic doesn't forbid it."""
    if settings.talk.profile != "kiosk" or not build.clinic(settings).counts:
        return None
    return Counts(default_folder())


class Site:
    """The server of the page, from its first connection to its last."""

    def __init__(self, settings: Settings, listening: Listening) -> None:
        self._settings = settings
        self._listening = listening
        self._server: Server | None = None
        self._well: Callable[[], bool] = lambda: True
        self.alerts = Alerts()
        """What the staff are told of."""
        self._watchdog = Watchdog(self._is_well)

    def open(self, talks: Talks, say: Callable[[], None] | None = None) -> str:
        """Begin to serve; return a line with the address. Raises `UsageError`.

        `say` lets the kiosk say something, for whoever tries its loudspeaker.
        """
        kiosk, port = self._settings.kiosk, self._listening.port
        tls = Certificate(kiosk.certificate, kiosk.certificate_key) if kiosk.certificate else None
        names = tls.names() if tls is not None else []
        let_in = allowed(self._settings, port, names)
        self._well = lambda: bool(talks.health()["ok"])
        staff = Staff(
            Door(password.default_path()),
            talks.health,
            default_folder(),
            build.content_folder(self._settings),
            library=partial(build.library, self._settings),
            alerts=self.alerts,
            say=say,
            secure=tls is not None,
        )
        self._server = Server(application(talks, let_in, *staff.routes()), self._listening, tls)
        self._server.start()
        self._watchdog.start()
        address = address_of(self._settings, port, let_in, names)
        if kiosk.open_browser and has_desktop():
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        return f"The page is at {address.partition('?')[0]}"

    def close(self) -> None:
        """Stop serving."""
        self._watchdog.stop()
        if self._server is not None:
            self._server.stop()

    def _is_well(self) -> bool:
        return self._server is not None and self._server.alive and self._well()


def address_of(
    settings: Settings, port: int, let_in: Allowed, certified: Sequence[str] = ()
) -> str:
    """Return the address to open, with its token."""
    host = settings.kiosk.host
    host = [*certified, *own_names()][0] if host in ("0.0.0.0", "::") else host
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
