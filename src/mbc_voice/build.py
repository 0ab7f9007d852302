"""Builds the parts from the settings: the one place that names concrete engines.

Engines are imported inside the functions, so that a command that needs none of them is quick.
Everything here may raise `MbcVoiceError`; nothing here runs once the talk has begun.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mbc_voice import portaudio
from mbc_voice.audio import Samples, Segment
from mbc_voice.content import clinic as clinics
from mbc_voice.content.load import load_library
from mbc_voice.content.place import default_content
from mbc_voice.dialogue import prompts
from mbc_voice.errors import ContentError, ModelError, VoiceError
from mbc_voice.events import Event, Silence, Transcript
from mbc_voice.library import Library, Sentence
from mbc_voice.models import place, verify
from mbc_voice.parts import Interpret
from mbc_voice.played import Played
from mbc_voice.settings import Settings
from mbc_voice.speak.synthesizer import Synthesizer

if TYPE_CHECKING:
    from mbc_voice.hear.microphone import Microphone, Source
    from mbc_voice.hear.recognizer import Recognizer
    from mbc_voice.speak.dispatcher_voice import DispatcherVoice
    from mbc_voice.speak.player import Sink
    from mbc_voice.speak.speaker import Renders, Speaker
    from mbc_voice.speak.system_voice import SystemVoice
    from mbc_voice.speak.voices import Voices
    from mbc_voice.understand.embeddings import Embedder
    from mbc_voice.understand.interpret import Interpreter

__all__ = ["Interpret", "Synthesizer"]

log = logging.getLogger(__name__)

RECOGNIZERS = {
    "vosk": "vosk-small-en",
    "whisper-base": "whisper-base",
    "whisper-tiny-en": "whisper-tiny-en",
}
"""The model of each recognizer; ``auto`` is the first that is installed."""


DISPATCHER = "dispatcher"
"""The voice that is no `Synthesizer`: Speech Dispatcher plays by itself."""


def content_folder(settings: Settings) -> Path:
    """Return the folder of the content pack in use."""
    return Path(settings.paths.content) if settings.paths.content else default_content()


def models_folder(settings: Settings) -> Path:
    """Return the folder the models are in."""
    return place.models_folder(settings.paths.models)


def library(settings: Settings) -> Library:
    """Return the whole library, checked. Raises `ContentError`."""
    folder = content_folder(settings)
    loaded = load_library(folder)
    for problem in prompts.check(loaded):
        raise ContentError(folder / "prompts.toml", None, problem)
    if not settings.kiosk.clinic:
        return loaded
    return clinics.apply(clinics.read(Path(settings.kiosk.clinic), loaded), loaded)


def clinic(settings: Settings) -> clinics.Clinic:
    """Return what the clinic says of itself. Raises `ContentError`."""
    return clinics.read(Path(settings.kiosk.clinic)) if settings.kiosk.clinic else clinics.Clinic()


# ---------------------------------------------------------------- understanding


def understanding(settings: Settings) -> tuple[Library, Interpret]:
    """Return the library and what interprets questions over it."""
    loaded = library(settings)
    return loaded, interpret(settings, loaded)


def interpret(settings: Settings, loaded: Library) -> Interpret:
    """Return what interprets questions over the library."""
    return interpreter(settings, loaded).interpret


def interpreter(settings: Settings, loaded: Library) -> Interpreter:
    """Return the library's understanding: what words mean, and whether they were all."""
    from mbc_voice.understand import cache
    from mbc_voice.understand.interpret import Interpreter

    return Interpreter(loaded, embedder(settings), cache.default_folder())


def embedder(settings: Settings) -> Embedder | None:
    """Return the sentence embeddings, or None where their model is not installed."""
    folder = models_folder(settings)
    if not verify.is_ready("minilm-l6", folder):
        log.warning("minilm-l6 is not installed: questions are matched by their letters alone")
        return None
    from mbc_voice.understand.embeddings import MiniLmEmbedder

    return MiniLmEmbedder(verify.require("minilm-l6", folder))


# ---------------------------------------------------------------- hearing


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


# ---------------------------------------------------------------- speaking


def voices(loaded: Library) -> Voices:
    """Return the voices this machine has: hibari, then the system's own in the language.

    Takes half a second. A voice is loaded when it is chosen (`Voices.make`, raises `VoiceError`).
    """
    from mbc_voice.speak.voices import SYSTEM, Voices

    system = _system_voice(loaded)
    try:
        system.start()
    except VoiceError as error:
        log.info("%s", error)
    system.close()
    return Voices(
        {"hibari": partial(_natural_voice, loaded)}
        | {f"{SYSTEM}{name}": partial(_started, loaded, name) for name in system.names}
    )


def _started(loaded: Library, name: str = "") -> Synthesizer:
    voice = _system_voice(loaded, name)
    voice.start()
    return voice


def synthesizer(settings: Settings, loaded: Library, name: str | None = None) -> Synthesizer:
    """Return the voice. Raises `VoiceError` if it is not installed.

    ``auto`` is hibari, or the system's voice where hibari can't be loaded; ``system:NAME`` is one
    of the system's by its name.
    """
    wanted = name or settings.speak.voice
    if wanted == DISPATCHER:
        raise VoiceError("Speech Dispatcher makes no sound files. Choose another voice for this.")
    if wanted.startswith("system"):
        return _started(loaded, wanted.partition(":")[2])
    try:
        return _natural_voice(loaded)
    except VoiceError:
        if wanted == "hibari":
            raise
        log.warning("the natural voice can't be loaded: using the system's")
        return _started(loaded)


def _natural_voice(loaded: Library) -> Synthesizer:
    from mbc_voice.content.pronounce import Pronouncer
    from mbc_voice.speak.natural_voice import NaturalVoice

    return NaturalVoice(Pronouncer(loaded.pronunciations).for_natural_voice)


def _system_voice(loaded: Library, name: str = "") -> SystemVoice:
    """Return one of the system's voices; it starts with its first sentence."""
    from mbc_voice.content.pronounce import Pronouncer
    from mbc_voice.speak.system_voice import SystemVoice

    say = Pronouncer(loaded.pronunciations).for_system_voice
    return SystemVoice(say, language=loaded.language, voice=name)


def fallback(loaded: Library, voice: Synthesizer) -> Synthesizer | None:
    """Return what says a sentence that the voice can't: the system's voice, started when needed."""
    return None if voice.name.startswith("system") else _system_voice(loaded)


def dispatcher_voice(
    settings: Settings, loaded: Library, post: Callable[[Event], None]
) -> DispatcherVoice:
    """Return the screen reader's voice, which plays by itself. Raises `VoiceError`."""
    from mbc_voice.content.pronounce import Pronouncer
    from mbc_voice.speak.dispatcher_voice import DispatcherVoice

    return DispatcherVoice(
        post,
        Pronouncer(loaded.pronunciations).for_system_voice,
        language=loaded.language,
        words_per_minute=settings.speak.rate,
        volume=settings.speak.volume,
    )


def render(
    sentences: Sequence[Sentence], voice: Synthesizer, settings: Settings
) -> tuple[Samples, int]:
    """Return the sentences as one stretch of sound and its rate in Hz. Raises `VoiceError`."""
    from mbc_voice.speak.save import render_all

    return render_all(sentences, voice, settings.speak.rate)


def try_loudspeaker(settings: Settings) -> int:
    """Open the loudspeaker, close it, and return its rate in Hz. Raises `DeviceError`."""
    from mbc_voice.speak.loudspeaker import Loudspeaker
    from mbc_voice.speak.player import Player

    player = Player(Loudspeaker(settings.speak.loudspeaker))
    player.open()
    rate = player.sample_rate
    player.close()
    return rate


def speaker(
    settings: Settings,
    renderer: Renders,
    post: Callable[[Event], None],
    *,
    sink: Sink | None = None,
    told: Played | None = None,
) -> Speaker:
    """Return a speaker that runs, on an open loudspeaker or on `sink`. Raises `DeviceError`.

    All that is played is added to `told`.
    """
    from mbc_voice.speak.loudspeaker import Loudspeaker
    from mbc_voice.speak.player import Player
    from mbc_voice.speak.speaker import Speaker

    loudspeaker = Loudspeaker(settings.speak.loudspeaker) if sink is None else sink
    player = Player(loudspeaker, played=told)
    player.open()
    made = Speaker(
        renderer,
        player,
        post,
        words_per_minute=settings.speak.rate,
        volume=settings.speak.volume,
    )
    made.start()
    return made
