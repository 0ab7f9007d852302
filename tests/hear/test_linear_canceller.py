"""The canceller that learns how the loudspeaker sounds in the microphone."""

from __future__ import annotations

import numpy as np

from echo_room import response
from mbc_voice.audio import Samples, rms_dbfs
from mbc_voice.hear.linear_canceller import FRAME, LinearCanceller
from voices import samples_of

TEXT = "Symptoms in the lungs. There are four. A cough that won't go away. Chest pain."


def our_voice() -> Samples:
    speech = samples_of(TEXT, "rms")
    return np.asarray(0.1 * speech / np.sqrt(np.mean(speech**2)), dtype=np.float32)


def echo(voice: Samples, delay_ms: float) -> Samples:
    """Return what comes back of a voice, 12 dB down."""
    return np.convolve(voice, response(-12.0, delay_ms))[: len(voice)].astype(np.float32)


def left(canceller: LinearCanceller, heard: Samples, played: Samples) -> Samples:
    """Return what the canceller leaves of it all."""
    frames = [
        canceller.cancel(heard[at : at + FRAME], played[at : at + FRAME])
        for at in range(0, len(heard) - FRAME + 1, FRAME)
    ]
    return np.concatenate(frames)


def taken_off(canceller: LinearCanceller, heard: Samples, played: Samples) -> float:
    """Return by how many dB the second half of what was heard is down."""
    half = slice(len(heard) // 2, len(heard) // FRAME * FRAME)
    return rms_dbfs(heard[half]) - rms_dbfs(left(canceller, heard, played)[half])


def test_it_learns_again_when_the_streams_have_moved() -> None:
    """An echo that suddenly comes 100 ms later is found within one answer, if it is told so."""
    voice = our_voice()
    told, untold = LinearCanceller(), LinearCanceller()
    for canceller in (told, untold):
        for _ in range(3):
            left(canceller, echo(voice, 40.0), voice)
    told.learn_again()
    later = echo(voice, 140.0)
    assert taken_off(untold, later, voice) < 6 < 12 < taken_off(told, later, voice)


def test_learning_again_forgets_nothing() -> None:
    """Where nothing moved after all, the echo stays away."""
    voice = our_voice()
    canceller = LinearCanceller()
    for _ in range(3):
        left(canceller, echo(voice, 40.0), voice)
    canceller.learn_again()
    first = len(voice) // 4
    same = echo(voice, 40.0)
    rest = left(canceller, same[:first], voice[:first])
    assert rms_dbfs(rest) < rms_dbfs(same[:first]) - 10


def test_a_person_is_left_alone() -> None:
    """While nothing sounds, what is heard passes unchanged."""
    person = samples_of("Stop talking.", "slt")
    whole = person[: len(person) // FRAME * FRAME]
    assert np.array_equal(left(LinearCanceller(), whole, np.zeros_like(whole)), whole)
