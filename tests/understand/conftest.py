"""Interpreters over the real content: whole with MiniLM, and a small part of it without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mbc_voice.content.load import load_library
from mbc_voice.library import Library
from mbc_voice.understand.embeddings import MiniLmEmbedder
from mbc_voice.understand.interpret import Interpreter

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "models" / "minilm-l6"
PART = ("symptoms-bone", "symptoms-liver", "symptoms-lung", "symptoms-brain", "curable")
REFERRALS = ("cost", "doses", "other-cancers")


@pytest.fixture(scope="session")
def library() -> Library:
    """The English pack."""
    return load_library(ROOT / "content" / "en")


@pytest.fixture(scope="session")
def part(library: Library) -> Library:
    """Five topics and three referrals, with all commands and urgent signs."""
    return replace(
        library,
        topics={id: library.topics[id] for id in PART},
        referrals={id: library.referrals[id] for id in REFERRALS},
    )


@pytest.fixture(scope="session")
def small(part: Library) -> Interpreter:
    """An interpreter of a part of the content that needs no model."""
    return Interpreter(part, None)


@pytest.fixture(scope="session")
def interpreter(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Interpreter:
    """The interpreter that people talk to."""
    if not MODEL.is_dir():
        pytest.skip("the model minilm-l6 is not installed")
    return Interpreter(library, MiniLmEmbedder(MODEL), tmp_path_factory.mktemp("learnt"))
