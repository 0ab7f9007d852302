"""Several listeners share one recognizer, and one voice serves several renderers."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from mbc_voice.audio import Samples
from mbc_voice.events import Silence, Transcript
from mbc_voice.hear.shared import SharedRecognizer


class Engine:
    """Says which samples it was given; objects to being used by two at once."""

    def __init__(self) -> None:
        self.begun: list[Sequence[str] | None] = []
        self.fed: list[float] = []
        self._busy = threading.Lock()

    def begin(self, phrases: Sequence[str] | None = None) -> None:
        self.begun.append(phrases)
        self.fed = []

    def feed(self, samples: Samples) -> str:
        self.fed += samples.tolist()
        return ""

    def look(self) -> Transcript | Silence:
        raise AssertionError("nobody looks into a shared engine")

    def end(self) -> Transcript | Silence:
        assert self._busy.acquire(blocking=False)
        said = " ".join(str(round(value)) for value in self.fed)
        self._busy.release()
        return Transcript(said) if said else Silence()


def ones(value: float) -> Samples:
    return np.full(2, value, np.float32)


def test_segments_of_two_listeners_are_not_mixed() -> None:
    """Each hears what it was fed, whatever the other is fed meanwhile."""
    engine, lock = Engine(), threading.Lock()
    one, other = SharedRecognizer(engine, lock), SharedRecognizer(engine, lock)
    one.begin()
    other.begin(["stop"])
    one.feed(ones(1))
    other.feed(ones(2))
    one.feed(ones(3))
    assert one.look() == Transcript("1 1 3 3")
    assert other.end() == Transcript("2 2")
    assert one.end() == Transcript("1 1 3 3")
    assert engine.begun == [None, None, ["stop"], None, None, None]


def test_nothing_of_a_segment_is_left_in_the_engine() -> None:
    """After the end both the engine and the listener's part are empty."""
    engine = Engine()
    one = SharedRecognizer(engine, threading.Lock())
    one.begin()
    one.feed(ones(5))
    one.end()
    assert engine.fed == []
    assert one.end() == Silence()


def test_many_threads_take_turns() -> None:
    """However many listen, the engine is used by one at a time, and none is mixed up."""
    engine, lock = Engine(), threading.Lock()
    wrong: list[str] = []

    def ask(number: int) -> None:
        mine = SharedRecognizer(engine, lock)
        for _ in range(50):
            mine.begin()
            mine.feed(ones(number))
            said = mine.end()
            if said != Transcript(f"{number} {number}"):
                wrong.append(str(said))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
