"""One recognizer for several listeners, who take turns.

Each `SharedRecognizer` belongs to one listener; all hold the same engine and lock. A segment
is kept until it is asked for, and then decoded in one go, so that no two are mixed, and nothing of
one listener's is left in the engine for the next.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from mbc_voice.audio import Samples
from mbc_voice.events import Silence, Transcript
from mbc_voice.hear.recognizer import Recognizer


class SharedRecognizer:
    """Satisfies `Recognizer` by an engine that others use too."""

    def __init__(self, engine: Recognizer, lock: threading.Lock) -> None:
        self._engine = engine
        self._lock = lock
        self._phrases: Sequence[str] | None = None
        self._fed: list[Samples] = []

    def begin(self, phrases: Sequence[str] | None = None) -> None:
        """Start a segment, forgetting an unfinished one."""
        self._phrases, self._fed = phrases, []

    def feed(self, samples: Samples) -> str:
        """Keep the samples; there is no partial text."""
        self._fed.append(samples)
        return ""

    def look(self) -> Transcript | Silence:
        """Return what was said so far; the segment goes on."""
        return self._decode()

    def end(self) -> Transcript | Silence:
        """Return what was said in the segment."""
        try:
            return self._decode()
        finally:
            self._fed = []

    def _decode(self) -> Transcript | Silence:
        with self._lock:
            try:
                self._engine.begin(self._phrases)
                for samples in self._fed:
                    self._engine.feed(samples)
                return self._engine.end()
            finally:
                self._engine.begin()
