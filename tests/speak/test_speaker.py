"""The speaker's laws: all is said in order, everything ends once, stop is silence."""

from __future__ import annotations

import queue
import threading
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import FakeSink, FakeSynthesizer, ImmediateRenderer
from mbc_voice.events import (
    Event,
    LoudspeakerLost,
    LoudspeakerReady,
    SentenceStarted,
    Utterance,
    UtteranceEnded,
    WordStarted,
)
from mbc_voice.library import Sentence
from mbc_voice.speak.player import Player
from mbc_voice.speak.rendering import Renderer
from mbc_voice.speak.saying import ATTACK_SECONDS, gap_seconds
from mbc_voice.speak.speaker import Speaker

TEXTS = ("One.", "Two.", "Three.", "Four.")
VALUES = {text: (index + 1) / 8 for index, text in enumerate(TEXTS)}


def utterance(number: int, *texts: str) -> Utterance:
    return Utterance(
        number, tuple(Sentence(f"u{number}.{i}", text) for i, text in enumerate(texts))
    )


class Bench:
    """A speaker without a thread, on a fake sink: time passes by `run` only."""

    def __init__(
        self,
        fails: Collection[str] = (),
        fade_ms: float = 0.0,
        words: Mapping[str, Sequence[tuple[int, int, int]]] | None = None,
    ) -> None:
        self.events: list[Event] = []
        self.sink = FakeSink()
        self.voice = FakeSynthesizer(VALUES, fails=fails, words=words or {})
        self.player = Player(self.sink, fade_ms=fade_ms, wake_ms=0)
        self.player.open()
        renderer = ImmediateRenderer(self.voice)
        self.speaker = Speaker(renderer, self.player, self.events.append, volume=10)

    def run(self, milliseconds: int) -> None:
        for _ in range(milliseconds // 10):
            self.speaker.advance()
            self.sink.run(10)
        self.speaker.advance()

    def said(self) -> list[float]:
        """The values that sounded, each run of equal ones once."""
        sound = self.sink.sound
        changes = np.flatnonzero(np.diff(sound, prepend=0.0))
        return [float(value) for value in sound[changes] if value]


def test_sentences_are_said_in_order() -> None:
    """Each sentence begins when its first sample is heard; the end comes last and once."""
    bench = Bench()
    bench.speaker.say(utterance(1, "One.", "Two.", "Three."))
    bench.run(3000)
    begun = [SentenceStarted(1, index) for index in range(3)]
    assert bench.events == [*begun, UtteranceEnded(1, "finished")]
    assert bench.said() == [VALUES[text] for text in TEXTS[:3]]


def test_words_are_told_as_they_are_heard() -> None:
    """Each word is told when its first sample is heard, whatever the sample rate of its sound."""
    bench = Bench(words={"One.": [(0, 1, 0), (1, 3, 200)], "Two.": [(0, 3, 100)]})
    bench.speaker.say(utterance(1, "One.", "Two."))
    bench.run(190)
    assert bench.events == [SentenceStarted(1, 0), WordStarted(1, 0, 0, 1)]
    bench.run(20)
    assert bench.events[2:] == [WordStarted(1, 0, 1, 3)]
    bench.run(1000)
    assert bench.events[3:] == [
        SentenceStarted(1, 1),
        WordStarted(1, 1, 0, 3),
        UtteranceEnded(1, "finished"),
    ]


def test_an_utterance_can_begin_within_its_first_sentence() -> None:
    """It begins just before the word named, and tells the words from there; the next is whole."""
    words = {"One.": [(0, 1, 10), (1, 3, 200)], "Two.": [(0, 3, 0)]}
    bench = Bench(words=words)
    said = utterance(1, "One.", "Two.")
    bench.speaker.say(Utterance(1, said.sentences, start=1))
    bench.run(1500)
    assert bench.events == [
        SentenceStarted(1, 0),
        WordStarted(1, 0, 1, 3),
        SentenceStarted(1, 1),
        WordStarted(1, 1, 0, 3),
        UtteranceEnded(1, "finished"),
    ]
    attack = round(ATTACK_SECONDS * bench.sink.sample_rate)
    first = np.flatnonzero(bench.sink.sound == np.float32(VALUES["One."]))
    assert len(first) == pytest.approx(200, abs=2)
    assert np.count_nonzero(bench.sink.sound) == pytest.approx(200 + attack + 400, abs=3)


def test_a_voice_that_cannot_tell_words_begins_the_sentence_again() -> None:
    """Without words there is no place within a sentence."""
    bench = Bench()
    bench.speaker.say(Utterance(1, utterance(1, "One.").sentences, start=2))
    bench.run(600)
    assert np.count_nonzero(bench.sink.sound) == 400


def test_a_pause_holds_the_words() -> None:
    """While it is paused no word is told; after that they go on where they were."""
    bench = Bench(words={"One.": [(0, 1, 0), (1, 3, 200)]})
    bench.speaker.say(utterance(1, "One."))
    bench.run(100)
    bench.speaker.pause()
    bench.run(500)
    assert bench.events == [SentenceStarted(1, 0), WordStarted(1, 0, 0, 1)]
    bench.speaker.resume()
    bench.run(80)
    assert bench.events[2:] == []
    bench.run(60)
    assert bench.events[2:] == [WordStarted(1, 0, 1, 3)]


def test_words_of_what_was_stopped_are_not_told() -> None:
    """After a stop nothing more is told of the old utterance."""
    bench = Bench(words={"One.": [(0, 1, 0), (1, 3, 200)]})
    bench.speaker.say(utterance(1, "One."))
    bench.run(100)
    bench.speaker.stop()
    bench.speaker.say(utterance(2, "Three."))
    bench.run(1000)
    assert not [event for event in bench.events[2:] if isinstance(event, WordStarted)]


def test_between_sentences_is_a_pause() -> None:
    """Sentences are a quarter of a second apart at 160 words a minute."""
    bench = Bench()
    bench.speaker.say(utterance(1, "One.", "Two."))
    bench.run(2000)
    sounding = np.flatnonzero(bench.sink.sound)
    assert np.diff(sounding).max() - 1 == 250
    assert len(sounding) == 800


def test_pauses_shrink_with_the_rate_and_grow_before_a_list() -> None:
    """The pause belongs to the tempo, and a colon asks for a longer one."""
    assert gap_seconds("One.", 320) == pytest.approx(gap_seconds("One.", 160) / 2)
    assert gap_seconds("Four places:", 160) > gap_seconds("Four places.", 160)
    assert gap_seconds("One.", 450) >= 0.06


def test_an_utterance_replaces_another() -> None:
    """The old one ends as stopped before the new one begins, and is not heard again."""
    bench = Bench()
    bench.speaker.say(utterance(1, "One.", "Two."))
    bench.run(100)
    bench.speaker.say(utterance(2, "Three."))
    bench.run(2000)
    assert bench.events == [
        SentenceStarted(1, 0),
        UtteranceEnded(1, "stopped"),
        SentenceStarted(2, 0),
        UtteranceEnded(2, "finished"),
    ]
    assert bench.said() == [VALUES["One."], VALUES["Three."]]


def test_stop_is_silence() -> None:
    """Stop ends the utterance at once; at most the fade is still heard."""
    bench = Bench(fade_ms=8)
    bench.speaker.say(utterance(1, "One.", "Two."))
    bench.run(100)
    bench.speaker.stop()
    assert bench.events[-1] == UtteranceEnded(1, "stopped")
    before = len(bench.sink.sound)
    bench.run(2000)
    assert not bench.sink.sound[before + 8 :].any()


def test_pause_keeps_the_sample() -> None:
    """After pause and resume nothing is missing and nothing is said twice."""
    bench = Bench()
    bench.speaker.say(utterance(1, "One.", "Two."))
    bench.run(130)
    bench.speaker.pause()
    bench.run(500)
    assert not bench.sink.sound[-490:].any()
    bench.speaker.resume()
    bench.run(2000)
    sound = bench.sink.sound
    assert [np.isclose(sound, VALUES[text]).sum() for text in ("One.", "Two.")] == [400, 400]
    assert bench.events[-1] == UtteranceEnded(1, "finished")


def test_pause_before_the_first_sound_holds_it() -> None:
    """A pause that comes before the sentence was ready still counts."""
    bench = Bench()
    bench.speaker.say(utterance(1, "One."))
    bench.speaker.pause()
    bench.run(1000)
    assert bench.events == []
    bench.speaker.resume()
    bench.run(1000)
    assert bench.events == [SentenceStarted(1, 0), UtteranceEnded(1, "finished")]


def test_new_utterance_after_pause_is_heard() -> None:
    """What is said after a pause is not held back by it."""
    bench = Bench()
    bench.speaker.say(utterance(1, "One."))
    bench.run(50)
    bench.speaker.pause()
    bench.speaker.say(utterance(2, "Two."))
    bench.run(1000)
    assert bench.events[-1] == UtteranceEnded(2, "finished")


def test_pause_with_nothing_to_say_does_not_mute() -> None:
    """A pause while silent has no effect on what is said later."""
    bench = Bench()
    bench.speaker.pause()
    bench.speaker.say(utterance(1, "One."))
    bench.run(1000)
    assert bench.events[-1] == UtteranceEnded(1, "finished")


def test_new_rate_counts_from_the_next_sentence() -> None:
    """The sentence being said goes on; the next is said at the new rate."""
    bench = Bench()
    bench.speaker.say(utterance(1, "One.", "Two."))
    bench.run(100)
    bench.speaker.set_rate(320)
    bench.run(2000)
    sound = bench.sink.sound
    assert [np.isclose(sound, VALUES[text]).sum() for text in ("One.", "Two.")] == [400, 200]


def test_new_voice_counts_from_the_next_sentence() -> None:
    """The sentence being said goes on in its voice; the next is said in the new one."""
    bench = Bench()
    bench.speaker.say(utterance(1, "One.", "Two."))
    bench.run(100)
    bench.speaker.set_voice(FakeSynthesizer({"Two.": 0.7}, name="other"))
    bench.run(2000)
    assert bench.said() == [VALUES["One."], pytest.approx(0.7)]


def test_cue_is_no_news() -> None:
    """An earcon is heard, with nothing said or in the middle of a sentence, and not reported."""
    bench = Bench()
    bench.speaker.cue("listening")
    bench.run(300)
    assert 0.05 <= np.count_nonzero(bench.sink.sound) / 1000 <= 0.2
    bench.speaker.say(utterance(1, "One."))
    bench.run(50)
    bench.speaker.cue("understood")
    bench.run(1000)
    assert bench.events == [SentenceStarted(1, 0), UtteranceEnded(1, "finished")]


def test_volume_counts_at_once() -> None:
    """A new volume is heard within the sentence."""
    bench = Bench()
    bench.speaker.say(utterance(1, "Four."))
    bench.run(100)
    bench.speaker.set_volume(0)
    bench.run(100)
    assert bench.sink.sound[-1] == pytest.approx(VALUES["Four."] * 10 ** (-30 / 20))


def test_one_sentence_is_rendered_ahead() -> None:
    """While the first sentence sounds, the second is ready and the third not begun."""
    bench = Bench()
    bench.speaker.say(utterance(1, "One.", "Two.", "Three."))
    bench.run(20)
    assert [text for text, _ in bench.voice.asked] == ["One.", "Two."]


def test_failed_sentence_is_skipped() -> None:
    """A sentence no voice can say is left out; the others are said."""
    bench = Bench(fails={"Two."})
    bench.speaker.say(utterance(1, "One.", "Two.", "Three."))
    bench.run(3000)
    assert bench.events == [
        SentenceStarted(1, 0),
        SentenceStarted(1, 2),
        UtteranceEnded(1, "finished"),
    ]


def test_nothing_could_be_said() -> None:
    """An utterance of which no sentence could be said has failed."""
    bench = Bench(fails=TEXTS)
    bench.speaker.say(utterance(1, "One.", "Two."))
    bench.run(100)
    assert bench.events == [UtteranceEnded(1, "failed")]


def test_empty_utterance_finishes() -> None:
    """An utterance without sentences is finished, not failed."""
    bench = Bench()
    bench.speaker.say(utterance(1))
    bench.run(10)
    assert bench.events == [UtteranceEnded(1, "finished")]


def test_lost_loudspeaker_is_reported_once() -> None:
    """The utterance fails, the loss is news once, and a loudspeaker that is back is used."""
    bench = Bench()
    bench.speaker.say(utterance(1, "One."))
    bench.run(50)
    bench.sink.alive = bench.sink.plugged_in = False
    bench.speaker.watch()
    bench.speaker.watch()
    lost = [LoudspeakerLost(), UtteranceEnded(1, "failed")]
    assert bench.events == [SentenceStarted(1, 0), *lost]
    bench.sink.plugged_in = True
    bench.speaker.watch()
    assert bench.events == [SentenceStarted(1, 0), *lost, LoudspeakerReady()]
    bench.speaker.say(utterance(2, "Two."))
    bench.run(1000)
    assert bench.events[-1] == UtteranceEnded(2, "finished")


def test_loudspeaker_that_comes_back_at_once_loses_nothing() -> None:
    """A device that opens again goes on with the next sample."""
    bench = Bench()
    bench.speaker.say(utterance(1, "One."))
    bench.run(50)
    bench.sink.alive = False
    bench.speaker.watch()
    bench.run(1000)
    assert np.count_nonzero(bench.sink.sound) == 400
    assert bench.events == [SentenceStarted(1, 0), UtteranceEnded(1, "finished")]


def test_device_with_another_rate_starts_the_sentence_again() -> None:
    """A device that comes back at another sample rate says the sentence from its beginning."""
    bench = Bench()
    bench.speaker.say(utterance(1, "One.", "Two."))
    bench.run(50)
    bench.sink.alive = False
    bench.sink.sample_rate = 2000
    bench.speaker.watch()
    bench.run(4000)
    begun = [event for event in bench.events if isinstance(event, SentenceStarted)]
    assert [event.index for event in begun] == [0, 0, 1]
    assert bench.events[-1] == UtteranceEnded(1, "finished")


calls = st.one_of(
    st.builds(lambda *texts: ("say", texts), st.sampled_from(TEXTS), st.sampled_from(TEXTS)),
    st.tuples(st.sampled_from(["stop", "pause", "resume", "lose"]), st.just(())),
    st.tuples(st.just("run"), st.integers(1, 90).map(lambda tens: tens * 10)),
)


@given(st.lists(calls, max_size=25), st.sampled_from([(), ("Two.",), TEXTS]))
def test_every_utterance_ends_once(plan: list[tuple[str, object]], fails: tuple[str, ...]) -> None:
    """Whatever is called in whatever order: one end each, in order, and nothing after it."""
    bench = Bench(fails=fails)
    said = 0
    for call, detail in plan:
        match call, detail:
            case "say", tuple(texts):
                said += 1
                bench.speaker.say(utterance(said, *texts))
            case "run", int(milliseconds):
                bench.run(milliseconds)
            case "lose", _:
                bench.sink.alive = False
                bench.speaker.watch()
            case _:
                getattr(bench.speaker, call)()
    bench.speaker.resume()
    bench.run(3000)
    ends = [event.utterance for event in bench.events if isinstance(event, UtteranceEnded)]
    assert ends == list(range(1, said + 1))
    over: set[int] = set()
    for event in bench.events:
        assert isinstance(event, SentenceStarted | UtteranceEnded)
        assert event.utterance not in over
        if isinstance(event, UtteranceEnded):
            over.add(event.utterance)


# ---------------------------------------------------------------- with its thread


class Threaded:
    """The real threads, on a fake sink that a test keeps running."""

    def __init__(self, fails: Collection[str] = ()) -> None:
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.sink = FakeSink()
        player = Player(self.sink, wake_ms=0)
        player.open()
        self.renderer = Renderer(FakeSynthesizer(VALUES, fails=fails))
        self.speaker = Speaker(self.renderer, player, self.events.put)
        self.speaker.start()

    def next_end(self) -> UtteranceEnded:
        """Let time pass until an utterance ends."""
        for _ in range(10_000):
            self.sink.run(10)
            try:
                event = self.events.get(timeout=0.005)
            except queue.Empty:
                continue
            if isinstance(event, UtteranceEnded):
                return event
        raise TimeoutError

    def close(self) -> None:
        self.speaker.close()
        self.renderer.close()


def test_thread_says_utterances() -> None:
    """With its own thread, the speaker says one utterance after another."""
    parts = Threaded()
    for number in (1, 2):
        parts.speaker.say(utterance(number, "One.", "Two."))
        assert parts.next_end() == UtteranceEnded(number, "finished")
    parts.close()


def test_thread_survives_what_it_did_not_expect(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault inside ends the utterance as failed; the next one is said."""
    parts = Threaded()

    def fail(player: Player) -> list[object]:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(Player, "heard", fail)
        parts.speaker.say(utterance(1, "One."))
        assert parts.next_end() == UtteranceEnded(1, "failed")
    parts.speaker.say(utterance(2, "One."))
    assert parts.next_end() == UtteranceEnded(2, "finished")
    parts.close()


def test_close_ends_what_is_said_and_the_thread() -> None:
    """Closing stops the speech, ends the thread and may be followed by the end of the program."""
    parts = Threaded()
    parts.speaker.say(utterance(1, "One."))
    parts.close()
    assert parts.events.get(timeout=10) == UtteranceEnded(1, "stopped")
    assert "speaker" not in [thread.name for thread in threading.enumerate()]
