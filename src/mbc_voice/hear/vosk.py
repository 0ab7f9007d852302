"""Vosk: a small, quick ear that writes while one speaks, and can be held to a set of phrases.

Owns its model; used by one thread at a time. The engine decodes while it is fed, so `end` is
nearly free.

What the engine leaves to its users: a closed set of phrases needs the model's word for "something
else" among them, or every sound becomes one of them; a phrase with a word the model doesn't know
is quietly shortened, so it is left out here; and a damaged model may end the process, so its
files are looked at first.
"""

from __future__ import annotations

import json
import time
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mbc_voice.audio import SAMPLE_RATE, Samples
from mbc_voice.errors import ModelError
from mbc_voice.events import Silence, Transcript

FILES = ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf")
GRAPHS = (("graph/HCLG.fst",), ("graph/HCLr.fst", "graph/Gr.fst"))
"""A model has one large graph, or two that are combined as needed; a set of phrases needs two."""
IVECTOR_FILES = ("final.dubm", "final.ie", "final.mat", "global_cmvn.stats", "online_cmvn.conf")
SOMETHING_ELSE = ("[unk]", "<UNK>", "<unk>")
"""What models call a word they don't know; English ones the first."""


class VoskRecognizer:
    """A Vosk model in a folder. Raises `ModelError` if it is missing or damaged."""

    def __init__(self, model_path: Path) -> None:
        _check_files(model_path)
        self._engine = _Engine(model_path)
        weakref.finalize(self, self._engine.release)
        self._other = next((word for word in SOMETHING_ELSE if self.knows_word(word)), "")
        self._can_close = (model_path / "graph/Gr.fst").is_file() and bool(self._other)
        self._phrases: tuple[str, ...] = ()
        self._done: list[dict[str, Any]] = []

    def knows_word(self, word: str) -> bool:
        """Return whether the model can hear this word at all (lower case, one word)."""
        return self._engine.knows_word(word)

    def begin(self, phrases: Sequence[str] | None = None) -> None:
        """Start a segment; with `phrases`, only these are heard, and all else is `Silence`.

        Phrases with a word the model doesn't know can't be heard. A model without a word for
        "something else" writes freely in any case.
        """
        wanted = [phrase.lower() for phrase in phrases or ()] if self._can_close else []
        self._phrases = tuple(
            sorted(
                {one for one in wanted if one.split() and all(map(self.knows_word, one.split()))}
            )
        )
        self._done = []
        self._engine.new_decoder([*self._phrases, self._other] if self._phrases else None)

    def feed(self, samples: Samples) -> str:
        """Decode the samples; return the text so far."""
        pcm = (np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes()
        if not pcm:
            return self._text([])
        decoder = self._engine.decoder
        if decoder.AcceptWaveform(pcm):
            self._done.append(json.loads(decoder.Result()))
            return self._text([])
        return self._text([json.loads(decoder.PartialResult()).get("partial", "")])

    def look(self) -> Transcript | Silence:
        """Return what was written down so far; its confidence is not known yet."""
        began = time.perf_counter()
        partial = json.loads(self._engine.decoder.PartialResult()).get("partial", "")
        text = self._text([partial])
        if self._phrases:
            text = self._only_phrase(text.split())
        if not text:
            return Silence("noise")
        return Transcript(text, 1.0, (time.perf_counter() - began) * 1000)

    def end(self) -> Transcript | Silence:
        """Return what was said; with phrases, one of them or `Silence`."""
        began = time.perf_counter()
        self._done.append(json.loads(self._engine.decoder.FinalResult()))
        words = [word for part in self._done for word in part.get("result", ())]
        text = self._text([])
        self._done = []
        if self._phrases:
            text = self._only_phrase(text.split())
            if not text:
                return Silence("unclear" if words else "noise")
        if not text:
            return Silence("noise")
        certain = float(np.mean([word.get("conf", 1.0) for word in words])) if words else 1.0
        return Transcript(text, min(1.0, certain), (time.perf_counter() - began) * 1000)

    def _text(self, more: list[str]) -> str:
        parts = [part.get("text", "") for part in self._done] + more
        words = " ".join(parts).split()
        if self._phrases:
            return " ".join(words)
        return " ".join(word for word in words if word not in SOMETHING_ELSE)

    def _only_phrase(self, words: list[str]) -> str:
        """Return the phrase that was said, once or up to three times; "" if there was more."""
        for times in (1, 2, 3):
            phrase = words[: len(words) // times]
            if phrase * times == words and " ".join(phrase) in self._phrases:
                return " ".join(phrase)
        return ""


class _Engine:
    """The engine's own objects, which must be gone before the interpreter shuts down.

    A decoder adapts to the speaker and keeps that through its `Reset`; so each segment gets a new
    one, and no visitor is heard with the last one's voice in mind.
    """

    def __init__(self, model_path: Path) -> None:
        import vosk

        vosk.SetLogLevel(-1)
        self._vosk = vosk
        self.decoder: Any = None
        try:
            self._model: Any = vosk.Model(str(model_path))
        except Exception as error:  # the engine raises nothing more special
            raise ModelError(
                f"The Vosk model in {model_path} is damaged. Install it again."
            ) from error

    def knows_word(self, word: str) -> bool:
        """Return whether the model has this word."""
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def new_decoder(self, phrases: list[str] | None) -> None:
        """Put a new decoder in place of the last, held to these phrases if given."""
        arguments = [json.dumps(phrases, ensure_ascii=False)] if phrases else []
        self.decoder = self._vosk.KaldiRecognizer(self._model, SAMPLE_RATE, *arguments)
        self.decoder.SetWords(True)

    def release(self) -> None:
        """Let go of everything."""
        self.decoder = self._model = None


def _check_files(path: Path) -> None:
    graph = next((one for one in GRAPHS if (path / one[0]).is_file()), GRAPHS[-1])
    wanted = [path / name for name in (*FILES, *graph)]
    if (path / "ivector").is_dir():
        wanted += [path / "ivector" / name for name in IVECTOR_FILES]
    for file in wanted:
        if not file.is_file() or not file.stat().st_size:
            raise ModelError(
                f"The Vosk model in {path} lacks {file.relative_to(path)}. Install it again."
            )
