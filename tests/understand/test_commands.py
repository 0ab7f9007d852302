from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.library import Library
from mbc_voice.understand.commands import MAX_SPOKEN, Commands, phrases
from mbc_voice.understand.everyday import everyday_to_plain
from mbc_voice.understand.normalize import normalize
from mbc_voice.understand.politeness import plain_order, strip_politeness, without_asides
from mbc_voice.understand.templates import expand
from mbc_voice.understand.vocabulary import FUNCTION_WORDS
from mbc_voice.understand.wordings import wordings


@pytest.fixture(scope="module")
def commands(library: Library) -> Commands:
    asked = {
        word
        for example in wordings(library)
        if example.label.kind in ("topic", "referral")
        for word in example.text.split()
        if word not in FUNCTION_WORDS
    }
    return Commands(library, frozenset(asked))


def named(commands: Commands, text: str) -> tuple[str, int | None, str] | None:
    words = normalize(text)
    found = commands.find(words) or commands.near(words)
    return (found.name, found.number, found.word) if found else None


def test_every_phrase_of_the_library_is_its_command(commands: Commands, library: Library) -> None:
    """Each phrase that a template stands for is understood as that template's command."""
    wrong = [
        (command.id, phrase)
        for command in library.commands.values()
        for template in command.phrases
        for phrase in expand(template.replace("{number}", "four").replace("{word}", "scan"))
        if (found := named(commands, phrase)) is None or found[0] != command.id
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Could you please stop now?", "stop"),
        ("stop it at once please", "stop"),
        ("shtop", "stop"),
        ("okay just pause for me", "pause"),
        ("paws", "pause"),
        ("repeet that", "repeat"),
        ("louder please, so I can hear", "louder"),
        ("would you talk a little bit slower", "slower"),
        ("slowly read it please", "slower"),
        ("hey, I want you to read faster now", "faster"),
        ("goodbye and thank you", "goodbye"),
        ("thank you so much, bye bye", "goodbye"),
        ("um, next", "next"),
        ("would you mind stopping", "stop"),
        ("do be quiet", "stop"),
        ("I'd like volume eight", "volume"),
        ("a touch faster if you don't mind", "faster"),
        ("can I hear both", "both"),
        ("I'd like to hear a bit more please", "more"),
        ("sorry I missed that, what did you say", "repeat"),
        ("right, I'm back, keep going", "resume"),
        ("can you read me the whole thing over again", "repeat-all"),
        ("hold it right there, someone's at the door", "pause"),
        ("don't cut it short, read more at once", "longer-answers"),
        ("slow it right down", "slower"),
        ("could you stop for a second", "pause"),
        ("sorry love what was that", "repeat"),
    ],
)
def test_orders_are_understood_in_people_s_own_words(
    commands: Commands, text: str, name: str
) -> None:
    """Courtesies, other order and mis-heard words do not hide a command."""
    found = named(commands, text)
    assert found is not None
    assert found[0] == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("volume 7", ("volume", 7, "")),
        ("set the volume to ten please", ("volume", 10, "")),
        ("number three", ("choose-number", 3, "")),
        ("the 2nd one", ("choose-number", 2, "")),
        ("spell Faslodex", ("spell", None, "faslodex")),
        ("how do you spell jaundice please", ("spell", None, "jaundice")),
        ("oncologist is spelled how", ("spell", None, "oncologist")),
    ],
)
def test_slots_are_filled(
    commands: Commands, text: str, expected: tuple[str, int | None, str]
) -> None:
    """A command's number or word is read out of the phrase."""
    assert named(commands, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "can it be stopped",
        "does the cancer stop growing with hormones",
        "what happens next with my treatment",
        "how do I repeat my scan",
        "is it faster in younger women",
        "my husband is deaf",
        "tell me about wigs",
        "where does it go",
        "can I pause my chemotherapy",
        "the spread",
        "do you stop the hormones",
        "can I go to a party",
        "what do I do if it comes back",
        "don't you stop the tablets during radiation",
    ],
)
def test_a_question_is_never_taken_for_an_order(commands: Commands, text: str) -> None:
    """Words that ask about the illness are left to the matcher."""
    assert named(commands, text) is None


@pytest.mark.parametrize(
    "wrapped",
    ["could you please {}", "um {} for me thanks", "I'd like you to {} please", "would you {} now"],
)
def test_courtesies_change_no_order(commands: Commands, wrapped: str) -> None:
    """An order is the same order in any wrapping."""
    orders = ("stop", "repeat", "faster", "louder", "next", "pause", "spell jaundice", "go back")
    for order in orders:
        assert named(commands, wrapped.format(order)) == named(commands, order)


@given(st.text(max_size=60))
def test_any_words_have_a_plain_form(text: str) -> None:
    """Plain forms are words in single spaces, whatever was said."""
    words = normalize(text)
    for plain in (plain_order(words), everyday_to_plain(words), without_asides(words)):
        assert plain == " ".join(plain.split())


def test_courtesies_alone_stay() -> None:
    """Stripping never leaves nothing."""
    assert strip_politeness("please") == "please"
    assert strip_politeness("can you please stop right now thank you") == "stop"


def test_the_closed_set_is_bounded_and_normalised(library: Library) -> None:
    """What a grammar listens for is finite, has every command, and no slots."""
    spoken = phrases(library)
    assert len(spoken) == len(set(spoken)) <= MAX_SPOKEN
    assert {"stop", "pause", "volume five", "number two", "speed two hundred"} <= set(spoken)
    assert "speed five" not in spoken
    assert all(phrase == normalize(phrase) for phrase in spoken)
