"""The voice of the user's own system, by pyttsx3, which only ever renders, in a child process.

pyttsx3 plays by blocking calls that can't be stopped and wedges after an error; so here it writes
one sentence at a time into a file, in a child that is kept warm, and killed and started again when
it is late or dies. Owns the child. Used by one thread at a time; `close` may come from any.
"""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import soundfile

from mbc_voice.errors import VoiceError
from mbc_voice.speak.level import finish
from mbc_voice.speak.stretch import stretch
from mbc_voice.speak.synthesizer import Rendering
from mbc_voice.speak.words import SaidWord, align, stretched

START_SECONDS = 20.0
RENDER_SECONDS = 10.0
"""A sentence takes eSpeak NG about 30 ms; a child that needs so long hangs."""

ESPEAK_PACE: tuple[tuple[int, int], ...] = (
    (96, 80),
    (136, 120),
    (179, 160),
    (222, 200),
    (263, 240),
    (321, 300),
    (373, 350),
    (423, 400),
    (482, 450),
)
"""Words a minute that eSpeak NG reaches within a sentence for what it is asked, measured over 83
sentences (917 words) of the library; its own figures count the pauses as well."""


class _ChildDiedError(Exception):
    """The child is gone."""


class SystemVoice:
    """pyttsx3 as a `Synthesizer`: eSpeak NG on Linux, the system's own voices elsewhere.

    `pronounce` turns a sentence into what is to be said, with respellings for hard words.
    `language` (BCP 47) chooses the voice, unless `voice` names one (`SystemVoice.names`). The child
    starts with the first sentence, or at `start`. `command` is how the child is started.
    """

    def __init__(
        self,
        pronounce: Callable[[str], str] = str,
        *,
        language: str = "en-US",
        voice: str = "",
        render_seconds: float = RENDER_SECONDS,
        command: Sequence[str] | None = None,
    ) -> None:
        self.name = f"system:{voice}" if voice else "system"
        self.names: tuple[str, ...] = ()
        """The system's voices in the language, the one it uses itself first; known once started."""
        self._pace: tuple[tuple[int, int], ...] = ()
        self._pronounce = pronounce
        self._render_seconds = render_seconds
        module = "mbc_voice.speak.system_voice_child"
        self._command = list(command or (sys.executable, "-m", module, language, voice))
        self._child: _Child | None = None

    def start(self) -> None:
        """Start the child if it isn't running. Raises `VoiceError` if there is no system voice."""
        if self._child is not None and self._child.alive:
            return
        self.close()
        child = _Child(self._command)
        try:
            hello = child.receive(START_SECONDS)
        except (_ChildDiedError, TimeoutError) as error:
            child.kill()
            raise VoiceError(f"The system voice does not start. {_what_to_do()}") from error
        if "error" in hello:
            child.kill()
            raise VoiceError(f"There is no such system voice here. {_what_to_do()}")
        names = hello.get("names")
        self.names = tuple(map(str, names)) if isinstance(names, list) else ()
        self._pace = ESPEAK_PACE if hello.get("driver") == "espeak" else ()
        self._child = child

    def render(self, text: str, words_per_minute: int) -> Rendering:
        """Return the sentence as sound; a child found dead is replaced once.

        Raises `VoiceError` if there is no system voice, or if it is late or fails on the sentence;
        the next sentence then starts afresh.
        """
        said = self._pronounce(text)
        try:
            return self._render(text, said, words_per_minute)
        except _ChildDiedError:
            self.close()
        try:
            return self._render(text, said, words_per_minute)
        except _ChildDiedError as error:
            self.close()
            raise VoiceError("The system voice crashed twice on a sentence.") from error

    def close(self) -> None:
        """End the child. A later `render` starts another."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()

    def _render(self, text: str, said: str, words_per_minute: int) -> Rendering:
        self.start()
        assert self._child is not None
        asked, faster = self._rate_for(words_per_minute)
        with tempfile.TemporaryDirectory(prefix="mbc-voice-") as folder:
            path = Path(folder) / "sentence.wav"
            self._child.send({"text": said, "rate": asked, "path": str(path)})
            try:
                reply = self._child.receive(self._render_seconds)
            except TimeoutError as error:
                self.close()
                raise VoiceError("The system voice did not answer in time.") from error
            if "error" in reply:
                self.close()
                raise VoiceError("The system voice failed on a sentence.")
            try:
                samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
            except (OSError, soundfile.SoundFileError) as error:
                raise VoiceError("The system voice made no sound file.") from error
        words = stretched(align(text, _said_words(said, reply.get("words"), rate)), faster)
        return finish(stretch(samples.mean(axis=1), rate, faster), rate, words)

    def _rate_for(self, words_per_minute: int) -> tuple[int, float]:
        """Return what to ask of the voice for a rate, and by how much to stretch its sound."""
        if not self._pace:
            return words_per_minute, 1.0
        reached, asked = zip(*self._pace, strict=True)
        own = min(max(words_per_minute, reached[0]), reached[-1])
        return round(float(np.interp(own, reached, asked))), words_per_minute / own


class _Child:
    """The child process and a thread that reads its answers, so that waiting can time out."""

    def __init__(self, command: Sequence[str]) -> None:
        try:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
            )
        except OSError as error:
            raise VoiceError(f"The system voice can't be started. {_what_to_do()}") from error
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="system voice", daemon=True)
        self._reader.start()

    @property
    def alive(self) -> bool:
        return self._child.poll() is None

    def send(self, request: dict[str, object]) -> None:
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(json.dumps(request) + "\n")
            self._child.stdin.flush()
        except OSError as error:
            raise _ChildDiedError from error

    def receive(self, seconds: float) -> dict[str, object]:
        """Return its next answer. Raises `TimeoutError` or, if it has died, `_ChildDiedError`."""
        try:
            line = self._answers.get(timeout=seconds)
            answer = json.loads(line)
        except queue.Empty:
            raise TimeoutError from None
        except json.JSONDecodeError:
            raise _ChildDiedError from None
        if not isinstance(answer, dict):
            raise _ChildDiedError
        return answer

    def kill(self) -> None:
        self._child.kill()
        self._child.wait()
        self._reader.join(1.0)
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        with contextlib.suppress(OSError):
            self._child.stdin.close()
        if not self._reader.is_alive():
            self._child.stdout.close()

    def _read(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self._answers.put(line)
        self._answers.put("")


def _said_words(said: str, told: object, sample_rate: int) -> list[SaidWord]:
    """Return the words that the child told of, if it could."""
    return [
        SaidWord(said[start : start + length], ms * sample_rate // 1000)
        for start, length, ms in (told if isinstance(told, list) else ())
    ]


def _what_to_do() -> str:
    if sys.platform.startswith("linux"):
        return "Install eSpeak NG: sudo apt install espeak-ng"
    return "Install a voice in the system's speech settings."
