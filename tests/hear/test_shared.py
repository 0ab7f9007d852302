"""Several listeners share one recognizer, and one voice serves several renderers."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from mbc_voice.audio import Samples
from mbc_voice.events import Silence, Transcript
from mbc_voice.hear.shared import HANG_SECONDS, SharedEngine, SharedRecognizer


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
    engine = Engine()
    shared = SharedEngine(engine)
    one, other = SharedRecognizer(shared), SharedRecognizer(shared)
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
    one = SharedRecognizer(SharedEngine(engine))
    one.begin()
    one.feed(ones(5))
    one.end()
    assert engine.fed == []
    assert one.end() == Silence()


def test_many_threads_take_turns() -> None:
    """However many listen, the engine is used by one at a time, and none is mixed up."""
    shared = SharedEngine(Engine())
    wrong: list[str] = []

    def ask(number: int) -> None:
        mine = SharedRecognizer(shared)
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


class Slow(Engine):
    """An engine that is done when the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.begun_to_decode = threading.Event()
        self.may_end = threading.Event()

    def end(self) -> Transcript | Silence:
        self.begun_to_decode.set()
        assert self.may_end.wait(20)
        return super().end()


def test_whoever_waits_for_a_turn_does_not_hang() -> None:
    """Waiting is told from working, so that nobody is given up because of others."""
    engine = Slow()
    shared = SharedEngine(engine)
    first, second = SharedRecognizer(shared), SharedRecognizer(shared)
    for one in (first, second):
        one.begin()
    working = threading.Thread(target=first.end)
    working.start()
    assert engine.begun_to_decode.wait(20)
    waiting = threading.Thread(target=second.end)
    waiting.start()
    for _ in range(2_000):
        if second.waiting:
            break
        waiting.join(0.01)
    assert (first.waiting, second.waiting) == (False, True)
    engine.may_end.set()
    for thread in (working, waiting):
        thread.join(20)
    assert (first.waiting, second.waiting) == (False, False)


def test_an_engine_that_hangs_is_noticed() -> None:
    """At work on one segment for too long, it is told to whoever watches."""
    now = [0.0]
    engine = Slow()
    shared = SharedEngine(engine, clock=lambda: now[0])
    working = threading.Thread(target=SharedRecognizer(shared).end)
    working.start()
    assert engine.begun_to_decode.wait(20)
    assert not shared.hangs
    now[0] += HANG_SECONDS + 1
    assert shared.hangs
    engine.may_end.set()
    working.join(20)
    assert not shared.hangs
