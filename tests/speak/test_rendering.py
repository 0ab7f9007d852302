"""Rendering ahead, the fallback voice and the cache."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import FakeSynthesizer
from mbc_voice.errors import VoiceError
from mbc_voice.library import Sentence
from mbc_voice.speak.rendering import Renderer, RenderingCache, RenderingKey
from mbc_voice.speak.save import render_all
from mbc_voice.speak.saying import gap_seconds
from mbc_voice.speak.synthesizer import Rendering, Synthesizer

VALUES = {"One.": 0.1, "Two.": 0.2, "Three:": 0.3}


@pytest.fixture
def made() -> Iterator[list[Renderer]]:
    """Renderers to be closed at the end of the test."""
    renderers: list[Renderer] = []
    yield renderers
    for renderer in renderers:
        renderer.close()


def key(text: str) -> RenderingKey:
    return RenderingKey(text, "fake", 160, "")


def test_a_sentence_is_rendered_once(made: list[Renderer]) -> None:
    """What was rendered before comes from the cache; another rate is another rendering."""
    voice = FakeSynthesizer(VALUES)
    renderer = Renderer(voice)
    made.append(renderer)
    for rate in (160, 160, 200):
        renderer.render("One.", rate)
    assert voice.asked == [("One.", 160), ("One.", 200)]


def test_new_pronunciations_are_not_served_from_the_cache(made: list[Renderer]) -> None:
    """A text that is pronounced otherwise is rendered again; the others are not."""
    cache = RenderingCache()
    voice = FakeSynthesizer(VALUES)
    for told in (lambda voice, text: "", lambda voice, text: "new" * (text == "One.")):
        renderer = Renderer(voice, pronunciation=told, cache=cache)
        made.append(renderer)
        renderer.render("One.", 160)
        renderer.render("Two.", 160)
    assert voice.asked == [("One.", 160), ("Two.", 160), ("One.", 160)]


def test_fallback_speaks_where_the_voice_fails(made: list[Renderer]) -> None:
    """A sentence the first voice can't say is said by the second."""
    voice = FakeSynthesizer(VALUES, fails={"Two."})
    other = FakeSynthesizer({"Two.": 0.7}, name="other")
    renderer = Renderer(voice, other)
    made.append(renderer)
    said = [float(renderer.render(text, 160).samples[0]) for text in ("One.", "Two.")]
    assert said == pytest.approx([0.1, 0.7])


def test_other_voice_from_the_next_request_on(made: list[Renderer]) -> None:
    """What was requested before keeps its voice; what comes after has the new one."""
    renderer = Renderer(FakeSynthesizer(VALUES), FakeSynthesizer(VALUES, name="last"))
    made.append(renderer)
    before = renderer.request("One.", 160)
    renderer.set_voice(FakeSynthesizer({"One.": 0.7}, name="other", fails={"Two."}))
    after, failing = renderer.request("One.", 160), renderer.request("Two.", 160)
    said = [float(each.result(10).samples[0]) for each in (before, after, failing)]
    assert said == pytest.approx([0.1, 0.7, 0.2])
    assert renderer.name == "other"


def test_no_voice_at_all_is_an_error(made: list[Renderer]) -> None:
    """Where both voices fail, the error is the first one's, and the next sentence works."""
    voice = FakeSynthesizer(VALUES, fails={"Two."})
    renderer = Renderer(voice, FakeSynthesizer(VALUES, name="other", fails={"Two."}))
    made.append(renderer)
    with pytest.raises(VoiceError, match="can't say"):
        renderer.render("Two.", 160)
    assert len(renderer.render("One.", 160).samples)


class Broken:
    """An engine that does what it should not."""

    name = "broken"

    def __init__(self, result: object) -> None:
        self._result = result

    def render(self, text: str, words_per_minute: int) -> Rendering:
        if isinstance(self._result, Exception):
            raise self._result
        return Rendering(np.asarray(self._result, dtype=np.float32), 1000)


@pytest.mark.parametrize("result", [ZeroDivisionError("engine"), [], [np.nan, 0.1], [[0.1], [0.2]]])
def test_broken_engine_is_caught(result: object, made: list[Renderer]) -> None:
    """Whatever an engine throws or returns, it ends as one clear error."""
    renderer = Renderer(Broken(result))
    made.append(renderer)
    with pytest.raises(VoiceError):
        renderer.render("One.", 160)


class Slow:
    """A voice that waits for leave before each sentence."""

    name = "slow"

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.leave = threading.Event()
        self.asked: list[str] = []

    def render(self, text: str, words_per_minute: int) -> Rendering:
        self.asked.append(text)
        self.begun.set()
        assert self.leave.wait(10)
        return Rendering(np.ones(10, np.float32), 1000)


def test_cancelled_requests_are_skipped(made: list[Renderer]) -> None:
    """A sentence nobody wants any more does not delay the next one."""
    voice = Slow()
    renderer = Renderer(voice)
    made.append(renderer)
    first = renderer.request("One.", 160)
    assert voice.begun.wait(10)
    second = renderer.request("Two.", 160)
    third = renderer.request("Three:", 160)
    assert second.cancel()
    voice.leave.set()
    assert len(first.result(10).samples) == len(third.result(10).samples)
    assert voice.asked == ["One.", "Three:"]


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 40)), max_size=40))
def test_cache_stays_within_its_bytes(puts: list[tuple[str, int]]) -> None:
    """Whatever is kept, the cache holds no more than it may, and its newest entry."""
    cache = RenderingCache(max_bytes=100)
    for text, length in puts:
        cache.put(key(text), Rendering(np.ones(length, np.float32), 1000))
        assert cache.size <= 100
        kept = cache.get(key(text))
        assert (kept is not None) == (4 * length <= 100)


def test_cache_forgets_what_was_used_longest_ago() -> None:
    """Room is made by dropping the least recently used rendering."""
    cache = RenderingCache(max_bytes=80)
    for text in "ab":
        cache.put(key(text), Rendering(np.ones(10, np.float32), 1000))
    cache.get(key("a"))
    cache.put(key("c"), Rendering(np.ones(10, np.float32), 1000))
    assert [cache.get(key(text)) is not None for text in "abc"] == [True, False, True]


def test_saved_sound_holds_all_sentences_and_pauses() -> None:
    """A file holds each sentence in order, with the pauses the speaker makes."""
    voice: Synthesizer = FakeSynthesizer(VALUES, length=100)
    sentences = [Sentence(f"s.{i}", text) for i, text in enumerate(VALUES)]
    samples, rate = render_all(sentences, voice, 160)
    gaps = [round(gap_seconds(text, 160) * rate) for text in ("One.", "Two.")]
    wanted = [0.1] * 100 + [0.0] * gaps[0] + [0.2] * 100 + [0.0] * gaps[1] + [0.3] * 100
    assert samples.tolist() == pytest.approx(wanted)


def test_saving_never_leaves_a_hole() -> None:
    """If one sentence can't be said, nothing is saved."""
    voice = FakeSynthesizer(VALUES, fails={"Two."})
    with pytest.raises(VoiceError):
        render_all([Sentence("s.1", "One."), Sentence("s.2", "Two.")], voice, 160)


def test_saving_nothing_is_empty_sound() -> None:
    """No sentences give no samples."""
    samples, rate = render_all([], FakeSynthesizer(VALUES), 160)
    assert (len(samples), rate) == (0, 24_000)


class FakeStore:
    """A store in memory, that tells when it holds so many."""

    def __init__(self, awaited: int = 0) -> None:
        self.kept: dict[str, Rendering] = {}
        self.wanted: list[str] = []
        self.complete = threading.Event()
        self._awaited = awaited

    @property
    def full(self) -> bool:
        return False

    def keeps(self, voice: str) -> bool:
        return voice != "system"

    def want(self, keys: Iterable[RenderingKey]) -> None:
        self.wanted = [key.text for key in keys]

    def has(self, key: RenderingKey) -> bool:
        return key.text in self.kept

    def get(self, key: RenderingKey) -> Rendering | None:
        return self.kept.get(key.text)

    def put(self, key: RenderingKey, rendering: Rendering) -> None:
        self.kept[key.text] = rendering
        if len(self.kept) == self._awaited:
            self.complete.set()


def test_when_idle_it_renders_ahead(made: list[Renderer]) -> None:
    """All that can be said is in the store after a while; then nothing is rendered twice."""
    voice, store = FakeSynthesizer(VALUES, fails={"Two."}), FakeStore(awaited=2)
    renderer = Renderer(voice, store=store, rest_seconds=0.0)
    made.append(renderer)
    renderer.keep_ready(lambda: VALUES, 160)
    assert store.complete.wait(10)
    asked = list(voice.asked)
    assert store.wanted == list(VALUES)
    assert renderer.render("Three:", 160).samples[0] == pytest.approx(0.3)
    assert voice.asked == asked


def test_what_somebody_said_is_never_stored(made: list[Renderer]) -> None:
    """Only texts that were announced reach the disk; a spelled word does not."""
    values = {**VALUES, "Abemaciclib: a. b.": 0.5}
    voice, store = FakeSynthesizer(values), FakeStore(awaited=len(VALUES))
    renderer = Renderer(voice, store=store, rest_seconds=0.0)
    made.append(renderer)
    renderer.render("Abemaciclib: a. b.", 160)
    renderer.keep_ready(lambda: VALUES, 160)
    assert store.complete.wait(10)
    renderer.render("Abemaciclib: a. b.", 200)
    renderer.render("One.", 200)
    assert store.kept.keys() == VALUES.keys()


def test_requests_come_before_what_is_rendered_ahead(made: list[Renderer]) -> None:
    """A sentence that is wanted now waits for one rendering at most."""
    voice, store = Slow(), FakeStore()
    renderer = Renderer(voice, store=store, rest_seconds=0.0)
    made.append(renderer)
    renderer.keep_ready(lambda: ["One.", "Two.", "Three:"], 160)
    assert voice.begun.wait(10)
    wanted = renderer.request("Now.", 160)
    voice.leave.set()
    wanted.result(10)
    assert voice.asked[1] == "Now."


class FullStore(FakeStore):
    """A store without room, that tells when it was asked for some."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()

    @property
    def full(self) -> bool:
        self.asked.set()
        return True


def test_nothing_is_rendered_ahead_for_a_full_store(made: list[Renderer]) -> None:
    """Where the room is used up, the voice is left alone."""
    voice, store = FakeSynthesizer(VALUES), FullStore()
    renderer = Renderer(voice, store=store, rest_seconds=0.0)
    made.append(renderer)
    renderer.keep_ready(lambda: VALUES, 160)
    assert store.asked.wait(10)
    renderer.render("One.", 200)
    assert voice.asked == [("One.", 200)]
