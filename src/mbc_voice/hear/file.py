"""One question out of a sound file, for ``ask --audio``: the listener's path without a device.

Runs on the caller's thread. A file of any length is read block by block and only until the question
is over; never more than one question is held in memory.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from mbc_voice.audio import Block, Samples, Segment, read_blocks
from mbc_voice.events import Silence, Transcript
from mbc_voice.hear.endpoint import Endpoint, EndpointEvent, EndpointSettings
from mbc_voice.hear.foreground import Foreground
from mbc_voice.hear.recognizer import Recognizer, transcribe
from mbc_voice.hear.voice_activity import FRAME, Frames, VoiceActivity

log = logging.getLogger(__name__)

FILE_PAUSE_MS = 2_000
"""In a file nobody waits for us: a question may hold long pauses."""
LEAD = 4 * FRAME
"""Samples of silence put before the file: the detector needs them to see a first word at once."""
FAINT = 0.1
"""A file whose loudest sample is below this is made louder if nothing was heard in it."""
GOOD_PEAK = 0.5


def hear_file(
    path: Path,
    recognizer: Recognizer,
    voice_activity: VoiceActivity,
    *,
    settings: EndpointSettings | None = None,
) -> Transcript | Silence:
    """Return the first question in a sound file; `recognize_ms` covers the recognizer's work.

    Any format that `audio.read_blocks` reads; a file that breaks off is heard as far as it goes.
    Raises `AudioFileError` if it is missing, empty or no sound.
    """
    settings = replace(settings or EndpointSettings(), end_pause_ms=FILE_PAUSE_MS)
    peak, segment = _first_segment(path, voice_activity, settings, gain=1.0)
    if segment is None and 0.0 < peak < FAINT:
        peak, segment = _first_segment(path, voice_activity, settings, gain=GOOD_PEAK / peak)
    if segment is None:
        return Silence("silence" if peak == 0.0 else "noise")
    log.info("a segment of %.1f s", segment.seconds)
    began = time.perf_counter()
    said = transcribe(recognizer, segment)
    if isinstance(said, Silence):
        return said
    return replace(said, recognize_ms=(time.perf_counter() - began) * 1000)


def _first_segment(
    path: Path, voice_activity: VoiceActivity, settings: EndpointSettings, gain: float
) -> tuple[float, Segment | None]:
    """Return the loudest sample up to the end of the first segment, and that segment."""
    voice_activity.reset()
    endpoint, frames, level = Endpoint(settings), Frames(), _Level(gain)
    foreground = Foreground()
    lead = Block(np.zeros(LEAD, dtype=np.float32), 0)
    for block in _with_lead(lead, (level.correct(block) for block in read_blocks(path))):
        for frame in frames.cut(block):
            speech = voice_activity.probability(frame.samples)
            segment = _ended(endpoint.hear(frame, foreground.weigh(frame.samples, speech)))
            if segment is not None:
                return level.peak, segment
    for frame in frames.rest():
        endpoint.hear(frame, voice_activity.probability(frame.samples))
    return level.peak, _ended(endpoint.finish())


class _Level:
    """Takes out a constant offset, applies a gain, and remembers the loudest sample."""

    def __init__(self, gain: float) -> None:
        self.peak = 0.0
        """Before the gain, after the offset was taken out."""
        self._gain = gain

    def correct(self, block: Block) -> Block:
        """Return the block without its mean, made louder by the gain."""
        samples: Samples = block.samples - block.samples.mean(dtype=np.float32)
        self.peak = max(self.peak, float(np.max(np.abs(samples), initial=0.0)))
        return Block(np.clip(samples * np.float32(self._gain), -1.0, 1.0), block.start)


def _with_lead(lead: Block, blocks: Iterator[Block]) -> Iterator[Block]:
    yield lead
    for block in blocks:
        yield Block(block.samples, block.start + len(lead.samples))


def _ended(events: tuple[EndpointEvent, ...]) -> Segment | None:
    return next((event for event in events if isinstance(event, Segment)), None)
