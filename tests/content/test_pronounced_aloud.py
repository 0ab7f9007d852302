"""Hard words, spoken by the real voice and heard by the real recognizer.

What is heard is compared by its sounds, since a recognizer may spell a drug's name as it likes.
"""

# ruff: noqa: RUF001
from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import soxr

from judge import written_down
from mbc_voice.content.load import load_library
from mbc_voice.content.place import default_content
from mbc_voice.content.pronounce import Pronouncer

WORDS = (
    *("palbociclib", "Ibrance", "Faslodex", "everolimus", "Afinitor", "olaparib", "Lynparza"),
    *("pertuzumab", "Perjeta", "Herceptin", "Kadcyla", "Tykerb", "letrozole", "Femara"),
    *("denosumab", "Xgeva", "abemaciclib"),
)
"""Names of medicines that the answers say."""

CARRIER = "Your doctor may talk with you about {}."


def sounds(phonemes: str) -> str:
    """Return phonemes without stress, and with the vowels alike that sound alike unstressed."""
    for one, other in (("ᵊ", "ə"), ("ᵻ", "ə"), ("ɪ", "ə"), ("ɜ", "ə"), ("ʌ", "ə"), ("T", "t")):
        phonemes = phonemes.replace(one, other)
    return re.sub(r"[^A-Za-zæðŋɑɔəɛɡɹʃʊʒʤʧθ]", "", phonemes)


def distance(wanted: str, heard: str) -> float:
    """Return the edits between `wanted` and the nearest part of `heard`, per sound."""
    row = [0] * (len(heard) + 1)
    for number, one in enumerate(wanted, start=1):
        last, row = row, [number]
        for column, other in enumerate(heard, start=1):
            change = last[column - 1] + (one != other)
            row.append(min(change, last[column] + 1, row[-1] + 1))
    return min(row) / len(wanted)


@pytest.fixture(scope="module")
def voice() -> Any:
    hibari = pytest.importorskip("hibari")
    return hibari.Hibari()


def heard(samples: np.ndarray) -> str:
    return written_down(np.asarray(soxr.resample(samples, 24_000, 16_000), dtype=np.float32))


@pytest.mark.engine
def test_pronunciations_make_hard_words_clearer(voice: Any) -> None:
    """With our phonemes the natural voice's hard words are heard nearer to how they are said."""
    entries = {one.word: one for one in load_library(default_content()).pronunciations}
    pronouncer = Pronouncer(entries.values())
    errors = {"plain": 0.0, "ours": 0.0}
    for word in WORDS:
        wanted = sounds(entries[word].phonemes or "".join(voice.phonemize(word)))
        text = CARRIER.format(word)
        for name, said in (("plain", text), ("ours", pronouncer.for_natural_voice(text))):
            written = pronouncer.for_natural_voice(heard(voice(said, seed=1)))
            errors[name] += distance(wanted, sounds("".join(voice.phonemize(written)))) / len(WORDS)
    assert errors["ours"] <= 0.2
    assert errors["ours"] < 0.85 * errors["plain"]
