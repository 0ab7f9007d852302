"""What can be said is known ahead, and nothing else is kept."""

from __future__ import annotations

import pytest

from mbc_voice import rehearsal, renderings
from mbc_voice.content.load import load_library
from mbc_voice.content.place import default_content
from mbc_voice.dialogue.state import begin
from mbc_voice.dialogue.step import step
from mbc_voice.events import Answer, Choose, Command, Snapshot, Speak, Understood
from mbc_voice.library import Library
from mbc_voice.shells.kiosk import stops


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(default_content())


@pytest.fixture(scope="module")
def rehearsed(library: Library) -> frozenset[str]:
    return frozenset(rehearsal.sentences(library))


def test_every_reviewed_sentence_is_rehearsed(library: Library, rehearsed: frozenset[str]) -> None:
    """Each sentence and list item of topics, referrals and urgent signs is there."""
    wanted = {
        sentence.text
        for topic in library.topics.values()
        for passage in (topic.short, *topic.more)
        for sentence in (*passage.sentences, *passage.items)
    }
    wanted |= {one.text for referral in library.referrals.values() for one in referral.sentences}
    wanted |= {one.text for sign in library.urgent.values() for one in sign.sentences}
    assert wanted <= rehearsed


def test_prompts_are_rehearsed_as_they_are_filled_in(
    library: Library, rehearsed: frozenset[str]
) -> None:
    """Titles, choices, offers and volumes are there as they will be said."""
    for topic in library.topics.values():
        assert f"{topic.title.rstrip('.?!')}." in rehearsed or topic.title in rehearsed
    assert {"Volume zero.", "Volume ten.", "Goodbye."} <= rehearsed
    assert not any("{" in text for text in rehearsed)


def test_what_is_only_printed_is_not_rehearsed(library: Library, rehearsed: frozenset[str]) -> None:
    """No voice is given the prompts for people who type and read."""
    (text,) = library.prompts["choose-which-silent"]
    assert text.endswith("Type its number or its name.")
    assert "Say its number or its name." in rehearsed
    assert "Type its number or its name." not in rehearsed
    assert "I keep nothing of what you asked." not in rehearsed


def test_no_answer_waits_for_the_voice(library: Library, rehearsed: frozenset[str]) -> None:
    """Whatever an answer says, to its end, was rehearsed."""
    for topic in library.topics:
        state, actions = step(begin(library), Understood(Answer(topic, 1.0)))
        for _ in range(3):
            for action in actions:
                if isinstance(action, Speak):
                    assert {one.text for one in action.utterance.sentences} <= rehearsed
            state, actions = step(state, Understood(Command("more")))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_no_choice_waits_for_the_voice(
    library: Library, rehearsed: frozenset[str], count: int
) -> None:
    """Whatever is said to offer one, two or three topics was rehearsed."""
    topics = tuple(library.topics)
    for at in range(len(topics)):
        offered = Choose((topics[at:] + topics)[:count], 1.0)
        _, actions = step(begin(library), Understood(offered))
        spoken = [action for action in actions if isinstance(action, Speak)]
        assert spoken
        for action in spoken:
            assert {one.text for one in action.utterance.sentences} <= rehearsed


def test_what_is_said_at_the_keys_of_the_page_is_rehearsed(
    library: Library, rehearsed: frozenset[str]
) -> None:
    """Buttons, titles, letters, the first choices and the help with the keys are there."""
    known = stops.ids(library)
    said = {
        sentence.text
        for id in known
        for sentence in stops.sentences(library, id, Snapshot("choosing"))
    }
    titles = [topic.title for topic in library.topics.values()]
    choosing = Snapshot("choosing", options=tuple(titles[:3]))
    said |= {stops.sentences(library, f"choice:{n}", choosing)[0].text for n in (1, 2, 3)}
    assert {"Help", "a.", "Clear all", "The liver", f"3: {titles[2]}"} <= said
    assert said <= rehearsed


def test_a_word_that_somebody_asks_to_spell_is_not_rehearsed(
    library: Library, rehearsed: frozenset[str]
) -> None:
    """What is said of a person's own word is not among the sentences that are kept."""
    _, actions = step(begin(library), Understood(Command("spell", word="metastasis")))
    said = [
        one for action in actions if isinstance(action, Speak) for one in action.utterance.sentences
    ]
    assert said
    assert not {sentence.text for sentence in said} & rehearsed


def test_a_version_of_the_voice_is_known() -> None:
    """The modules that its sound depends on exist, and it is the same version twice."""
    assert renderings.hibari_version() == renderings.hibari_version()
