"""Stand-ins that satisfy the same Protocols as the real parts, and record what they were asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import numpy as np

from mbc_voice.audio import Block, Samples
from mbc_voice.errors import DeviceError, VoiceError
from mbc_voice.events import CueName, Silence, Transcript, Utterance
from mbc_voice.hear.microphone import Lost
from mbc_voice.speak.player import Pull
from mbc_voice.speak.synthesizer import Rendering, Synthesizer, Word

# ---------------------------------------------------------------- speak


class FakeSynthesizer:
    """Says every text as one constant value, so that the sound tells which sentence it is.

    `length` samples at 160 words a minute, fewer when faster. `fails` are the texts it can't say;
    `words` are start, end and sample of the words it can tell.
    """

    def __init__(
        self,
        values: Mapping[str, float],
        *,
        name: str = "fake",
        length: int = 400,
        sample_rate: int = 1000,
        fails: Collection[str] = (),
        words: Mapping[str, Sequence[tuple[int, int, int]]] = MappingProxyType({}),
    ) -> None:
        self.name = name
        self.asked: list[tuple[str, int]] = []
        self._values = values
        self._length = length
        self._sample_rate = sample_rate
        self._fails = fails
        self._words = words

    def render(self, text: str, words_per_minute: int) -> Rendering:
        self.asked.append((text, words_per_minute))
        if text in self._fails:
            raise VoiceError("It can't say that.")
        count = self._length * 160 // words_per_minute
        words = tuple(Word(*word) for word in self._words.get(text, ()))
        return Rendering(np.full(count, self._values[text], np.float32), self._sample_rate, words)


class ImmediateRenderer:
    """A renderer without a thread: every future is done when it is returned."""

    def __init__(self, synthesizer: FakeSynthesizer) -> None:
        self._synthesizer: Synthesizer = synthesizer

    def set_voice(self, voice: Synthesizer) -> None:
        self._synthesizer = voice

    def forget(self) -> None:
        pass

    def request(self, text: str, words_per_minute: int) -> Future[Rendering]:
        future: Future[Rendering] = Future()
        try:
            future.set_result(self._synthesizer.render(text, words_per_minute))
        except VoiceError as error:
            future.set_exception(error)
        return future


class FakeSink:
    """A loudspeaker whose time passes only when the test calls `run`.

    What is pulled is heard `latency` seconds later.
    """

    def __init__(self, sample_rate: int = 1000, latency: float = 0.0) -> None:
        self.sample_rate = sample_rate
        self.alive = False
        self.plugged_in = True
        self.opened = 0
        self._latency = latency
        self._now = 0.0
        self._pull: Pull | None = None
        self._pulled: list[Samples] = []

    @property
    def sound(self) -> Samples:
        """All that was pulled so far."""
        return np.concatenate([np.zeros(0, np.float32), *self._pulled])

    def open(self, pull: Callable[[int], Pull]) -> int:
        if not self.plugged_in:
            raise DeviceError("No loudspeaker was found.")
        self._pull = pull(self.sample_rate)
        self.alive = True
        self.opened += 1
        return self.sample_rate

    def close(self) -> None:
        self._pull = None
        self.alive = False

    def time(self) -> float:
        return self._now

    def run(self, frames: int) -> Samples:
        """Let the time of so many samples pass; return what was pulled meanwhile."""
        assert self._pull is not None
        samples = self._pull(frames, self._now + self._latency)
        self._now += frames / self.sample_rate
        self._pulled.append(samples)
        return samples


# ---------------------------------------------------------------- assistant


@dataclass
class FakeVoice:
    """A voice that says nothing by itself: it records what it was asked, as one that hangs.

    `on_say` and `on_restore` play the part of a speaker's news.
    """

    calls: list[str] = field(default_factory=list)
    said: list[Utterance] = field(default_factory=list)
    on_say: Callable[[], None] = field(default=lambda: None)
    on_restore: Callable[[], None] = field(default=lambda: None)

    def say(self, utterance: Utterance) -> None:
        self.calls.append("say")
        self.said.append(utterance)
        self.on_say()

    def stop(self) -> None:
        self.calls.append("stop")

    def pause(self) -> None:
        self.calls.append("pause")

    def resume(self) -> None:
        self.calls.append("resume")

    def set_rate(self, words_per_minute: int) -> None:
        self.calls.append(f"rate {words_per_minute}")

    def set_volume(self, level: int) -> None:
        self.calls.append(f"volume {level}")

    def duck(self) -> None:
        self.calls.append("duck")

    def restore(self) -> None:
        self.calls.append("restore")
        self.on_restore()

    def cue(self, name: CueName) -> None:
        self.calls.append(f"sound {name}")


@dataclass
class FakeEars:
    """Ears that only keep what they were told to listen to, and when to open and close."""

    modes: list[str] = field(default_factory=list)
    opened: list[bool] = field(default_factory=list)

    def listen_to(self, mode: Literal["anything", "commands", "nothing"]) -> None:
        self.modes.append(mode)

    def attend(self, opened: bool) -> None:
        self.opened.append(opened)


# ---------------------------------------------------------------- hear


class LoudIsSpeech:
    """Voice activity for made-up sound: a frame is speech as far as it is loud."""

    def __init__(self) -> None:
        self.resets = 0

    def probability(self, frame: Samples) -> float:
        return float(np.mean(np.abs(frame)))

    def reset(self) -> None:
        self.resets += 1


class FakeRecognizer:
    """Returns these results, one a segment, and remembers what it was given.

    A result that is an exception is raised. `looks` counts early looks, which bring the same.
    """

    def __init__(self, *results: Transcript | Silence | Exception) -> None:
        self.phrases: list[Sequence[str] | None] = []
        self.segments: list[Samples] = []
        self.looks = 0
        self._results = list(results)
        self._fed: list[Samples] = []
        self._seen = False

    def begin(self, phrases: Sequence[str] | None = None) -> None:
        self.phrases.append(phrases)
        self._fed = []
        if self._seen:
            self._results.pop(0)
        self._seen = False

    def feed(self, samples: Samples) -> str:
        self._fed.append(samples)
        return ""

    def look(self) -> Transcript | Silence:
        self.looks += 1
        self._seen = True
        return self._result(self._results[0])

    def end(self) -> Transcript | Silence:
        self.segments.append(np.concatenate(self._fed))
        self._seen = False
        return self._result(self._results.pop(0))

    def _result(self, result: Transcript | Silence | Exception) -> Transcript | Silence:
        if isinstance(result, Exception):
            raise result
        return result


WORDS = {0.6: "where", 0.7: "does", 0.8: "it", 0.9: "spread", 1.0: "to"}
"""What a `LevelReader` hears at each level."""


class LevelReader:
    """Hears a word at each level of sound, as often as the level changes; keeps what it was fed."""

    def __init__(self) -> None:
        self.glances = 0
        self.looks = 0
        self.ends = 0
        self.begun: list[Sequence[str] | None] = []
        self._fed: list[Samples] = []

    def begin(self, phrases: Sequence[str] | None = None) -> None:
        self.begun.append(phrases)
        self._fed = []

    def feed(self, samples: Samples) -> str:
        self._fed.append(samples)
        return ""

    def glance(self, rather: str = "") -> Transcript | Silence:
        self.glances += 1
        return self._read()

    def look(self) -> Transcript | Silence:
        self.looks += 1
        return self._read()

    @property
    def asked(self) -> tuple[int, int, int]:
        """Glances, looks and ends so far."""
        return self.glances, self.looks, self.ends

    def end(self) -> Transcript | Silence:
        self.ends += 1
        return self._read()

    def _read(self) -> Transcript | Silence:
        levels = np.round(np.concatenate(self._fed), 1)
        changes = levels[np.flatnonzero(np.diff(levels, prepend=0.0))]
        words = [WORDS[float(round(float(level), 1))] for level in changes if level > 0.5]
        return Transcript(" ".join(words)) if words else Silence("noise")


class HangingRecognizer:
    """Hangs in `end` until it is let go; `hanging` is set while it does."""

    def __init__(self) -> None:
        self.hanging = threading.Event()
        self.let_go = threading.Event()

    def begin(self, phrases: Sequence[str] | None = None) -> None:
        pass

    def feed(self, samples: Samples) -> str:
        return ""

    def look(self) -> Transcript | Silence:
        return self.end()

    def end(self) -> Transcript | Silence:
        self.hanging.set()
        self.let_go.wait(20)
        return Transcript("far too late")


class FakeMicrophone:
    """A microphone that hears these recordings, one each time it is opened.

    A recording is blocks, calls to make meanwhile, and `Lost`. After the last one nothing more
    comes until it is closed. `fails` is how many tries to open it again fail.
    """

    def __init__(
        self, *recordings: Sequence[Block | Lost | Callable[[], object]], fails: int = 0
    ) -> None:
        self.position = 0
        self.tries = 0
        self._recordings = list(recordings)
        self._fails = fails
        self._closed = threading.Event()

    def open(self) -> None:
        self.tries += 1
        if self.tries > 1 and self._fails:
            self._fails -= 1
            raise DeviceError("No microphone was found. Connect one and start again.")
        self._closed.clear()

    def blocks(self) -> Iterator[Block | Lost]:
        for arrived in self._recordings.pop(0):
            if isinstance(arrived, Lost):
                yield arrived
                return
            if isinstance(arrived, Block):
                self.position = arrived.start + len(arrived.samples)
                yield arrived
            else:
                arrived()
        self._closed.wait(20)

    def close(self) -> None:
        self._closed.set()
