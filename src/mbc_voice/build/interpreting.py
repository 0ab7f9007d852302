"""What interprets questions: over the library, with or without sentence embeddings."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from mbc_voice.build.content import library, models_folder
from mbc_voice.library import Library
from mbc_voice.models import verify
from mbc_voice.parts import Interpret
from mbc_voice.settings import Settings

if TYPE_CHECKING:
    from mbc_voice.understand.embeddings import Embedder
    from mbc_voice.understand.interpret import Interpreter

log = logging.getLogger(__name__)


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
