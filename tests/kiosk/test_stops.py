"""What is said where one comes by key on the page."""

from __future__ import annotations

import pytest

from mbc_voice.content.load import load_library
from mbc_voice.content.place import default_content
from mbc_voice.events import Pointed, Snapshot
from mbc_voice.library import Library, Sentence
from mbc_voice.shells.kiosk import stops
from mbc_voice.shells.kiosk.board import meaning
from mbc_voice.shells.kiosk.protocol import FocusMoved, RefusedError, parse
from mbc_voice.shells.kiosk.shown import Shown


@pytest.fixture(scope="module")
def library() -> Library:
    """The English pack."""
    return load_library(default_content())


LISTENING = Snapshot(phase="listening")
CHOOSING = Snapshot(phase="choosing", options=("Symptoms in the bones", "Symptoms in the liver"))


@pytest.mark.parametrize(
    ("id", "now", "said"),
    [
        ("help", LISTENING, "Help"),
        ("tour", LISTENING, "Take the tour"),
        ("topic:symptoms-lung", LISTENING, "Symptoms in the lungs"),
        ("group:treatment", LISTENING, "Treatment"),
        ("place:liver", LISTENING, "The liver"),
        ("key:q", LISTENING, "q."),
        ("key:'", LISTENING, "apostrophe"),
        ("choice:2", CHOOSING, "2: Symptoms in the liver"),
    ],
)
def test_what_stands_there_is_said(library: Library, id: str, now: Snapshot, said: str) -> None:
    """A stop is a sentence of its own: the words on the button, the title, the letter."""
    message = parse(f'{{"kind": "focus", "id": "{id}"}}', Shown(library).known)
    assert message == FocusMoved(id)
    assert meaning(message, Shown(library), now) == Pointed((Sentence(f"page.{id}", said),))


def test_a_choice_that_is_gone_says_nothing(library: Library) -> None:
    """A choice of before is no choice of now."""
    assert stops.sentences(library, "choice:3", CHOOSING) == ()
    assert meaning(FocusMoved("choice:1"), Shown(library), LISTENING) is None


@pytest.mark.parametrize("id", ["nothing", "topic:nothing", "choice:999", "", "choice: 1"])
def test_no_words_of_the_page_s_own_are_said(library: Library, id: str) -> None:
    """The page names what it stands on; it can't make the voice say anything else."""
    with pytest.raises(RefusedError):
        parse(f'{{"kind": "focus", "id": "{id}"}}', Shown(library).known)


def test_every_command_topic_and_place_can_be_said(library: Library) -> None:
    """Whatever the page can have a button for has words."""
    known = stops.ids(library)
    assert known >= set(library.commands)
    assert known >= {f"topic:{topic}" for topic in library.topics}
    assert known >= {f"place:{place.id}" for place in library.places}
    assert all(
        stops.sentences(library, id, LISTENING) for id in known if not id.startswith("choice:")
    )


def test_the_help_with_the_keys_is_said_sentence_by_sentence(library: Library) -> None:
    """What is longer than a button's words is said, shown and cut off by the sentence."""
    said = stops.sentences(library, "five-keys", LISTENING)
    assert len(said) > 3
    assert " ".join(sentence.text for sentence in said) == library.labels["five-keys"]
    assert len({sentence.id for sentence in said}) == len(said)


def test_no_blank_is_said(library: Library) -> None:
    """A command with a number or a word is named without it."""
    for id in stops.ids(library):
        assert all("{" not in one.text for one in stops.sentences(library, id, CHOOSING)), id
