"""Play a few sentences through the loudspeaker and wait until the last sample was played."""

from __future__ import annotations

import queue

from mbc_voice import build
from mbc_voice.errors import VoiceError
from mbc_voice.events import Event, Utterance, UtteranceEnded
from mbc_voice.library import Sentence
from mbc_voice.settings import Settings
from mbc_voice.speak.rendering import Renderer


def play_through(
    sentences: tuple[Sentence, ...], synthesizer: build.Synthesizer, settings: Settings
) -> int:
    """Say the sentences; return 0. Raises `DeviceError` or `VoiceError` if that is impossible."""
    news: queue.SimpleQueue[Event] = queue.SimpleQueue()
    speaker = build.speaker(settings, Renderer(synthesizer), news.put)
    try:
        speaker.say(Utterance(1, sentences))
        while True:
            event = news.get()
            if isinstance(event, UtteranceEnded):
                break
    finally:
        speaker.close()
    if event.why == "failed":
        raise VoiceError("The voice could not say this. Run: mbc-voice doctor")
    return 0
