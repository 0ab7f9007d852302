"""Whose turn it is, with made-up sound: each level of it is a word (`fakes.LevelReader`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import WORDS, LevelReader, LoudIsSpeech
from mbc_voice.audio import Block, Samples
from mbc_voice.events import Attending, ListenMode, QuestionWentOn, SpeechStarted, Transcript
from mbc_voice.hear.attention import Attention
from mbc_voice.hear.endpoint import EndpointSettings
from mbc_voice.hear.recognizing import Recognizing
from mbc_voice.hear.turns import Enough, Heard, Mode, News, Said, Turns
from mbc_voice.hear.voice_activity import FRAME, Frames

FRAME_MS = 32
SETTINGS = EndpointSettings(end_pause_ms=1600, room_ms=96, min_speech_ms=96, longest_ms=30_000)
WHERE, DOES, IT, SPREAD, TO = WORDS

Parts = Sequence[tuple[float, int]]


def sound(parts: Parts) -> Samples:
    """Return sound of so many frames at each level; the level is its probability of speech."""
    return np.concatenate([np.full(FRAME * frames, level, np.float32) for level, frames in parts])


def patience(text: str) -> Enough:
    """Take "spread" for the last word of a whole question, and "it" for the middle of one."""
    last = text.split()[-1]
    if last == "spread":
        return Enough(320)
    if last == "to":
        return Enough(320, final=True)
    return Enough(2400) if last == "it" else Enough(1600)


def spot(text: str) -> str | None:
    """Take "to it" for the wake phrase."""
    return text.removeprefix("to it").strip() if text.startswith("to it") else None


@dataclass
class Room:
    """Turns that follow made-up sound, and the news they brought."""

    clean: bool = False
    news: list[News] = field(default_factory=list)
    ear: LevelReader = field(default_factory=LevelReader)
    position: int = 0
    mode: ListenMode = "always"
    slow: int = 0
    """For how many frames the recognizer's answers are awaited."""
    lag: int = 0
    """How many frames late voice activity notices what is to be heard."""
    late_end: bool = False
    """Whether it is late only where speech ends."""
    heard_to: int = 0
    noticed: list[float] = field(default_factory=list)
    late: list[tuple[int, int, Said]] = field(default_factory=list)

    def __post_init__(self) -> None:
        asked = Recognizing(self.ear, self._recognized, pytest.fail, inline=True)
        self._turns = Turns(
            asked,
            self.news.append,
            settings=SETTINGS,
            phrases=("stop",),
            patience=patience,
            clean=self.clean,
            attention=Attention(self.mode, spot, lambda now: self.news.append(Attending(now))),
        )

    def _recognized(self, number: int, said: Said) -> None:
        if self.slow:
            self.late.append((self.heard_to + self.slow * FRAME, number, said))
        else:
            self._turns.recognized(number, said)

    def hears(self, parts: Parts, cuts: Iterable[int] = ()) -> None:
        frames, activity = Frames(), LoudIsSpeech()
        for part in np.split(sound(parts), sorted(cuts)):
            for frame in frames.cut(Block(part, self.position)):
                while self.late and self.late[0][0] <= frame.start:
                    self._turns.recognized(*self.late.pop(0)[1:])
                self.heard_to = frame.start
                if not self._turns.deaf:
                    self._turns.hear(frame, self._noticed(activity.probability(frame.samples)))
            self.position += len(part)

    def _noticed(self, probability: float) -> float:
        """Return what voice activity makes of the latest frame."""
        self.noticed.append(probability)
        late = self.noticed[-1 - self.lag :]
        return max(late) if self.late_end else late[0]

    def listens_to(self, mode: Mode) -> None:
        self._turns.change(mode, self.position)

    def opens(self, opened: bool) -> None:
        self._turns.attend(opened=opened)

    @property
    def texts(self) -> list[str]:
        return [
            one.said.text
            for one in self.news
            if isinstance(one, Heard) and isinstance(one.said, Transcript)
        ]


def test_a_whole_question_ends_at_once() -> None:
    """After "spread" a third of a second of quiet is enough, and it is recognised once."""
    room = Room()
    room.hears([(0, 9), (WHERE, 9), (SPREAD, 9), (0, 10)])
    assert room.texts == ["where spread"]
    assert (room.ear.looks, room.ear.ends) == (1, 0)


@pytest.mark.parametrize(("word", "frames"), [(DOES, 50), (IT, 75)])
def test_words_that_trail_off_are_waited_for(word: float, frames: int) -> None:
    """What isn't plainly a whole question takes the usual pause, and an open end a longer one."""
    room = Room()
    room.hears([(0, 9), (WHERE, 9), (word, 9), (0, frames - 1)])
    assert not room.texts
    room.hears([(0, 1)])
    assert len(room.texts) == 1
    assert (room.ear.looks, room.ear.ends) == (1, 0)


def test_speech_that_goes_on_in_time_is_one_question() -> None:
    """A look that came too early is forgotten, and the question is heard whole."""
    room = Room()
    room.hears([(0, 9), (WHERE, 9), (0, 40), (IT, 9), (SPREAD, 9), (0, 10)])
    assert room.texts == ["where it spread"]
    assert room.news[0] == SpeechStarted()
    assert QuestionWentOn() not in room.news


def test_a_question_that_goes_on_after_all_is_heard_whole() -> None:
    """Who goes on within the usual pause gets both parts heard as one question, told in time."""
    room = Room()
    room.hears([(0, 9), (SPREAD, 9), (0, 40), (TO, 3)])
    assert room.news[-1] == QuestionWentOn()
    room.hears([(TO, 6), (0, 10)])
    assert room.texts == ["spread", "spread to"]
    assert [one.after for one in room.news if isinstance(one, Heard)] == ["", "spread"]


def test_what_comes_after_the_usual_pause_is_a_new_question() -> None:
    """The setting keeps its meaning: so long a pause ends a question for good."""
    room = Room()
    room.hears([(0, 9), (SPREAD, 9), (0, 51), (WHERE, 9), (0, 50)])
    assert room.texts == ["spread", "where"]
    assert QuestionWentOn() not in room.news


def test_an_order_is_not_gone_on_with() -> None:
    """What follows an order within the pause is an utterance of its own."""
    room = Room()
    room.hears([(0, 9), (TO, 9), (0, 15), (WHERE, 9), (0, 50)])
    assert room.texts == ["to", "where"]
    assert QuestionWentOn() not in room.news


def test_an_order_that_goes_on_a_question_ends_it() -> None:
    """The liver is asked for, its answer stopped, and then comes something else altogether."""
    room = Room()
    room.hears([(0, 9), (SPREAD, 9), (0, 20), (TO, 9), (0, 15), (WHERE, 9), (0, 55)])
    assert room.texts == ["spread", "spread to", "where"]


def test_looks_come_later_where_they_take_long() -> None:
    """A slow recognizer is not asked at every short gap between two words."""
    room = Room(slow=20)
    gaps: Parts = [(0, 9), (WHERE, 9), (0, 4), (WHERE, 9), (0, 4), (WHERE, 9), (0, 55)]
    room.hears(gaps)
    first, room.ear.looks = room.ear.looks, 0
    room.hears(gaps)
    assert (first, room.ear.looks) == (3, 1)


@pytest.mark.parametrize("frames_before_our_voice", [11, 14])
def test_a_question_goes_on_across_the_beginning_of_its_answer(
    frames_before_our_voice: int,
) -> None:
    """What was begun before our voice began is still the question, whatever we do meanwhile."""
    room = Room()
    room.hears([(0, 9), (SPREAD, 9), (0, 12), (WHERE, frames_before_our_voice - 9)])
    room.listens_to("commands")
    room.hears([(WHERE, 7)])
    room.listens_to("anything")
    room.hears([(0, 60)])
    heard = [one for one in room.news if isinstance(one, Heard)]
    assert [(one.said, one.mode) for one in heard] == [
        (Transcript("spread"), "anything"),
        (Transcript("spread where"), "anything"),
    ]


def test_our_own_voice_is_not_taken_for_the_rest_of_a_question() -> None:
    """What begins while we speak is heard by itself, with a note of what it may go on."""
    room = Room()
    room.hears([(0, 9), (SPREAD, 9), (0, 12)])
    room.listens_to("commands")
    room.hears([(0, 9), (WHERE, 9), (0, 60)])
    last = room.news[-1]
    assert isinstance(last, Heard)
    assert (last.said, last.mode, last.after) == (Transcript("where"), "commands", "spread")
    assert QuestionWentOn() not in room.news


def test_where_our_voice_is_cancelled_a_question_goes_on_over_it() -> None:
    """In clean sound, what begins while we speak is the rest of the question at once."""
    room = Room(clean=True)
    room.hears([(0, 9), (SPREAD, 9), (0, 12)])
    room.listens_to("commands")
    room.hears([(0, 9), (WHERE, 9), (0, 60)])
    assert QuestionWentOn() in room.news
    assert room.texts == ["spread", "spread where"]


def test_an_order_over_our_voice_is_obeyed_at_the_first_look() -> None:
    """In clean sound four frames of quiet are enough, and it is told at once that one speaks."""
    room = Room(clean=True)
    room.listens_to("commands")
    room.hears([(0, 9), (WHERE, 5)])
    assert room.news == [SpeechStarted()]
    room.hears([(TO, 5), (0, 4)])
    assert room.texts == ["where to"]


@pytest.mark.parametrize("lag", [0, 3, 8])
def test_an_order_is_obeyed_where_its_sound_ends_not_where_that_is_noticed(lag: int) -> None:
    """Voice activity that lags makes nobody wait for "stop", and brings no turn of its own."""
    room = Room(clean=True, lag=lag)
    room.listens_to("commands")
    room.hears([(0, 9), (WHERE, 5 + lag), (TO, 5 + lag), (0, 2)])
    assert not room.texts
    room.hears([(0, 1)])
    assert room.texts == ["where to"]
    room.hears([(0, 80)])
    assert room.ear.asked == (1, 0, 0)
    assert room.news.count(SpeechStarted()) == 1


def test_what_a_glance_finds_plain_is_not_looked_at_again() -> None:
    """A whole question over our voice gets its pause, from where its end was noticed."""
    room = Room(clean=True, lag=3)
    room.listens_to("commands")
    room.hears([(0, 9), (WHERE, 5), (SPREAD, 5), (0, 3 + 9)])
    assert not room.texts
    room.hears([(0, 1)])
    assert room.texts == ["where spread"]
    assert room.ear.asked == (1, 0, 0)


def test_what_a_glance_finds_neither_order_nor_plain_is_looked_at_again() -> None:
    """A close look follows, and only that one is believed."""
    room = Room(clean=True, lag=3)
    room.listens_to("commands")
    room.hears([(0, 9), (WHERE, 5), (DOES, 5), (0, 60)])
    assert room.texts == ["where does"]
    assert room.ear.asked == (1, 1, 0)


def test_a_long_turn_is_not_glanced_at() -> None:
    """Orders are short; a long question isn't held up by a glance in vain."""
    room = Room(clean=True, lag=3)
    room.listens_to("commands")
    room.hears([(0, 9), (WHERE, 100), (SPREAD, 5), (0, 3 + 10)])
    assert room.texts == ["where spread"]
    assert room.ear.asked == (0, 1, 0)


@pytest.mark.parametrize(
    ("slow", "asked"), [(2, (1, 1, 0)), (10, (1, 1, 0)), (20, (1, 1, 0)), (40, (1, 0, 1))]
)
def test_a_glance_that_takes_long_does_not_keep_the_words(
    slow: int, asked: tuple[int, int, int]
) -> None:
    """What comes after a glance is heard once, and whole, however late the answer to it is."""
    room = Room(clean=True, lag=3, slow=slow)
    room.listens_to("commands")
    room.hears([(0, 9), (WHERE, 5), (DOES, 5), (0, 100)])
    assert room.texts == ["where does"]
    assert room.ear.asked == asked


@pytest.mark.parametrize("slow", [2, 6, 10, 13])
def test_what_is_plain_waits_for_one_answer_of_the_recognizer(slow: int) -> None:
    """A cry for help over our voice isn't looked at twice before anything happens."""
    room = Room(clean=True, lag=3, slow=slow)
    room.listens_to("commands")
    room.hears([(0, 9), (WHERE, 5), (SPREAD, 5), (0, max(3 + 10, 3 + slow) + 1)])
    assert room.texts == ["where spread"]


def test_a_slow_recognizer_is_not_asked_at_a_glance() -> None:
    """Where looks take long, one in vain would hold up the one that counts."""
    room = Room(clean=True, lag=3, slow=20)
    room.listens_to("commands")
    words: Parts = [(0, 9), (WHERE, 5), (DOES, 5), (0, 70)]
    room.hears(words)
    first, room.ear.glances = room.ear.glances, 0
    room.hears(words)
    assert (first, room.ear.glances) == (1, 0)
    room.slow = 2
    room.hears(words)
    room.hears(words)
    assert room.ear.glances == 1


def test_one_slow_look_among_quick_ones_changes_nothing() -> None:
    """What was in doubt and read again took long; the recognizer is as quick as before."""
    room = Room(clean=True, lag=3, slow=2)
    room.listens_to("commands")
    words: Parts = [(0, 9), (WHERE, 5), (DOES, 5), (0, 70)]
    room.hears(words)
    room.slow = 20
    room.hears(words)
    room.hears(words)
    assert room.ear.glances == 3


def test_our_own_echo_is_not_glanced_at() -> None:
    """Where our voice is in the sound, what fades is our own words as often as somebody's."""
    room = Room(lag=3)
    room.listens_to("commands")
    room.hears([(0, 9), (WHERE, 5), (TO, 5), (0, 60)])
    assert room.texts == ["where to"]
    assert room.ear.glances == 0


def test_a_press_that_ends_a_turn_asks_what_all_of_it_was() -> None:
    """A glance that is not answered yet doesn't stand for the whole."""
    room = Room(clean=True, lag=3, slow=20, mode="push-to-talk")
    room.opens(True)
    room.listens_to("commands")
    room.hears([(0, 9), (WHERE, 5), (DOES, 5), (0, 5)])
    room.opens(False)
    room.listens_to("anything")
    room.hears([(0, 1)])
    assert room.ear.asked == (1, 0, 1)


def test_the_recognizer_is_told_of_what_begins_over_our_voice() -> None:
    """It expects orders there, or anything where the rest of a question may be among it."""
    room = Room()
    room.hears([(0, 9), (SPREAD, 9), (0, 12)])
    room.listens_to("commands")
    room.hears([(0, 9), (WHERE, 9), (0, 60), (WHERE, 9), (0, 60)])
    assert room.ear.begun == [None, (), ("stop",)]


@pytest.mark.parametrize("frames", range(12))
def test_when_our_voice_ends_in_a_pause_the_question_is_looked_at(frames: int) -> None:
    """Wherever in the pause after a question our voice ends, it ends as soon as any other."""
    room = Room(clean=True)
    room.listens_to("commands")
    room.hears([(0, 9), (WHERE, 40), (SPREAD, 40), (0, frames)])
    room.listens_to("anything")
    room.hears([(0, 12 - frames)])
    assert room.texts == ["where spread"]
    assert (room.ear.looks, room.ear.ends) == (1, 0)


def test_a_word_that_has_just_begun_when_our_voice_ends_is_heard() -> None:
    """In clean sound not even its first frame is lost."""
    room = Room(clean=True)
    room.listens_to("commands")
    room.hears([(0, 9), (SPREAD, 1)])
    room.listens_to("anything")
    room.hears([(SPREAD, 2), (0, 12)])
    assert room.texts == ["spread"]


@pytest.mark.parametrize("gap", [1, 2, 4, 6, 8, 12])
@pytest.mark.parametrize("lag", [0, 3, 6, 8])
def test_what_is_said_right_after_an_order_is_heard(gap: int, lag: int) -> None:
    """Voice activity that lingers on an order that was obeyed keeps nobody from going on."""
    room = Room(clean=True, lag=lag, late_end=True)
    room.listens_to("commands")
    room.hears([(0, 9), (WHERE, 9), (TO, 9), (0, 3)])
    assert room.texts == ["where to"]
    room.listens_to("anything")
    room.hears([(0, gap), (WHERE, 20), (SPREAD, 20), (0, 30)])
    assert room.texts == ["where to", "where spread"]


@pytest.mark.parametrize("ours", [9, 20])
def test_stop_is_heard_though_our_voice_began_amid_other_words(ours: int) -> None:
    """What was being said when our voice began is dropped, and what follows it is not."""
    room = Room(clean=True)
    room.hears([(0, 9), (WHERE, 9)])
    room.listens_to("commands")
    room.hears([(WHERE, ours), (0, 10), (TO, 9), (0, 4)])
    assert room.texts[-1].split()[-1] == "to"


@pytest.mark.parametrize("pause", [12, 20, 40])
def test_who_presses_that_was_all_is_heard_at_the_next_press(pause: int) -> None:
    """Nothing of the last turn closes the ear again."""
    room = Room(mode="push-to-talk")
    room.opens(True)
    room.hears([(0, 9), (SPREAD, 9), (0, pause)])
    room.opens(False)
    room.hears([(0, 100)])
    room.opens(True)
    room.hears([(0, 3), (WHERE, 9), (0, 60)])
    assert room.texts == ["spread", "where"]


def test_who_speaks_as_they_press_is_heard() -> None:
    """The rest after our own voice is over by the next press, however soon they speak."""
    room = Room(mode="push-to-talk")
    room.listens_to("commands")
    room.hears([(0, 9)])
    room.listens_to("anything")
    room.hears([(0, 200)])
    room.opens(True)
    room.hears([(WHERE, 12), (0, 60)])
    assert room.texts == ["where"]


def test_after_the_wake_phrase_a_question_goes_on_without_it() -> None:
    """The phrase is left out of the whole, too."""
    room = Room(mode="wake-phrase")
    room.hears([(0, 9), (TO, 6), (IT, 6), (SPREAD, 9), (0, 20), (WHERE, 9), (0, 80)])
    assert room.texts == ["spread", "spread where"]


@pytest.mark.parametrize("slow", [20, 40, 60, 90])
def test_a_long_question_after_the_wake_phrase_is_heard_once(slow: int) -> None:
    """However long the look takes that found the phrase, it doesn't stand for the question."""
    room = Room(mode="wake-phrase", slow=slow)
    room.hears([(0, 9), (TO, 6), (IT, 6), (WHERE, 75), (SPREAD, 20), (0, 50 + 2 * slow)])
    assert room.texts == ["where spread"]


def test_a_question_goes_on_when_our_voice_ends() -> None:
    """In clean sound, what somebody began over our last words is heard whole, as a question."""
    room = Room(clean=True)
    room.listens_to("commands")
    room.hears([(0, 9), (WHERE, 9)])
    room.listens_to("anything")
    room.hears([(IT, 9), (SPREAD, 9), (0, 12)])
    assert room.texts == ["where it spread"]
    assert isinstance(room.news[-1], Heard)
    assert room.news[-1].mode == "anything"


@pytest.mark.parametrize(("word", "frames"), [(TO, 4), (WHERE, 25), (IT, 50)])
def test_over_our_cancelled_voice_whole_questions_are_asked(word: float, frames: int) -> None:
    """An order ends at once, other words a little later, and what trails off is awaited."""
    room = Room(clean=True)
    room.listens_to("commands")
    room.hears([(0, 9), (DOES, 100), (0, 12), (DOES, 100), (word, 9), (0, frames - 1)])
    assert not room.texts
    room.hears([(0, 1)])
    assert [len(text.split()) for text in room.texts] == [3]


def test_a_very_long_turn_is_cut_and_says_so() -> None:
    """Ten minutes on end are heard in pieces of bounded length, each marked as cut."""
    room = Room()
    room.hears([(0, 9), (WHERE, 600 * 1000 // FRAME_MS), (0, 60)])
    heard = [one for one in room.news if isinstance(one, Heard)]
    assert len(heard) >= 20
    assert all(one.cut for one in heard[:-1])
    assert max(one.segment_ms for one in heard) <= SETTINGS.longest_ms + FRAME_MS


def test_until_somebody_presses_nothing_is_looked_at() -> None:
    """In push to talk, speech before a press reaches no recognizer; the turn after it does."""
    room = Room(mode="push-to-talk")
    room.hears([(0, 9), (WHERE, 30), (0, 60)])
    assert (room.news, room.ear.looks, room.ear.ends) == ([], 0, 0)
    room.opens(True)
    room.hears([(0, 9), (SPREAD, 9), (0, 70), (WHERE, 30), (0, 60)])
    assert room.texts == ["spread"]
    assert [one for one in room.news if isinstance(one, Attending)] == [
        Attending(True),
        Attending(False),
    ]


def test_a_pressed_turn_may_still_go_on() -> None:
    """An early end closes the ear only once the question can't go on any more."""
    room = Room(mode="push-to-talk")
    room.opens(True)
    room.hears([(0, 9), (SPREAD, 9), (0, 40), (WHERE, 9), (0, 60)])
    assert room.texts == ["spread", "spread where"]
    assert room.news[-1] == Attending(False)


def test_a_press_without_words_closes_by_itself() -> None:
    """Nobody has to press again if they change their mind."""
    room = Room(mode="push-to-talk")
    room.opens(True)
    room.hears([(0, 400)])
    assert room.news == [Attending(True), Attending(False)]


def test_that_was_all_ends_a_turn_at_once() -> None:
    """Pressed again, it takes what was said so far, without a pause."""
    room = Room(mode="push-to-talk")
    room.opens(True)
    room.hears([(0, 9), (WHERE, 9)])
    room.opens(False)
    assert room.texts == ["where"]
    assert room.news[-1] == Attending(False)


def test_without_the_wake_phrase_nothing_is_for_us() -> None:
    """Talk that begins otherwise is left alone, and a long one is recognised only at its start."""
    room = Room(mode="wake-phrase")
    room.hears([(0, 9), (WHERE, 9), (SPREAD, 9), (0, 60), (WHERE, 400), (0, 60)])
    assert room.news == []
    assert room.ear.looks + room.ear.ends <= 3


@pytest.mark.parametrize("pause", [0, 20, 60])
def test_after_the_wake_phrase_comes_the_question(pause: int) -> None:
    """In the same breath or after a pause; and the next question needs no phrase."""
    room = Room(mode="wake-phrase")
    room.hears([(0, 9), (TO, 6), (IT, 6), (0, pause), (WHERE, 9), (SPREAD, 9), (0, 90)])
    assert room.texts == ["where spread"]
    assert Attending(True) in room.news
    room.hears([(WHERE, 9), (0, 60)])
    assert room.texts == ["where spread", "where"]


def test_after_a_while_the_wake_phrase_is_needed_again() -> None:
    """When nobody has said anything for half a minute, it is asleep."""
    room = Room(mode="wake-phrase")
    room.hears([(0, 9), (TO, 6), (IT, 6), (0, 1000)])
    assert room.news == [Attending(True), Attending(False)]
    room.hears([(WHERE, 9), (0, 60)])
    assert room.texts == []


talk = st.lists(
    st.tuples(st.sampled_from([0.0, *WORDS]), st.integers(3, 70)), min_size=1, max_size=10
)


@given(talk, st.data())
def test_any_reblocking_brings_the_same_news(parts: Parts, data: st.DataObject) -> None:
    """How the sound is cut into blocks makes no difference to what is heard."""
    cuts = data.draw(st.lists(st.integers(0, len(sound(parts))), max_size=20))
    whole, cut = Room(), Room()
    whole.hears([*parts, (0, 80)])
    cut.hears([*parts, (0, 80)], cuts)
    assert whole.news == cut.news


@given(
    talk,
    st.sampled_from([0, 3]),
    st.sampled_from([0, 1, 5, 20, 60]),
    st.booleans(),
    st.sampled_from(["anything", "commands"]),
)
def test_nothing_is_lost_and_nothing_heard_twice(
    parts: Parts, lag: int, slow: int, clean: bool, mode: Mode
) -> None:
    """Each word is in the questions that stand, once and in its order, with slow parts as well."""
    room = Room(clean=clean, lag=lag, slow=slow)
    room.listens_to(mode)
    said = [
        WORDS[level]
        for place, (level, _) in enumerate(parts)
        if level and (not place or parts[place - 1][0] != level)
    ]
    if mode == "commands":
        parts = [(level, min(frames, 12) if level else frames) for level, frames in parts]
    room.hears([(0, 9), *parts, (0, 120 + 3 * slow)])
    standing: list[str] = []
    for one in room.news:
        if isinstance(one, QuestionWentOn):
            standing.pop()
        elif isinstance(one, Heard) and isinstance(one.said, Transcript):
            standing.append(one.said.text)
    assert " ".join(standing).split() == said
