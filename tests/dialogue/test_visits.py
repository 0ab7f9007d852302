"""A kiosk's visits, and how they are shown: beginning, warning, end, text size and colors."""

from __future__ import annotations

import pytest
from hypothesis import given

from mbc_voice.dialogue.commands import BEGINNING
from mbc_voice.dialogue.state import Delivery, Profile, begin
from mbc_voice.dialogue.step import spoken
from mbc_voice.dialogue.view import snapshot
from mbc_voice.events import (
    Answer,
    Choose,
    Command,
    Display,
    Forget,
    Outcome,
    Started,
    StartTimer,
    StillHere,
    StopSpeaking,
    Understood,
    Urgent,
)
from moves import outcomes, talks
from script import Talk
from small_library import small_library

LIBRARY = small_library()


def after(*lines: str) -> Talk:
    talk = Talk(LIBRARY)
    for line in lines:
        talk.line(line)
    return talk


# ---------------------------------------------------------------- visits and what is shown


def warned() -> Talk:
    """A kiosk's visit whose end has just been announced."""
    talk = Talk(LIBRARY, "kiosk")
    talk.happens(Started())
    while snapshot(talk.state).visit != "warning":
        talk.line("finished")
        talk.line("time to think ended")
    return talk


def test_a_visit_is_waited_for_active_and_about_to_end() -> None:
    """The page can show whether anybody is there, and how long the visit lasts yet."""
    talk = Talk(LIBRARY, "kiosk")
    assert snapshot(talk.state).visit == "waiting"
    talk.happens(Started())
    assert snapshot(talk.state).visit == "active"
    talk = warned()
    assert snapshot(talk.state).seconds_left is None
    talk.line("finished")
    assert (snapshot(talk.state).visit, snapshot(talk.state).seconds_left) == ("warning", 20)
    talk.line("time to think ended")
    assert (snapshot(talk.state).visit, snapshot(talk.state).seconds_left) == ("waiting", None)


@pytest.mark.parametrize("said", [True, False], ids=["after it was said", "while it is said"])
def test_a_touch_takes_the_end_of_a_visit_back(said: bool) -> None:
    """Whoever is still there has all the time again, and the end is announced anew."""
    talk = warned()
    if said:
        talk.line("finished")
    talk.happens(StillHere())
    assert snapshot(talk.state).visit == "active"
    assert talk.actions[-1] == StartTimer("think", 30.0)
    assert (StopSpeaking() in talk.actions) is not said
    talk.line("time to think ended")
    assert spoken(talk.actions)[0].id == "prompt.visit-timeout.1"


def test_a_visit_never_ends_without_being_announced_just_before() -> None:
    """Sound without words takes the announcement back, and so it is said once more."""
    talk = warned()
    for line in ("finished", "speech started", "you: -> nothing-heard", "finished"):
        talk.line(line)
    talk.line("time to think ended")
    assert spoken(talk.actions)[0].id == "prompt.visit-timeout.1"


@given(talks())
def test_a_touch_never_says_anything(talk: Talk) -> None:
    """Being there interrupts nothing but the announcement of the end."""
    warning = snapshot(talk.state).visit == "warning"
    talk.happens(StillHere())
    assert not spoken(talk.actions)
    assert warning or StopSpeaking() not in talk.actions


def test_what_can_be_chosen_is_shown_by_its_name() -> None:
    """Topics, groups and voices alike, in the order of their numbers."""
    shown = snapshot(after("you: topics -> topics").state)
    assert shown.options == tuple(section.title for section in LIBRARY.sections)
    shown = snapshot(after("you: x -> choose symptoms-lung tests").state)
    assert shown.options == ("Symptoms in the lungs", "Tests")


def test_what_was_heard_is_forgotten_before_the_goodbye() -> None:
    """Whoever says goodbye leaves an empty page, and every part is told to forget."""
    talk = Talk(LIBRARY, "kiosk")
    for line in ("started", "you: my liver -> answer symptoms-liver", "key: goodbye"):
        talk.line(line)
    shown = snapshot(talk.state)
    assert (shown.heard, shown.topic, shown.phase) == ("", None, "speaking")
    assert Forget() in talk.actions


# ---------------------------------------------------------------- text size and colors


def seen(*names: str, profile: Profile = "kiosk") -> Talk:
    """A talk with a page, after these commands given by key."""
    talk = Talk(LIBRARY, profile)
    talk.state = begin(LIBRARY, profile=profile, usual=Delivery(display=Display()))
    talk.happens(Started())
    for name in names:
        talk.line(f"key: {name}")
    return talk


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((), Display()),
        (("text-larger", "text-larger"), Display(150)),
        (("text-larger",) * 9, Display(400)),
        (("text-larger", "text-smaller", "text-smaller"), Display()),
        (("text-larger", "text-normal"), Display()),
        (("theme",), Display(theme="dark")),
        (("theme",) * 3, Display()),
        (("theme-yellow",), Display(theme="yellow")),
        (("theme-yellow", "theme-light"), Display()),
        (("theme-dark", "undo"), Display()),
    ],
)
def test_text_size_and_colors_can_be_changed(names: tuple[str, ...], expected: Display) -> None:
    """By voice and by key, step by step, and taken back."""
    assert snapshot(seen(*names).state).display == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("text-larger", 150), ("text-smaller", 125), ("text-normal", 130)]
)
def test_a_size_between_two_steps_goes_to_the_next_one(name: str, expected: int) -> None:
    """A clinic may begin with any size; a step from there goes the right way."""
    talk = Talk(LIBRARY, "kiosk")
    talk.state = begin(LIBRARY, profile="kiosk", usual=Delivery(display=Display(130)))
    talk.happens(Started())
    talk.line(f"key: {name}")
    assert snapshot(talk.state).display.text_size == expected


def test_the_display_is_as_usual_for_the_next_visitor() -> None:
    """The end of a visit puts text size and colors back."""
    talk = seen("text-larger", "theme-dark", "goodbye")
    talk.line("finished")
    assert snapshot(talk.state).display == Display()


def test_changing_the_display_does_not_cut_off_what_is_said() -> None:
    """While something is read it only shows; where it is quiet, it is confirmed in words."""
    talk = seen()
    assert talk.line("key: text-larger") == []
    talk.line("finished")
    assert talk.line("key: theme-dark") == ["says: Light letters on a dark screen."]


def test_without_a_page_the_display_can_not_be_changed() -> None:
    """Where nothing is shown, nobody is told that it changed."""
    talk = after("you: bigger text -> text-larger")
    assert spoken(talk.actions)[0].id == "prompt.not-possible.1"


@given(outcomes)
def test_talk_beside_a_waiting_kiosk_is_not_answered(outcome: Outcome) -> None:
    """Only a question, an emergency, a hello or a cry for help begins a visit by voice."""
    talk = Talk(LIBRARY, "kiosk")
    talk.happens(Understood(outcome, "words in the room"))
    begins = isinstance(outcome, Answer | Choose | Urgent) or (
        isinstance(outcome, Command) and outcome.name in BEGINNING
    )
    assert bool(spoken(talk.actions)) is begins
    assert begins or snapshot(talk.state).heard == ""
