"""Several listeners share one recognizer, and one voice serves several renderers."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from mbc_voice.audio import Samples
from mbc_voice.events import Silence, Transcript
from mbc_voice.hear.recognizing import Recognizing
from mbc_voice.hear.shared import HANG_SECONDS, Line, SharedEngine, SharedRecognizer


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


def test_a_glance_into_a_shared_engine_sees_what_was_fed() -> None:
    """It is done as quickly as the engine can, and leaves nothing behind."""

    class Quick(Engine):
        def glance(self, rather: str = "") -> Transcript | Silence:
            return Transcript(f"{rather} {len(self.fed)}")

    engine = Quick()
    one = SharedRecognizer(SharedEngine(engine))
    one.begin(["stop"])
    one.feed(ones(1))
    assert one.glance("quickly") == Transcript("quickly 2")
    assert one.end() == Transcript("1 1")
    assert engine.begun == [["stop"], None, ["stop"], None]


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


def wait_in_line(engine: SharedEngine, count: int) -> None:
    """Wait until so many wait for the engine."""
    for _ in range(2_000):
        if len(engine.line._waiting) == count:
            return
        threading.Event().wait(0.005)
    raise AssertionError("nobody waits")


def test_whoever_says_little_is_let_in_before_long_questions() -> None:
    """A short one overtakes long ones that came just before it, while another is decoded."""
    order: list[float] = []

    class Recording(Slow):
        def end(self) -> Transcript | Silence:
            order.append(self.fed[0])
            return super().end()

    engine = Recording()
    shared = SharedEngine(engine, clock=lambda: 0.0)

    def ask(value: float, samples: int) -> threading.Thread:
        mine = SharedRecognizer(shared)
        mine.begin()
        mine.feed(np.full(samples, value, np.float32))
        thread = threading.Thread(target=mine.end)
        thread.start()
        return thread

    threads = [ask(1, 16)]
    assert engine.begun_to_decode.wait(20)
    for number, (value, samples) in enumerate(((2, 48_000), (3, 32_000), (4, 8_000)), start=1):
        threads.append(ask(value, samples))
        wait_in_line(shared, number)
    engine.may_end.set()
    for thread in threads:
        thread.join(20)
    assert order == [1, 4, 3, 2]


def test_whoever_has_waited_is_not_overtaken_for_ever() -> None:
    """One place comes before another by its time and by how much was said, taken together."""
    now = [0.0]
    line = Line(lambda: now[0])
    long = line.join(5.0)
    now[0] = 4.0
    assert line.join(0.5).due < long.due
    now[0] = 6.0
    assert line.join(0.5).due > long.due


def test_what_nobody_wants_is_not_waited_for() -> None:
    """A look that is given up leaves the line at once, and says that it heard nothing."""
    engine = Slow()
    shared = SharedEngine(engine)
    first, second = SharedRecognizer(shared), SharedRecognizer(shared)
    for one in (first, second):
        one.begin()
        one.feed(ones(1))
    working = threading.Thread(target=first.end)
    working.start()
    assert engine.begun_to_decode.wait(20)
    heard: list[Transcript | Silence] = []
    waiting = threading.Thread(target=lambda: heard.append(second.look()))
    waiting.start()
    wait_in_line(shared, 1)
    second.give_up()
    waiting.join(20)
    assert heard == [Silence("silence")]
    engine.may_end.set()
    working.join(20)
    assert second.end() == Transcript("1 1")
    second.give_up()
    assert second.end() == Silence()


def test_a_look_that_is_out_of_date_is_given_up() -> None:
    """Where speech goes on while a look still waits for others, the look is let go."""
    given_up = threading.Event()
    looking = threading.Event()

    class Waiting(Engine):
        def look(self) -> Transcript | Silence:
            looking.set()
            assert given_up.wait(20)
            return Silence("silence")

        def give_up(self) -> None:
            given_up.set()

    done: list[int] = []
    finished = threading.Event()

    def take(number: int, _: Transcript | Silence) -> None:
        done.append(number)
        finished.set()

    recognizing = Recognizing(Waiting(), take, lambda _: None)
    recognizing.start()
    recognizing.begin(None)
    recognizing.look(1)
    assert looking.wait(20)
    recognizing.forget(1)
    recognizing.end(2)
    assert finished.wait(20)
    recognizing.close()
    assert done == [2]
