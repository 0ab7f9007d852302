"""What other parts see of a talk: snapshot, context, spoken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mbc_voice.dialogue.state import Delivery, begin
from mbc_voice.dialogue.step import spoken, step
from mbc_voice.dialogue.view import context, snapshot
from mbc_voice.events import Answer, Context, NotCovered, Snapshot, Started, Understood
from mbc_voice.library import Sentence
from script import Talk
from small_library import small_library

LIBRARY = small_library()


def after(*lines: str) -> Talk:
    talk = Talk(LIBRARY)
    for line in lines:
        talk.line(line)
    return talk


def test_before_the_greeting_it_is_ready() -> None:
    """A fresh state shows the rate and volume it was given, and nothing else."""
    state = begin(LIBRARY, usual=Delivery(300, 4))
    assert snapshot(state) == Snapshot("ready", words_per_minute=300, volume=4)
    assert context(state) == Context()


def test_one_question_can_be_answered_without_a_greeting() -> None:
    """A single step from a fresh state gives the whole spoken answer."""
    _, actions = step(begin(LIBRARY), Understood(Answer("ibrance", 0.9), "what is it", "text"))
    assert [sentence.id for sentence in spoken(actions)] == [
        "prompt.title.1",
        "ibrance.1",
        "prompt.answer-end.1",
        "prompt.answer-end.2",
    ]


def test_what_the_question_points_to_is_offered_before_the_referral_s_own() -> None:
    """A topic that comes with the outcome replaces the one that the referral names."""
    asked = Understood(NotCovered("dose", 0.9, nearest=("symptoms-lung",)), "x", "text")
    state, _ = step(begin(LIBRARY), asked)
    assert context(state).choices == ("symptoms-lung",)


def test_nobody_is_asked_twice() -> None:
    """A referral that ends in a question isn't followed by one of ours."""
    hello = (Sentence("referral.hello.1", "Hello."), Sentence("referral.hello.2", "What is it?"))
    referral = replace(LIBRARY.referrals["cost"], sentences=hello)
    library = replace(LIBRARY, referrals={"cost": referral})
    _, actions = step(begin(library), Understood(NotCovered("cost", 0.9), "x", "text"))
    assert spoken(actions) == hello


def test_the_snapshot_follows_the_sentence_being_said() -> None:
    """Caption, position and length are those of the sentence that began last."""
    talk = after("you: in the lungs -> answer symptoms-lung", "sentence 4")
    shown = snapshot(talk.state)
    assert shown.phase == "speaking"
    assert shown.caption is not None
    assert shown.caption.id == "symptoms-lung.2"
    assert (shown.heard, shown.topic) == ("in the lungs", "symptoms-lung")
    assert (shown.position, shown.length) == (2, 6)


def test_a_pause_keeps_the_caption() -> None:
    """While paused, the sentence stays to be read."""
    talk = after("you: x -> answer symptoms-lung", "sentence 3", "you: pause -> pause")
    shown = snapshot(talk.state)
    assert shown.phase == "paused"
    assert shown.caption is not None
    assert shown.caption.id == "symptoms-lung.1"


def test_the_snapshot_follows_word_by_word() -> None:
    """The word being heard is shown, through a pause too, until the next word or sentence."""
    talk = after("you: x -> answer symptoms-lung", "sentence 3")
    assert snapshot(talk.state).spoken is None
    talk.line("word: 3 2 7")
    assert snapshot(talk.state).spoken == (2, 7)
    talk.line("key: pause")
    assert snapshot(talk.state).spoken == (2, 7)
    talk.line("key: resume")
    talk.line("word: 3 8 12")
    assert snapshot(talk.state).spoken == (8, 12)
    talk.line("sentence 4")
    assert snapshot(talk.state).spoken is None


def test_late_news_of_a_word_is_ignored() -> None:
    """A word of an earlier sentence, or one that isn't in the text, changes nothing."""
    talk = after("you: x -> answer symptoms-lung", "sentence 4", "word: 4 0 2")
    for late in ("word: 3 0 1", "word: 5 0 1", "word: 4 3 3", "word: 4 0 999", "word: 4 -1 2"):
        talk.line(late)
        assert snapshot(talk.state).spoken == (0, 2)


def test_a_note_is_captioned_while_it_is_said() -> None:
    """What is said beside the reading is shown too, and the reading's place stays."""
    talk = after("you: x -> answer symptoms-lung", "sentence 5", "you: where am i -> where-am-i")
    shown = snapshot(talk.state)
    assert shown.caption is not None
    assert shown.caption.text == "Sentence three of six, symptoms in the lungs."
    assert shown.position == 3


def test_choices_are_shown_and_told_to_understanding() -> None:
    """While one is to choose, the choices are on offer in the order they were said."""
    talk = after("you: x -> choose symptoms-lung symptoms-bone")
    assert snapshot(talk.state).choices == ("symptoms-lung", "symptoms-bone")
    talk.line("finished")
    assert snapshot(talk.state).phase == "choosing"
    assert context(talk.state) == Context(None, ("symptoms-lung", "symptoms-bone"))


@pytest.mark.parametrize(
    "lines",
    [
        ("you: x -> answer symptoms-lung", "finished"),
        ("you: x -> choose symptoms-lung", "finished"),
    ],
)
def test_what_yes_would_accept_is_shown(lines: tuple[str, ...]) -> None:
    """Whoever can't speak sees that something is on offer, and may press yes or no."""
    talk = after(*lines)
    assert talk.state.talk.offer is not None
    assert snapshot(talk.state).phase == "choosing"
    assert snapshot(talk.state).choices == ()
    talk.line("key: no")
    talk.line("finished")
    assert snapshot(talk.state).phase == "listening"


def test_the_tour_asks_for_something_else_than_yes() -> None:
    """While the tour waits for an order to be tried, no yes and no are shown."""
    talk = after("key: tour", "finished")
    assert snapshot(talk.state).phase == "listening"


def test_where_am_i_in_a_list_speaks_of_the_list() -> None:
    """While one is to choose, the place is the list, even if an answer was read before."""
    talk = after("you: x -> answer ibrance", "finished", "you: topics -> topics", "finished")
    assert talk.line("you: x -> where-am-i") == ["says: You are choosing from a list of three."]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("you: x -> answer ibrance",), Context("ibrance")),
        (("you: x -> not-covered dose",), Context(None, ("ibrance",))),
        (("you: topics -> topics",), Context()),
        (
            ("you: topics -> topics", "you: three -> choose-number 3"),
            Context(None, ("treatment-overview", "ibrance")),
        ),
    ],
)
def test_understanding_is_told_where_the_talk_is(lines: tuple[str, ...], expected: Context) -> None:
    """The context names the topic last answered and the topics on offer."""
    assert context(after(*lines).state) == expected


def test_the_microphone_is_shown() -> None:
    """A lost microphone can be seen as well as heard."""
    assert snapshot(after("started", "microphone lost").state).microphone == "lost"


def test_a_kiosk_with_noise_and_nobody_ends_the_visit() -> None:
    """Sound without words, again and again, doesn't keep a visit open for ever."""
    talk = Talk(LIBRARY, "kiosk")
    talk.happens(Started())
    for _ in range(12):
        talk.line("finished")
        talk.line("you: -> nothing-heard")
    assert snapshot(talk.state).phase == "ready"


def test_nobody_can_lose_the_place_by_waiting_at_a_kiosk() -> None:
    """A pause that is forgotten ends like any visit: announced, with time to take it back."""
    talk = Talk(LIBRARY, "kiosk")
    played = [
        talk.line(line)
        for line in (
            "you: x -> answer symptoms-lung",
            "sentence 4",
            "key: pause",
            "time to think ended",
            "finished",
            "you: go on -> resume",
        )
    ]
    assert played[2] == ["pauses", "listens", "waits 90 s"]
    assert played[3][0].startswith("says: Are you still there?")
    assert played[4] == ["listens", "waits 20 s"]
    assert played[5][0].startswith("says: Chest pain.")
