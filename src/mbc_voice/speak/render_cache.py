"""Renderings kept on disk, so that a sentence that was said once is never rendered again.

Owns one folder of files, each a rendering as 16-bit FLAC with a SHA-256 over all of it. What is
damaged counts as missing and is deleted; nothing unverified is ever played. Any number of threads
and programs may use the same folder. A disk that is full or can't be written costs only time.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import soundfile

from mbc_voice.errors import VoiceError
from mbc_voice.speak.rendering import Pronounced, RenderingKey, render_checked
from mbc_voice.speak.synthesizer import Rendering, Synthesizer, Word

log = logging.getLogger(__name__)

FORMAT = b"mbcv1\n"
"""Raise the number whenever the format changes."""
SUFFIX = ".voice"
CODEC, DEPTH = "FLAC", "PCM_16"
"""Exact to 16 bits; a sentence of 4 s is read in 1.2 ms. Vorbis takes a quarter of the room and
twice the time, Opus ten times (benchmarks/results.md)."""
LEFT_AFTER_EVICTION = 0.9
"""Making room goes so far below the bound that it is not needed again at once."""
UNUSED_DAYS = 60.0
"""What nothing has used for so long is deleted: old voices, old content."""
TOUCH_DAYS = 1.0
"""A file's time says when it was last used, to this precision."""
DAY = 86_400.0

_DAMAGE = (OSError, ValueError, KeyError, TypeError, soundfile.SoundFileError)


class RenderCache:
    """Renderings in `folder`, in at most `max_bytes`; those used longest ago make room.

    `versions` names the voices that are kept, each with what its sound depends on besides the key:
    its own version and that of our code behind it.
    """

    def __init__(self, folder: Path, max_bytes: int, versions: Mapping[str, str]) -> None:
        self.folder = folder
        self.problem = ""
        """Why nothing more is kept, in one line for the person; "" if all is well."""
        self._max_bytes = max_bytes
        self._versions = dict(versions)
        self._size: int | None = None
        self._wanted: frozenset[str] | None = None
        """Names of the files that make room last; all, if None."""
        self._wanted_size = 0
        self._lock = threading.Lock()

    def keeps(self, voice: str) -> bool:
        """Whether renderings of this voice are kept at all."""
        return voice in self._versions and self._max_bytes > 0

    def has(self, key: RenderingKey) -> bool:
        """Whether there is a file for this, whole or not; it counts as used now."""
        path = self._path(key)
        if path is None or not path.is_file():
            return False
        self._touch(path)
        return True

    def get(self, key: RenderingKey) -> Rendering | None:
        """Return the rendering, or None if it is missing or damaged."""
        path = self._path(key)
        if path is None:
            return None
        try:
            data = path.read_bytes()
        except OSError:
            return None
        try:
            rendering = _decode(data, self._name(key))
        except _DAMAGE:
            log.warning("a kept sentence was damaged and is rendered again")
            self._delete(path)
            return None
        self._touch(path)
        return rendering

    def want(self, keys: Iterable[RenderingKey]) -> None:
        """Let these stay when room is made, before anything else.

        Old content and old voices must not keep the new from being kept.
        """
        wanted = frozenset(path.name for path in map(self._path, keys) if path is not None)
        with self._lock:
            self._wanted = wanted | (self._wanted or frozenset())
            files = self._files()
            self._wanted_size = sum(size for _, size, path in files if path.name in self._wanted)

    def put(self, key: RenderingKey, rendering: Rendering) -> None:
        """Keep a rendering, if its voice is kept and the disk takes it."""
        path = self._path(key)
        if path is None or self.problem:
            return
        data = _encode(rendering, self._name(key))
        if len(data) > self._max_bytes:
            return
        partial = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(data)
            partial.replace(path)
        except OSError as error:
            self._delete(partial)
            self._give_up(error)
            return
        self._account(path.name, len(data))

    @property
    def size(self) -> int:
        """Bytes in the folder, other programs' files as of the last look included."""
        with self._lock:
            if self._size is None:
                self._size = sum(size for _, size, _ in self._files())
            return self._size

    @property
    def full(self) -> bool:
        """Whether keeping more would push out what is wanted."""
        wanted = self.size if self._wanted is None else self._wanted_size
        return wanted >= LEFT_AFTER_EVICTION * self._max_bytes

    def try_writing(self) -> None:
        """Find out whether the disk takes anything; `problem` says so if not."""
        probe = self.folder / f"{os.getpid()}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            probe.write_bytes(FORMAT)
        except OSError as error:
            self._give_up(error)
        self._delete(probe)

    def tidy(self) -> None:
        """Delete what is left of broken-off writing and what has long not been used."""
        self._make_room(self._max_bytes, unused_since=time.time() - UNUSED_DAYS * DAY)

    def _account(self, name: str, added: int) -> None:
        with self._lock:
            if self._size is not None:
                self._size += added
            self._wanted_size += added if name in (self._wanted or ()) else 0
        if self.size > self._max_bytes:
            self._make_room(int(LEFT_AFTER_EVICTION * self._max_bytes))

    def _make_room(self, most: int, unused_since: float = 0.0) -> None:
        """Delete files until the rest takes `most` bytes: the unwanted, those used longest ago."""
        with self._lock:
            wanted = self._wanted or frozenset()
            files = sorted(self._files(), key=lambda file: (file[2].name in wanted, *file))
            total = sum(size for _, size, _ in files)
            for used, size, path in files:
                if total <= most and used >= unused_since:
                    break
                self._delete(path)
                total -= size
            self._size = total

    def _files(self) -> list[tuple[float, int, Path]]:
        """Return when each file was last used, its bytes and its path; unfinished ones are old."""
        found = []
        with contextlib.suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    state = entry.stat()
                    partial = entry.name.endswith(".part")
                    forgotten = partial and state.st_mtime < time.time() - DAY
                    if forgotten or entry.name.endswith(SUFFIX):
                        used = 0.0 if forgotten else state.st_mtime
                        found.append((used, state.st_size, Path(entry.path)))
        return found

    def _give_up(self, error: OSError) -> None:
        reason = error.strerror or type(error).__name__
        self.problem = (
            f"Sentences can't be kept in {self.folder} ({reason}). "
            "Speech goes on, a little less quickly."
        )
        log.warning("%s", self.problem)

    def _name(self, key: RenderingKey) -> str:
        parts = (self._versions.get(key.voice, ""), *key)
        return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()

    def _path(self, key: RenderingKey) -> Path | None:
        """Return where this is kept, or None if it isn't to be."""
        return self.folder / f"{self._name(key)}{SUFFIX}" if self.keeps(key.voice) else None

    def _touch(self, path: Path) -> None:
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < time.time() - TOUCH_DAYS * DAY:
                os.utime(path)

    def _delete(self, path: Path) -> None:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def fill(
    cache: RenderCache,
    voice: Synthesizer,
    texts: Sequence[str],
    words_per_minute: int,
    pronunciation: Pronounced,
    progress: Callable[[int, int], None],
) -> int:
    """Render and keep what is missing of the texts; return how many that were.

    Ends early where the cache is full, or nothing can be kept. A text that the voice can't say is
    passed over. `progress` is told how many are done, of how many.
    """
    keys = [
        RenderingKey(text, voice.name, words_per_minute, pronunciation(voice.name, text))
        for text in texts
    ]
    cache.want(keys)
    made = 0
    for done, key in enumerate(keys):
        if cache.problem or cache.full or not cache.keeps(voice.name):
            break
        progress(done, len(texts))
        if not cache.has(key):
            with contextlib.suppress(VoiceError):
                cache.put(key, render_checked(voice, key.text, words_per_minute))
                made += 1
    else:
        progress(len(texts), len(texts))
    return made


def _encode(rendering: Rendering, name: str) -> bytes:
    """Return a file: format, SHA-256 of the rest, length of the header, header, sound."""
    words = [tuple(map(int, (word.start, word.end, word.sample))) for word in rendering.words]
    header = json.dumps({"name": name, "words": words}).encode()
    sound = io.BytesIO()
    rate = rendering.sample_rate
    soundfile.write(sound, rendering.samples, rate, format=CODEC, subtype=DEPTH)
    rest = len(header).to_bytes(4, "big") + header + sound.getvalue()
    return FORMAT + hashlib.sha256(rest).digest() + rest


def _decode(data: bytes, name: str) -> Rendering:
    """Return the rendering of a file. Raises one of `_DAMAGE`."""
    begin = len(FORMAT) + hashlib.sha256().digest_size
    rest = data[begin:]
    if data[:begin] != FORMAT + hashlib.sha256(rest).digest():
        raise ValueError("damaged")
    end = 4 + int.from_bytes(rest[:4], "big")
    header = json.loads(rest[4:end])
    if header["name"] != name:
        raise ValueError("another sentence's file")
    samples, rate = soundfile.read(io.BytesIO(rest[end:]), dtype="float32")
    words = tuple(Word(*word) for word in header["words"])
    return Rendering(np.asarray(samples, dtype=np.float32), int(rate), words)
