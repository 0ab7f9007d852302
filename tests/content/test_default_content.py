"""The content that comes with the program: that it loads, and says every fact."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files
from pathlib import Path
from statistics import median

import pytest

from mbc_voice.content import lint
from mbc_voice.content.load import load_library
from mbc_voice.content.place import default_content, find
from mbc_voice.content.report import check_report, facts_of
from mbc_voice.errors import ContentError
from mbc_voice.library import Library

REVIEWED = date(2026, 11, 30)
"""A day on which nothing is out of date yet."""


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(default_content())


def test_the_checkouts_content_is_found() -> None:
    """In a checkout the pack is the one that is edited there."""
    assert default_content() == Path(__file__).parents[2] / "content" / "en"


def test_an_installed_package_carries_its_content(tmp_path: Path) -> None:
    """In an installed package the pack lies inside it, and its absence is one clear line."""
    package = tmp_path / "site-packages" / "mbc_voice"
    package.mkdir(parents=True)
    with pytest.raises(ContentError, match="install mbc-voice again"):
        find(package)
    inside = package / "_data" / "content" / "en"
    inside.mkdir(parents=True)
    assert inside == find(package)


def test_every_fact_is_said(library: Library) -> None:
    """Each of the 54 facts is cited by an answer."""
    facts = facts_of(default_content())
    assert facts is not None
    assert [f"F{number:02}" for number in range(1, 55)] == list(facts)
    said = {fact for topic in library.topics.values() for fact in topic.facts}
    assert set(facts) == said


def test_the_check_finds_no_fault() -> None:
    """The check that staff run passes on what we ship."""
    text, ok = check_report(default_content(), REVIEWED)
    assert ok, text


def test_the_answers_are_easy_to_follow(library: Library) -> None:
    """No answer is above grade 8, and half of them are at grade 6 or below."""
    grades = {name: lint.reading_grade(library, one) for name, one in library.topics.items()}
    assert max(grades.values()) <= 8.0, grades
    assert median(grades.values()) <= 6.0


def test_all_topics_are_listed_in_their_order(library: Library) -> None:
    """The 28 topics come in the order of the sections, what it is first."""
    order = [section.id for section in library.sections]
    assert len(library.topics) == 28
    assert next(iter(library.topics)) == "what-is-mbc"
    places = [order.index(topic.section) for topic in library.topics.values()]
    assert sorted(places) == places


def test_phonemes_are_in_the_voices_alphabet(library: Library) -> None:
    """The natural voice leaves out phonemes it doesn't know, so it must know all of ours."""
    alphabet = json.loads((files("hibari") / "assets" / "vocab.json").read_text(encoding="utf-8"))
    for entry in library.pronunciations:
        assert set(entry.phonemes) <= set(alphabet), entry.word


def test_at_home_nobody_is_sent_to_staff(library: Library) -> None:
    """Each emergency text for the waiting room names staff; its home wording never does."""
    for sign in library.urgent.values():
        assert "member of staff" in sign.sentences[0].text
        assert sign.at_home
        assert not any("staff" in said.text for said in sign.at_home)
