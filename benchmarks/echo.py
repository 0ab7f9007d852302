"""Whether it ever answers its own voice, and whether people get through while it speaks.

    python benchmarks/echo.py [--answers 200] [--words] [--times 3] [--json OUT] [--show]

It reads answers of the library into a simulated room (`tests/echo_room.py`) whose echo comes back
into the microphone, and hears it as in a talk: echo canceller, voice activity, turns, recognizer,
understanding. Faster than real time. The greeting comes first, as in a talk: from it the echo is
learnt. `--answers N` counts what it takes for somebody's words when
nobody speaks; `--words` lets people speak over it, as loud as the echo in the microphone, and tells
who gets through and how soon it is silent: the time in the simulated room, plus what the devices
and the recognizer take, which is asked one thing after the other. `--times`: each so often.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]

import numpy as np  # noqa: E402
import understanding  # noqa: E402, F401  (it holds numpy to one thread)

from echo_room import DEVICE_DELAY_S, EchoRoom  # noqa: E402
from mbc_voice import build  # noqa: E402
from mbc_voice.audio import SAMPLE_RATE, Samples, resample  # noqa: E402
from mbc_voice.dialogue.prompts import render  # noqa: E402
from mbc_voice.events import Context, Outcome, Silence, SpeechStarted, Transcript, outcome_ids  # noqa: E402
from mbc_voice.hear.echo import OwnWords  # noqa: E402
from mbc_voice.hear.echo_canceller import Aec3, EchoFree  # noqa: E402
from mbc_voice.hear.endpoint import EndpointSettings  # noqa: E402
from mbc_voice.hear.linear_canceller import LinearCanceller  # noqa: E402
from mbc_voice.hear.listener import Heard, Listener, News  # noqa: E402
from mbc_voice.hear.noise_suppressor import Quieter  # noqa: E402
from mbc_voice.hear.recognizer import Recognizer, glance  # noqa: E402
from mbc_voice.hear.turns import Enough  # noqa: E402
from mbc_voice.hear.voice_activity import SileroVoiceActivity  # noqa: E402
from mbc_voice.interrupting import interrupts  # noqa: E402
from mbc_voice.library import Sentence  # noqa: E402
from mbc_voice.played import Played  # noqa: E402
from mbc_voice.rereading import rereading  # noqa: E402
from mbc_voice.settings import Settings  # noqa: E402
from mbc_voice.speak.player import Player  # noqa: E402
from mbc_voice.understand.commands import phrases, soonest  # noqa: E402
from mbc_voice.understand.completeness import pause_ms  # noqa: E402
from voices import samples_of  # noqa: E402

LEVELS_DB = (-6.0, -12.0, -20.0)
DELAYS_MS = (20.0, 50.0, 100.0, 150.0)
OVERDRIVES = (0.0, 0.0, 2.0)
"""Every third loudspeaker distorts."""
DRIFTS_PPM = (0.0, 50.0)
SENTENCES = 5
"""An answer is read so far: a usual portion."""
IN_A_TALK = 4
"""So many answers are read in one room, after one greeting."""
GAP_S = 0.25
LEAD_S = 0.5
VOICES = ("hibari", "slt", "rms", "awb", "hts")
WORDS = ("Stop.", "Pause.", "Slower please.", "Go back.", "What are the symptoms in the lungs?")
LOUD = 0.05
VOLUME = 7


class Answer(NamedTuple):
    id: str
    sentences: tuple[Sentence, ...]


@dataclass
class Talk:
    """What happened while one answer was read."""

    began: int = 0
    """Segments that were taken for somebody speaking."""
    heard: list[tuple[str, Outcome, bool, int]] = field(default_factory=list)
    """Words, what they meant, whether they passed for our own words, and the sample at which they
    were known."""
    seconds: float = 0.0
    asked_at: int = 0
    """Sample at which somebody begins to speak."""


class Timed:
    """A recognizer in a simulated room: it is not asked anew before it has answered."""

    def __init__(self, recognizer: Recognizer, room: EchoRoom) -> None:
        self._recognizer = recognizer
        self._room = room
        self.answered = 0
        """Sample at which its last answer is there."""

    def begin(self, phrases: Sequence[str] | None = None) -> None:
        self._recognizer.begin(phrases)

    def feed(self, samples: Samples) -> str:
        return self._recognizer.feed(samples)

    def look(self) -> Transcript | Silence:
        return self._time(self._recognizer.look)

    def glance(self, rather: str = "") -> Transcript | Silence:
        return self._time(partial(glance, self._recognizer, rather))

    def end(self) -> Transcript | Silence:
        return self._time(self._recognizer.end)

    def _time(self, ask: Callable[[], Transcript | Silence]) -> Transcript | Silence:
        began = time.perf_counter()
        said = ask()
        took = int((time.perf_counter() - began) * SAMPLE_RATE)
        self.answered = max(self.answered, self._room.microphone.position) + took
        return said


class Rig:
    """The real parts, in a simulated room."""

    def __init__(self) -> None:
        settings = Settings()
        self.library = build.library(settings)
        self.interpreter = build.interpreter(settings, self.library)
        self.recognizer = rereading(
            build.recognizer(settings, "whisper-base"),
            self.interpreter.interpret,
            soonest=soonest(self.library),
        )
        self.activity = SileroVoiceActivity()
        self._voice = build.synthesizer(settings, self.library, "hibari")
        self._said: dict[str, tuple[Samples, int]] = {}
        self.greeting = render(self.library, "greeting")
        urgent = [phrase for sign in self.library.urgent.values() for phrase in sign.phrases]
        self._phrases = (*phrases(self.library), *urgent)

    def answers(self) -> list[Answer]:
        """Return all portions of all topics."""
        found = []
        for topic in self.library.topics.values():
            passages = (topic.short, *topic.more)
            sentences = [one for part in passages for one in (*part.sentences, *part.items)]
            for at in range(0, len(sentences), SENTENCES):
                found.append(Answer(topic.id, tuple(sentences[at : at + SENTENCES])))
        return found

    def sound(self, text: str) -> tuple[Samples, int]:
        """Return a sentence as it is said, and its rate."""
        if text not in self._said:
            made = self._voice.render(text, 160)
            gap = np.zeros(int(GAP_S * made.sample_rate), np.float32)
            self._said[text] = np.concatenate([made.samples, gap]), made.sample_rate
        return self._said[text]

    def read(
        self, answer: Answer, person: Samples | None = None, at_s: float = 0.0, **room_is: Any
    ) -> tuple[Talk, EchoRoom]:
        """Read an answer into a room; somebody may speak over it, as loud as its echo there."""
        sentences = (*self.greeting, *answer.sentences)
        sounds = [self.sound(one.text) for one in sentences]
        seconds = LEAD_S + sum(len(one) / rate for one, rate in sounds) + 1.0
        room = EchoRoom(seconds, rate=sounds[0][1], **room_is)
        played, talk, own = Played(), Talk(seconds=seconds), OwnWords()
        recognizer = Timed(self.recognizer, room)
        player = Player(room.loudspeaker, played=played)
        player.open()
        player.set_volume(VOLUME)
        clips = {player.play(one, rate): index for index, (one, rate) in enumerate(sounds)}
        if person is not None:
            at_s += LEAD_S + sum(len(one) / rate for one, rate in sounds[: len(self.greeting)])
            talk.asked_at = int(at_s * SAMPLE_RATE)
            level = _echo_level(sounds, room_is["level_db"])
            room.say(person * np.float32(level / _loudness(person)), talk.asked_at)

        def post(news: News) -> None:
            for mark in player.heard():
                if mark.what == "started":
                    own.saying(sentences[clips[mark.clip]].text, room.now)
            if isinstance(news, SpeechStarted):
                talk.began += 1
                player.duck()
            elif isinstance(news, Heard):
                player.restore()
                known = max(recognizer.answered, room.microphone.position)
                self._judge(news, talk, own, room.now, known)

        listener = Listener(
            Quieter(EchoFree(room.microphone, played, LinearCanceller(), Aec3())),
            self.activity,
            recognizer,
            post,
            phrases=self._phrases,
            endpoint=EndpointSettings(),
            patience=self._patience,
            clean=True,
            inline=True,
        )
        listener.listen_to("commands")
        listener.start()
        if not room.microphone.done.wait(300):
            raise RuntimeError("the simulated talk does not end")
        listener.stop()
        return talk, room

    def _judge(self, news: Heard, talk: Talk, own: OwnWords, now: float, known: int) -> None:
        said = news.said
        if not isinstance(said, Transcript):
            return
        outcome = self.interpreter.interpret(said.text, Context())
        echo = own.echoes(said.text, now - 4.0 - news.segment_ms / 1000)
        talk.heard.append((said.text, outcome, echo, known))

    def _patience(self, text: str) -> Enough:
        degree = self.interpreter.degree(text, Context())
        return Enough(pause_ms(degree, 1600), final=degree == "order")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write the figures where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--answers", type=int, default=0)
    parser.add_argument("--words", action="store_true")
    parser.add_argument("--times", type=int, default=1, help="how often each says each word")
    parser.add_argument("--first", type=int, default=0, help="leave out so many answers")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--show", action="store_true", help="print what was heard")
    options = parser.parse_args(arguments)
    rig, figures = Rig(), {}
    if options.answers:
        figures["answers"] = count(rig, options.first, options.answers, options.show)
        print(json.dumps(figures["answers"], indent=1))
    if options.words:
        figures["words"] = over(rig, options.times, options.show)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


def count(rig: Rig, first: int, number: int, show: bool) -> dict[str, float]:
    """Read so many answers while nobody speaks."""
    answers = rig.answers()
    totals = {"answers": 0.0, "seconds": 0.0, "began": 0.0, "heard": 0.0, "obeyed": 0.0}
    totals |= {"obeyed, unguarded by words": 0.0}
    began = time.perf_counter()
    for index in range(first, first + number, IN_A_TALK):
        talk_number = index // IN_A_TALK
        room_is = {
            "level_db": LEVELS_DB[talk_number % len(LEVELS_DB)],
            "delay_ms": DELAYS_MS[talk_number % len(DELAYS_MS)],
            "overdrive": OVERDRIVES[talk_number // 3 % len(OVERDRIVES)],
            "drift_ppm": DRIFTS_PPM[talk_number % len(DRIFTS_PPM)],
            "seed": talk_number,
        }
        read = [answers[(index + one) * 7 % len(answers)] for one in range(IN_A_TALK)]
        answer = Answer("...", tuple(one for part in read for one in part.sentences))
        talk, _ = rig.read(answer, **room_is)
        totals["answers"] += IN_A_TALK
        totals["seconds"] += talk.seconds
        totals["began"] += talk.began
        totals["heard"] += len(talk.heard)
        for text, outcome, echo, _ in talk.heard:
            obeyed = interrupts(outcome, len(text.split()), "answer")
            totals["obeyed, unguarded by words"] += obeyed
            totals["obeyed"] += obeyed and not echo
            if show:
                print(f"  {room_is}: {text!r} {outcome_ids(outcome)} {obeyed=} {echo=}")
        print(json.dumps(totals), flush=True)
    totals["times real time"] = totals["seconds"] / (time.perf_counter() - began)
    return totals


def over(rig: Rig, times: int, show: bool) -> list[dict[str, Any]]:
    """Let people speak over answers."""
    answers, rows = rig.answers(), []
    print("| said | voice | through | silent after, ms |\n|---|---|---|---|")
    for text in WORDS:
        waits: list[float] = []
        tries = 0
        for number, voice in enumerate(VOICES):
            person = samples_of(text, voice)
            through = 0
            ours: list[float] = []
            for turn in range(times * len(LEVELS_DB)):
                time_of, level_db = turn // len(LEVELS_DB), LEVELS_DB[turn % len(LEVELS_DB)]
                answer = answers[(number * 3 + turn + 12 * time_of) * 7 % len(answers)]
                at = 1.0 + 0.37 * (turn % len(LEVELS_DB)) + 0.11 * time_of
                talk, _ = rig.read(
                    answer,
                    person,
                    at,
                    level_db=level_db,
                    delay_ms=DELAYS_MS[(number + turn) % len(DELAYS_MS)],
                    seed=number + 10 * time_of,
                )
                wanted = rig.interpreter.interpret(text, Context())
                end = talk.asked_at + _end_of(person)
                tries += 1
                for heard, outcome, echo, known in talk.heard:
                    right = outcome_ids(outcome) == outcome_ids(wanted)
                    if right and interrupts(outcome, len(heard.split()), "answer"):
                        through += 1
                        ours.append((known - end) / 16 + 1000 * DEVICE_DELAY_S + 18)
                        break
                    if show:
                        what = outcome_ids(outcome)
                        print(f"  {voice} {level_db} {text!r} -> {heard!r} {what} {echo=}")
            waits += ours
            shown = " ".join(f"{wait:.0f}" for wait in ours)
            print(
                f"| {text} | {voice} | {through} of {times * len(LEVELS_DB)} | {shown} |",
                flush=True,
            )
        rows.append({"said": text, "tries": tries, "through": len(waits), "waits_ms": waits})
    for row in rows:
        waits = row["waits_ms"] or [float("nan")]
        p50, p95 = np.percentile(waits, 50), np.percentile(waits, 95)
        print(f"{row['said']}: {row['through']} of {row['tries']}, {p50:.0f} ms, p95 {p95:.0f} ms")
    return rows


def _loudness(samples: Samples) -> float:
    loud = samples[np.abs(samples) > LOUD * np.abs(samples).max()]
    return float(np.sqrt(np.mean(np.square(loud, dtype=np.float64))))


def _echo_level(sounds: Sequence[tuple[Samples, int]], level_db: float) -> float:
    """Return how loud the echo of these is in the microphone."""
    from mbc_voice.speak.playback import volume_gain

    both = np.concatenate([resample(one, rate, SAMPLE_RATE) for one, rate in sounds])
    return float(_loudness(both) * volume_gain(VOLUME) * 10 ** (level_db / 20))


def _end_of(speech: Samples) -> int:
    return int(np.flatnonzero(np.abs(speech) > LOUD * np.abs(speech).max())[-1]) + 1


if __name__ == "__main__":
    sys.exit(main())
