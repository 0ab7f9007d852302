"""What is loaded once, however many talks there are: library, understanding, voice, recognizer.

Loaded side by side on threads of their own, before the talk begins.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from mbc_voice import build, memory, renderings, tuning
from mbc_voice.library import Library
from mbc_voice.settings import Settings
from mbc_voice.speak.synthesizer import Synthesizer

if TYPE_CHECKING:
    from mbc_voice.hear.recognizer import Recognizer
    from mbc_voice.speak.voices import Voices
    from mbc_voice.understand.interpret import Interpreter


@dataclass(frozen=True)
class Engines:
    """Parts that any number of talks may share, one after the other or side by side."""

    settings: Settings
    library: Library
    interpreter: Interpreter
    voice: Synthesizer | None
    """None where the talk makes no sound of its own."""
    voices: Voices | None
    """All there are to choose from."""
    ear: Callable[[], Recognizer] | None
    """Returns the recognizer, or raises `ModelError`; None where nothing is to be heard."""
    renew: Callable[[], Recognizer] | None = None
    """Returns another one, in place of one that hangs."""


@memory.loading()
def load(
    settings: Settings,
    engine: str | None = None,
    voice: str | None = None,
    *,
    aloud: bool = True,
    microphone: bool = True,
) -> Engines:
    """Return what every talk with these settings needs, loaded side by side.

    The recognizer comes first: it reads most, and for a moment takes twice its memory, while the
    rest is not there yet.
    Raises `MbcVoiceError` for a library, an understanding or a voice that can't be loaded; a
    recognizer that can't raises when it is asked for.
    """
    settings = tuning.fitted(settings)
    silent = not aloud or (voice or settings.speak.voice) == build.DISPATCHER
    pool = ThreadPoolExecutor(max_workers=4)
    try:
        hearing = pool.submit(build.recognizer, settings, engine) if microphone else None
        loaded = build.library(settings)
        speaking = None if silent else pool.submit(renderings.voice, settings, loaded, voice)
        others = None if silent else pool.submit(build.voices, loaded)
        understood = pool.submit(build.interpreter, settings, loaded)
        return Engines(
            settings=settings,
            library=loaded,
            voice=speaking.result() if speaking is not None else None,
            interpreter=understood.result(),
            voices=others.result() if others is not None else None,
            ear=partial(_last, hearing) if hearing is not None else None,
            renew=partial(build.recognizer, settings, engine),
        )
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _last(hearing: Future[Recognizer]) -> Recognizer:
    """Return the recognizer, the last part to be loaded."""
    ear = hearing.result()
    memory.give_back()
    return ear
