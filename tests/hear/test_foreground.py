"""The loudest person counts, and nobody behind them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.audio import SAMPLE_RATE, Samples
from mbc_voice.hear.foreground import BACKGROUND, Foreground, foremost
from mbc_voice.hear.voice_activity import FRAME


def sound(seconds: float, level: float) -> Samples:
    return np.full(int(seconds * SAMPLE_RATE), level, np.float32)


def weighed(*parts: tuple[float, float, float]) -> list[list[float]]:
    """Return what becomes of the frames of each part: seconds, level, how likely it is speech."""
    foreground = Foreground()
    return [
        [
            foreground.weigh(np.full(FRAME, level, np.float32), probability)
            for _ in range(int(seconds * SAMPLE_RATE / FRAME))
        ]
        for seconds, level, probability in parts
    ]


def test_a_television_behind_a_question_is_quiet() -> None:
    """Soft speech right after loud speech isn't speech, once the loud syllable is over."""
    _, behind = weighed((2.0, 0.1, 0.9), (1.0, 0.02, 0.9))
    assert behind[9:] == [0.9 * BACKGROUND] * len(behind[9:])


def test_somebody_who_trails_off_is_still_heard() -> None:
    """The end of a sentence may be 9 dB softer than its beginning."""
    _, end = weighed((2.0, 0.1, 0.9), (1.0, 0.1 * 10 ** (-9 / 20), 0.9))
    assert end == [0.9] * len(end)


def test_a_softer_person_is_heard_after_a_while() -> None:
    """Who was loud is forgotten within seconds: another may answer from farther away."""
    _, _, softer = weighed((2.0, 0.1, 0.9), (4.0, 0.0001, 0.1), (1.0, 0.02, 0.9))
    assert softer == [0.9] * len(softer)


def test_a_loud_noise_does_not_hide_speech() -> None:
    """What was no speech, such as a dropped cup, is not what people are measured by."""
    _, speech = weighed((0.5, 0.5, 0.1), (1.0, 0.05, 0.9))
    assert speech == [0.9] * len(speech)


def test_what_is_much_softer_is_cut_off_both_ends() -> None:
    """Of a segment with a television before and after a question, the question is left."""
    segment = np.concatenate([sound(2, 0.01), sound(1.5, 0.1), sound(3, 0.01)])
    left = foremost(segment)
    assert 1.5 <= len(left) / SAMPLE_RATE <= 2.5
    assert np.sum(left > 0.05) == np.sum(segment > 0.05)


@given(
    st.lists(
        st.tuples(st.floats(0.1, 2.0), st.sampled_from([0.0, 0.001, 0.02, 0.1, 0.3])),
        max_size=6,
    )
)
def test_the_loudest_is_never_cut(parts: list[tuple[float, float]]) -> None:
    """What is left is one stretch of the segment, with all of its loudest sound in it."""
    segment = np.concatenate([np.zeros(0, np.float32), *(sound(*part) for part in parts)])
    left = foremost(segment)
    loudest = np.max(segment, initial=0.0)
    assert np.sum(left == loudest) == np.sum(segment == loudest) or loudest == 0.0
    assert len(left) <= len(segment)
    assert left.tobytes() in segment.tobytes()


def test_a_short_word_stays_whole() -> None:
    """A "yes" in a segment of less than a second isn't touched."""
    segment = np.concatenate([sound(0.3, 0.001), sound(0.3, 0.1), sound(0.3, 0.001)])
    assert foremost(segment) is segment
