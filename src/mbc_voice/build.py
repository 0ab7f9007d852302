"""Builds the parts from the settings: the one place that names concrete engines.

Engines are imported inside the functions, so that a command that needs none of them is quick.
Everything here may raise `MbcVoiceError`; nothing here runs once the talk has begun.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mbc_voice.assistant import Assistant, Failed, Interpret, Voice
from mbc_voice.audio import Samples, Segment
from mbc_voice.content.load import load_library
from mbc_voice.content.place import default_content
from mbc_voice.dialogue import prompts
from mbc_voice.dialogue.state import Delivery, State, begin
from mbc_voice.errors import ContentError, DeviceError, ModelError, VoiceError
from mbc_voice.events import Event, Silence, Snapshot, Transcript
from mbc_voice.library import Library, Sentence
from mbc_voice.models import place, verify
from mbc_voice.settings import Settings
from mbc_voice.speak.synthesizer import Synthesizer

if TYPE_CHECKING:
    from mbc_voice.hear.listener import Listener
    from mbc_voice.hear.microphone import Microphone
    from mbc_voice.hear.recognizer import Recognizer
    from mbc_voice.speak.dispatcher_voice import DispatcherVoice
    from mbc_voice.speak.speaker import Speaker
    from mbc_voice.speak.system_voice import SystemVoice
    from mbc_voice.speak.voices import Voices
    from mbc_voice.understand.embeddings import Embedder

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
    return loaded


# ---------------------------------------------------------------- understanding


def understanding(settings: Settings) -> tuple[Library, Interpret]:
    """Return the library and what interprets questions over it."""
    loaded = library(settings)
    return loaded, _interpret(settings, loaded)


def _interpret(settings: Settings, loaded: Library) -> Interpret:
    from mbc_voice.understand import cache
    from mbc_voice.understand.interpret import Interpreter

    return Interpreter(loaded, embedder(settings), cache.default_folder()).interpret


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


def microphone(settings: Settings) -> Microphone:
    """Return the microphone, not opened yet."""
    from mbc_voice.hear.microphone import Microphone

    return Microphone(settings.hear.microphone)


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


def _fingerprint(loaded: Library) -> str:
    """Return what changes whenever a pronunciation does."""
    return hashlib.sha256(repr(loaded.pronunciations).encode()).hexdigest()[:16]


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
    voice: Synthesizer,
    fallback: Synthesizer | None,
    post: Callable[[Event], None],
    *,
    pronunciation: str = "",
) -> Speaker:
    """Return a speaker that runs, on an open loudspeaker. Raises `DeviceError`."""
    from mbc_voice.speak.loudspeaker import Loudspeaker
    from mbc_voice.speak.player import Player
    from mbc_voice.speak.rendering import Renderer
    from mbc_voice.speak.speaker import Speaker

    player = Player(Loudspeaker(settings.speak.loudspeaker))
    player.open()
    made = Speaker(
        Renderer(voice, fallback, pronunciation=pronunciation),
        player,
        post,
        words_per_minute=settings.speak.rate,
        volume=settings.speak.volume,
    )
    made.start()
    return made


# ---------------------------------------------------------------- the whole talk

REOPEN_TRIES = 6
"""A lost microphone is tried so often (about 8 s) before the program gives up, if nobody can type
instead: a supervisor starts it again."""

CLOSE_SECONDS = 5.0
"""A sound system that hangs is not waited for any longer."""


@dataclass
class Talk:
    """The assistant with its ears and voice, ready to run."""

    assistant: Assistant
    library: Library
    has_microphone: bool
    problems: list[str] = field(default_factory=list)
    """What does not work, one line each; the talk goes on without it."""
    closers: list[Callable[[], None]] = field(default_factory=list)

    def close(self) -> None:
        """Let all devices and children go, the last opened first; a hung one is left behind."""
        closing = threading.Thread(target=self._close, name="closing", daemon=True)
        closing.start()
        closing.join(CLOSE_SECONDS)

    def _close(self) -> None:
        with ExitStack() as stack:
            for closer in self.closers:
                stack.callback(closer)


def talk(
    settings: Settings,
    *,
    show: Callable[[Snapshot], None],
    usual: Settings | None = None,
    write: Callable[[str], None] | None = None,
    engine: str | None = None,
    voice: str | None = None,
    remembered: str = "",
    microphone: bool = True,
    can_type: bool = False,
) -> Talk:
    """Return the whole assistant, its parts loaded side by side.

    `usual` are the settings without what was changed by voice, if that makes a difference;
    `remembered` is the voice that was chosen then, as it is said. With
    `write`, each sentence goes there, and there is neither voice nor loudspeaker. Without a
    microphone or recognizer it still runs where somebody can type; else that is raised, as is a
    missing loudspeaker or voice (`MbcVoiceError`).
    """
    loaded = library(settings)
    pool = ThreadPoolExecutor(max_workers=3)
    try:
        silent = write is not None or (voice or settings.speak.voice) == DISPATCHER
        speaking = None if silent else pool.submit(synthesizer, settings, loaded, voice)
        others = None if silent else pool.submit(voices, loaded)
        hearing = pool.submit(recognizer, settings, engine) if microphone else None
        understood = pool.submit(_interpret, settings, loaded)
        voice_made = speaking.result() if speaking is not None else None
        interpret = understood.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    post: list[Callable[[Event], None]] = []
    mouth = _mouth(settings, loaded, voice_made, write, lambda event: post[0](event))
    choice = others.result() if others is not None else None
    said = _said_first(choice, voice_made) if choice is not None and voice_made is not None else ()
    state = _begin(loaded, settings, usual or settings, said, prompting=write is None)
    use = partial(_use_voice, mouth, choice) if choice is not None else None
    if use is not None and remembered in said[1:]:
        use(remembered)
        state = replace(state, delivery=replace(state.delivery, voice=remembered))
    assistant = Assistant(
        state, interpret, mouth, show=show, use_voice=use, attended=can_type or not microphone
    )
    post.append(assistant.post if write is None else assistant.post_next)
    made = Talk(assistant, loaded, microphone, closers=_closers(choice, voice_made, mouth))
    if hearing is not None:
        _connect_ears(made, settings, hearing.result, can_type)
    return made


def _mouth(
    settings: Settings,
    loaded: Library,
    voice: Synthesizer | None,
    write: Callable[[str], None] | None,
    post: Callable[[Event], None],
) -> Voice:
    if write is None and voice is None:
        return dispatcher_voice(settings, loaded, post)
    if write is None and voice is not None:
        other = fallback(loaded, voice)
        return speaker(settings, voice, other, post, pronunciation=_fingerprint(loaded))
    assert write is not None
    from mbc_voice.silent import SilentVoice

    return SilentVoice(post, write)


def _said_first(choice: Voices, speaking: Synthesizer) -> tuple[str, ...]:
    """Return the names of the voices as they are said, first the one that speaks already."""
    name = next((name for name in choice.names if name.startswith(speaking.name)), None)
    if name is None:
        return choice.said
    choice.keep(name, speaking)
    first = choice.said[choice.names.index(name)]
    return tuple(dict.fromkeys((first, *choice.said)))


def _use_voice(mouth: Voice, choice: Voices, name: str) -> None:
    """Speak with another voice from the next sentence on; one that can't be loaded is left."""
    from mbc_voice.speak.speaker import Speaker

    try:
        other = choice.make(name)
    except VoiceError as error:
        log.warning("%s", error)
        return
    if isinstance(mouth, Speaker):
        mouth.set_voice(other)


def _closers(*parts: object) -> list[Callable[[], None]]:
    return [close for part in parts for close in _closing(part)]


def _begin(
    loaded: Library,
    settings: Settings,
    usual: Settings,
    voices: tuple[str, ...],
    *,
    prompting: bool,
) -> State:
    """Return the first state; a screen reader that is still speaking is not to be prompted over."""
    kiosk = settings.talk.profile == "kiosk"
    return begin(
        loaded,
        profile="kiosk" if kiosk else "home",
        usual=_delivery(usual),
        delivery=_delivery(settings),
        think_seconds=settings.talk.think_seconds if prompting or kiosk else None,
        voices=voices,
    )


def _delivery(settings: Settings) -> Delivery:
    answers = settings.talk.answers
    return Delivery(
        words_per_minute=settings.speak.rate,
        volume=settings.speak.volume,
        answers="short" if answers == "short" else "long" if answers == "long" else "usual",
        earcons=settings.talk.earcons,
    )


def _closing(part: object) -> list[Callable[[], None]]:
    """Return how to close a part, if it holds anything."""
    close = getattr(part, "close", None)
    return [close] if callable(close) else []


def _connect_ears(
    made: Talk, settings: Settings, ear: Callable[[], Recognizer], can_type: bool
) -> None:
    try:
        ears = _listener(settings, made, ear(), None if can_type else REOPEN_TRIES)
        ears.start()
    except (DeviceError, ModelError) as error:
        if not can_type:
            made.close()
            raise
        made.has_microphone = False
        made.problems.append(f"{error} Until then, press Enter and type your question.")
        return
    made.closers.append(ears.stop)
    made.assistant.hear_with(ears)


def _emergencies(loaded: Library) -> tuple[str, ...]:
    """Return how people say that they need help: heard even while it speaks."""
    return tuple(phrase for sign in loaded.urgent.values() for phrase in sign.phrases)


def _listener(settings: Settings, made: Talk, ear: Recognizer, tries: int | None) -> Listener:
    from mbc_voice.hear.endpoint import EndpointSettings
    from mbc_voice.hear.listener import Listener
    from mbc_voice.hear.voice_activity import SileroVoiceActivity
    from mbc_voice.understand.commands import phrases

    return Listener(
        microphone(settings),
        SileroVoiceActivity(),
        ear,
        made.assistant.post,
        phrases=(*phrases(made.library), *_emergencies(made.library)),
        endpoint=EndpointSettings(end_pause_ms=settings.hear.end_pause_ms),
        on_death=lambda reason: made.assistant.post(Failed(reason)),
        tries=tries,
    )
