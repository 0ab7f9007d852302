"""What the page is told: names instead of ids, and nothing that the clinic hides."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from kiosk_server import SHOWN
from mbc_voice.dialogue.state import Delivery, begin
from mbc_voice.dialogue.step import step
from mbc_voice.dialogue.view import snapshot
from mbc_voice.events import Answer, Choose, Command, Display, SentenceStarted, Snapshot, Understood
from mbc_voice.page_words import simplest
from mbc_voice.settings import HearSettings, Settings
from mbc_voice.shells.kiosk.shown import Shown
from mbc_voice.shells.kiosk.site import shown as shown_by
from moves import talks
from script import Talk


def shown(now: Snapshot, page: Shown = SHOWN) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(page.snapshot(now))
    return told


def test_the_page_is_welcomed_with_all_it_may_ask_for() -> None:
    """Topics stand in their groups, commands say what they do, places lead to topics."""
    told = json.loads(SHOWN.welcome())
    assert [group["number"] for group in told["groups"]] == [1, 2, 3]
    assert told["groups"][0]["topics"][0] == {"id": "spread-where", "title": "Where it spreads"}
    assert told["places"] == [{"id": "liver", "name": "The liver", "topic": "symptoms-liver"}]
    assert told["commands"] == [
        {
            "name": "stop",
            "says": "Say stop.",
            "phrase": "stop",
            "keys": ["escape"],
            "takes": None,
        },
        {
            "name": "volume",
            "says": "Say volume five.",
            "phrase": "volume {number}",
            "keys": [],
            "takes": "number",
        },
    ]
    assert told["greeting"].startswith("Hello.")


def test_a_page_may_name_what_it_was_welcomed_with() -> None:
    """Known ids are exactly those of the welcome."""
    told, known = json.loads(SHOWN.welcome()), SHOWN.known
    assert known.topics == {t["id"] for group in told["groups"] for t in group["topics"]}
    assert known.commands == {command["name"] for command in told["commands"]}
    assert known.places == {place["id"] for place in told["places"]}


def test_an_answer_is_shown_with_its_title_place_and_sentence() -> None:
    """The caption is the sentence being said; topic and place are those being told."""
    state, _ = step(begin(SHOWN.library), Understood(Answer("symptoms-liver", 0.9), "my liver"))
    state, _ = step(state, SentenceStarted(1, 3))
    told = shown(snapshot(state))
    assert told["caption"] == {"id": "symptoms-liver.1", "text": "Yellow skin."}
    assert told["topic"] == {"id": "symptoms-liver", "title": "Symptoms in the liver"}
    assert (told["place"], told["heard"], told["phase"]) == ("liver", "my liver", "speaking")


def test_a_place_lights_up_while_its_name_is_said() -> None:
    """In a list of places each one is shown as it is read."""
    state, _ = step(begin(SHOWN.library), Understood(Answer("spread-where", 0.9)))
    places = []
    for index in range(8):
        state, _ = step(state, SentenceStarted(1, index))
        places.append(shown(snapshot(state))["place"])
    assert places.count("liver") == 1


def test_choices_have_their_number_and_name() -> None:
    """Groups have names and numbers as topics do."""
    state, _ = step(begin(SHOWN.library), Understood(Choose(("tests", "ibrance"), 0.5)))
    assert shown(snapshot(state))["choices"] == [
        {"number": 1, "id": "tests", "title": "Tests"},
        {"number": 2, "id": "ibrance", "title": "Ibrance"},
    ]
    state, _ = step(begin(SHOWN.library), Understood(Command("topics")))
    told = shown(snapshot(state))["choices"]
    assert told[0] == {"number": 1, "id": None, "title": "How breast cancer spreads"}


def test_the_display_is_part_of_the_talk() -> None:
    """Text size and colors come from the dialogue, as all that is shown does."""
    usual = Delivery(display=Display(200, "yellow"))
    told = shown(snapshot(begin(SHOWN.library, usual=usual)))
    assert told["display"] == {"text_size": 200, "theme": "yellow"}


def test_a_text_can_be_taken_away_where_the_clinic_has_it() -> None:
    """An address for a topic is shown with that topic, and nowhere else."""
    page = replace(SHOWN, take_away=lambda topic: f"https://clinic.example/{topic}")
    now = Snapshot("speaking", topic="tests")
    assert shown(now, page)["take_away"] == {
        "title": "Tests",
        "url": "https://clinic.example/tests",
        "image": "/take-away/tests.svg",
    }
    assert shown(Snapshot("ready"), page)["take_away"] is None
    assert shown(now)["take_away"] is None


def test_a_lost_microphone_is_told_as_long_as_it_lasts() -> None:
    """A notice says what doesn't work and what still does."""
    assert shown(Snapshot("listening"))["notice"] is None
    told = shown(Snapshot("listening", microphone="lost"))
    assert "buttons" in told["notice"]
    assert told["listening"]["open"] is False


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("stop", "stop"),
        ("[much|even] (faster|quicker)", "faster"),
        ("[make [the] text] (bigger|(very|so) large)", "bigger"),
        ("((one|two) (three|four)|five) six", "one three six"),
    ],
)
def test_a_template_has_one_simplest_phrase(template: str, expected: str) -> None:
    """Optional words are left out, and of each choice the first is taken."""
    assert simplest(template) == expected


@pytest.mark.parametrize(
    ("mode", "words"),
    [("always", "Just ask."), ("push-to-talk", "Press to talk"), ("wake-phrase", "say: hey box")],
)
def test_the_greeting_tells_how_to_talk_here(mode: str, words: str) -> None:
    """Who only reads it learns the same as who hears it."""
    settings = Settings(hear=HearSettings(mode=mode, wake_phrase="hey box"))
    told = json.loads(shown_by(settings, SHOWN.library).welcome())
    assert words in told["greeting"]
    assert told["sound"] == {"by": "kiosk"}


def test_the_page_is_told_of_an_unusual_screen_and_keypad() -> None:
    """What is as usual is left out of the welcome."""
    assert not {"keypad", "capital_px"} & set(json.loads(SHOWN.welcome()))
    welcome = json.loads(replace(SHOWN, keypad={"next": ("6",)}, capital_px=36).welcome())
    assert welcome["keypad"] == {"next": ["6"]}
    assert welcome["capital_px"] == 36


@given(talks())
def test_every_state_of_every_talk_can_be_shown(talk: Talk) -> None:
    """Whatever has happened, the page gets a whole snapshot that agrees with itself."""
    told = shown(snapshot(talk.state))
    assert told["kind"] == "snapshot"
    assert [choice["number"] for choice in told["choices"]] == [
        number + 1 for number in range(len(told["choices"]))
    ]
    assert all(choice["title"] for choice in told["choices"])
    if told["spoken"] is not None:
        start, end = told["spoken"]
        assert 0 <= start < end <= len(told["caption"]["text"])
    assert told["visit"]["phase"] in ("waiting", "active", "warning")
    assert told["topic"] is None or told["topic"]["id"] in SHOWN.known.topics
    assert told["place"] is None or told["place"] in SHOWN.known.places
