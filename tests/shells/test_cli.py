"""The command line: bad input is one clear line and status 2, and every command is explained."""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from mbc_voice.content.place import default_content
from mbc_voice.shells.cli import main, parser

ROOT = Path(__file__).parents[2]


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the one line on standard error."""
    captured = capsys.readouterr()
    lines = captured.err.splitlines()
    assert len(lines) == 1, captured.err
    assert lines[0].startswith("mbc-voice: ")
    assert "Traceback" not in lines[0]
    return lines[0]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ask"], "Give either a question"),
        (["ask", "x", "--audio", "y.wav"], "Give either a question"),
        (["ask", "x", "--save", "/nowhere/at/all.wav"], "can't be written"),
        (["ask", "x", "--engine", "siri"], "invalid choice"),
        (["ask", "x", "--voice", "bob"], "invalid choice"),
        (["dance"], "invalid choice"),
        (["--dance"], "unrecognized arguments"),
        (["topics", "sports"], "There is no topic 'sports'"),
        (["bench", "--questions", "0"], "--questions must be from 1"),
        (["bench", "--json", "/nowhere/at/all.json"], "can't be written"),
        (["understand"], "Give a question"),
        (["understand", "x", "--context", "sports"], "there is no topic 'sports'"),
        (["content"], "required: ACTION"),
        (["content", "preview", "sports"], "sports"),
        (["content", "check", "/nowhere"], "/nowhere"),
        (["models", "verify", "siri"], "There is no model 'siri'"),
        (["models", "install", "siri"], "There is no model 'siri'"),
        (["models", "install", "--from", "/nowhere"], "name one model"),
        (["models", "install", "minilm-l6", "--from", "/nowhere"], "/nowhere"),
        (["say"], "required: text"),
    ],
)
def test_wrong_arguments_are_one_line(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong arguments end with status 2 and one line that says what is wrong."""
    assert main(arguments) == 2
    assert says in one_line(capsys)


def sound_files(folder: Path) -> dict[str, Path]:
    """Make files that are no good as a question."""
    paths = {name: folder / f"{name}.wav" for name in ("missing", "empty", "text", "no-samples")}
    paths["empty"].write_bytes(b"")
    paths["text"].write_text("not sound", encoding="utf-8")
    soundfile.write(paths["no-samples"], np.zeros(0, np.float32), 16_000)
    paths["folder"] = folder
    return paths


@pytest.mark.engine
@pytest.mark.parametrize("name", ["missing", "empty", "text", "no-samples", "folder"])
def test_a_bad_sound_file_is_one_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A recording that can't be used is named in one line."""
    path = sound_files(tmp_path)[name]
    assert main(["ask", "--audio", str(path)]) == 2
    assert str(path) in one_line(capsys)


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("answers/curable.md", "no front matter", "curable.md"),
        ("urgent.toml", "[[urgent]\n", "urgent.toml:1"),
        ("commands.toml", '[[command]]\nid = "stop"\nsay = "x"\n', "commands.toml:3"),
        ("prompts.toml", 'greeting = "Hello."\n', "prompts.toml"),
    ],
)
def test_malformed_content_is_one_line(
    file: str,
    text: str,
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Content that can't be served is named by file, and nothing of it is served."""
    pack = tmp_path / "pack"
    shutil.copytree(default_content(), pack)
    (pack / file).write_text(text, encoding="utf-8")
    monkeypatch.setenv("MBC_VOICE_PATHS_CONTENT", str(pack))
    assert main(["topics"]) == 2
    assert says in one_line(capsys)


@pytest.mark.parametrize(
    ("variable", "value", "arguments", "says"),
    [
        ("MBC_VOICE_SPEAK_SPEED", "3", ["topics"], "MBC_VOICE_SPEAK_SPEED"),
        ("MBC_VOICE_SETTINGS", "/nowhere.toml", ["topics"], "/nowhere.toml"),
        ("MBC_VOICE_PATHS_CONTENT", "/nowhere", ["topics"], "/nowhere"),
        ("MBC_VOICE_PATHS_MODELS", "/nowhere", ["ask", "--audio", "QUESTION"], "models install"),
        ("MBC_VOICE_SPEAK_LOUDSPEAKER", "no such", ["say", "hello"], "oudspeaker"),
        ("MBC_VOICE_HEAR_MICROPHONE", "no such", ["listen"], ""),
    ],
)
def test_a_wrong_setting_or_missing_part_is_one_line(
    variable: str,
    value: str,
    arguments: list[str],
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A wrong setting, a missing model and a missing device each say what to do."""
    question = tmp_path / "question.wav"
    soundfile.write(question, np.full(16_000, 0.1, np.float32), 16_000)
    monkeypatch.setenv(variable, value)
    assert main([str(question) if word == "QUESTION" else word for word in arguments]) == 2
    assert says in one_line(capsys)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("not json", "Line 2 is not JSON"),
        ("[" * 5000, "Line 2 is not JSON"),
        ("[1]", "Line 2 has no text"),
        ('{"text": 5}', "Line 2 has no text"),
        ('{"text": "x", "context": 5}', "Line 2: context"),
        ('{"text": "x", "context": "sports"}', "Line 2: there is no topic 'sports'"),
    ],
)
def test_a_wrong_json_line_is_named(
    line: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line that can't be read is named by number, after the ones before it were answered."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f'{{"text": "stop"}}\n{line}\n'))
    assert main(["understand", "--jsonl"]) == 2
    captured = capsys.readouterr()
    assert says in captured.err
    assert json.loads(captured.out)["ids"] == ["stop"]


def test_json_lines_keep_the_contract(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line in, a line out, with every field that programs outside rely on."""
    asked: list[dict[str, Any]] = [
        {"text": "symptoms in the lungs"},
        {"text": "how is that treated", "context": "symptoms-bone"},
        {"text": "slower please"},
        {"text": "i can't breathe"},
        {"text": ""},
        {"text": "\u0000\u202e \U0001f600 '; DROP TABLE topics; --"},
    ]
    lines = "\n".join(json.dumps(item) for item in asked)
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    assert main(["understand", "--jsonl"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(asked) == len(answers)
    for item, answer in zip(asked, answers, strict=True):
        assert set(answer) == {"heard", "outcome", "ids", "score", "spoken", "timings_ms"}
        assert set(answer["timings_ms"]) == {"recognize", "understand", "first_audio"}
        assert item["text"] == answer["heard"]
        assert answer["spoken"] or answer["outcome"] == "command"
    assert [answer["outcome"] for answer in answers[2:5]] == ["command", "urgent", "nothing_heard"]
    assert answers[0]["ids"] == ["symptoms-lung"]
    assert answers[2]["ids"] == ["slower"]


def commands() -> list[list[str]]:
    """Return every command of the command line, with its actions."""
    found: list[list[str]] = []

    def walk(one: argparse.ArgumentParser, words: list[str]) -> None:
        for action in one._actions:
            if isinstance(action, argparse._SubParsersAction):
                for name, below in action.choices.items():
                    found.append([*words, name])
                    walk(below, [*words, name])

    walk(parser(), [])
    return found


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_is_explained(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Every command has help, and the README names it."""
    with pytest.raises(SystemExit) as left:
        main([*words, "--help"])
    assert left.value.code == 0
    assert "usage: mbc-voice" in capsys.readouterr().out
    assert words[0] in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.engine
def test_control_c_is_status_130() -> None:
    """Ctrl-C while it waits for input ends it quietly."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mbc_voice", "understand", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write('{"text": "stop"}\n')
        process.stdin.flush()
        assert "stop" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert process.stderr.read() == ""


@pytest.mark.engine
def test_control_c_while_it_loads_is_status_130(tmp_path: Path) -> None:
    """Ctrl-C during the start ends it at once and quietly, even while it learns the library."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mbc_voice", "listen"],
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "Getting ready" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert process.stderr.read() == ""
