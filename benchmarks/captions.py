"""How late captions and the marks of words come, on an idle computer and on a busy one.

    .venv/bin/python benchmarks/captions.py [--seconds 60] [--rate 160] [--load 2]

The whole assistant reads topics to a loudspeaker that keeps the pace of a real one and to nobody,
while it listens to a quiet room. For each sentence and word: from the moment that its first sample
is heard (the player's clock, latency of the device counted in) to the event in the inbox, and to
the snapshot that a page or terminal is shown. ``--load`` runs so many programs beside it that never
rest. A word too short to be told before the next one begins is counted, and not timed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from mbc_voice import talk
from mbc_voice.assistant import Assistant
from mbc_voice.bench.devices import Clockwork, Room
from mbc_voice.events import (
    Answer,
    Command,
    Interrupted,
    SentenceStarted,
    Snapshot,
    Started,
    Understood,
    WordStarted,
)
from mbc_voice.parts import Posted
from mbc_voice.settings import load
from mbc_voice.speak import player
from mbc_voice.speak.playback import Mark, Playback
from mbc_voice.speak.saying import Saying
from mbc_voice.speak.synthesizer import Rendering

RESTLESS = "import numpy as np; a = np.ones((300, 300))\nwhile True: a @ a"

Key = tuple[int, int, int]
"""An utterance's id, a sentence's place in it, and where a word begins; -1 for the sentence."""


class Notes:
    """When each sentence and word was heard, told and shown, in monotonic seconds."""

    def __init__(self) -> None:
        self.began: dict[int, float] = {}
        """By the number of the clip."""
        self.clips: dict[int, list[tuple[Key, float]]] = {}
        """Sentence and words of each clip, and how many seconds into it they begin."""
        self.told: dict[Key, float] = {}
        self.shown: dict[Key, float] = {}

    def heard(self) -> dict[Key, float]:
        """Return when each was heard."""
        return {
            key: began + at for clip, began in self.began.items() for key, at in self.clips[clip]
        }

    def post(self, item: Posted) -> None:
        """Take note of what is put into the inbox."""
        if isinstance(item, SentenceStarted):
            self.told[item.utterance, item.index, -1] = time.monotonic()
        elif isinstance(item, WordStarted):
            self.told[item.utterance, item.index, item.start] = time.monotonic()

    def show(self, snapshot: Snapshot) -> None:
        """Take note of what is shown."""
        now = time.monotonic()
        if snapshot.spoken is not None:
            self.shown.setdefault((*snapshot.saying, snapshot.spoken[0]), now)
        elif (*snapshot.saying, -1) in self.told:
            self.shown.setdefault((*snapshot.saying, -1), now)


def watch(notes: Notes) -> None:
    """Have the player and the inbox tell what happens, beside doing it."""

    class Marks(deque[Mark]):
        def append(self, mark: Mark) -> None:
            if mark.what == "started":
                notes.began[mark.clip] = mark.due
            super().append(mark)

    class Watched(Playback):
        def __init__(self, sample_rate: int, fade_ms: float) -> None:
            super().__init__(sample_rate, fade_ms)
            self.marks = Marks()

    handed_over, post = Saying.handed_over, Assistant.post

    def noting(self: Saying, clip: int, length: int, sound: Rendering, sample_rate: int) -> None:
        place = (self.utterance.id, self.next)
        words = [((*place, w.start), w.sample / sound.sample_rate) for w in sound.words]
        notes.clips[clip] = [((*place, -1), 0.0), *words]
        handed_over(self, clip, length, sound, sample_rate)

    def posting(self: Assistant, item: Posted) -> None:
        notes.post(item)
        post(self, item)

    player.Playback = Watched  # type: ignore[attr-defined, assignment]
    Saying.handed_over = noting  # type: ignore[method-assign]
    Assistant.post = posting  # type: ignore[method-assign]


class Reader:
    """The assistant, reading one topic after the other."""

    def __init__(self, rate: int, notes: Notes) -> None:
        settings = load()
        settings = replace(settings, speak=replace(settings.speak, rate=rate))
        self._notes = notes
        self._quiet = threading.Event()
        self._talk = talk.prepare(settings, show=self._show, source=Room(), sink=Clockwork())
        self._thread = threading.Thread(target=self._talk.assistant.run, name="talk", daemon=True)

    def read(self, seconds: float) -> None:
        """Read for about so long."""
        self._talk.assistant.post(Started())
        self._thread.start()
        self._quiet.wait(20)
        ends = time.monotonic() + seconds
        for topic in self._talk.library.topics:
            self._ask(Understood(Answer(topic, 1.0), by="key"))
            self._ask(Understood(Command("read-all"), by="key"), max(0.0, ends - time.monotonic()))
            if time.monotonic() > ends:
                break
        self._talk.assistant.post(Interrupted())
        self._thread.join(5)
        self._talk.close()

    def _ask(self, event: Understood, patience: float = 1.5) -> None:
        self._quiet.clear()
        self._talk.assistant.post(event)
        self._quiet.wait(patience)

    def _show(self, snapshot: Snapshot) -> None:
        self._notes.show(snapshot)
        if snapshot.phase in ("listening", "choosing"):
            self._quiet.set()


@contextmanager
def busy(count: int) -> Iterator[None]:
    """Keep so many cores busy meanwhile."""
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    beside = [subprocess.Popen([sys.executable, "-c", RESTLESS], env=alone) for _ in range(count)]
    try:
        yield
    finally:
        for program in beside:
            program.kill()
            program.wait()


def row(name: str, late: Sequence[float], of: int) -> str:
    """Return a line of the table: how late these (s) came, and how many there were to come."""
    ms = np.array(late) * 1000
    middle, most, worst = np.quantile(ms, [0.5, 0.95, 1.0])
    return f"| {name} | {len(ms)} of {of} | {middle:.0f} | {most:.0f} | {worst:.0f} |"


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=int, default=160)
    parser.add_argument("--load", type=int, default=0)
    arguments = parser.parse_args()
    notes = Notes()
    watch(notes)
    reader = Reader(arguments.rate, notes)
    with busy(arguments.load):
        reader.read(arguments.seconds)
    last = max(notes.told.values())
    heard = {key: at for key, at in notes.heard().items() if at < last}
    print("| ms after its first sample | n | median | 95 % | worst |\n|---|---|---|---|---|")
    for what, is_sentence in (("sentence", True), ("word", False)):
        keys = {key for key in heard if (key[2] == -1) == is_sentence}
        for how, times in (("told", notes.told), ("shown", notes.shown)):
            late = [times[key] - heard[key] for key in keys & times.keys()]
            print(row(f"{what} {how}", late, len(keys)))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
