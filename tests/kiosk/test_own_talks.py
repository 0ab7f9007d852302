"""Pages with a talk each: side by side, never mixed, and gone without a trace."""

from __future__ import annotations

import json
import struct
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from fakes import FakeRecognizer
from kiosk_server import SHOWN, PageClient, Serving, serving
from mbc_voice.engines import Engines
from mbc_voice.errors import SettingsError
from mbc_voice.settings import KioskSettings, Settings, TalkSettings
from mbc_voice.shells.kiosk import site
from mbc_voice.shells.kiosk.alerts import Alerts
from mbc_voice.shells.kiosk.mailbox import Mailbox
from mbc_voice.shells.kiosk.own_talks import OwnTalks, share
from mbc_voice.shells.kiosk.protocol import CUE, LAST
from mbc_voice.speak.synthesizer import Rendering
from mbc_voice.understand.commands import Commands
from mbc_voice.understand.interpret import Interpreter


class Hum:
    """A voice whose sentences are as long as their text."""

    name = "hum"

    def render(self, text: str, words_per_minute: int) -> Rendering:
        return Rendering(np.full(50 * len(text), 0.1, np.float32), 24_000)


SENTENCE_PAUSE = 6_000
"""Samples of silence that the speaker leaves after a sentence."""


@pytest.fixture(scope="module")
def talks() -> OwnTalks:
    settings = Settings(talk=TalkSettings(profile="kiosk"))
    engines = Engines(
        settings=settings,
        library=SHOWN.library,
        interpreter=Interpreter(SHOWN.library, None, None),
        voice=Hum(),
        voices=None,
        ear=None,
    )
    return OwnTalks(share(engines), SHOWN)


@pytest.fixture(scope="module")
def served(talks: OwnTalks) -> Iterator[Serving]:
    with serving(talks) as running:
        yield running


class Browser:
    """A page that plays whatever it is sent at once, and says so."""

    def __init__(self, page: PageClient) -> None:
        self.page = page
        self.samples = 0
        self.captions: list[str] = []
        self.texts: list[str] = []
        self.clips: dict[int, int] = {}
        """How many samples each clip has."""

    def until(self, **fields: Any) -> dict[str, Any]:
        """Play and read until a snapshot has these fields."""
        while True:
            frame = self.page.socket.recv(timeout=20)
            if isinstance(frame, bytes):
                self._play(frame)
                continue
            told: dict[str, Any] = json.loads(frame)
            if told["kind"] != "snapshot":
                continue
            if told["caption"] and told["caption"]["id"] not in self.captions[-1:]:
                self.captions.append(told["caption"]["id"])
                self.texts.append(told["caption"]["text"])
            if fields.items() <= told.items():
                return told

    def your_turn(self, **fields: Any) -> dict[str, Any]:
        """Play and read until it is the person's turn, and a snapshot has these fields."""
        while True:
            told = self.until(**fields)
            if told["phase"] in ("listening", "choosing"):
                return told

    def _play(self, frame: bytes) -> None:
        clip, first, flags = struct.unpack("<IIB3x", frame[:12])
        self.samples += (len(frame) - 12) // 2
        if not flags & CUE:
            self.clips[clip] = first + (len(frame) - 12) // 2
        if first == 0:
            self.page.send(kind="played", clip=clip, sample=1)
        if flags & LAST:
            self.page.send(kind="played", clip=clip, sample=first + (len(frame) - 12) // 2)


def test_two_visits_side_by_side_never_mix(served: Serving) -> None:
    """Each page hears and sees its own answer, at its own text size and volume."""
    with served.page() as first, served.page() as second:
        one, other = Browser(first), Browser(second)
        one.until(phase="ready")
        other.until(phase="ready")
        first.send(kind="topic", id="symptoms-liver")
        second.send(kind="topic", id="ibrance")
        second.send(kind="command", name="volume", number=3)
        assert one.your_turn()["topic"]["id"] == "symptoms-liver"
        told = other.your_turn()
        assert (told["topic"]["id"], told["volume"]) == ("ibrance", 3)
        assert not [caption for caption in one.captions if caption.startswith("ibrance")]
        assert not [caption for caption in other.captions if caption.startswith("symptoms")]
        first.send(kind="visit", what="end")
        one.until(phase="ready")
        second.send(kind="text", text="symptoms in the liver")
        assert other.until(phase="speaking", heard="symptoms in the liver")["volume"] == 3


def test_an_answer_is_heard_sentence_by_sentence(served: Serving) -> None:
    """The sound of every sentence arrives, and its caption comes when it is played."""
    with served.page() as page:
        browser = Browser(page)
        browser.until(phase="ready")
        page.send(kind="topic", id="tests")
        browser.your_turn()
        assert browser.captions == [
            "prompt.title.1",
            "tests.1",
            "prompt.answer-end.1",
            "prompt.answer-end.2",
        ]
        assert browser.samples > 4 * 50 * 6


def test_every_caption_is_what_sounds(served: Serving) -> None:
    """Each clip is the sound of the caption that is shown with it, whatever is asked for."""
    with served.page() as page:
        browser = Browser(page)
        browser.until(phase="ready")
        page.send(kind="visit", what="start")
        browser.your_turn()
        page.send(kind="topic", id="symptoms-liver")
        browser.your_turn(topic=browser_topic("symptoms-liver"))
        page.send(kind="focus", id="place:liver")
        browser.until(caption={"id": "page.place:liver", "text": "The liver"})
        browser.your_turn()
        page.send(kind="command", name="stop")
        page.send(kind="text", text="xyzzy")
        browser.your_turn(heard="xyzzy")
    sounds = list(browser.clips.values())
    assert len(sounds) == len(browser.texts) > 8
    silences = {n - 50 * len(text) for n, text in zip(sounds, browser.texts, strict=True)}
    assert silences <= {0, SENTENCE_PAUSE}


def browser_topic(id: str) -> dict[str, str]:
    """Return a topic as a snapshot names it."""
    return {"id": id, "title": SHOWN.library.topics[id].title}


def test_twenty_kiosks_at_once_lose_no_event(served: Serving) -> None:
    """Twenty visitors ask at the same time, and each gets the whole answer in order."""
    topics = list(SHOWN.library.topics)
    wrong: list[str] = []

    def visit(page: PageClient, topic: str) -> None:
        browser = Browser(page)
        browser.until(phase="ready")
        page.send(kind="visit", what="start")
        browser.your_turn()
        page.send(kind="topic", id=topic)
        browser.until(
            phase="speaking", topic={"id": topic, "title": SHOWN.library.topics[topic].title}
        )
        while browser.until()["phase"] == "speaking":
            pass
        said = [caption for caption in browser.captions if caption.startswith(f"{topic}.")]
        numbers = [int(caption.rpartition(".")[2]) for caption in said]
        if not numbers or numbers != list(range(1, len(numbers) + 1)):
            wrong.append(f"{topic}: {browser.captions}")
        page.send(kind="visit", what="end")
        browser.until(phase="ready")

    with ExitStack() as stack:
        pages = [stack.enter_context(served.page()) for _ in range(20)]
        visits = [
            threading.Thread(target=visit, args=(page, topics[number % len(topics)]), daemon=True)
            for number, page in enumerate(pages)
        ]
        for one in visits:
            one.start()
        for one in visits:
            one.join(60)
        assert not [one for one in visits if one.is_alive()]
    assert wrong == []


def test_a_page_that_leaves_takes_its_talk_along(served: Serving) -> None:
    """No thread of a talk outlives its page."""
    before = set(threading.enumerate())
    with served.page() as page:
        Browser(page).until(phase="ready")
        begun = set(threading.enumerate()) - before
        assert {"own talk", "speaker", "renderer"} <= {one.name for one in begun}
    own = [one for one in begun if one.name in ("own talk", "speaker", "renderer")]
    for one in own:
        one.join(10)
    assert not [one.name for one in own if one.is_alive()]


def test_a_page_that_leaves_in_the_middle_is_forgotten() -> None:
    """Whoever closes the page without a goodbye leaves nothing in what the talks share."""
    settings = Settings(talk=TalkSettings(profile="kiosk"))
    interpreter = Interpreter(SHOWN.library, None)
    common = share(Engines(settings, SHOWN.library, interpreter, Hum(), None, None))
    with serving(OwnTalks(common, SHOWN)) as server, server.page() as page:
        browser = Browser(page)
        browser.until(phase="ready")
        page.send(kind="topic", id="tests")
        browser.your_turn()
        assert common.cache.size > 0
    forgotten = threading.Event()
    for _ in range(1_000):
        if common.cache.size == 0 or forgotten.wait(0.01):
            break
    assert common.cache.size == 0


def test_an_emergency_on_a_page_reaches_the_staff() -> None:
    """The staff are told which sign it was, and none of the words."""
    sign = next(iter(SHOWN.library.urgent.values()))
    urgent = {sign.id: replace(sign, phrases=("i can't breathe",))}
    library = replace(SHOWN.library, urgent=urgent)
    settings = Settings(talk=TalkSettings(profile="kiosk"))
    engines = Engines(settings, library, Interpreter(library, None), Hum(), None, None)
    alerts = Alerts()
    talks = OwnTalks(share(engines), replace(SHOWN, library=library), alert=alerts.tell)
    with serving(talks) as server, server.page() as page:
        browser = Browser(page)
        browser.until(phase="ready")
        page.send(kind="text", text="i can't breathe")
        browser.your_turn(heard="i can't breathe")
    assert [one.sign for one in alerts.unseen] == [sign.id]


def test_a_page_that_joins_makes_nothing_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """What listening needs of the library is made once for all pages: it takes a while."""
    made: list[Commands] = []

    def counted(commands: Commands, terms: tuple[str, ...] = ()) -> tuple[str, ...]:
        made.append(commands)
        return ("stop",)

    monkeypatch.setattr(Commands, "phrases", counted)
    settings = Settings(talk=TalkSettings(profile="kiosk"))
    interpreter = Interpreter(SHOWN.library, None)
    engines = Engines(settings, SHOWN.library, interpreter, Hum(), None, lambda: FakeRecognizer())
    joined = OwnTalks(share(engines), SHOWN)
    for _ in range(3):
        joined.join(Mailbox())
    joined.close()
    assert len(made) == 1


def test_the_end_reaches_every_page() -> None:
    """When the server ends, each talk says so on its page."""
    settings = Settings(talk=TalkSettings(profile="kiosk"))
    engines = Engines(settings, SHOWN.library, Interpreter(SHOWN.library, None), Hum(), None, None)
    ending = OwnTalks(share(engines), SHOWN)
    page = Mailbox()
    ending.join(page)
    ending.close()
    frames = []
    while (frame := page.take()) is not None:
        frames.append(frame)
    assert isinstance(frames[-1], str)
    assert json.loads(frames[-1])["kind"] == "gone"
    assert page.over


@pytest.mark.parametrize(
    ("kiosk", "reason"),
    [
        (KioskSettings(host="0.0.0.0"), "with a certificate and a token"),
        (KioskSettings(host="0.0.0.0", certificate="c", certificate_key="k"), "16 characters"),
        (KioskSettings(host="192.168.1.5", token="x" * 16), "with a certificate"),
        (KioskSettings(certificate="c"), "go together"),
    ],
)
def test_away_from_this_computer_it_demands_protection(kiosk: KioskSettings, reason: str) -> None:
    """Without a certificate and a token others can't reach it, and the way there is told."""
    with pytest.raises(SettingsError, match=reason) as caught:
        site.check_reach(Settings(kiosk=kiosk))
    assert "\n" not in str(caught.value)


def test_protected_it_may_be_reached_from_elsewhere() -> None:
    """With both, its address names this computer, and carries the token once."""
    settings = Settings(
        kiosk=KioskSettings("0.0.0.0", 443, certificate="c", certificate_key="k", token="t" * 16)
    )
    site.check_reach(settings)
    let_in = site.allowed(settings, 443)
    assert let_in.scheme == "https"
    assert let_in.token == "t" * 16
    address = site.address_of(settings, 443, let_in)
    assert address.startswith("https://")
    assert address.endswith("/?token=" + "t" * 16)
    assert address.removeprefix("https://").partition(":")[0] in let_in.hosts


def test_one_understanding_serves_many_talks_at_once() -> None:
    """Threads that ask at the same time get what they would have got alone."""
    interpreter = Interpreter(SHOWN.library, None)
    questions = [topic.title for topic in SHOWN.library.topics.values()]
    questions += ["volume five", "stop", "i can't breathe", "where does it go", "xyzzy"]
    alone = [interpreter.interpret(question) for question in questions]
    together: dict[int, list[object]] = {}

    def ask(number: int) -> None:
        found: list[object] = []
        for _ in range(5):
            found = [interpreter.interpret(question) for question in questions]
            interpreter.forget()
        together[number] = found

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[number] for number in range(6)] == [alone] * 6
