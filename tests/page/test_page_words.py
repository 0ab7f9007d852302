"""The words on the page: those of the content pack, and such that they can also be said."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from mbc_voice import page_words
from mbc_voice.content.load import load_library
from mbc_voice.content.place import default_content
from mbc_voice.content.readability import grade
from mbc_voice.library import Library
from mbc_voice.understand.commands import Commands
from mbc_voice.understand.normalize import normalize

PAGE = Path(__file__).parents[2] / "src" / "mbc_voice" / "shells" / "kiosk" / "page"
HTML = (PAGE / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def library() -> Library:
    """The English pack."""
    return load_library(default_content())


@pytest.fixture(scope="module")
def commands(library: Library) -> Commands:
    """What can be said in so many words."""
    return Commands(library, frozenset())


def on_the_page() -> dict[str, str]:
    """Return the words in the page's own file by their ids."""
    labels = re.findall(r'data-label="([^"]+)"[^>]*>([^<]*)<', HTML)
    names = re.findall(r'aria-label="([^"]*)" data-label-name="([^"]+)"', HTML)
    return {id: unescape(text) for id, text in labels + [(id, text) for text, id in names]}


def test_the_page_and_the_content_have_the_same_words(library: Library) -> None:
    """What the page shows by itself is what the content pack has it say."""
    assert on_the_page() == dict(library.labels)


def buttons() -> list[tuple[str, str]]:
    """Return the command of every button that stands in the page's file, and its words."""
    found = re.findall(r'data-command="([^"]+)".*?data-label="[^"]+">([^<]+)<', HTML)
    does = [("goodbye", "end"), ("stop", "stop"), ("pause", "pause"), ("resume", "resume")]
    return found + [(name, on_the_page()[label]) for name, label in does]


@pytest.mark.parametrize(("name", "words"), buttons())
def test_the_words_on_a_button_can_be_said_in_its_place(
    commands: Commands, name: str, words: str
) -> None:
    """Whoever reads a button aloud is understood as if they had pressed it."""
    found = commands.find(normalize(unescape(words)))
    assert found is not None, words
    assert found.name == name


def test_the_words_of_further_buttons_can_be_said_too(library: Library, commands: Commands) -> None:
    """So are the words of the commands that have no place of their own on the page."""
    for name in library.commands:
        words = library.labels.get(name)
        if words is not None:
            found = commands.find(normalize(words))
            assert found is not None, words
            assert found.name == name, words


def test_nothing_is_fetched_from_elsewhere() -> None:
    """No file of the page names another origin, and the page has no script or style inside."""
    for path in PAGE.iterdir():
        if path.suffix in (".html", ".css", ".js", ".svg"):
            text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
            assert not re.search(r"https?://|//[a-z]+\.[a-z]", text), path.name
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*src=)", HTML)


def test_all_the_rest_that_is_said_is_easy_too(library: Library) -> None:
    """Words on the page and our own phrases are below grade 6, each referral and alarm below 8."""
    own = [re.sub(r"\{\w+\}", "one", text) for texts in library.prompts.values() for text in texts]
    assert grade(own) <= 6
    assert grade(page_words.sentences(library)) <= 6
    said = [referral.sentences for referral in library.referrals.values()]
    said += [sign.sentences for sign in library.urgent.values()]
    for sentences in said:
        assert grade([sentence.text for sentence in sentences]) <= 8, sentences[0].id
