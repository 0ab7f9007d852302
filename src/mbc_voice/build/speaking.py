"""The way out: the voices, and the loudspeaker that they are played by."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from mbc_voice.audio import Samples
from mbc_voice.errors import VoiceError
from mbc_voice.events import Event
from mbc_voice.library import Library, Sentence
from mbc_voice.played import Played
from mbc_voice.settings import Settings
from mbc_voice.speak.synthesizer import Synthesizer

if TYPE_CHECKING:
    from mbc_voice.speak.dispatcher_voice import DispatcherVoice
    from mbc_voice.speak.player import Sink
    from mbc_voice.speak.speaker import Renders, Speaker
    from mbc_voice.speak.system_voice import SystemVoice
    from mbc_voice.speak.voices import Voices

log = logging.getLogger(__name__)

DISPATCHER = "dispatcher"
"""The voice that is no `Synthesizer`: Speech Dispatcher plays by itself."""


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
