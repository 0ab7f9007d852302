"""The system's voice, and the child it lives in."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from judge import heard
from mbc_voice.errors import VoiceError
from mbc_voice.speak.system_voice import SystemVoice

MODULE = "mbc_voice.speak.system_voice_child"
SENTENCE = "Good morning, my name is Peter, and I live in London."

HELLO = 'import json, os, sys, time\nprint(json.dumps({"ready": True}), flush=True)\n'


@pytest.fixture
def voice() -> Iterator[SystemVoice]:
    """The system's voice; its child ends with the test."""
    system = SystemVoice()
    yield system
    system.close()


def acting(script: str, render_seconds: float = 10.0) -> SystemVoice:
    """A system voice whose child is the given script."""
    return SystemVoice(render_seconds=render_seconds, command=(sys.executable, "-c", script))


@pytest.mark.engine
def test_it_says_the_words(voice: SystemVoice) -> None:
    """A listener writes down most of an easy sentence."""
    said = set(heard(voice.render(SENTENCE, 150)).split())
    assert {"good", "morning", "name", "is", "peter", "live", "in", "london"} <= said


@pytest.mark.engine
def test_every_rate_counts(voice: SystemVoice) -> None:
    """One rendering after another has its own rate, up and down, whatever came before."""
    rates = (160, 300, 450, 250, 100, 400, 80, 200)
    products = [rate * voice.render(SENTENCE, rate).seconds for rate in rates]
    assert products == pytest.approx([products[0]] * len(rates), rel=0.12)


@pytest.mark.engine
def test_it_tells_the_words() -> None:
    """Each word as it is written has its time, also where it is said otherwise."""
    respelt = SystemVoice(lambda text: text.replace("HER2", "her too"))
    for rate in (100, 450):
        rendering = respelt.render("It is HER2, is it?", rate)
        told = [(word.start, word.end) for word in rendering.words]
        assert told == [(0, 2), (3, 5), (6, 10), (12, 14), (15, 17)]
        times = [word.sample for word in rendering.words]
        assert times == sorted(set(times))
        assert times[-1] < len(rendering.samples)
    respelt.close()


@pytest.mark.engine
def test_it_has_other_voices(voice: SystemVoice) -> None:
    """The voices in the language have names, the usual one first; another one sounds different."""
    voice.start()
    assert len(voice.names) == len(set(voice.names)) > 1
    assert voice.names[0] == "english-america"
    other = SystemVoice(voice=voice.names[-1])
    assert other.name != voice.name
    said = [one.render(SENTENCE, 160).samples for one in (voice, other)]
    other.close()
    assert len(said[0]) != len(said[1]) or (said[0] != said[1]).any()


@pytest.mark.engine
def test_unknown_voice_is_an_error() -> None:
    """A voice that the system hasn't is one clear line."""
    with pytest.raises(VoiceError, match="no such system voice"):
        SystemVoice(voice="nobody").start()


@pytest.mark.engine
def test_killed_child_is_replaced(voice: SystemVoice) -> None:
    """After its child was killed, the next sentence is rendered by a new one."""
    whole = voice.render(SENTENCE, 160).seconds
    assert voice._child is not None
    voice._child._child.kill()
    assert voice.render(SENTENCE, 160).seconds == pytest.approx(whole, abs=0.05)


@pytest.mark.engine
def test_nothing_is_left_behind(
    voice: SystemVoice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sound files are gone once they were read."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    voice.render(SENTENCE, 160)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.engine
def test_child_ends_with_its_parent() -> None:
    """When the pipe from the parent closes, the child ends by itself."""
    child = subprocess.Popen(
        [sys.executable, "-m", MODULE, "en-US"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    assert "ready" in json.loads(child.stdout.readline())
    child.stdin.close()
    assert child.wait(20) == 0
    child.stdout.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="eSpeak NG is Linux's voice")
def test_no_engine_is_one_clear_line() -> None:
    """Where eSpeak NG is missing, the error says what to install."""
    without = (
        "import ctypes, runpy\n"
        "class Nothing:\n"
        "    def LoadLibrary(self, name): raise OSError(name)\n"
        "ctypes.cdll = Nothing()\n"
        f"runpy.run_module({MODULE!r}, run_name='__main__')\n"
    )
    with pytest.raises(VoiceError, match="sudo apt install espeak-ng"):
        acting(without).render(SENTENCE, 160)


def test_child_that_cannot_start_is_a_clear_error() -> None:
    """A child that ends at once, or a program that isn't there, is one clear line."""
    with pytest.raises(VoiceError, match="does not start"):
        acting("").start()
    with pytest.raises(VoiceError, match="can't be started"):
        SystemVoice(command=("/nonexistent/program",)).start()


def test_crashed_twice_is_an_error() -> None:
    """A child that dies of a sentence is tried once more, and then given up for it."""
    voice = acting(HELLO + "sys.stdin.readline()\nos._exit(1)")
    with pytest.raises(VoiceError, match="crashed twice"):
        voice.render(SENTENCE, 160)


def test_late_child_is_killed() -> None:
    """A child that hangs is given up after its time, and is gone."""
    voice = acting(HELLO + "time.sleep(600)", render_seconds=0.2)
    voice.start()
    assert voice._child is not None
    hanging = voice._child._child
    with pytest.raises(VoiceError, match="in time"):
        voice.render(SENTENCE, 160)
    assert hanging.poll() is not None


@pytest.mark.engine
@pytest.mark.skipif(os.name != "posix", reason="stops the child by a signal")
def test_sentence_after_a_hang_works() -> None:
    """After a child hung in the middle of a rendering, the next sentence is said."""
    voice = SystemVoice(render_seconds=5.0)
    voice.start()
    assert voice._child is not None
    os.kill(voice._child._child.pid, signal.SIGSTOP)
    voice._render_seconds = 0.2
    with pytest.raises(VoiceError, match="in time"):
        voice.render(SENTENCE, 160)
    voice._render_seconds = 10.0
    assert voice.render(SENTENCE, 160).seconds > 1
    voice.close()


@pytest.mark.parametrize(
    "answer", ["not json", "[]", '{"error": "no"}', '{"ok": true}'], ids=str.split
)
def test_nonsense_from_the_child_is_an_error(answer: str) -> None:
    """Whatever the child answers, what comes out is sound or one clear error."""
    voice = acting(HELLO + f"sys.stdin.readline()\nprint({answer!r}, flush=True)\ntime.sleep(600)")
    with pytest.raises(VoiceError):
        voice.render(SENTENCE, 160)
    voice.close()
