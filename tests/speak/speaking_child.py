"""Run as a child in a sound server's environment: speaks through the real loudspeaker on demand.

Orders come as lines (``say SECONDS...``, ``stop``, ``pause``, ``resume``, ``volume N``,
ending with the input); events go out as lines, each with `time.monotonic` first.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import Future

import numpy as np

from mbc_voice.errors import MbcVoiceError
from mbc_voice.events import Event, SentenceStarted, Utterance, UtteranceEnded
from mbc_voice.library import Sentence
from mbc_voice.speak.loudspeaker import Loudspeaker, loudspeakers
from mbc_voice.speak.player import Player
from mbc_voice.speak.speaker import Speaker
from mbc_voice.speak.synthesizer import Rendering, Synthesizer


class Tones:
    """Renders a text of the form "0.5" as half a second of a 1 kHz tone at full scale."""

    def request(self, text: str, words_per_minute: int) -> Future[Rendering]:
        times = np.arange(round(24_000 * float(text)), dtype=np.float32) / 24_000
        tone = np.asarray(0.9 * np.sin(2 * np.pi * 1000 * times), dtype=np.float32)
        future: Future[Rendering] = Future()
        future.set_result(Rendering(tone, 24_000))
        return future

    def set_voice(self, voice: Synthesizer) -> None:
        """There is only one tone."""

    def forget(self) -> None:
        """Nothing is kept."""


def tell(*words: object) -> None:
    print(time.monotonic(), *words, flush=True)  # noqa: T201 - its way to tell


def report(event: Event) -> None:
    match event:
        case SentenceStarted(utterance=utterance, index=index):
            tell("started", utterance, index)
        case UtteranceEnded(utterance=utterance, why=why):
            tell("ended", utterance, why)
        case _:
            tell(type(event).__name__)


def main() -> None:
    loudspeaker = Loudspeaker(sys.argv[1] if len(sys.argv) > 1 else "")
    player = Player(loudspeaker)
    try:
        tell("devices", *loudspeakers())
        player.open()
    except MbcVoiceError as error:
        tell("error", error)
        return
    speaker = Speaker(Tones(), player, report, volume=10)
    speaker.start()
    tell("open", player.sample_rate)
    said = 0
    for line in sys.stdin:
        order, *words = line.split()
        match order:
            case "say":
                said += 1
                texts = tuple(Sentence(f"s.{i}", word) for i, word in enumerate(words))
                speaker.say(Utterance(said, texts))
            case "volume":
                speaker.set_volume(int(words[0]))
            case _:
                getattr(speaker, order)()
        tell("done", order)
    speaker.close()
    tell("closed", loudspeaker.underruns)


if __name__ == "__main__":
    main()
