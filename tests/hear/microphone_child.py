"""Listens through the real microphone code and prints what arrives; run as a child process."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

from mbc_voice.audio import Samples
from mbc_voice.errors import DeviceError
from mbc_voice.events import MicrophoneLost, MicrophoneReady, Silence, Transcript
from mbc_voice.hear.listener import Heard, Listener, News
from mbc_voice.hear.microphone import Microphone, list_microphones
from mbc_voice.hear.voice_activity import SileroVoiceActivity


class Meter:
    """A recognizer that writes down how long and how loud a segment was."""

    def __init__(self) -> None:
        self._fed: list[Samples] = []

    def begin(self, phrases: Sequence[str] | None = None) -> None:
        self._fed = []

    def feed(self, samples: Samples) -> str:
        self._fed.append(samples)
        return ""

    def look(self) -> Transcript | Silence:
        return self.end()

    def end(self) -> Transcript | Silence:
        heard = np.concatenate(self._fed)
        return Transcript(f"{len(heard) / 16_000:.3f} {float(np.max(np.abs(heard))):.3f}")


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def tell(news: News) -> None:
    match news:
        case Heard(said=Transcript(text=text)):
            say("heard", text)
        case MicrophoneLost():
            say("lost")
        case MicrophoneReady():
            say("ready")
        case _:
            say("speech")


def main() -> None:
    name = sys.argv[1]
    try:
        say("names", ", ".join(one.name for one in list_microphones()))
        microphone = Microphone(name)
        ear = Listener(microphone, SileroVoiceActivity(), Meter(), tell)
        ear.start()
    except DeviceError as error:
        say("error", error)
        return
    say("listening")
    sys.stdin.readline()
    ear.stop()
    say("dropped", microphone.dropped, ear.alive)


main()
