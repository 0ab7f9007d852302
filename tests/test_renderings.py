"""Which voice a talk gets, and when it is loaded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fakes import FakeSynthesizer
from mbc_voice import build, rehearsal, renderings
from mbc_voice.content.load import load_library
from mbc_voice.content.place import default_content
from mbc_voice.library import Library
from mbc_voice.settings import Settings
from mbc_voice.speak.rendering import RenderingKey
from mbc_voice.speak.synthesizer import Rendering, Synthesizer


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(default_content())


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The names of the voices that were loaded; in place of real ones."""
    names: list[str | None] = []

    def synthesizer(settings: Settings, library: Library, name: str | None = None) -> Synthesizer:
        names.append(name)
        return FakeSynthesizer({"Hello.": 0.5}, name="hibari")

    monkeypatch.setattr(build, "synthesizer", synthesizer)
    return names


def keep(library: Library, without: int = 0) -> None:
    """Keep all reviewed sentences but the last few, as the set-up does."""
    settings = Settings()
    cache, code = renderings.cache(settings), renderings.fingerprint(library)
    silence = FakeSynthesizer({"": 0.0}, length=1).render("", 160)
    texts = list(dict.fromkeys(rehearsal.reviewed(library)))
    for text in texts[: len(texts) - without]:
        key = RenderingKey(text, "hibari", settings.speak.rate, code("hibari", text))
        cache.put(key, silence)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_where_all_is_kept_the_voice_sleeps(library: Library, loaded: list[str | None]) -> None:
    """It is loaded with the first sentence that nobody could foresee."""
    keep(library)
    voice = renderings.voice(Settings(), library)
    assert (voice.name, loaded) == ("hibari", [])
    said: Rendering = voice.render("Hello.", 160)
    assert said.samples[0] == pytest.approx(0.5)
    assert loaded == ["hibari"]


def test_where_one_answer_is_missing_the_voice_is_ready(
    library: Library, loaded: list[str | None]
) -> None:
    """The set-up was broken off, or the content changed: the first answer must not wait."""
    keep(library, without=1)
    renderings.voice(Settings(), library)
    assert loaded == [None]


def test_a_voice_that_is_not_kept_is_ready(library: Library, loaded: list[str | None]) -> None:
    """The system's voices are loaded when they are asked for."""
    keep(library)
    renderings.voice(Settings(), library, "system")
    assert loaded == ["system"]


def test_what_is_kept_is_counted(library: Library) -> None:
    """The doctor is told how many sentences are kept, of how many."""
    keep(library, without=3)
    ready, total, cache = renderings.kept(Settings(), library)
    reviewed = set(rehearsal.reviewed(library))
    assert (ready, total) == (len(reviewed) - 3, len(rehearsal.sentences(library)))
    assert cache.problem == ""


def test_only_what_is_said_otherwise_is_rendered_again(library: Library) -> None:
    """A new way to say a word counts for the sentences that hold it, and the voice it is for."""
    before = renderings.fingerprint(library)
    changed = tuple(
        replace(entry, phonemes="bOn") if entry.word == "Ibrance" else entry
        for entry in library.pronunciations
    )
    after = renderings.fingerprint(replace(library, pronunciations=changed))
    other, text = "Where it spreads.", "Ibrance is one of them."
    assert before("hibari", other) == after("hibari", other)
    assert before("hibari", text) != after("hibari", text)
    assert before("system", text) == after("system", text)
