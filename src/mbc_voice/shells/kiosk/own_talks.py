"""A talk of its own for every page, which brings its own microphone and loudspeaker.

The pages share what is loaded (library, understanding, recognizer, voice) and nothing else. Each
has the threads of any talk: its assistant's loop, a listener, a recognizer's, a speaker, a
renderer. The server's threads call `OwnTalks` and `OwnTalk`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from mbc_voice import __version__, renderings, talk
from mbc_voice.audio import Samples
from mbc_voice.engines import Engines
from mbc_voice.events import Event, Interrupted, Snapshot, StillHere
from mbc_voice.hear.shared import SharedEngine, SharedRecognizer
from mbc_voice.parts import Voice
from mbc_voice.shells.kiosk.app import FullError
from mbc_voice.shells.kiosk.board import Board, meaning
from mbc_voice.shells.kiosk.counts import Counts
from mbc_voice.shells.kiosk.mailbox import Mailbox
from mbc_voice.shells.kiosk.meter import Meter
from mbc_voice.shells.kiosk.page_microphone import PageMicrophone
from mbc_voice.shells.kiosk.page_player import PagePlayer
from mbc_voice.shells.kiosk.protocol import Known, Message, Played
from mbc_voice.shells.kiosk.shown import GONE, Shown
from mbc_voice.speak.rendering import Renderer, RenderingCache, Store
from mbc_voice.speak.shared import SharedVoice
from mbc_voice.speak.speaker import Speaker
from mbc_voice.speak.synthesizer import Synthesizer

log = logging.getLogger(__name__)

MOST_PAGES = 24
CACHE_BYTES = 64_000_000
"""For all pages together: about ten minutes of speech."""
END_SECONDS = 3.0


@dataclass
class Common:
    """What all talks share."""

    engines: Engines
    voice: Synthesizer
    cache: RenderingCache = field(default_factory=lambda: RenderingCache(CACHE_BYTES))
    store: Store | None = None
    ear: SharedEngine | None = None

    def renderer(self) -> Renderer:
        """Return a renderer for one talk."""
        return Renderer(
            self.voice,
            pronunciation=renderings.fingerprint(self.engines.library),
            cache=self.cache,
            store=self.store,
        )

    def forget(self) -> None:
        """Let go of what a talk has left in what is shared."""
        self.cache.forget()
        self.engines.interpreter.forget()

    def for_one_talk(self) -> Engines:
        """Return the engines as one talk may use them."""
        ear = self.ear
        return replace(
            self.engines,
            voice=self.voice,
            voices=None,
            ear=None if ear is None else lambda: SharedRecognizer(ear),
            renew=None,
        )


def share(engines: Engines, store: Store | None = None) -> Common:
    """Return engines to be shared. Raises `ModelError` if there is no recognizer."""
    assert engines.voice is not None, "a page plays sound, and so needs a voice"
    ear = SharedEngine(engines.ear()) if engines.ear is not None else None
    return Common(engines, SharedVoice(engines.voice), store=store, ear=ear)


class OwnTalks:
    """Satisfies `app.Talks`: each page that joins begins a talk."""

    def __init__(
        self,
        common: Common,
        shown: Shown,
        *,
        picture: Callable[[str], bytes | None] = lambda _: None,
        gone_sound: Callable[[], bytes | None] = lambda: None,
        counts: Counts | None = None,
        alert: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.known: Known = shown.known
        self.picture = picture
        self.gone_sound = gone_sound
        self._common = common
        self._counts = counts
        self._alert = alert
        self._shown = shown
        self._talks: list[OwnTalk] = []
        self._joining = threading.Lock()

    def join(self, page: Mailbox) -> OwnTalk:
        """Begin a talk on this page. Raises `FullError`."""
        with self._joining:
            if len(self._talks) >= MOST_PAGES:
                raise FullError
            made = OwnTalk(self._common, self._shown, page, self._left, self._counts)
            made.alert_with(self._alert)
            self._talks.append(made)
        made.begin()
        return made

    def tick(self) -> None:
        """Count down where a visit is about to end."""
        for one in tuple(self._talks):
            one.board.tick()

    def health(self) -> dict[str, object]:
        """Return whether speech is still understood, and how many pages there are."""
        ear = self._common.ear
        return {
            "ok": ear is None or not ear.hangs,
            "version": __version__,
            "pages": len(self._talks),
        }

    def close(self) -> None:
        """End all talks."""
        for one in tuple(self._talks):
            one.board.say_goodbye("Goodbye.")
            one.leave()

    def _left(self, one: OwnTalk) -> None:
        with self._joining:
            self._talks = [other for other in self._talks if other is not one]


class OwnTalk:
    """One page and its talk; satisfies `app.Visitor`."""

    def __init__(
        self,
        common: Common,
        shown: Shown,
        page: Mailbox,
        left: Callable[[OwnTalk], None],
        counts: Counts | None = None,
    ) -> None:
        self.board = Board(shown)
        self._common = common
        self._page = page
        self._left = left
        self._counts = counts
        self._microphone = PageMicrophone()
        self._player = PagePlayer(page)
        renderer = common.renderer()
        settings = common.engines.settings

        def mouth(post: Callable[[Event], None]) -> Voice:
            speaker = Speaker(
                renderer,
                self._player,
                post,
                words_per_minute=settings.speak.rate,
                volume=settings.speak.volume,
            )
            speaker.start()
            return speaker

        self._parts = talk.connect(
            common.for_one_talk(),
            mouth,
            show=self._show,
            can_type=True,
            source=Meter(self._microphone, self.board.level),
            display=shown.display,
            owned=(renderer,),
        )
        if counts is not None:
            self._parts.assistant.count_with(counts.outcome)
        self._thread = threading.Thread(target=self._run, name="own talk", daemon=True)

    def alert_with(self, alert: Callable[[str], None]) -> None:
        """Tell `alert` of emergencies; before the talk begins."""
        self._parts.assistant.alert_with(alert)

    def begin(self) -> None:
        """Welcome the page, and wait for its visitor."""
        self.board.join(self._page)
        self._parts.assistant.post(StillHere())
        self._thread.start()

    def take(self, message: Message) -> None:
        """Do what a message asks for."""
        if isinstance(message, Played):
            self._player.played(message.clip, message.sample)
            return
        self._microphone.touched()
        item = meaning(message, self.board.shown, self.board.now)
        if item is not None:
            self._parts.assistant.post(item)

    def hear(self, samples: Samples) -> None:
        """Take what the page's microphone heard."""
        self._microphone.hear(samples)

    def leave(self) -> None:
        """The page is gone: end its talk, and forget it."""
        self._parts.assistant.post(Interrupted())
        self._thread.join(END_SECONDS)
        self._parts.close()
        self._common.forget()
        self._left(self)

    def _show(self, snapshot: Snapshot) -> None:
        if self._counts is not None:
            self._counts.visit(self.board.now, snapshot)
        self.board.show(snapshot)

    def _run(self) -> None:
        status = 0
        try:
            status = self._parts.assistant.run()
        except Exception as error:
            status = 1
            log.error("a talk failed: %s", type(error).__name__)
        if status:
            log.warning("a talk ended: %s", self._parts.assistant.failure or "it failed")
        self.board.say_goodbye(GONE if status else "Goodbye.")
