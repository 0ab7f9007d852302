"""Runs the real talk, asks it the questions one by one, and notes when it sounds.

`Measured` owns the talk and the devices. The assistant's loop runs on a thread of its own, "talk";
everything else here runs on the caller's.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from mbc_voice import build, talk, timing, tuning
from mbc_voice.bench import machine
from mbc_voice.bench.devices import Clockwork, Room, Stopwatch
from mbc_voice.bench.figures import Figures, Turn, stages_of
from mbc_voice.bench.questions import Recording, record
from mbc_voice.errors import MbcVoiceError
from mbc_voice.events import Command, Interrupted, Snapshot, Started, Understood
from mbc_voice.settings import Settings

IDLE_SECONDS = 8.0
"""It ends before the program looks, once, whether all that is said is spoken ahead."""
PATIENCE_SECONDS = 12.0
READS_SECONDS = 2.0
"""It reads so long before it is silenced: who speaks sooner may be going on with the question."""
BREATH_SECONDS = 0.4
"""Between silence and the next question."""
STALE_SECONDS = 0.4
"""If nothing sounded for so long before it was silenced, there was nothing to silence."""
TITLE = "prompt.title"
"""The sentence that begins an answer."""
NOT_READY = "The measurement could not begin: nothing was heard of the greeting."


def measure(
    settings: Settings,
    count: int,
    *,
    engine: str | None = None,
    devices: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Figures:
    """Return the figures of this computer, asking `count` questions.

    With `devices`, through the real microphone and loudspeaker: the questions are said by the
    loudspeaker then. Raises `MbcVoiceError` if a part is missing.
    """
    about = machine.description()
    settings = tuning.fitted(settings)
    settings = replace(settings, talk=replace(settings.talk, earcons=False))
    talk_under_test = Measured(settings, engine, devices=devices)
    try:
        ready, greeting = talk_under_test.start()
        memory, idle = machine.resident_mb(), talk_under_test.idle()
        *questions, stop = record(count)
        turns = []
        for number, question in enumerate(questions):
            turns.append(talk_under_test.ask(question, None if number % 2 else stop))
            if progress is not None:
                progress(number + 1, len(questions))
    finally:
        talk_under_test.close()
    return Figures(
        about,
        _setup(settings, engine),
        ready,
        greeting,
        round(memory, 1),
        round(machine.peak_mb(), 1),
        round(idle, 4),
        tuple(turns),
    )


class Measured:
    """The assistant with a stopwatch on its loudspeaker, and someone who asks."""

    def __init__(self, settings: Settings, engine: str | None, *, devices: bool) -> None:
        from mbc_voice.speak.loudspeaker import Loudspeaker

        self._room = None if devices else Room()
        self._sound = Stopwatch(Loudspeaker(settings.speak.loudspeaker) if devices else Clockwork())
        self._latest = Snapshot("ready")
        self._talk = talk.prepare(
            settings, show=self._show, engine=engine, source=self._room, sink=self._sound
        )
        self._thread = threading.Thread(target=self._talk.assistant.run, name="talk", daemon=True)

    def start(self) -> tuple[float, float]:
        """Begin to talk; return after how many seconds it listened, and greeted."""
        ready = machine.age_seconds()
        began = time.monotonic()
        self._talk.assistant.post(Started())
        self._thread.start()
        sounded = self._sound.first_sound(began, PATIENCE_SECONDS)
        if sounded is None:
            raise MbcVoiceError(NOT_READY)
        self._press_stop()
        return ready, ready + sounded - began

    def idle(self) -> float:
        """Return how many cores it takes to listen to a quiet room."""
        began, used = time.monotonic(), time.process_time()
        time.sleep(IDLE_SECONDS)
        return (time.process_time() - used) / (time.monotonic() - began)

    def ask(self, question: Recording, stop: Recording | None) -> Turn:
        """Ask, time the answer, and silence it by a key or by `stop`."""
        self._sound.forget()
        used = time.process_time()
        turn = Turn(question.text, question.expected)
        with timing.watching() as marks:
            began = self._say(question)
            ended = began + question.speech_seconds
            sounded = self._sound.first_sound(began, question.speech_seconds + PATIENCE_SECONDS)
        if sounded is not None:
            spent = time.monotonic() - began
            turn = replace(
                turn,
                got=self._got(),
                total=(sounded - ended) * 1000 if sounded >= ended else None,
                stages=stages_of(marks, ended, sounded) if sounded >= ended else {},
                busy=(time.process_time() - used) / spent,
            )
            time.sleep(READS_SECONDS)
            by, silence = self._silence(stop)
            turn = replace(turn, by=by, silence=silence)
        self._press_stop()
        time.sleep(BREATH_SECONDS)
        return turn

    def close(self) -> None:
        """End the talk and let everything go."""
        self._talk.assistant.post(Interrupted())
        self._talk.close()

    def _silence(self, stop: Recording | None) -> tuple[str, float | None]:
        """Silence it; return by what, and how long (ms) it took unless it ended by itself."""
        if stop is None:
            self._sound.first_sound(time.monotonic(), STALE_SECONDS)
            asked, by = time.monotonic(), "key"
            self._talk.assistant.post(Understood(Command("stop"), by="key"))
        else:
            asked, by = self._say(stop) + stop.speech_seconds, "stop"
        silent = self._sound.silence(asked, PATIENCE_SECONDS)
        before = self._sound.first_sound(asked - STALE_SECONDS, 0.0)
        sounding = before is not None and before < asked
        return by, (silent - asked) * 1000 if silent and sounding else None

    def _say(self, recording: Recording) -> float:
        return (self._room or self._sound).say(recording.samples)

    def _press_stop(self) -> None:
        self._talk.assistant.post(Understood(Command("stop"), by="key"))
        self._sound.silence(time.monotonic(), PATIENCE_SECONDS)

    def _got(self) -> str:
        """Return the topic that is being read, or the id of the sentence that is."""
        latest = self._latest
        said = latest.caption.id if latest.caption else ""
        return latest.topic or said if said.startswith(TITLE) else said

    def _show(self, snapshot: Snapshot) -> None:
        self._latest = snapshot


def _setup(settings: Settings, engine: str | None) -> dict[str, str | int]:
    return {
        "recognizer": build.recognizer_name(settings, engine),
        "voice": settings.speak.voice,
        "rate": settings.speak.rate,
        "threads": settings.hear.threads,
        "end_pause_ms": settings.hear.end_pause_ms,
    }


def unanswered(turns: Sequence[Turn]) -> list[str]:
    """Return the questions that were not answered as they were meant."""
    return [f"{turn.text} -> {turn.got or 'nothing'}" for turn in turns if not turn.right]
