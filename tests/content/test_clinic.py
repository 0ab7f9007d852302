"""A clinic's own words: what it says, what it leaves out, and what is said of a mistake."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mbc_voice.content.clinic import Clinic, apply, read
from mbc_voice.content.load import load_library
from mbc_voice.content.place import default_content
from mbc_voice.errors import ContentError
from mbc_voice.library import Library, Place, Sentence
from small_library import small_library

LIBRARY = replace(small_library(), places=(Place("liver", "The liver", "symptoms-liver"),))

WHOLE = """\
name = "Riverside Cancer Center"
hours = "Monday to Friday, 8 to 5"
welcome = "Welcome to Riverside."
emergency_number = "112"
take_away_url = "https://riverside.example/mbc/{topic}.html"
counts = false

[hide]
symptoms-liver = "We talk about that in person. Please ask Dr. Lee."

[referrals]
cost = "Ask Ms. Green in room 12. She knows about costs."

[emergency]
bleeding = "Press the red button by the door. Or call 911."
"""


def clinic(tmp_path: Path, text: str, library: Library = LIBRARY) -> Clinic:
    path = tmp_path / "kiosk.toml"
    path.write_text(text, encoding="utf-8")
    return read(path, library)


def texts(sentences: tuple[Sentence, ...]) -> list[str]:
    return [sentence.text for sentence in sentences]


def test_the_clinics_words_take_the_place_of_the_packs(tmp_path: Path) -> None:
    """Referrals and emergencies are said as the clinic says, with its own number."""
    library = apply(clinic(tmp_path, WHOLE), LIBRARY)
    assert texts(library.referrals["cost"].sentences) == [
        "Ask Ms. Green in room 12.",
        "She knows about costs.",
    ]
    assert texts(library.urgent["bleeding"].sentences) == [
        "Press the red button by the door.",
        "Or call 112.",
    ]
    assert texts(library.urgent["breathing"].sentences) == [
        "Tell a member of staff now, or call 112."
    ]
    assert library.referrals["dose"] == LIBRARY.referrals["dose"]


def test_visitors_are_welcomed_by_the_clinic(tmp_path: Path) -> None:
    """The welcome comes before every greeting, in place of its hello; how to ask is still said."""
    library = apply(clinic(tmp_path, WHOLE), LIBRARY)
    for name, said in library.prompts.items():
        if name.startswith("greeting"):
            assert said[0].startswith("Welcome to Riverside. I answer questions")
        else:
            assert said == LIBRARY.prompts[name]


def test_a_hidden_topic_is_nowhere_and_is_referred(tmp_path: Path) -> None:
    """It is in no list, offer or picture; who asks for it hears where to turn."""
    full = replace(
        LIBRARY,
        topics={
            **LIBRARY.topics,
            "symptoms-liver": replace(LIBRARY.topics["symptoms-liver"], ask=("my liver",)),
        },
    )
    library = apply(clinic(tmp_path, WHOLE), full)
    assert "symptoms-liver" not in library.topics
    assert library.places == ()
    assert all("symptoms-liver" not in topic.follow for topic in library.topics.values())
    assert all("symptoms-liver" not in one.nearest for one in library.referrals.values())
    referred = library.referrals["symptoms-liver"]
    assert referred.ask == ("my liver",)
    assert texts(referred.sentences) == [
        "We talk about that in person.",
        "Please ask Dr. Lee.",
    ]


def test_a_text_can_be_taken_home(tmp_path: Path) -> None:
    """The address names the topic; without one there is nothing to take."""
    assert clinic(tmp_path, WHOLE).take_away("tests") == "https://riverside.example/mbc/tests.html"
    assert Clinic().take_away("tests") is None


def test_a_clinic_that_says_nothing_changes_nothing(tmp_path: Path) -> None:
    """An empty file is the pack as it is."""
    assert clinic(tmp_path, "") == Clinic()
    assert apply(Clinic(), LIBRARY) == LIBRARY


def test_a_whole_pack_can_be_made_a_clinics_own(tmp_path: Path) -> None:
    """The pack that comes with the program says another number in every emergency."""
    library = apply(Clinic(emergency_number="112"), load_library(default_content()))
    for sign in library.urgent.values():
        assert not [text for text in texts((*sign.sentences, *sign.at_home)) if "911" in text]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("nmae = 'x'", 1, "unknown key 'nmae'"),
        ("\nname = 3", 2, "'name' must be a text"),
        ("name = ", 1, "not valid TOML"),
        ("counts = 'no'", 1, "'counts' must be true or false"),
        ("emergency_number = 'call me'", 1, "digits and spaces"),
        ("name = 'x'\ntake_away_url = 'javascript:alert(1)'", 2, "begins with https://"),
        ("hide = ['tests']", 1, "write \\[hide\\]"),
        ("[hide]\ntests = 'Ask us.'\nteeth = 'Ask us.'", 3, "there is no topic 'teeth'"),
        ("[hide]\ntests = ''", 2, "'tests' is empty"),
        ("[referrals]\nparking = 'Level 2.'", 2, "there is no referral 'parking'"),
        ("[emergency]\nbleeding = 7", 2, "'bleeding' must be a text"),
        ("[keypad]\nnext = '6'\nforward = '6'", 3, "there is no key of the keypad 'forward'"),
        ("[keypad]\nnext = '6'\nprevious = '4 6'", 2, "stands at two of the keys"),
        ("capital_px = 7.3", 1, "a whole number from 20 to 200"),
        ("capital_px = true", 1, "a whole number from 20 to 200"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, reason: str) -> None:
    """Whoever wrote the file learns where to look and what to do."""
    with pytest.raises(ContentError, match=reason) as caught:
        clinic(tmp_path, text)
    assert (caught.value.path.name, caught.value.line) == ("kiosk.toml", line)


def test_hiding_everything_is_a_mistake(tmp_path: Path) -> None:
    """An assistant without a topic is of no use."""
    everything = "[hide]\n" + "\n".join(f"{id} = 'Ask us.'" for id in LIBRARY.topics)
    with pytest.raises(ContentError, match="leave at least one"):
        clinic(tmp_path, everything)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """A wrong path in the settings is named."""
    with pytest.raises(ContentError, match=r"correct kiosk\.clinic"):
        read(tmp_path / "none.toml", LIBRARY)


def test_screen_and_keypad_are_the_clinic_s(tmp_path: Path) -> None:
    """The page learns what the keypad sends, and how large letters must be on this screen."""
    keys = "next = '6'\nback = '2 Escape'\nswitch = 'F8'"
    found = clinic(tmp_path, f"capital_px = 36\n[keypad]\n{keys}")
    assert found.capital_px == 36
    assert found.keypad == {"next": ("6",), "back": ("2", "Escape"), "switch": ("F8",)}
