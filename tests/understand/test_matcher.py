from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mbc_voice.library import Library
from mbc_voice.understand import cache, calibration, classifier
from mbc_voice.understand.features import Features
from mbc_voice.understand.matcher import Matcher
from mbc_voice.understand.normalize import normalize
from mbc_voice.understand.recover import ALIKE
from mbc_voice.understand.sounds import likeness, sound_of
from mbc_voice.understand.table import Table
from mbc_voice.understand.terms import Terms
from mbc_voice.understand.titles import Titles


def test_held_out_scores_are_those_of_a_fit_without_the_example() -> None:
    """Leaving out by formula gives what leaving out and fitting again gives."""
    random = np.random.default_rng(3)
    rows = random.normal(size=(30, 6)).astype(np.float32)
    classes = random.integers(0, 3, 30).astype(np.intp)
    weight = random.uniform(0.3, 1.0, 30).astype(np.float32)
    block = np.arange(10, 20)

    def fit(kept: classifier.Numbers) -> classifier.Ridge:
        return classifier.Ridge(rows[kept], classes[kept], weight[kept], 3, penalty=0.5)

    whole = fit(np.arange(30))
    without_one = fit(np.delete(np.arange(30), 4))
    np.testing.assert_allclose(
        whole.alone(np.array([4]))[0], rows[4] @ without_one.weights, atol=1e-4
    )
    without_block = fit(np.delete(np.arange(30), block))
    np.testing.assert_allclose(
        whole.together(block), rows[block] @ without_block.weights, atol=1e-4
    )


@pytest.mark.parametrize("size", [1, 7, 128, 300])
def test_a_matrix_is_inverted_in_place(size: int) -> None:
    """Inverting by blocks gives what times the matrix is one, whatever its size."""
    made = np.random.default_rng(size).normal(size=(size, size))
    matrix = made @ made.T + np.eye(size)
    inverse = matrix.copy()
    classifier.invert(inverse)
    np.testing.assert_allclose(matrix @ inverse, np.eye(size), atol=1e-8)


def test_a_table_holds_the_rows_of_its_texts(part: Library) -> None:
    """What is kept sparsely comes back whole: embedding, n-grams, and a constant."""
    terms = Terms(part)
    texts = [normalize(text) for topic in part.topics.values() for text in topic.ask]
    vectors = np.random.default_rng(2).normal(size=(len(texts), 8)).astype(np.float32)
    table = Table(texts, terms, vectors)
    chosen = np.array([len(texts) - 1, 0, 3])
    rows = table[chosen]
    assert rows.shape == (3, table.shape[1])
    np.testing.assert_array_equal(rows[:, :8], vectors[chosen])
    grams = Features(terms, table.rarity).grams([texts[place] for place in chosen])
    np.testing.assert_allclose(rows[:, 8:-1], grams, atol=1e-6)
    assert (rows[:, -1] == 1).all()


def test_chances_are_learnt_as_they_are() -> None:
    """A regression fitted to events of known chance states those chances."""
    random = np.random.default_rng(5)
    signals = random.normal(size=(20_000, 2))
    chance = 1 / (1 + np.exp(-(1.5 * signals[:, 0] - 0.5)))
    happened = random.random(20_000) < chance
    fitted = calibration.fit(signals, happened, np.ones(20_000))
    assert np.abs(fitted.of(signals) - chance).max() < 0.05


def test_it_works_without_embeddings_and_says_so(part: Library) -> None:
    """Letters and words alone find a topic, and the matcher knows that it has no embeddings."""
    matcher = Matcher(part, Terms(part), None)
    assert not matcher.embeds
    match = matcher.match("what are the symptoms in the liver")
    assert match.topics[0][0] == "symptoms-liver"
    assert 0.0 <= match.first <= match.any <= 1.0


def test_what_was_learnt_is_kept_and_read_again(part: Library, tmp_path: Path) -> None:
    """A second matcher reads the file of the first and matches exactly alike."""
    terms = Terms(part)
    first = Matcher(part, terms, None, tmp_path)
    (kept,) = tmp_path.iterdir()
    written = kept.stat().st_mtime_ns
    second = Matcher(part, terms, None, tmp_path)
    assert kept.stat().st_mtime_ns == written
    assert first.match("is there a cure") == second.match("is there a cure")


class Counting:
    """An embedder that says which texts it was given."""

    name = "counting"

    def __init__(self) -> None:
        self.given: list[str] = []

    def knows(self, word: str) -> bool:
        return False

    def embed(self, texts: Sequence[str]) -> classifier.Floats:
        self.given += texts
        rows = [np.random.default_rng(len(text)).normal(size=8) for text in texts]
        found = np.array(rows, np.float32).reshape(len(texts), 8)
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def test_a_changed_library_embeds_only_what_is_new(part: Library, tmp_path: Path) -> None:
    """Wordings that were there before keep their vectors; the rest is embedded."""
    Matcher(part, Terms(part), Counting(), tmp_path)
    topic = replace(part.topics["curable"], ask=("will it ever go away for good",))
    changed = replace(part, topics={**part.topics, "curable": topic})
    embedder = Counting()
    Matcher(changed, Terms(changed), embedder, tmp_path)
    assert embedder.given == ["will it ever go away for good"]


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"\0" * 5000])
def test_a_damaged_file_is_learnt_anew(part: Library, tmp_path: Path, damage: bytes) -> None:
    """A kept file that is not whole is ignored and replaced."""
    terms = Terms(part)
    expected = Matcher(part, terms, None, tmp_path).match("is there a cure")
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(damage or whole[:-1])
    assert Matcher(part, terms, None, tmp_path).match("is there a cure") == expected
    assert len(kept.read_bytes()) == len(whole)


def test_a_folder_that_can_not_be_written_is_no_failure(part: Library, tmp_path: Path) -> None:
    """Where nothing can be kept, the matcher still learns."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert Matcher(part, Terms(part), None, blocked / "folder").match("a cure").topics


def test_the_folder_follows_the_environment() -> None:
    """What can be computed again lies where the system wants such files."""
    assert cache.default_folder({"XDG_CACHE_HOME": "/x"}) == Path("/x/mbc-voice")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pause", "paws"),
        ("tamoxifen", "to mocks a fan"),
        ("palbociclib", "pal bo cyclib"),
        ("kisqali", "kiss cally"),
        ("herceptin", "her septin"),
    ],
)
def test_what_sounds_the_same_has_the_same_key(one: str, other: str) -> None:
    """A name and its everyday mis-hearing share a phonetic key."""
    assert sound_of(one) == sound_of(other)


@pytest.mark.parametrize(
    ("one", "other"), [("liver", "louder"), ("faster", "slower"), ("bones", "brain")]
)
def test_what_sounds_different_is_far_apart(one: str, other: str) -> None:
    """Words that must not be confused have unlike keys."""
    assert likeness(sound_of(one), sound_of(other)) < ALIKE


def test_a_title_is_told_from_its_siblings(library: Library) -> None:
    """One thing replaced in a title leads to the topic beside it, and only there."""
    titles = Titles(library)
    assert titles.sibling("what about the liver", "symptoms-bone") == "symptoms-liver"
    assert titles.sibling("the weather", "symptoms-bone") is None
    assert titles.sibling("the liver", "unknown") is None
