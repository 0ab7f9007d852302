from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import LoudIsSpeech
from mbc_voice.audio import Block, Samples, Segment
from mbc_voice.hear.endpoint import (
    Endpoint,
    EndpointEvent,
    EndpointSettings,
    Paused,
    SpeechBegan,
    SpeechWentOn,
)
from mbc_voice.hear.voice_activity import FRAME, Frames

FRAME_MS = 32
SETTINGS = EndpointSettings(end_pause_ms=640, room_ms=320, min_speech_ms=96, longest_ms=9_600)


def sound(*parts: tuple[float, int]) -> Samples:
    """Return sound of so many frames at each level; the level is its probability of speech."""
    return np.concatenate([np.full(FRAME * frames, level, np.float32) for level, frames in parts])


def events(
    samples: Samples, cuts: Iterable[int] = (), settings: EndpointSettings = SETTINGS
) -> list[EndpointEvent]:
    endpoint, frames, activity = Endpoint(settings), Frames(), LoudIsSpeech()
    found: list[EndpointEvent] = []
    start = 0
    for part in np.split(samples, sorted(cuts)):
        for frame in frames.cut(Block(part, start)):
            found += endpoint.hear(frame, activity.probability(frame.samples))
        start += len(part)
    return [*found, *endpoint.finish()]


def segments(samples: Samples, cuts: Iterable[int] = ()) -> list[tuple[int, int, int]]:
    """Return begin, end and end of speech of each segment, in frames."""
    return [
        (one.start // FRAME, (one.start + len(one.samples)) // FRAME, one.speech_end // FRAME)
        for one in events(samples, cuts)
        if isinstance(one, Segment)
    ]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param([(0, 100)], [], id="silence"),
        pytest.param([(0, 30), (1, 2), (0, 60)], [], id="a click of 64 ms"),
        pytest.param([(0, 30), (1, 2), (0, 1), (1, 2), (0, 60)], [], id="two clicks"),
        pytest.param([(0, 30), (0.45, 60), (0, 60)], [], id="never sure enough to begin"),
        pytest.param([(0, 30), (1, 6), (0, 60)], [(20, 46, 36)], id="a word of 200 ms"),
        pytest.param([(1, 6), (0, 60)], [(0, 16, 6)], id="a word at once, without a lead"),
        pytest.param([(0, 30), (1, 6)], [(20, 36, 36)], id="the stream ends in a word"),
        pytest.param([(0, 30), (1, 2)], [], id="the stream ends in a click"),
        pytest.param([(0, 30), (1, 9), (0.4, 9), (0, 60)], [(20, 58, 48)], id="fading away"),
        pytest.param(
            [(0, 30), (1, 6), (0, 19), (1, 6), (0, 60)], [(20, 71, 61)], id="a pause within"
        ),
        pytest.param(
            [(0, 30), (1, 6), (0, 20), (1, 6), (0, 60)],
            [(20, 46, 36), (46, 72, 62)],
            id="a pause between, and the room not shared",
        ),
        pytest.param(
            [(1, 700), (0, 60)],
            [(0, 300, 300), (300, 600, 600), (600, 710, 700)],
            id="steady noise ends by itself",
        ),
    ],
)
def test_where_segments_begin_and_end(
    parts: list[tuple[float, int]], expected: list[tuple[int, int, int]]
) -> None:
    """A segment has room around it; clicks are none; a long enough pause or sound ends it."""
    assert segments(sound(*parts)) == expected


speech_and_pauses = st.lists(
    st.tuples(st.sampled_from([0.0, 0.2, 0.4, 0.6, 1.0]), st.integers(1, 40)), max_size=12
).map(lambda parts: sound((0, 1), *parts))


@given(speech_and_pauses, st.data())
def test_any_reblocking_gives_the_same_segments(samples: Samples, data: st.DataObject) -> None:
    """How the sound is cut into blocks makes no difference."""
    cuts = data.draw(st.lists(st.integers(0, len(samples)), max_size=30))
    assert segments(samples, cuts) == segments(samples)


@given(speech_and_pauses)
def test_the_parts_of_a_segment_are_the_segment(samples: Samples) -> None:
    """What was told while it went on is exactly what the segment holds, cut out of the sound."""
    parts: list[Samples] = []
    start = 0
    for event in events(samples):
        match event:
            case SpeechBegan():
                assert not parts
                parts, start = [event.samples], event.start
            case SpeechWentOn():
                parts.append(event.samples)
            case Segment():
                joined, parts = np.concatenate(parts), []
                assert event.start == start
                np.testing.assert_array_equal(event.samples, joined)
                np.testing.assert_array_equal(joined, samples[start : start + len(joined)])
    assert not parts


@given(speech_and_pauses)
def test_segments_are_bounded_and_do_not_overlap(samples: Samples) -> None:
    """Segments follow one another, none is longer than allowed, and speech ends within them."""
    longest = SETTINGS.longest_ms // FRAME_MS
    before = 0
    for begin, end, speech_end in segments(samples):
        assert before <= begin < speech_end <= end
        assert end - begin <= longest + SETTINGS.end_pause_ms // FRAME_MS
        before = end


def test_forgetting_ends_nothing() -> None:
    """After `forget` a segment in progress is gone, and the next one has no room before it."""
    endpoint = Endpoint(SETTINGS)
    frames = Frames()
    for frame in frames.cut(Block(sound((0, 5), (1, 10)), 0)):
        endpoint.hear(frame, float(frame.samples[0]))
    assert endpoint.state == "speaking"
    endpoint.forget()
    assert (endpoint.state, endpoint.finish()) == ("quiet", ())


def told(
    levels: Iterable[float], lag: int, settings: EndpointSettings = SETTINGS
) -> list[tuple[str, int]]:
    """Return what pauses bring, and in which frame, with a detector that lags by so many frames."""
    endpoint, found, levels = Endpoint(settings), [], list(levels)
    for number, level in enumerate(levels):
        frame = Block(np.full(FRAME, level, np.float32), number * FRAME)
        probability = 1.0 if levels[max(0, number - lag)] > 0.04 else 0.0
        for one in endpoint.hear(frame, probability):
            match one:
                case Paused(early=early):
                    found.append(("early" if early else "look", number))
                case Segment():
                    found.append(("end", number))
    return found


LOUD, SOFT, FADED = 1.0, 0.06, 0.01
"""Levels: faded is 40 dB down, soft 24 dB."""


@pytest.mark.parametrize(
    ("lag", "look", "end"), [(0, 14, 31), (3, 15, 31), (6, 18, 34), (9, 21, 37)]
)
def test_a_pause_counts_from_where_the_sound_has_faded(lag: int, look: int, end: int) -> None:
    """A detector that lags makes no pause longer, unless it lags by more than 96 ms."""
    assert told([LOUD] * 12 + [FADED] * 40, lag) == [("look", look), ("end", end)]


def test_sound_between_two_fades_is_no_pause() -> None:
    """Only what has faded since the last sound counts for the pause."""
    endpoint = Endpoint(SETTINGS)
    levels = [LOUD] * 12 + [FADED] * 2 + [LOUD] + [FADED] * 40
    ends = [
        number
        for number, level in enumerate(levels)
        for one in endpoint.hear(
            Block(np.full(FRAME, level, np.float32), number * FRAME), float(number < 17)
        )
        if isinstance(one, Segment)
    ]
    assert ends == [34]


EARLY = replace(SETTINGS, early_ms=96, lag_ms=0, look_ms=128)


@pytest.mark.parametrize("lag", [0, 3, 6, 9])
def test_a_pause_may_be_told_early_and_end_nothing_early(lag: int) -> None:
    """Where faded sound doesn't end speech, it brings a look, however late the detector is."""
    found = told([LOUD] * 12 + [FADED] * 50, lag, EARLY)
    assert found == [("early", 14), ("look", 15 + lag), ("end", 31 + lag)]


def test_what_is_soft_is_quiet_once_the_detector_says_so() -> None:
    """The early look comes where level and detector together have told of quiet long enough."""
    levels = [LOUD] * 12 + [FADED] * 2 + [SOFT] + [FADED] * 50
    assert told(levels, 0, EARLY)[0] == ("early", 17)
    assert told([LOUD] * 12 + [SOFT] * 3 + [FADED] * 40, 0, EARLY)[0] == ("early", 17)


def test_each_pause_is_told_of_once_whatever_the_settings_become() -> None:
    """Settings that change in the middle of a pause neither hide it nor tell of it twice."""
    for at in range(9):
        for before, after in ((EARLY, SETTINGS), (SETTINGS, EARLY)):
            endpoint, looks = Endpoint(replace(before, early_ms=0)), 0
            for number in range(30):
                if number == 12 + at:
                    endpoint.settings = replace(after, early_ms=0)
                speech = 1.0 if number < 12 else 0.0
                frame = Block(np.full(FRAME, speech, np.float32), number * FRAME)
                looks += sum(isinstance(one, Paused) for one in endpoint.hear(frame, speech))
            assert looks == 1, (at, before, after)


def test_what_is_soft_but_no_fading_is_still_speech() -> None:
    """A last word 20 dB below the first one belongs to the speech: the pause begins after it."""
    endpoint, ends = Endpoint(SETTINGS), []
    levels = [1.0] * 12 + [0.1] * 6 + [0.01] * 40
    for number, level in enumerate(levels):
        frame = Block(np.full(FRAME, level, np.float32), number * FRAME)
        ends += [
            number for one in endpoint.hear(frame, float(level > 0.05)) if isinstance(one, Segment)
        ]
    assert ends == [37]
