"""The way in: the recognizers, the microphone, and what is taken out of its sound."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mbc_voice import portaudio
from mbc_voice.audio import Segment
from mbc_voice.build.content import models_folder
from mbc_voice.errors import ModelError
from mbc_voice.events import Silence, Transcript
from mbc_voice.models import verify
from mbc_voice.played import Played
from mbc_voice.settings import Settings

if TYPE_CHECKING:
    from mbc_voice.hear.microphone import Microphone, Source
    from mbc_voice.hear.recognizer import Recognizer

RECOGNIZERS = {
    "vosk": "vosk-small-en",
    "whisper-base": "whisper-base",
    "whisper-tiny-en": "whisper-tiny-en",
}
"""The model of each recognizer; ``auto`` is the first that is installed."""


def recognizer_name(settings: Settings, name: str | None = None) -> str:
    """Return which recognizer is to be used. Raises `ModelError` if none is installed."""
    wanted = name or settings.hear.recognizer
    folder = models_folder(settings)
    if wanted != "auto":
        verify.require(RECOGNIZERS[wanted], folder)
        return wanted
    for candidate, model in RECOGNIZERS.items():
        if verify.is_ready(model, folder):
            return candidate
    raise ModelError(
        "There is no model to understand speech with. Type: mbc-voice models install whisper-base"
    )


def recognizer(settings: Settings, name: str | None = None) -> Recognizer:
    """Return the recognizer with its model loaded. Raises `ModelError`."""
    chosen = recognizer_name(settings, name)
    path = verify.require(RECOGNIZERS[chosen], models_folder(settings))
    if chosen == "vosk":
        from mbc_voice.hear.vosk import VoskRecognizer

        return VoskRecognizer(path)
    from mbc_voice.hear.whisper import WhisperRecognizer

    return WhisperRecognizer(path, settings.hear.threads)


def transcribe(ear: Recognizer, segment: Segment) -> Transcript | Silence:
    """Return what was said in a segment at hand."""
    from mbc_voice.hear import recognizer as hearing

    return hearing.transcribe(ear, segment)


def played(settings: Settings) -> Played | None:
    """Return what tells of all that is played; None if no echo is to be taken out of what is heard.

    Where the system cancels the echo itself, the microphone's name says so.
    """
    from mbc_voice.hear.echo_canceller import is_cancelled_already

    wanted = settings.hear.echo_cancellation
    if wanted == "off" or (wanted == "auto" and is_cancelled_already(settings.hear.microphone)):
        return None
    return Played()


def is_clean(settings: Settings, told: Played | None) -> bool:
    """Return whether our own voice is no part of what is heard."""
    from mbc_voice.hear.echo_canceller import is_cancelled_already

    if settings.hear.echo_cancellation == "off":
        return False
    return told is not None or is_cancelled_already(settings.hear.microphone)


def echo_free(source: Source, told: Played) -> Source:
    """Return the microphone without what is played meanwhile."""
    from mbc_voice.hear.echo_canceller import Aec3, EchoFree
    from mbc_voice.hear.linear_canceller import LinearCanceller

    return EchoFree(source, told, LinearCanceller(), Aec3())


def quieter(source: Source) -> Source:
    """Return the microphone with less noise."""
    from mbc_voice.hear.noise_suppressor import Quieter

    return Quieter(source)


def microphone(settings: Settings) -> Microphone:
    """Return the microphone, not opened yet."""
    from mbc_voice.hear.microphone import Microphone

    return Microphone(settings.hear.microphone, may_restart=portaudio.is_unused)


def hear_file(path: Path, ear: Recognizer) -> Transcript | Silence:
    """Return the first question in a sound file. Raises `AudioFileError`."""
    from mbc_voice.hear import file
    from mbc_voice.hear.voice_activity import SileroVoiceActivity

    return file.hear_file(path, ear, SileroVoiceActivity())
