"""What is rendered ahead and kept on disk: which sentences, in which voice, and where.

Joins the renderer, the cache on disk and the rehearsal. Runs on the main thread, but for what the
renderer does by itself later.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import mbc_voice
from mbc_voice import build, memory, rehearsal
from mbc_voice.content.pronounce import Pronouncer
from mbc_voice.library import Library
from mbc_voice.settings import Settings
from mbc_voice.speak.synthesizer import Synthesizer

if TYPE_CHECKING:
    from mbc_voice.speak.render_cache import RenderCache
    from mbc_voice.speak.rendering import Pronounced, Renderer

BEHIND_HIBARI = (
    "speak/level.py",
    "speak/natural_voice.py",
    "speak/stretch.py",
    "speak/timed_hibari.py",
    "speak/words.py",
)
"""Our own modules that the natural voice's sound depends on, beside what it is told to say."""


def folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where renderings are kept: in the user's folder for what can be made again."""
    base = environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "mbc-voice" / "spoken"


def cache(settings: Settings) -> RenderCache:
    """Return the renderings on disk. The system's voices are quick, and are not kept."""
    from mbc_voice.speak.render_cache import RenderCache

    return RenderCache(folder(), settings.speak.cache_mb * 1_000_000, {"hibari": hibari_version()})


def hibari_version() -> str:
    """Return what changes whenever the same sentence might sound different."""
    digest = hashlib.sha256(metadata.version("hibari-tts").encode())
    for name in BEHIND_HIBARI:
        digest.update((Path(mbc_voice.__file__).parent / name).read_bytes())
    return digest.hexdigest()[:16]


def fingerprint(library: Library) -> Pronounced:
    """Return what changes, for a voice and a text, whenever the text is said otherwise."""
    pronouncer = Pronouncer(library.pronunciations)

    def of(voice: str, text: str) -> str:
        system = voice.startswith("system")
        said = pronouncer.for_system_voice(text) if system else pronouncer.for_natural_voice(text)
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    return of


def voice(settings: Settings, library: Library, name: str | None = None) -> Synthesizer:
    """Return the voice for a talk. Raises `VoiceError` if it is not installed.

    Where its sentences are kept already, it is not loaded before one is needed that isn't; at
    other rates the kept ones are stretched.
    """
    wanted = name or settings.speak.voice
    if wanted not in ("auto", "hibari"):
        return build.synthesizer(settings, library, name)
    from mbc_voice.speak.rendering import RenderingKey
    from mbc_voice.speak.sleeping_voice import SleepingVoice

    found, code, rate = cache(settings), fingerprint(library), settings.speak.rate

    def key(text: str) -> RenderingKey:
        return RenderingKey(text, "hibari", rate, code("hibari", text))

    if not all(found.has(key(text)) for text in rehearsal.reviewed(library)):
        return build.synthesizer(settings, library, name)
    return SleepingVoice(
        "hibari",
        partial(build.synthesizer, settings, library, "hibari"),
        lambda text: found.get(key(text)),
        rate,
        slept=memory.give_back,
    )


def renderer(settings: Settings, library: Library, voice: Synthesizer) -> Renderer:
    """Return a renderer that fills up the cache on disk whenever it has nothing else to do."""
    from mbc_voice.speak.rendering import Renderer

    made = Renderer(
        voice,
        build.fallback(library, voice),
        pronunciation=fingerprint(library),
        store=cache(settings),
    )
    made.keep_ready(partial(rehearsal.sentences, library), settings.speak.rate)
    return made


def kept(settings: Settings, library: Library) -> tuple[int, int, RenderCache]:
    """Return how many sentences are kept at the usual rate, how many there are, and the cache.

    The cache's `problem` says why the others can't be kept, if they can't.
    """
    from mbc_voice.speak.rendering import RenderingKey

    found, code = cache(settings), fingerprint(library)
    found.try_writing()
    texts = rehearsal.sentences(library)
    rate = settings.speak.rate
    keys = (RenderingKey(text, "hibari", rate, code("hibari", text)) for text in texts)
    return sum(map(found.has, keys)), len(texts), found


def prepare(
    settings: Settings,
    library: Library,
    voice: Synthesizer,
    progress: Callable[[int, int], None],
) -> tuple[int, RenderCache]:
    """Render all that is not kept yet; return how many sentences that were, and the cache.

    `progress` is told how many are done, of how many. Ends early where the cache is full or can't
    be written (`RenderCache.problem`).
    """
    from mbc_voice.speak.render_cache import fill

    kept = cache(settings)
    kept.tidy()
    texts = rehearsal.sentences(library)
    made = fill(kept, voice, texts, settings.speak.rate, fingerprint(library), progress)
    return made, kept
