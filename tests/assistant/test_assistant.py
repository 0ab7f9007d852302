"""The assistant's loop, with fake ears and voice and a clock that is set by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pytest

from fakes import FakeEars, FakeVoice
from mbc_voice.assistant import FAILURE_STATUS, Assistant
from mbc_voice.dialogue.state import begin
from mbc_voice.events import (
    Answer,
    Command,
    Context,
    Interrupted,
    LoudspeakerLost,
    MicrophoneLost,
    MicrophoneReady,
    NotCovered,
    Outcome,
    SentenceStarted,
    Silence,
    Snapshot,
    SpeechStarted,
    Started,
    Transcript,
    Understood,
    Urgent,
    UtteranceEnded,
)
from mbc_voice.hear.listener import Heard
from mbc_voice.own_voice import DUCKED_SECONDS
from mbc_voice.parts import Failed, Posted, Typed
from mbc_voice.watches import LOST_SECONDS
from small_library import small_library

LIBRARY = small_library()

MEANINGS: dict[str, Outcome] = {
    "stop": Command("stop"),
    "where does it spread": Answer("spread-where", 0.9),
    "how did doctors detect mine": Answer("tests", 0.9),
    "i can't breathe": Urgent("breathing"),
    "more": Command("more"),
}


def interpret(text: str, context: Context) -> Outcome:
    return MEANINGS.get(text.lower().strip(" ."), NotCovered(None, 0.9))


@dataclass
class Bench:
    """An assistant, and all that was seen of it."""

    voice: FakeVoice = field(default_factory=FakeVoice)
    ears: FakeEars = field(default_factory=FakeEars)
    shown: list[Snapshot] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)
    now: float = 0.0
    attended: bool = True
    clean: bool = False
    step: float = 0.0
    """Seconds by which the clock goes on every time it is read."""

    def __post_init__(self) -> None:
        self.assistant = Assistant(
            begin(LIBRARY),
            interpret,
            self.voice,
            show=self.shown.append,
            alert=self.alerts.append,
            attended=self.attended,
            clean=self.clean,
            clock=self.clock,
        )
        self.assistant.hear_with(self.ears)

    def clock(self) -> float:
        self.now += self.step
        return self.now

    def run(self, *items: Posted) -> int:
        """Post the items and then the end of the program; return the exit status."""
        for item in (*items, Interrupted()):
            self.assistant.post(item)
        return self.assistant.run()

    @property
    def texts(self) -> list[str]:
        return [sentence.text for said in self.voice.said for sentence in said.sentences]


def heard(text: str, mode: Literal["anything", "commands"] = "anything") -> Heard:
    return Heard(Transcript(text), mode, 1000.0)


def test_it_greets_and_listens() -> None:
    """The first thing is a greeting, and after it the ears are open."""
    bench = Bench()
    assert bench.run(Started(), UtteranceEnded(1)) == 0
    assert bench.texts
    assert bench.ears.modes[:2] == ["commands", "anything"]


def test_a_question_is_answered() -> None:
    """A transcript becomes an outcome, and the topic is spoken and shown."""
    bench = Bench()
    bench.run(Started(), UtteranceEnded(1), heard("Where does it spread"))
    assert "spread-where" in {snapshot.topic for snapshot in bench.shown}
    assert LIBRARY.topics["spread-where"].short.sentences[0] in bench.voice.said[-1].sentences


def test_a_typed_question_is_answered_too() -> None:
    """Typing is as good as speaking."""
    bench = Bench()
    bench.run(Started(), Typed("where does it spread"))
    assert bench.shown[-2].heard == "where does it spread"
    assert len(bench.voice.said) == 2


def test_sounds_go_with_the_words() -> None:
    """What was understood, and whose turn it is, can be heard without waiting for words."""
    bench = Bench()
    bench.run(Started(), UtteranceEnded(1), heard("where does it spread"), UtteranceEnded(2))
    assert bench.voice.calls == [
        "say",
        "sound listening",
        "sound understood",
        "say",
        "sound finished",
        "stop",
    ]


def test_another_voice_is_passed_on() -> None:
    """The voice asked for is the one that speaks."""
    bench = Bench()
    talk = begin(LIBRARY, voices=("Anna", "Ben"))
    used: list[str] = []
    assistant = Assistant(
        talk, interpret, bench.voice, show=bench.shown.append, use_voice=used.append
    )
    for item in (Understood(Command("voice", number=2), by="key"), Interrupted()):
        assistant.post(item)
    assistant.run()
    assert used == ["Ben"]
    assert bench.shown[-1].voice == "Ben"


def test_only_commands_get_through_while_it_speaks() -> None:
    """A question heard while it speaks is left alone; a stop and an emergency are not."""
    bench = Bench()
    bench.run(Started(), heard("where does it spread", "commands"))
    assert len(bench.voice.said) == 1
    bench = Bench()
    bench.run(Started(), heard("stop", "commands"))
    assert "stop" in bench.voice.calls
    bench = Bench()
    bench.run(Started(), heard("I can't breathe", "commands"))
    assert bench.voice.said[-1].priority == "safety"
    assert bench.alerts == ["breathing"]


def test_its_own_words_are_no_command() -> None:
    """What the microphone picks up of the sentence being said is not obeyed."""
    greeting = Bench()
    greeting.run(Started())
    index = next(i for i, text in enumerate(greeting.texts) if "stop" in text.lower())

    def stops(at: int) -> int:
        bench = Bench()
        bench.run(Started(), SentenceStarted(1, at), heard("Stop.", "commands"))
        return bench.voice.calls.count("stop")

    assert stops(at=index) == stops(at=0) - 1


def test_a_stop_amid_its_own_words_is_obeyed() -> None:
    """Somebody's "stop" over our voice is what is left when our own words are taken away."""
    bench = Bench()
    bench.run(Started(), SentenceStarted(1, 0), heard("Hello stop", "commands"))
    assert bench.voice.calls.count("stop") == 2


def test_the_echo_of_an_answer_is_no_emergency() -> None:
    """A symptom that we read aloud is not taken for somebody's, even when heard late."""
    bench = Bench()
    bench.assistant._own.words.saying("You may feel that you can't breathe, I can't.", 0.0)
    bench.run(heard("I can't breathe", "commands"))
    assert bench.alerts == []


@pytest.mark.parametrize("clean", [True, False])
@pytest.mark.parametrize(
    ("first", "alerts"), [("where is the train", 1), ("Spread of breast cancer", 0)]
)
def test_another_reading_interrupts_unless_the_first_was_our_own_voice(
    clean: bool, first: str, alerts: int
) -> None:
    """An emergency among the readings is heard over our voice, but not in what we said."""
    bench = Bench(clean=clean)
    bench.assistant._own.words.saying("The spread of breast cancer.", 0.0)
    said = Transcript("I can't breathe", instead_of=first)
    bench.run(Heard(said, "commands", 1000.0))
    assert len(bench.alerts) == alerts


@pytest.mark.parametrize("text", ["would you like that then", "stop " * 9])
def test_only_exact_and_short_orders_get_through(text: str) -> None:
    """Talk that merely resembles a command is not obeyed while it speaks."""
    bench = Bench()
    bench.run(Started(), heard(text, "commands"))
    assert bench.voice.calls.count("stop") == 1


def test_a_lost_microphone_ends_a_kiosk_in_time() -> None:
    """Where nobody can type, a microphone that stays away ends the program with its status."""
    bench = Bench(attended=False, step=LOST_SECONDS / 4)
    bench.assistant.post(Started())
    bench.assistant.post(MicrophoneLost())
    assert bench.assistant.run() == FAILURE_STATUS
    assert "microphone" in bench.assistant.failure


def test_a_lost_loudspeaker_ends_a_kiosk_in_time() -> None:
    """A mute program that looks alive is as bad as a deaf one."""
    bench = Bench(attended=False, step=LOST_SECONDS / 4)
    bench.assistant.post(Started())
    bench.assistant.post(LoudspeakerLost())
    assert bench.assistant.run() == FAILURE_STATUS
    assert "loudspeaker" in bench.assistant.failure


def test_a_microphone_that_comes_back_is_forgiven() -> None:
    """A microphone that is back in time ends nothing."""
    bench = Bench(attended=False)
    bench.assistant.post(Started())
    bench.assistant.post(MicrophoneLost())
    bench.assistant.post(MicrophoneReady())
    assert bench.run() == 0


def test_what_can_not_be_said_is_shown() -> None:
    """When the voice fails amid an utterance, the rest of it is captioned."""
    bench = Bench()
    bench.run(Started(), SentenceStarted(1, 0), UtteranceEnded(1, "failed"))
    shown = {snapshot.caption.text for snapshot in bench.shown if snapshot.caption}
    assert set(bench.texts) <= shown


def test_piped_questions_wait_their_turn() -> None:
    """Questions from a pipe are answered one after the other, and then it ends."""
    bench = Bench()
    bench.assistant.post(Typed("where does it spread", patient=True))
    bench.assistant.post(Typed("i can't breathe", patient=True))
    bench.assistant.finish_when_quiet()
    bench.voice.on_say = lambda: bench.assistant.post(UtteranceEnded(len(bench.voice.said)))
    assert bench.assistant.run() == 0
    assert [said.priority for said in bench.voice.said] == ["answer", "safety"]


def test_input_that_ends_while_paused_ends_it() -> None:
    """With nobody left to say "resume", a pause is the end."""
    bench = Bench()
    bench.assistant.post(Started())
    bench.assistant.post(Understood(Command("pause"), by="key"))
    bench.assistant.finish_when_quiet()
    assert bench.assistant.run() == 0


def test_silence_while_it_speaks_is_passed_over() -> None:
    """Noise during speech is not "nothing heard"."""
    bench = Bench()
    bench.run(Started(), Heard(Silence("noise"), "commands", 300.0))
    assert len(bench.voice.said) == 1


def test_noise_when_it_listens_is_nothing_heard() -> None:
    """Noise while a question is awaited is answered kindly."""
    bench = Bench()
    bench.run(Started(), UtteranceEnded(1), Heard(Silence("noise"), "anything", 300.0))
    assert len(bench.voice.said) == 2


def test_a_timer_runs_out() -> None:
    """The time to think ends as an event of its own when the clock says so."""
    bench = Bench()

    def count() -> None:
        if len(bench.voice.said) == 2:
            bench.assistant.post(Interrupted())

    bench.voice.on_say = count
    bench.step = 3600.0
    bench.assistant.post(Started())
    bench.assistant.post(UtteranceEnded(1))
    assert bench.assistant.run() == 0
    assert len(bench.voice.said) == 2


@pytest.mark.parametrize("reason", ["The microphone is gone.", "Listening failed."])
def test_a_dead_part_ends_the_program(reason: str) -> None:
    """A part that died ends the loop with its own status, so that it is started again."""
    bench = Bench()
    assert bench.run(Started(), Failed(reason)) == FAILURE_STATUS
    assert reason == bench.assistant.failure
    assert bench.voice.calls[-1] == "stop"


def test_a_dead_part_is_spoken_of_before_the_end() -> None:
    """Where a voice still works, the end is said aloud first, whatever it was saying."""
    bench = Bench()
    bench.assistant.post(Started())
    bench.assistant.post(Failed("Listening failed."))
    bench.assistant.post(UtteranceEnded(2))
    assert bench.assistant.run() == FAILURE_STATUS
    assert bench.texts[-1] != bench.texts[0]
    assert bench.voice.said[-1].sentences[0].id == "prompt.broken.1"


def test_a_voice_that_hangs_does_not_hold_up_the_end() -> None:
    """A voice that never reports is waited for only so long."""
    bench = Bench()
    bench.step = 3600.0
    bench.assistant.post(Failed("The voice failed."))
    assert bench.assistant.run() == FAILURE_STATUS


def test_it_ends_when_quiet_if_nobody_can_ask() -> None:
    """With the input at its end, what is being said is said to the end first."""
    bench = Bench()
    bench.assistant.post(Started())
    bench.assistant.finish_when_quiet()
    bench.assistant.post(UtteranceEnded(1))
    assert bench.assistant.run() == 0
    assert "stop" not in bench.voice.calls


def test_nothing_said_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The log holds ids, durations and scores, and no word that anybody said."""
    caplog.set_level("DEBUG")
    secret = "my daughter Rosalind must not know"
    Bench().run(Started(), UtteranceEnded(1), heard(secret), Typed(secret))
    assert caplog.records
    assert "osalind" not in caplog.text


def test_goodbye_ends_with_status_zero() -> None:
    """Saying goodbye ends the talk once the goodbye has been said."""
    bench = Bench()
    bench.assistant.post(Understood(Command("goodbye"), by="key"))
    bench.assistant.post(UtteranceEnded(1))
    assert bench.assistant.run() == 0
    assert bench.texts


def test_an_alert_without_a_receiver_is_no_fault() -> None:
    """Where no staff alert is set up, an emergency is still answered."""
    bench = Bench()
    silent = Assistant(begin(LIBRARY), interpret, bench.voice, show=bench.shown.append)
    silent.post(heard("I can't breathe"))
    silent.post(Interrupted())
    assert silent.run() == 0
    assert bench.voice.said[0].priority == "safety"


def over(*items: Posted) -> list[str]:
    """Return what the voice is told while an answer is read without an echo in the sound."""
    bench = Bench(clean=True)
    answered = (Started(), UtteranceEnded(1), heard("where does it spread"), SentenceStarted(2, 0))
    bench.run(*answered, *items)
    return [call for call in bench.voice.calls if not call.startswith("sound")][2:-1]


def test_our_voice_is_lowered_for_somebody_who_speaks_and_rises_again() -> None:
    """A cough lowers it for a moment; nothing is stopped and nothing said again."""
    cough = Heard(Silence("noise"), "commands", 300.0)
    assert over(SpeechStarted(), cough) == ["duck", "restore"]


def test_a_question_over_our_voice_is_answered() -> None:
    """Where our own voice isn't heard, nobody has to wait for the end of an answer."""
    assert over(SpeechStarted(), heard("how did doctors detect mine", "commands"))[:2] == [
        "duck",
        "say",
    ]


def test_our_own_words_stop_it_only_if_they_say_so() -> None:
    """A "stop" is obeyed in any case; other words that were just said aren't a person's."""
    said = LIBRARY.topics["spread-where"].short.sentences[0].text
    assert "say" not in over(SpeechStarted(), heard(said, "commands"))
    assert over(SpeechStarted(), heard("stop", "commands"))[:2] == ["duck", "stop"]


def test_our_voice_does_not_stay_lowered_for_ever() -> None:
    """Somebody who talks on and on, such as a television, lowers it for eight seconds."""
    bench = Bench(clean=True, step=DUCKED_SECONDS / 2)
    bench.voice.on_restore = lambda: bench.assistant.post(Interrupted())
    bench.assistant.post(Started())
    bench.assistant.post(SpeechStarted())
    assert bench.assistant.run() == 0
    assert [call for call in bench.voice.calls if call in ("duck", "restore")] == [
        "duck",
        "restore",
    ]


def test_after_two_false_alarms_it_goes_on_at_full_volume() -> None:
    """A television in the room doesn't make it whisper."""
    talk = (SpeechStarted(), heard("and now the weather", "commands"))
    assert over(*talk, *talk, *talk) == ["duck", "restore", "duck", "restore", "restore"]
