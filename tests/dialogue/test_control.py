"""Control in every state: the tour, the time to think, numbers as words."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given

from mbc_voice.dialogue.prompts import is_prompt
from mbc_voice.dialogue.state import Delivery, Ended, Profile, begin
from mbc_voice.dialogue.step import spoken
from mbc_voice.dialogue.tour import STEPS
from mbc_voice.dialogue.view import snapshot
from mbc_voice.events import Command, Listen, Speak, StartTimer, TimerEnded, Understood, Urgent
from moves import LIBRARY, VOICES, talks
from script import Talk


def key(name: str, number: int | None = None, word: str = "") -> Understood:
    return Understood(Command(name, number, word), by="key")


@given(talks())
def test_the_tour_can_be_taken_from_anywhere_and_has_an_end(talk: Talk) -> None:
    """Its steps come one by one at "next", and after the last there is none."""
    assume(not isinstance(talk.state.phase, Ended))
    talk.line("finished")
    talk.line("finished")
    assume(not isinstance(talk.state.phase, Ended))
    talk.happens(key("tour"))
    for _ in range(STEPS - 1):
        assert spoken(talk.actions)[0].id.startswith("prompt.tour.")
        talk.line("finished")
        talk.happens(key("yes"))
    assert spoken(talk.actions)[0].id.startswith("prompt.tour.")
    assert talk.state.talk.offer is None


@given(talks())
def test_our_own_numbers_are_words(talk: Talk) -> None:
    """Places, counts, volumes are said in words; a digit comes only from a word to be spelled."""
    assume(not isinstance(talk.state.phase, Ended))
    for name in ("where-am-i", "volume", "topics", "help"):
        talk.happens(key(name))
        for sentence in spoken(talk.actions):
            ours = is_prompt(sentence) and not sentence.id.startswith("prompt.spell")
            assert not ours or not any(sign.isdigit() for sign in sentence.text)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (key("faster"), Delivery(220, 5, "Ben", "short", False)),
        (key("twice-as-fast"), Delivery(400, 5, "Ben", "short", False)),
        (key("half-as-fast"), Delivery(100, 5, "Ben", "short", False)),
        (key("speed", 300), Delivery(300, 5, "Ben", "short", False)),
        (key("normal-speed"), Delivery(160, 5, "Ben", "short", False)),
        (key("louder"), Delivery(200, 6, "Ben", "short", False)),
        (key("volume", 9), Delivery(200, 9, "Ben", "short", False)),
        (key("voice"), Delivery(200, 5, "Clara", "short", False)),
        (key("voice", 1), Delivery(200, 5, "Anna", "short", False)),
        (key("voice", None, "clara"), Delivery(200, 5, "Clara", "short", False)),
        (key("longer-answers"), Delivery(200, 5, "Ben", "usual", False)),
        (key("earcons-on"), Delivery(200, 5, "Ben", "short", True)),
    ],
    ids=lambda item: str(getattr(item, "outcome", "")),
)
def test_delivery_is_changed_from_what_was_remembered_and_can_be_undone(
    command: Understood, expected: Delivery
) -> None:
    """Each command changes one thing, also of what was kept from last time; undo takes it back."""
    remembered = Delivery(200, 5, "Ben", "short", earcons=False)
    talk = Talk(LIBRARY)
    talk.state = begin(LIBRARY, delivery=remembered, voices=VOICES)
    talk.happens(command)
    assert talk.state.delivery == expected
    shown = snapshot(talk.state)
    assert (shown.words_per_minute, shown.volume) == (expected.words_per_minute, expected.volume)
    assert (shown.voice, shown.answers, shown.earcons) == (
        expected.voice,
        expected.answers,
        expected.earcons,
    )
    talk.happens(key("undo"))
    assert talk.state.delivery == remembered


def test_a_voice_that_is_gone_is_forgotten() -> None:
    """A remembered voice that is no longer installed gives way to the first."""
    state = begin(LIBRARY, delivery=Delivery(voice="Zoe"), voices=VOICES)
    assert state.delivery.voice == "Anna"


def test_the_time_to_think_is_a_setting() -> None:
    """The first gentle prompt comes after the time that was set, or never."""
    for seconds, expected in ((40.0, (StartTimer("think", 40.0),)), (None, ())):
        talk = Talk(LIBRARY)
        talk.state = begin(LIBRARY, think_seconds=seconds)
        talk.line("started")
        talk.line("finished")
        waits = tuple(action for action in talk.actions if isinstance(action, StartTimer))
        assert waits == expected


def test_a_person_at_home_is_prompted_three_times_in_a_talk_at_most() -> None:
    """One prompt a silence, each more helpful, and after the third it is quiet for good."""
    talk = Talk(LIBRARY)
    prompts = []
    for _ in range(6):
        talk.line("you: x -> answer ibrance")
        talk.line("finished")
        for _ in range(3):
            talk.happens(TimerEnded("think"))
            prompts += [sentence.text for sentence in spoken(talk.actions)][:1]
            talk.line("finished")
    assert prompts == [
        "Take your time.",
        "You could ask: where does it spread?",
        "I'll be quiet now.",
    ]


@given(talks())
def test_more_time_is_granted_in_every_state(talk: Talk) -> None:
    """Asked for more time, it says so or waits at its place, and never hurries afterwards."""
    assume(not isinstance(talk.state.phase, Ended) and not talk.state.safety)
    talk.happens(key("more-time"))
    talk.line("finished")
    shown = snapshot(talk.state).phase
    assume(shown not in ("ended", "ready"))
    assert shown in ("listening", "choosing", "paused", "speaking")
    if shown in ("listening", "choosing") and Listen("anything") in talk.actions:
        waits = [action.seconds for action in talk.actions if isinstance(action, StartTimer)]
        assert waits in ([], [90.0])


@pytest.mark.parametrize(
    ("profile", "sign", "first"),
    [
        ("home", "chest-pain", "Call 911 now."),
        ("kiosk", "chest-pain", "Tell the staff now."),
        ("home", "breathing", "Tell a member of staff now, or call 911."),
    ],
)
def test_an_emergency_is_worded_for_the_place(profile: Profile, sign: str, first: str) -> None:
    """At home nobody is sent to staff; a pack without that wording says the one it has."""
    talk = Talk(LIBRARY, profile)
    talk.happens(Understood(Urgent(sign)))
    assert spoken(talk.actions)[0].text == first
    talk.happens(Understood(Urgent(sign)))
    assert not spoken(talk.actions)


@pytest.mark.parametrize(
    ("rate", "name", "at", "words"),
    [
        (300, "twice-as-fast", 450, "This is as fast as I can go."),
        (450, "faster", 450, "This is as fast as I can go."),
        (100, "half-as-fast", 80, "This is as slow as I can go."),
    ],
)
def test_the_limit_of_speed_is_said_while_reading(
    rate: int, name: str, at: int, words: str
) -> None:
    """Who asks for more than there is hears so, at the new speed, and then the same sentence."""
    talk = Talk(LIBRARY)
    talk.state = begin(LIBRARY, usual=Delivery(rate))
    talk.line("you: x -> answer symptoms-lung")
    talk.line("sentence 4")
    talk.happens(key(name))
    assert [item.text for item in spoken(talk.actions)][:2] == [words, "Chest pain."]
    assert talk.state.delivery.words_per_minute == at


def test_after_stop_prompts_come_back_with_the_next_question() -> None:
    """Stop is silence for now: nobody is prompted after it, until they ask something again."""
    talk = Talk(LIBRARY)
    talk.line("you: x -> answer ibrance")
    talk.line("you: stop -> stop")
    assert not [action for action in talk.actions if isinstance(action, StartTimer)]
    talk.line("you: x -> answer tests")
    talk.line("finished")
    assert [action for action in talk.actions if isinstance(action, StartTimer)]


def test_a_nod_does_not_cut_off_the_reading() -> None:
    """A spoken "yes" amid an answer is listening; at the offer, or by key, it is an answer."""
    talk = Talk(LIBRARY)
    talk.line("you: x -> answer symptoms-lung")
    talk.line("sentence 4")
    before = talk.state
    assert talk.line("you: right -> yes") == []
    assert talk.state == before
    talk.line("sentence 7")
    assert talk.line("you: yes -> yes")
    talk.line("sentence 1")
    assert talk.line("key: yes")


@pytest.mark.parametrize("name", ["faster", "half-as-fast", "louder", "volume", "voice", "voices"])
def test_beside_a_screen_reader_it_speaks_of_no_sound(name: str) -> None:
    """Where nothing sounds, speed, volume and voice are the reader's own; nothing changes."""
    talk = Talk(LIBRARY)
    talk.state = begin(LIBRARY, silent=True)
    before = talk.state.delivery
    talk.happens(key(name, 5))
    assert spoken(talk.actions)[0].text.startswith("I only print here")
    assert talk.state.delivery == before


def test_the_silent_tour_asks_for_no_sound() -> None:
    """Where nothing sounds, the tour leads to repeat and where am I, and to an end."""
    talk = Talk(LIBRARY)
    talk.state = begin(LIBRARY, silent=True)
    talk.happens(key("tour"))
    assert "type repeat" in " ".join(item.text for item in spoken(talk.actions))
    talk.line("finished")
    talk.happens(key("where-am-i"))
    assert spoken(talk.actions)[0].text == "This is step one of three of the tour."
    talk.line("finished")
    for name, ending in (("repeat", "Try that now."), ("where-am-i", "like to know?")):
        talk.happens(key(name))
        talk.line("finished")
        assert spoken(talk.actions)[-1].text.endswith(ending)


@pytest.mark.parametrize(
    ("lines", "first"),
    [
        (("key: group 2",), "Four: Symptoms in the brain."),
        (("you: x -> not-covered dose",), "Ibrance."),
        (("key: tour",), "Next: how loud I am."),
        (("you: x -> answer symptoms-lung",), "Tell your doctor."),
    ],
)
def test_go_on_takes_what_is_on_offer(lines: tuple[str, ...], first: str) -> None:
    """Asked "Shall I go on?", or told of more in a list, people say "go on": that is a yes."""
    talk = Talk(LIBRARY)
    for line in (*lines, "finished", "you: go on -> resume"):
        talk.line(line)
    assert spoken(talk.actions)[0].text == first


@pytest.mark.parametrize("number", [None, 5, 79, 451])
def test_a_speed_that_cannot_be_is_told_and_changes_nothing(number: int | None) -> None:
    """Without a number from 80 to 450 it says how fast it speaks, and which numbers it takes."""
    talk = Talk(LIBRARY)
    talk.happens(key("speed", number))
    assert spoken(talk.actions)[0].text == "My speed is one hundred sixty words a minute."
    assert talk.state.delivery == Delivery()


def test_help_beside_a_screen_reader_speaks_of_no_sound() -> None:
    """Where nothing sounds, no help tells people to say slower or louder."""
    for lines in ((), ("you: x -> answer symptoms-lung", "finished"), ("key: tour", "finished")):
        talk = Talk(LIBRARY)
        talk.state = begin(LIBRARY, silent=True)
        for line in lines:
            talk.line(line)
        talk.happens(key("help"))
        told = " ".join(item.text for item in spoken(talk.actions))
        assert "type" in told.lower()
        assert not re.search(r"\b(say|slower|louder|hear)\b", told, re.IGNORECASE)


def test_a_new_speed_goes_on_at_the_word() -> None:
    """While it reads, a new rate or voice begins with the word that was being said."""
    talk = Talk(LIBRARY, voices=VOICES)
    talk.line("you: x -> answer symptoms-lung")
    talk.line("sentence 3")
    for name in ("faster", "slower", "voice", "twice-as-fast"):
        talk.line("word: 3 2 7") if name == "faster" else None
        talk.happens(key(name))
        said = [action.utterance for action in talk.actions if isinstance(action, Speak)]
        assert [utterance.start for utterance in said] == [2]
        assert said[0].sentences[0].text == "A cough that won't go away."
        assert snapshot(talk.state).spoken == (2, 7)
        talk.line("sentence 1")
    talk.line("sentence 2")
    talk.happens(key("slower"))
    said = [action.utterance for action in talk.actions if isinstance(action, Speak)]
    assert [utterance.start for utterance in said] == [0]


@pytest.mark.parametrize("lines", [0, 1])
def test_both_means_what_was_just_named(lines: int) -> None:
    """Of a list of five only the three that were named are told, or the two of the next go."""
    talk = Talk(LIBRARY)
    talk.line("key: group 2")
    for _ in range(lines):
        talk.line("finished")
        talk.line("key: next")
    assert talk.state.talk.offer is not None
    talk.line("finished")
    talk.line("you: both -> both")
    ids = [topic.id for topic in LIBRARY.topics.values() if topic.section == "symptoms"]
    assert len(ids) == 5
    reading = talk.state.talk.reading
    assert reading is not None
    assert [reading.topic, *reading.queue] == (ids[:3] if not lines else ids[3:])


@pytest.mark.parametrize("profile", ["home", "kiosk"])
@pytest.mark.parametrize("wrong", ["not-covered", "nothing-heard"])
def test_recovery_is_three_steps_and_never_a_loop(profile: Profile, wrong: str) -> None:
    """Three times it helps in another way; after that it is short or quiet."""
    talk = Talk(LIBRARY, profile)
    talk.line("started")
    told = []
    for _ in range(6):
        talk.line("finished")
        talk.line(f"key: {wrong}")
        told.append(" ".join(item.text for item in spoken(talk.actions)))
    assert len(set(told[:3])) == 3
    assert len(set(told[3:])) == 1
    assert told[3] not in told[:3]
    assert len(told[3]) < len(told[2])
    assert "topics" in told[2]


def test_code_words_at_once() -> None:
    """A word, or the last hard one, is spelled with code words where they are asked for."""
    talk = Talk(LIBRARY)
    talk.line("you: x -> spell HER2 with code words")
    assert "as in Hotel" in spoken(talk.actions)[0].text
    talk.line("you: x -> answer ibrance")
    talk.line("sentence 2")
    talk.line("you: x -> spell that with code words")
    assert "as in India" in spoken(talk.actions)[0].text


def test_again_after_spelling_gives_code_words() -> None:
    """Who asks for a spelled word again didn't catch the letters: they hear code words."""
    talk = Talk(LIBRARY)
    talk.line("you: x -> spell HER2")
    talk.line("finished")
    talk.line("you: again -> repeat")
    assert "as in Hotel" in spoken(talk.actions)[0].text
