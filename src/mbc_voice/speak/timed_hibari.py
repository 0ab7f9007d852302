"""hibari, and when each word begins in what it says.

Its network gives every phoneme a whole number of frames, and then lays out the sound by them: exact
times, which it keeps to itself. They are read here by naming that inner value as one more output of
the model: two messages of a protocol buffer that stand one after the other are one message, so that
a few bytes behind the file are enough. Another model without that value speaks as well, untimed.
Used by one thread at a time.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mbc_voice.audio import Samples
from mbc_voice.speak.words import SaidWord

log = logging.getLogger(__name__)

FRAMES = "/Cast_32_output_0"
"""Name of the value in hibari 0.2's model: frames for each phoneme, ``(phonemes,) int64``."""

LEAD_FRAMES = 2
"""A word sounds so many frames before its own begin (25 ms each; benchmarks/word_times.py)."""

_GRAPH, _OUTPUT, _NAME = 7, 12, 1
"""Fields of ONNX's ModelProto, GraphProto and ValueInfoProto (onnx/onnx.proto)."""


class TimedHibari:
    """hibari's voice "heart". Raises what it raises."""

    def __init__(self, threads: int = 1) -> None:
        from hibari import SAMPLE_RATE, Hibari

        self.sample_rate = int(SAMPLE_RATE)
        self._hibari = Hibari(voice="heart", threads=threads)
        self._frames = _TellingSession.of(self._hibari.model_path, threads)
        if self._frames is not None:
            self._hibari.sess = self._frames

    def say(self, text: str, speed: float, seed: int) -> tuple[Samples, tuple[SaidWord, ...]]:
        """Return the sound, ``(n,) float32``, and its words in order; no words if it can't tell."""
        rng = np.random.default_rng(seed)
        sounds: list[Samples] = []
        words: list[SaidWord] = []
        length = 0
        for sentence in self._hibari.split_sentences(text):
            for phonemes, said in self._parts(sentence):
                ids = self._hibari.ids(phonemes)
                sound = self._hibari.from_ids(ids, speed, rng)
                words += self._timed(said, len(ids), len(sound), length)
                sounds.append(sound)
                length += len(sound)
        return np.concatenate([np.zeros(0, np.float32), *sounds]), tuple(words)

    def _parts(self, sentence: str) -> Iterator[tuple[str, list[tuple[str, int]]]]:
        """Yield phonemes to be said in one go, with each word and the phoneme it begins at.

        A sentence too long for that is cut by hibari itself, and not timed.
        """
        whole = self._hibari.phonemize(sentence)
        words = self._words(sentence) if len(whole) == 1 else []
        if "".join(phonemes for _, phonemes in words).strip() != "".join(whole):
            words = []
        for phonemes in whole:
            starts = itertools.accumulate((len(self._known(part)) for _, part in words), initial=0)
            yield phonemes, [(text, at) for (text, _), at in zip(words, starts, strict=False)]

    def _words(self, sentence: str) -> list[tuple[str, str]]:
        """Return what stands between spaces, and its phonemes with the space after it."""
        from hibari.g2p import normalize

        g2p = self._hibari.g2p
        words, text, phonemes = [], "", ""
        for token in g2p.phonemize_tokens(g2p.tokenize(normalize(sentence))):
            text += token.text
            phonemes += (token.phonemes or "") + (" " if token.whitespace else "")
            if token.whitespace:
                words.append((text, phonemes))
                text, phonemes = "", ""
        return [*words, (text, phonemes)] if phonemes else words

    def _timed(
        self, said: Sequence[tuple[str, int]], ids: int, length: int, before: int
    ) -> Iterator[SaidWord]:
        frames = self._frames.last if self._frames is not None else None
        if frames is None or len(frames) != ids or not length:
            return
        begins = np.concatenate([[0], np.cumsum(frames)])
        frame = length / int(begins[-1])
        for text, at in said:
            first = int(begins[min(at + 1, ids)])  # before the first phoneme is a pause
            yield SaidWord(text, before + round(max(0, first - LEAD_FRAMES) * frame))

    def _known(self, phonemes: str) -> str:
        return "".join(sign for sign in phonemes if sign in self._hibari.vocab)


class _TellingSession:
    """An ONNX session that answers as before, and keeps the frames of the last sentence."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.last: npt.NDArray[np.int64] | None = None

    @classmethod
    def of(cls, model: str, threads: int) -> _TellingSession | None:
        """Return a session, or None if the model has no such value."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = threads
        options.log_severity_level = 3
        more = _field(_GRAPH, _field(_OUTPUT, _field(_NAME, FRAMES.encode())))
        try:
            session = onnxruntime.InferenceSession(
                Path(model).read_bytes() + more, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # whatever the runtime raises, the voice works without
            log.info("no word times: %s", type(error).__name__)
            return None
        return cls(session)

    def run(self, names: None, inputs: dict[str, npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
        """Return the outputs that the model has of its own."""
        found: list[npt.NDArray[Any]] = self._session.run(names, inputs)
        self.last = found.pop().reshape(-1)
        return found


def _field(number: int, payload: bytes) -> bytes:
    """Return a field that holds bytes, as protocol buffers write it (shorter than 128 bytes)."""
    return bytes((number << 3 | 2, len(payload))) + payload
