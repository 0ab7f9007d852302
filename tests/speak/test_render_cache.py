"""Renderings on disk: exact, verified, bounded, and never in the way."""

from __future__ import annotations

import errno
import os
import threading
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes import FakeSynthesizer
from mbc_voice.speak.render_cache import LEFT_AFTER_EVICTION, UNUSED_DAYS, RenderCache, fill
from mbc_voice.speak.rendering import RenderingKey
from mbc_voice.speak.synthesizer import Rendering, Word

RATE = 8_000
PLENTY = 10_000_000


def key(text: str, rate: int = 160) -> RenderingKey:
    return RenderingKey(text, "fake", rate, "said so")


def noise(length: int, seed: int = 0) -> Rendering:
    samples = np.random.default_rng(seed).uniform(-1, 1, length).astype(np.float32)
    return Rendering(samples, RATE)


def cache_in(folder: Path, max_bytes: int = PLENTY, version: str = "1") -> RenderCache:
    return RenderCache(folder / "spoken", max_bytes, {"fake": version})


def files(folder: Path) -> list[Path]:
    return sorted((folder / "spoken").glob("*"))


def test_what_is_kept_is_what_was_rendered(tmp_path: Path) -> None:
    """Sound comes back exact to 16 bits, with its rate and the times of its words."""
    words = (Word(0, 3, 0), Word(4, 9, 700))
    rendered = Rendering(noise(1000).samples, RATE, words)
    cache_in(tmp_path).put(key("One."), rendered)
    kept = cache_in(tmp_path).get(key("One."))
    assert kept is not None
    np.testing.assert_allclose(kept.samples, rendered.samples, atol=1 / 32_767)
    assert kept.samples.dtype == np.float32
    assert (kept.sample_rate, kept.words) == (RATE, words)
    assert {field.name for field in fields(Rendering)} == {"samples", "sample_rate", "words"}


def test_everything_the_sound_depends_on_is_in_the_key(tmp_path: Path) -> None:
    """Another text, voice, version, rate or pronunciation is another rendering."""
    cache_in(tmp_path).put(key("One."), noise(10))
    kept = cache_in(tmp_path)
    assert kept.has(key("One."))
    assert not kept.has(key("One.", rate=161))
    assert not kept.has(key("One. "))
    assert not kept.has(key("One.")._replace(pronunciation="otherwise"))
    assert not cache_in(tmp_path, version="2").has(key("One."))


def test_a_voice_without_a_version_is_not_kept(tmp_path: Path) -> None:
    """Nobody knows when the system's voice changes, so nothing of it is written."""
    cache = cache_in(tmp_path)
    other = key("One.")._replace(voice="system")
    cache.put(other, noise(10))
    assert not cache.has(other)
    assert cache.get(other) is None
    assert not (tmp_path / "spoken").exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.integers(0), st.integers(1, 255), st.booleans())
def test_damage_is_never_played(tmp_path: Path, at: int, flip: int, cut: bool) -> None:
    """A file with any byte changed, or cut off anywhere, counts as missing and is deleted."""
    cache = cache_in(tmp_path)
    cache.put(key("One."), noise(200))
    (path,) = files(tmp_path)
    data = bytearray(path.read_bytes())
    at %= len(data)
    if cut:
        del data[at:]
    else:
        data[at] ^= flip
    path.write_bytes(data)
    assert cache.get(key("One.")) is None
    assert files(tmp_path) == []


def test_another_sentences_file_is_not_taken(tmp_path: Path) -> None:
    """A whole file under a wrong name is not played."""
    cache = cache_in(tmp_path)
    cache.put(key("One."), noise(50))
    (one,) = files(tmp_path)
    cache.put(key("Two."), noise(50))
    (two,) = set(files(tmp_path)) - {one}
    two.write_bytes(one.read_bytes())
    assert cache.get(key("Two.")) is None
    assert cache.get(key("One.")) is not None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(1, 400)), max_size=12))
def test_room_is_bounded(tmp_path: Path, puts: list[tuple[str, int]]) -> None:
    """Whatever is kept, the folder never holds more than it may."""
    cache = cache_in(tmp_path, max_bytes=2000)
    for number, (text, length) in enumerate(puts):
        cache.put(key(text), noise(length, number))
        assert sum(path.stat().st_size for path in files(tmp_path)) <= 2000
    cache.tidy()
    assert cache.size == sum(path.stat().st_size for path in files(tmp_path))


def age(cache: RenderCache, text: str, days: float) -> None:
    """Make a kept sentence look as if it was last used so long ago."""
    path = cache._path(key(text))
    assert path is not None
    then = path.stat().st_mtime - days * 86_400
    os.utime(path, (then, then))


def test_what_was_used_longest_ago_makes_room(tmp_path: Path) -> None:
    """Room is made by deleting what nothing has asked for."""
    cache = cache_in(tmp_path)
    for number, text in enumerate("abc"):
        cache.put(key(text), noise(400, number))
        age(cache, text, 3 - number + 2)
    assert cache.get(key("a")) is not None
    most = cache.size * 5 // 4
    small = cache_in(tmp_path, max_bytes=most)
    small.put(key("d"), noise(400, 9))
    assert [text for text in "abcd" if small.has(key(text))] == ["a", "c", "d"]
    assert small.size <= most
    assert small.full == (small.size >= LEFT_AFTER_EVICTION * most)


def fill_with(texts: str, folder: Path, max_bytes: int = PLENTY) -> RenderCache:
    """Keep these sentences of one letter, all as long as each other."""
    cache = cache_in(folder, max_bytes)
    voice = FakeSynthesizer(dict.fromkeys(texts, 0.1))
    fill(cache, voice, tuple(texts), 160, lambda *_: "said so", lambda *_: None)
    return cache


def test_what_is_no_longer_said_makes_room_for_what_is(tmp_path: Path) -> None:
    """A cache full of old content takes all of the new, and lets go of none that is said still."""
    most = 6 * fill_with("a", tmp_path / "elsewhere").size
    assert fill_with("abcdef", tmp_path, most).full
    cache = fill_with("cdghi", tmp_path, most)
    assert [text for text in "abcdefghi" if cache.has(key(text))][-5:] == list("cdghi")
    assert cache.size <= most
    assert not cache.full


def test_tidying_deletes_what_is_stale_and_broken_off(tmp_path: Path) -> None:
    """Old content and files of a program that was killed while writing go away."""
    cache = cache_in(tmp_path)
    cache.put(key("old"), noise(50))
    cache.put(key("new"), noise(50))
    age(cache, "old", UNUSED_DAYS + 1)
    broken, fresh = (tmp_path / "spoken" / name for name in ("x.voice.1-1.part", "y.1-2.part"))
    broken.write_bytes(b"x")
    fresh.write_bytes(b"x")
    os.utime(broken, (0, 0))
    cache.tidy()
    assert not cache.has(key("old"))
    assert cache.has(key("new"))
    assert [broken.exists(), fresh.exists()] == [False, True]


def full_disk(self: Path, data: bytes) -> int:
    self.touch()
    raise OSError(errno.ENOSPC, "No space left on device")


def test_full_disk_costs_only_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A disk that fills up is told of once, leaves nothing half-written, and reading goes on."""
    cache = cache_in(tmp_path)
    cache.try_writing()
    assert cache.problem == ""
    cache.put(key("One."), noise(50))
    monkeypatch.setattr(Path, "write_bytes", full_disk)
    for text in ("Two.", "Three."):
        cache.put(key(text), noise(50))
    assert cache.problem.startswith("Sentences can't be kept in")
    assert "No space left" in cache.problem
    assert len(caplog.records) == 1
    assert len(files(tmp_path)) == 1
    assert cache.get(key("One.")) is not None
    tried = cache_in(tmp_path)
    tried.try_writing()
    assert tried.problem == cache.problem
    assert len(files(tmp_path)) == 1


def test_folder_that_cannot_be_made_costs_only_time(tmp_path: Path) -> None:
    """Where a file stands in the way of the folder, nothing is kept and nothing fails."""
    (tmp_path / "spoken").write_text("in the way", encoding="utf-8")
    cache = cache_in(tmp_path)
    cache.put(key("One."), noise(50))
    assert cache.problem
    assert not cache.has(key("One."))
    assert cache.get(key("One.")) is None
    cache.tidy()


def test_no_room_at_all(tmp_path: Path) -> None:
    """With no megabytes allowed, nothing is written."""
    cache = cache_in(tmp_path, max_bytes=0)
    cache.put(key("One."), noise(50))
    assert not cache.keeps("fake")
    assert not (tmp_path / "spoken").exists()


def test_many_may_write_the_same_at_once(tmp_path: Path) -> None:
    """Programs that keep the same sentences at the same time never spoil each other's."""
    rendered = [noise(400, number) for number in range(4)]
    start = threading.Barrier(4)
    lost: list[str] = []

    def write_and_read() -> None:
        cache = cache_in(tmp_path)
        start.wait(10)
        for _ in range(10):
            for number, rendering in enumerate(rendered):
                cache.put(key(str(number)), rendering)
                if cache.get(key(str(number))) is None:
                    lost.append(str(number))

    threads = [threading.Thread(target=write_and_read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert lost == []
    assert len(files(tmp_path)) == 4


def test_filling_renders_only_what_is_missing(tmp_path: Path) -> None:
    """The second time nothing is rendered; a sentence the voice can't say is passed over."""
    voice = FakeSynthesizer({"One.": 0.1, "Two.": 0.2, "Three.": 0.3}, fails={"Two."})
    texts = ("One.", "Two.", "Three.")
    steps: list[tuple[int, int]] = []
    made = [
        fill(cache_in(tmp_path), voice, texts, 160, lambda *_: "", lambda *step: steps.append(step))
        for _ in range(2)
    ]
    assert made == [2, 0]
    assert steps[:4] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert [text for text, _ in voice.asked] == [*texts, "Two."]


def test_filling_ends_when_the_room_is_used_up(tmp_path: Path) -> None:
    """What was just kept is not pushed out by what comes after it."""
    texts = [f"Number {number}." for number in range(40)]
    voice = FakeSynthesizer(dict.fromkeys(texts, 0.1))
    cache = cache_in(tmp_path, max_bytes=2000)
    made = fill(cache, voice, texts, 160, lambda *_: "", lambda done, total: None)
    assert 0 < made < len(texts)
    assert all(cache.has(RenderingKey(text, "fake", 160, "")) for text in texts[:made])
