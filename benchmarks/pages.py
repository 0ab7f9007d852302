"""How many pages with a talk each one computer serves: ``python benchmarks/pages.py --pages 20``.

Starts ``mbc-voice kiosk`` with the sound in the pages, and as many pages as asked for, in one other
process. Each sends its microphone in real time, asks a spoken question at a moment of its own,
plays what it is sent in real time, and reports what it has played, as the real page does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import resource
import struct
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from websockets.asyncio.client import ClientConnection, connect

from voices import samples_of

QUESTIONS = {
    "Where does breast cancer spread to?": "where-it-spreads",
    "What are the symptoms in the liver?": "symptoms-liver",
    "Can it be cured?": "curable",
    "How is it treated?": "treatment-overview",
}
BLOCK = 320
SOUND_RATE = 24_000


@dataclass
class Page:
    """One page: what it sends, plays and sees."""

    question: str
    at: float
    """When it asks, in seconds after the start."""
    asked: float = 0.0
    """When its question was over."""
    topic: str = ""
    first_sound: float = 0.0
    captions: list[str] = field(default_factory=list)
    dry: float = 0.0
    """Seconds without sound in the middle of a clip."""
    late: float = 0.0
    """The longest that a block of the microphone was sent late."""
    clips: dict[int, int] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)
    playing: tuple[int, float] | None = None

    async def visit(self, address: str, seconds: float) -> None:
        async with connect(
            f"ws://{address}/talk",
            origin=f"http://{address}",
            compression=None,  # type: ignore[arg-type]
        ) as socket:
            await socket.send(json.dumps({"kind": "visit", "what": "start"}))
            tasks = [
                asyncio.create_task(work)
                for work in (self._speak(socket, seconds), self._read(socket), self._play(socket))
            ]
            await tasks[0]
            for task in tasks[1:]:
                task.cancel()

    async def _speak(self, socket: ClientConnection, seconds: float) -> None:
        generator = np.random.default_rng(len(self.question))
        speech = samples_of(self.question)
        sound = generator.normal(0, 0.001, round(seconds * 16_000)).astype(np.float32)
        begin = round(self.at * 16_000)
        sound[begin : begin + len(speech)] += speech
        self.asked = time.monotonic() + self.at + len(speech) / 16_000
        pcm = (np.clip(sound, -1, 1) * 32767).astype("<i2")
        start = time.monotonic()
        for first in range(0, len(pcm), BLOCK):
            due = start + first / 16_000
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if begin - 8_000 <= first < begin - 8_000 + BLOCK:
                await socket.send(json.dumps({"kind": "talk", "open": True}))
            self.late = max(self.late, time.monotonic() - due)
            await socket.send(pcm[first : first + BLOCK].tobytes())

    async def _read(self, socket: ClientConnection) -> None:
        async for frame in socket:
            if isinstance(frame, bytes):
                self._take(frame)
                continue
            told: dict[str, Any] = json.loads(frame)
            if told["kind"] == "sound-stop":
                self.clips.clear()
                self.ends.clear()
                self.playing = None
            if told["kind"] == "snapshot" and told["caption"]:
                self.topic = (told["topic"] or {}).get("id", self.topic)
                if told["caption"]["id"] not in self.captions[-1:]:
                    self.captions.append(told["caption"]["id"])

    def _take(self, frame: bytes) -> None:
        clip, first, flags = struct.unpack("<IIB3x", frame[:12])
        if flags & 2:
            return
        self.clips[clip] = first + (len(frame) - 12) // 2
        if flags & 1:
            self.ends[clip] = self.clips[clip]
        if self.asked and time.monotonic() > self.asked and not self.first_sound:
            self.first_sound = time.monotonic()

    async def _play(self, socket: ClientConnection) -> None:
        """Play what there is, a little every 20 ms, and report every 60 ms."""
        before, heard, told = time.monotonic(), 0.0, 0.0
        while True:
            await asyncio.sleep(0.02)
            now = time.monotonic()
            step, before = now - before, now
            if not self.clips:
                heard = 0.0
                continue
            clip = min(self.clips)
            begun = heard > 0
            heard = min(heard + step * SOUND_RATE, self.clips[clip])
            over = self.ends.get(clip) == heard
            if begun and heard == self.clips[clip] and not over:
                self.dry += step
            if over or not begun or now - told > 0.06:
                told = now
                report = {"kind": "played", "clip": clip, "sample": max(1, int(heard))}
                await socket.send(json.dumps(report))
            if over:
                del self.clips[clip]
                heard = 0.0


def start() -> tuple[subprocess.Popen[str], str]:
    environment = os.environ | {"MBC_VOICE_KIOSK_SOUND": "browser"}
    command = [sys.executable, "-m", "mbc_voice", "kiosk", "--port", "0"]
    server = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=environment
    )
    assert server.stdout is not None
    for line in server.stdout:
        found = re.search(r"http://([\d.]+:\d+)", line)
        if found:
            return server, found[1]
    raise SystemExit("the server did not start")


def used(pid: int) -> tuple[float, float]:
    """Return seconds of processor time and MB of memory of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return (int(fields[11]) + int(fields[12])) / ticks, pages * resource.getpagesize() / 1e6


async def run(address: str, pages: list[Page], seconds: float) -> None:
    await asyncio.gather(*(page.visit(address, seconds) for page in pages))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=20)
    options.add_argument("--seconds", type=float, default=60.0)
    options.add_argument("--spread", type=float, default=30.0, help="questions come within so long")
    chosen = options.parse_args()
    questions = list(QUESTIONS)
    pages = [
        Page(questions[n % len(questions)], 14.0 + chosen.spread * n / chosen.pages)
        for n in range(chosen.pages)
    ]
    server, address = start()
    try:
        idle, _ = used(server.pid)
        began = time.monotonic()
        asyncio.run(run(address, pages, chosen.seconds))
        busy, memory = used(server.pid)
        elapsed = time.monotonic() - began
    finally:
        server.terminate()
        server.wait(10)
    report(pages, (busy - idle) / elapsed, memory)


def report(pages: list[Page], cores: float, memory: float) -> None:
    answered = [page for page in pages if page.topic == QUESTIONS[page.question]]
    waits = sorted(page.first_sound - page.asked for page in pages if page.first_sound)
    whole = 0
    for page in answered:
        said = [caption for caption in page.captions if caption.startswith(f"{page.topic}.")]
        numbers = [int(caption.rpartition(".")[2]) for caption in said]
        whole += bool(numbers) and numbers == list(range(1, len(numbers) + 1))
    print(f"pages                         {len(pages)}")
    print(f"right topic                   {len(answered)}")
    print(f"its sentences all, in order   {whole}")
    if waits:
        print(f"end of speech to first sound  {np.median(waits):.2f} s, slowest {waits[-1]:.2f} s")
    print(f"sound ran dry                 {sum(page.dry for page in pages):.2f} s in all")
    print(f"blocks sent late, at most     {max(page.late for page in pages) * 1000:.0f} ms")
    print(f"server                        {cores:.2f} cores, {memory:.0f} MB")


if __name__ == "__main__":
    main()
