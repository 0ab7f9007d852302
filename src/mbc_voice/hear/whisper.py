"""Whisper through CTranslate2: the best ear without a network, one segment at a time.

Owns its model. Used by one thread at a time; `glance`, `look` and `end` decode, on `threads`
threads of its own.

Two departures from how the usual libraries drive it, both measured (`benchmarks/recognizers.py`):

- The window is the segment and two seconds of silence, at least eight seconds, in place of thirty:
  the same words in a seventh of the time.
- The prompt asks for timestamps, although they are thrown away: in a short window the model
  otherwise says everything over and over, because nothing tells it where the sound ended.

Whisper writes sentences into silence, so four guards stand behind the voice activity gate: the
level, the model's own doubt, repetition, and whether there is a word at all.
"""

from __future__ import annotations

import math
import re
import time
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mbc_voice.audio import SAMPLE_RATE, Samples, resample, rms_dbfs
from mbc_voice.errors import ModelError
from mbc_voice.events import Silence, Transcript
from mbc_voice.hear.foreground import foremost
from mbc_voice.hear.held import LONGEST_S, HeldPhrases
from mbc_voice.hear.mel import log_mel

FILES = ("config.json", "model.bin", "tokenizer.json")

PADDING_S = 2.0
"""Silence after the segment."""
SHORTEST_WINDOW_S = 8.0
SHORTEST_ENGLISH_ONLY_WINDOW_S = 16.0
"""Models for English alone were trained more narrowly: tiny.en repeats itself in 8 s."""
LONGEST_WINDOW_S = 30.0
"""What Whisper was trained on; what is longer is cut."""
STEP = 320
"""Samples to one position of the encoder (20 ms)."""

QUIETEST_DBFS = -75.0
"""A segment below this level is silence."""
SURE_NO_SPEECH = 0.6
DOUBTFUL_LOG_PROBABILITY = -1.0
"""A segment is noise where both are passed; the reference implementation's own thresholds."""
HOPELESS_LOG_PROBABILITY = -1.6
"""Below this mean log-probability a word is a guess."""
MOST_COMPRESSION = 2.4
"""Text that packs better than this repeats itself; the reference implementation's threshold."""
TOKENS_PER_SECOND = 8
"""More than anyone speaks; a bound on runaway decoding."""
READINGS = 5
"""How many readings there are of what was in doubt."""
LONGEST_REREAD_S = 10.0
"""What is longer is not read again: that takes long, and nobody cries for help at such length."""


class WhisperRecognizer:
    """A Whisper model converted for CTranslate2, such as ``base`` or ``tiny.en``.

    `beam` is how many candidates the search keeps. `hotwords` are words to expect, such as names
    of medicines; it leans towards them, and away from short commands (twice the errors), so none
    is the default. Raises `ModelError` if the model is missing or damaged.
    """

    def __init__(
        self,
        model_path: Path,
        threads: int = 2,
        *,
        beam: int = 1,
        hotwords: Sequence[str] = (),
    ) -> None:
        self._model, self._tokenizer = _load(model_path, threads)
        self._beam = beam
        many = self._model.is_multilingual
        self._shortest = SHORTEST_WINDOW_S if many else SHORTEST_ENGLISH_ONLY_WINDOW_S
        self._end_of_text: int = self._token("<|endoftext|>")
        self._prompt = [*self._expect(hotwords), *self._start()]
        self._zero = self._token("<|notimestamps|>") + 1
        self._heard: list[Samples] = []
        self._encoded: tuple[Any, int] | None = None
        """The sound looked at last, as the model sees it, and the bound on its tokens."""
        self._free: list[int] = []
        """What was written down of it freely, as tokens."""
        self._held: tuple[tuple[str, ...], HeldPhrases] | None = None
        self._expected: HeldPhrases | None = None

    def begin(self, phrases: Sequence[str] | None = None) -> None:
        """Start a segment. Whisper writes down freely, and leans towards `phrases` (`held`)."""
        self._heard, self._encoded = [], None
        self._expected = self._hold(tuple(phrases)) if phrases else None

    def feed(self, samples: Samples) -> str:
        """Keep the samples until `end`; there is no partial text."""
        self._heard.append(samples)
        self._encoded = None
        return ""

    def end(self) -> Transcript | Silence:
        """Decode what was fed since `begin`."""
        said = self.look()
        self._heard = []
        return said

    def look(self) -> Transcript | Silence:
        """Decode what was fed so far."""
        return self._look(self._expected)

    def glance(self, rather: str = "") -> Transcript | Silence:
        """Decode what was fed so far, freely; of all phrases only `rather` is weighed."""
        said = self._look(None)
        expected = self._expected
        if not rather or expected is None or self._encoded is None or _is_noise(said):
            return said
        if isinstance(said, Transcript) and expected.has(said.text):
            return said
        prompt = [*self._prompt, self._zero]
        if expected.comes_near(self._model, self._encoded[0], prompt, self._free, rather):
            confidence = said.confidence if isinstance(said, Transcript) else 0.0
            return Transcript(rather, confidence)
        return said

    def _look(self, held: HeldPhrases | None) -> Transcript | Silence:
        began = time.perf_counter()
        self._encoded, self._free = None, []
        samples = self._whole()
        if not len(samples) or rms_dbfs(samples - samples.mean()) < QUIETEST_DBFS:
            return Silence("silence")
        text, log_probability, why = self._decode(foremost(samples), held)
        if why is not None:
            return why
        elapsed_ms = (time.perf_counter() - began) * 1000
        return Transcript(text, min(1.0, math.exp(log_probability)), elapsed_ms)

    def alternatives(self, speed: float = 1.0) -> Sequence[str]:
        """Return the best readings of a wider search, of the sound as it is or at another speed.

        Perturbing the speed and reading again is how training sets are made larger (Ko et al.,
        "Audio augmentation for speech recognition", Interspeech 2015); here it gives a small model
        a second chance at words that noise has hidden.
        """
        samples = foremost(self._whole())
        if not 0 < len(samples) <= LONGEST_REREAD_S * SAMPLE_RATE:
            return ()
        if speed == 1.0 and self._encoded is not None:
            encoded, longest = self._encoded
        else:
            samples = resample(samples, round(SAMPLE_RATE * speed), SAMPLE_RATE)
            encoded, longest = self._encode(samples)
        result = self._model.generate(
            encoded,
            [self._prompt],
            beam_size=READINGS,
            num_hypotheses=READINGS,
            max_length=longest,
        )[0]
        return tuple(self._text(tokens) for tokens in result.sequences_ids)

    def _whole(self) -> Samples:
        """Return what was fed, in one piece."""
        self._heard = [np.concatenate([np.zeros(0, dtype=np.float32), *self._heard])]
        return self._heard[0]

    def _encode(self, samples: Samples) -> tuple[Any, int]:
        """Return the sound as the model sees it, and the bound on its tokens."""
        from ctranslate2 import StorageView

        mel = log_mel(_window(samples, self._shortest))
        longest = len(self._prompt) + 12 + int(len(samples) / SAMPLE_RATE * TOKENS_PER_SECOND)
        return self._model.encode(StorageView.from_array(mel[None])), longest

    def _text(self, tokens: Sequence[int]) -> str:
        words = [token for token in tokens if token < self._end_of_text]
        text: str = self._tokenizer.decode(words)
        return text.strip()

    def _decode(
        self, samples: Samples, held: HeldPhrases | None
    ) -> tuple[str, float, Silence | None]:
        """Return the text, the mean log-probability of its tokens, and why not to believe it."""
        seconds = len(samples) / SAMPLE_RATE
        encoded, longest = self._encoded = self._encode(samples)
        result = self._model.generate(
            encoded,
            [self._prompt],
            beam_size=self._beam,
            max_length=longest,
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        tokens = result.sequences_ids[0]
        words = self._free = [token for token in tokens if token < self._end_of_text]
        text = self._tokenizer.decode(words).strip()
        mean = float(result.scores[0] * len(tokens) / (len(tokens) + 1))
        why = _doubt(text, mean, float(result.no_speech_prob))
        noise = why is not None and why.why == "noise"
        if held is None or noise or seconds > LONGEST_S or held.has(text):
            return text, mean, why
        phrase = held.search(self._model, encoded, [*self._prompt, self._zero], words, longest)
        return (text, mean, why) if phrase is None else (*phrase, None)

    def _hold(self, phrases: tuple[str, ...]) -> HeldPhrases:
        """Return the phrases prepared; they are nearly always the same ones again."""
        if self._held is None or self._held[0] != phrases:
            self._held = phrases, HeldPhrases(self._tokenizer, phrases, self._end_of_text)
        return self._held[1]

    def _start(self) -> list[int]:
        start = self._token("<|startoftranscript|>")
        if not self._model.is_multilingual:
            return [start]
        return [start, self._token("<|en|>"), self._token("<|transcribe|>")]

    def _expect(self, hotwords: Sequence[str]) -> list[int]:
        if not hotwords:
            return []
        words = self._tokenizer.encode(f" {', '.join(hotwords)}.", add_special_tokens=False)
        return [self._token("<|startofprev|>"), *words.ids]

    def _token(self, name: str) -> int:
        token: int | None = self._tokenizer.token_to_id(name)
        if token is None:
            raise ModelError(f"The Whisper model lacks {name}. Install it again.")
        return token


def _window(samples: Samples, shortest_s: float) -> Samples:
    """Return the samples followed by silence, a whole number of encoder positions long."""
    wanted = max(len(samples) / SAMPLE_RATE + PADDING_S, shortest_s)
    length = int(min(wanted, LONGEST_WINDOW_S) * SAMPLE_RATE) // STEP * STEP
    window = np.zeros(length, dtype=np.float32)
    kept = samples[:length]
    window[: len(kept)] = kept - kept.mean()
    return window


def _is_noise(said: Transcript | Silence) -> bool:
    return isinstance(said, Silence) and said.why != "unclear"


def _doubt(text: str, log_probability: float, no_speech: float) -> Silence | None:
    """Return why this text should not be believed, or None."""
    if no_speech > SURE_NO_SPEECH and log_probability < DOUBTFUL_LOG_PROBABILITY:
        return Silence("noise")
    if not re.search(r"\w", text):
        return Silence("noise")
    if log_probability < HOPELESS_LOG_PROBABILITY:
        return Silence("unclear")
    data = text.encode()
    if len(data) / len(zlib.compress(data)) > MOST_COMPRESSION:
        return Silence("unclear")
    return None


def _load(path: Path, threads: int) -> tuple[Any, Any]:
    for name in FILES:
        if not (path / name).is_file():
            raise ModelError(f"The Whisper model in {path} lacks {name}. Install it again.")
    from ctranslate2.models import Whisper
    from tokenizers import Tokenizer

    try:
        model = Whisper(str(path), device="cpu", compute_type="int8", intra_threads=threads)
        return model, Tokenizer.from_file(str(path / "tokenizer.json"))
    except Exception as error:
        # CTranslate2 and tokenizers raise whatever their C++ and Rust sides throw.
        raise ModelError(f"The Whisper model in {path} is damaged. Install it again.") from error
