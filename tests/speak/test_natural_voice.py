"""The natural voice, by what a listener understands of it."""

from __future__ import annotations

import functools
import socket

import numpy as np
import pytest

from judge import heard
from mbc_voice.speak.natural_voice import PACE, NaturalVoice, pace_for

SENTENCE = "You can say stop at any time."


def test_every_rate_has_its_pace() -> None:
    """From 80 to 450 words a minute, speed times stretching rises; stretching only outside PACE."""
    paces = [pace_for(rate) for rate in range(80, 451)]
    reached = [speed * faster for speed, faster in paces]
    assert reached == sorted(reached)
    for rate, (_, faster) in zip(range(80, 451), paces, strict=True):
        assert (faster == 1.0) == (PACE[0][0] <= rate <= PACE[-1][0])


@functools.cache
def voice() -> NaturalVoice:
    return NaturalVoice()


@pytest.mark.engine
def test_it_is_understood() -> None:
    """A listener writes down the sentence word for word."""
    assert heard(voice().render(SENTENCE, 160)) == "you can say stop at any time"


@pytest.mark.engine
def test_it_says_phonemes_where_they_are_given() -> None:
    """What is pronounced is what `pronounce` returns, phonemes inline included."""
    stop = "[Xq](/stˈɑp/)"  # noqa: RUF001 - phonemes
    pronounced = NaturalVoice(pronounce=lambda text: text.replace("Xq", stop))
    words = heard(pronounced.render("You can say Xq at any time.", 160))
    assert words == "you can say stop at any time"


@pytest.mark.engine
def test_same_sentence_same_samples() -> None:
    """Two renderings of a sentence are equal, so that they can be kept and compared."""
    first, second = (NaturalVoice().render(SENTENCE, 160) for _ in range(2))
    assert np.array_equal(first.samples, second.samples)


@pytest.mark.engine
def test_faster_is_shorter() -> None:
    """From slow to fast, each rate takes less time than the one before."""
    seconds = [
        voice().render(SENTENCE, rate).seconds for rate in (80, 100, 130, 160, 200, 240, 330, 450)
    ]
    assert seconds == sorted(seconds, reverse=True)
    assert len(set(seconds)) == len(seconds)


@pytest.mark.engine
def test_it_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading and rendering open no socket."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert NaturalVoice().render("An unheard word: zoledronic.", 160).seconds > 1


@pytest.mark.engine
@pytest.mark.parametrize("rate", [100, 160, 320])
def test_words_are_told_where_they_begin(rate: int) -> None:
    """After a pause in the sentence, sound sets in where the word is said to begin."""
    text = "You can say stop at any time: or wait."
    rendering = voice().render(text, rate)
    written = " ".join(text[word.start : word.end] for word in rendering.words)
    assert written == "You can say stop at any time or wait"
    level = np.abs(rendering.samples)
    loud = np.flatnonzero(level > 0.05)
    pauses = np.flatnonzero(np.diff(loud) > 0.08 * rendering.sample_rate)
    onset = loud[pauses[np.argmin(np.abs(loud[pauses] - len(level) * 0.75))] + 1]
    told = next(word.sample for word in rendering.words if text[word.start :].startswith("or"))
    assert abs(int(onset) - told) < 0.06 * rendering.sample_rate
