"""Nothing of a visit stays: not in memory, whatever part it went through, and not on disk."""

from __future__ import annotations

import gc
import json
import threading
from dataclasses import replace
from pathlib import Path
from types import FrameType

import numpy as np

from fakes import FakeMicrophone, FakeRecognizer, FakeSink, LoudIsSpeech
from kiosk_server import SHOWN
from mbc_voice.assistant import Assistant
from mbc_voice.audio import Block
from mbc_voice.dialogue.state import Delivery, begin
from mbc_voice.events import Display, Interrupted, Snapshot, Started, Transcript
from mbc_voice.hear.listener import Listener
from mbc_voice.library import CommandWords
from mbc_voice.shells.kiosk.mailbox import Mailbox
from mbc_voice.shells.kiosk.one_talk import OneTalk
from mbc_voice.shells.kiosk.protocol import TextTyped, VisitAsked
from mbc_voice.speak.player import Player
from mbc_voice.speak.rendering import Renderer
from mbc_voice.speak.speaker import Speaker
from mbc_voice.speak.synthesizer import Rendering
from mbc_voice.talk import forgetting
from mbc_voice.understand.interpret import Interpreter

BACKWARDS = ("akkouq", "rabiznaz", "attayalpytap", "akinnasuz")
"""Words that nobody but the visitor says: turned round, so that this module holds none of them."""


def said(text: str) -> str:
    """Return the text with its numbers replaced by the visitor's own words."""
    for number, word in enumerate(BACKWARDS):
        text = text.replace(str(number), word[::-1])
    return text


def remembered() -> list[str]:
    """Return where any of the visitor's words can still be found in this process."""
    words = [word[::-1] for word in BACKWARDS]
    gc.collect()
    waiting: list[tuple[object, object]] = [(None, holder) for holder in gc.get_objects()]
    seen, found = {id(words), id(waiting)}, []
    while waiting:
        holder, held = waiting.pop()
        if isinstance(held, str | bytes | bytearray):
            text = held.lower() if isinstance(held, str) else bytes(held).decode("latin-1").lower()
            if any(word in text for word in words):
                found.append(f"{type(holder).__name__}: {str(holder)[:300]}")
        elif id(held) not in seen and not isinstance(held, FrameType):
            seen.add(id(held))
            waiting.extend((held, inner) for inner in gc.get_referents(held))
    return found


class Sounds:
    """A voice whose every sentence is a short hum."""

    name = "hum"

    def render(self, text: str, words_per_minute: int) -> Rendering:
        return Rendering(np.full(100, 0.1, np.float32), 1000)


class Kiosk:
    """A whole kiosk but for its devices: ears, understanding, talk, voice and a page."""

    def __init__(self, folder: Path, *heard: Transcript) -> None:
        library = replace(
            SHOWN.library,
            commands={"spell": CommandWords("spell", "Say spell.", ("spell {word}",), ("s",))},
        )
        self.page = Mailbox()
        self.talk = OneTalk(replace(SHOWN, library=library), lambda item: self.assistant.post(item))
        self.talk.join(self.page)
        self.sink = FakeSink()
        player = Player(self.sink, wake_ms=0)
        player.open()
        renderer = Renderer(Sounds())
        self.speaker = Speaker(renderer, player, lambda event: self.assistant.post(event))
        interpreter = Interpreter(library, None, folder)
        self.shown = threading.Condition()
        self.assistant = Assistant(
            begin(library, profile="kiosk", usual=Delivery(display=Display())),
            interpreter.interpret,
            self.speaker,
            show=self.show,
            forget=forgetting(self.speaker, interpreter),
        )
        self.listener = Listener(
            FakeMicrophone([*sound(0, 5, 0.0), *sound(5, 12, 0.9), *sound(17, 60, 0.0)]),
            LoudIsSpeech(),
            FakeRecognizer(*heard),
            self.assistant.post,
        )
        self.assistant.hear_with(self.listener)
        threading.Thread(target=self.assistant.run, daemon=True).start()

    def show(self, snapshot: Snapshot) -> None:
        self.talk.show(snapshot)
        with self.shown:
            self.shown.notify_all()

    def until_quiet(self) -> None:
        """Let time pass until it is the person's turn."""
        self.until("listening", or_phase="choosing")

    def until(self, phase: str, heard: str = "", or_phase: str = "") -> None:
        """Let time pass until the page shows this phase of this question."""
        for _ in range(20_000):
            now = self.talk.board.now
            if now.phase in (phase, or_phase) and heard in now.heard:
                return
            self.sink.run(20)
            self.speaker.advance()
            with self.shown:
                self.shown.wait(0.001)
        raise AssertionError(self.talk.board.now.phase)


def sound(first: int, count: int, loud: float) -> list[Block]:
    """Return blocks of 100 ms."""
    return [
        Block(np.full(1600, loud, np.float32), 1600 * number)
        for number in range(first, first + count)
    ]


def test_nothing_that_was_said_stays_in_memory_or_on_disk(tmp_path: Path) -> None:
    """After a visit no part holds a word of it: spoken, typed, spelled or sent to a slow page."""
    kiosk = Kiosk(tmp_path, Transcript(said("do 0 from 1 get it")))
    kiosk.assistant.post(Started())
    kiosk.until_quiet()
    kiosk.listener.start()
    kiosk.until("speaking", said("0"))
    kiosk.until_quiet()
    kiosk.talk.take(TextTyped(said("what about 2")))
    kiosk.until("speaking", said("2"))
    kiosk.until_quiet()
    kiosk.talk.take(TextTyped(said("spell 3")))
    kiosk.until("speaking", said("3"))
    kiosk.until_quiet()
    assert len(remembered()) > 3
    kiosk.talk.take(VisitAsked("end"))
    kiosk.until("ready")
    kiosk.talk.tick()
    assert remembered() == []
    frames = []
    while (frame := kiosk.page.take()) is not None:
        frames.append(json.loads(frame))
    assert frames[-1]["visit"]["phase"] == "waiting"
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert not any(word[::-1].encode() in kept for word in BACKWARDS)
    kiosk.listener.stop()
    kiosk.assistant.post(Interrupted())
