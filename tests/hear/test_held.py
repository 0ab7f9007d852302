"""Whisper held to phrases: rough voices are obeyed, and other talk is not bent into an order."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from mbc_voice.audio import SAMPLE_RATE, Segment
from mbc_voice.content.load import load_library
from mbc_voice.content.place import default_content
from mbc_voice.events import Transcript
from mbc_voice.hear.recognizer import transcribe
from mbc_voice.hear.whisper import WhisperRecognizer
from mbc_voice.models import place, verify
from mbc_voice.understand.commands import phrases
from voices import samples_of, why_not

pytestmark = pytest.mark.engine


@functools.cache
def ear() -> WhisperRecognizer:
    return WhisperRecognizer(verify.require("whisper-base", place.models_folder()))


@functools.cache
def expected() -> tuple[str, ...]:
    return phrases(load_library(default_content()))


def written(text: str, voice: str, *, held: bool) -> str:
    """Return what is written down of a text, in lower case and without its full stop."""
    samples = np.pad(samples_of(text, voice), SAMPLE_RATE // 5)
    said = transcribe(ear(), Segment(samples, 0, len(samples)), expected() if held else None)
    return said.text.lower().rstrip(".!?") if isinstance(said, Transcript) else ""


@pytest.mark.parametrize(
    ("order", "voice"),
    [("Wait.", "slt"), ("Louder.", "rms"), ("Spell it.", "rms"), ("Twice as fast.", "slt")],
)
def test_a_misheard_order_is_found(order: str, voice: str) -> None:
    """What is written down as another word is heard as the order it was, on every processor.

    Their arithmetic differs a little, and with it what Whisper writes: "Speak up" by kal16 is found
    on one and missed on the next. These are found on all that were tried.
    """
    if why_not(voice):
        pytest.skip(why_not(voice))
    wanted = order.lower().rstrip(".")
    assert written(order, voice, held=False) != wanted
    assert written(order, voice, held=True) == wanted


def test_a_glance_finds_only_what_was_said_plainly() -> None:
    """It leaves the search for a misheard order to the look after it, of the same sound."""
    recognizer = ear()
    recognizer.begin(expected())
    recognizer.feed(np.pad(samples_of("Wait.", "slt"), SAMPLE_RATE // 5))
    glanced, looked = recognizer.glance(), recognizer.look()
    assert isinstance(glanced, Transcript)
    assert isinstance(looked, Transcript)
    assert (glanced.text.lower().rstrip(".") == "wait", looked.text) == (False, "wait")


def glanced(text: str, voice: str, rather: str) -> str:
    """Return what a glance takes a text for, if a phrase may count as heard instead."""
    recognizer = ear()
    recognizer.begin(expected())
    recognizer.feed(np.pad(samples_of(text, voice), SAMPLE_RATE // 5))
    said = recognizer.glance(rather)
    return said.text.lower().rstrip(".!?") if isinstance(said, Transcript) else ""


def test_a_glance_finds_the_one_phrase_that_matters_most() -> None:
    """One word that comes as near to it counts as it; other phrases are left to the look."""
    assert glanced("Faster.", "awb", "") == "fastest"
    assert glanced("Faster.", "awb", "stop") == "fastest"
    assert glanced("Faster.", "awb", "faster") == "faster"


@pytest.mark.parametrize(
    "text", ["Start.", "Step.", "Store.", "Stuff.", "Top.", "Tom.", "Is it Tuesday?"]
)
def test_a_glance_takes_nothing_plain_for_it(text: str) -> None:
    """Words that sound alike stay what they are."""
    for voice in ("hibari", "rms"):
        assert glanced(text, voice, "stop") == glanced(text, voice, "") != "stop"


@pytest.mark.parametrize("text", ["No.", "Stop.", "Chest pain.", "The bones.", "Is it Tuesday?"])
def test_what_is_no_misheard_order_stays(text: str) -> None:
    """A clear order, a short word, and other talk are written down as before."""
    assert written(text, "hibari", held=True) == written(text, "hibari", held=False) != ""


def test_longer_talk_is_left_alone() -> None:
    """Only short segments are searched for an order."""
    text = "My sister stopped taking it because it made her sick."
    assert written(text, "hibari", held=True) == written(text, "hibari", held=False)
