"""From a sentence to its samples: the voice, a second voice if it fails, and what is kept.

`Renderer` owns the one thread on which voices render, so that the speaker never waits for them and
the next sentence is ready before this one ends. When there has been nothing to do for a while, that
thread renders ahead what is not kept yet. `RenderingCache` may be used by any thread.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np

from mbc_voice.errors import VoiceError
from mbc_voice.speak.synthesizer import Rendering, Synthesizer

log = logging.getLogger(__name__)

CACHE_BYTES = 8_000_000
"""About 80 seconds of speech at 24 kHz."""
REST_SECONDS = 10.0
"""Nothing is rendered ahead before so long a time without a request: somebody may be speaking."""


class RenderingKey(NamedTuple):
    """Everything a rendering depends on."""

    text: str
    voice: str
    words_per_minute: int
    pronunciation: str
    """Fingerprint of how the voice is told to say it."""


Pronounced: TypeAlias = Callable[[str, str], str]
"""(name of a voice, text) → a fingerprint of how that voice is told to say it."""


class Cache(Protocol):
    """Where renderings are kept. Never raises: what can't be kept is rendered again."""

    def get(self, key: RenderingKey) -> Rendering | None:
        """Return the rendering, or None."""

    def put(self, key: RenderingKey, rendering: Rendering) -> None:
        """Keep a rendering, as long as there is room."""


class Memory(Cache, Protocol):
    """A cache that ends with the program, or with a visit."""

    def forget(self) -> None:
        """Keep nothing any more."""


class Store(Cache, Protocol):
    """A cache that outlives the program."""

    def has(self, key: RenderingKey) -> bool:
        """Whether it is kept already."""

    def keeps(self, voice: str) -> bool:
        """Whether this voice's renderings are kept at all."""

    def want(self, keys: Iterable[RenderingKey]) -> None:
        """Let these stay when room is made, before anything else."""

    @property
    def full(self) -> bool:
        """Whether more would push out what is wanted."""


class RenderingCache:
    """Renderings in memory; those used longest ago make room for new ones."""

    def __init__(self, max_bytes: int = CACHE_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._kept: OrderedDict[RenderingKey, Rendering] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes of samples that are kept now."""
        return self._bytes

    def get(self, key: RenderingKey) -> Rendering | None:
        """Return the rendering, or None."""
        with self._lock:
            rendering = self._kept.get(key)
            if rendering is not None:
                self._kept.move_to_end(key)
            return rendering

    def forget(self) -> None:
        """Keep nothing any more."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def put(self, key: RenderingKey, rendering: Rendering) -> None:
        """Keep a rendering; one larger than the whole cache is not kept."""
        with self._lock:
            old = self._kept.pop(key, None)
            self._bytes -= old.samples.nbytes if old else 0
            if rendering.samples.nbytes > self._max_bytes:
                return
            self._kept[key] = rendering
            self._bytes += rendering.samples.nbytes
            while self._bytes > self._max_bytes:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= oldest.samples.nbytes


class Renderer:
    """Renders by a voice, by the fallback voice where that fails, and keeps what was rendered.

    `pronunciation` tells when a text is said otherwise than it was once. Only the texts
    given to `keep_ready` ever reach the `store`: others may hold a word that somebody said.
    Satisfies `Synthesizer` itself. `close` ends its thread.
    """

    def __init__(
        self,
        voice: Synthesizer,
        fallback: Synthesizer | None = None,
        *,
        pronunciation: Pronounced = lambda *_: "",
        cache: Memory | None = None,
        store: Store | None = None,
        rest_seconds: float = REST_SECONDS,
    ) -> None:
        self._voice = voice
        self._fallback = fallback
        self._pronunciation = pronunciation
        self._cache: Memory = RenderingCache() if cache is None else cache
        self._store = store
        self._rest_seconds = rest_seconds
        self._lasting: frozenset[str] = frozenset()
        """Texts that may be stored."""
        self._ahead: deque[Callable[[], None]] = deque()
        """What to do when there is nothing else to do."""
        self._requests: queue.SimpleQueue[_Request | _Look | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="renderer", daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        """Name of the voice that is tried first."""
        return self._voice.name

    def set_voice(self, voice: Synthesizer) -> None:
        """Render by this voice what is requested from now on; the fallback stays."""
        self._voice = voice

    def request(self, text: str, words_per_minute: int) -> Future[Rendering]:
        """Return at once; the future gets the rendering, or `VoiceError` if no voice can.

        Requests are served in order; cancelling one that has not begun skips it.
        """
        future: Future[Rendering] = Future()
        self._requests.put(_Request(self._voice, text, words_per_minute, future))
        return future

    def render(self, text: str, words_per_minute: int) -> Rendering:
        """Return the rendering, waiting for it. Raises `VoiceError` if no voice can."""
        return self.request(text, words_per_minute).result()

    def keep_ready(
        self, texts: Callable[[], Iterable[str]], words_per_minute: int, *, wait: bool = True
    ) -> None:
        """Have all of these in the store, at this rate, once there is nothing else to do.

        `texts` is called on the renderer's thread. Without `wait` it begins at once.
        """
        if self._store is not None:
            self._ahead.append(lambda: self._begin_ahead(texts, words_per_minute))
            self._requests.put(_Look(wait))

    def forget(self) -> None:
        """Let go of what is kept in memory: a word to be spelled is somebody's own."""
        self._cache.forget()

    def close(self, timeout: float = 2.0) -> None:
        """End the thread; one that hangs in an engine is left behind after `timeout` seconds."""
        self._ahead.clear()
        self._requests.put(None)
        self._thread.join(timeout)

    def _work(self) -> None:
        rest = self._rest_seconds
        while True:
            try:
                request = self._requests.get(timeout=rest if self._ahead else None)
            except queue.Empty:
                rest = self._work_ahead()
                continue
            if request is None:
                return
            rest = self._rest_seconds
            if isinstance(request, _Look):
                rest = rest if request.wait else 0.0
            elif request.future.set_running_or_notify_cancel():
                self._serve(request)

    def _serve(self, request: _Request) -> None:
        try:
            key, rendering = self._render(request.voice, request.text, request.words_per_minute)
        except VoiceError as error:
            request.future.set_exception(error)
        else:
            request.future.set_result(rendering)
            self._keep(key, rendering)

    def _work_ahead(self) -> float:
        """Do the next thing that can be done ahead; return for how long (s) to leave it then."""
        began = time.monotonic()
        with contextlib.suppress(IndexError):
            self._ahead.popleft()()
        return time.monotonic() - began

    def _begin_ahead(self, texts: Callable[[], Iterable[str]], words_per_minute: int) -> None:
        wanted = tuple(texts())
        self._lasting |= frozenset(wanted)
        if self._store is not None:
            self._store.want(self._key(self._voice, text, words_per_minute) for text in wanted)
        self._ahead.extend(partial(self._render_ahead, text, words_per_minute) for text in wanted)

    def _render_ahead(self, text: str, words_per_minute: int) -> None:
        voice, store = self._voice, self._store
        if store is None or not store.keeps(voice.name) or store.full:
            self._ahead.clear()
            return
        key = self._key(voice, text, words_per_minute)
        if store.has(key):
            return
        try:
            rendering = self._cache.get(key) or render_checked(voice, text, words_per_minute)
        except VoiceError as error:
            log.info("voice %s: %s", voice.name, error)
        else:
            store.put(key, rendering)

    def _key(self, voice: Synthesizer, text: str, words_per_minute: int) -> RenderingKey:
        said = self._pronunciation(voice.name, text)
        return RenderingKey(text, voice.name, words_per_minute, said)

    def _render(
        self, wanted: Synthesizer, text: str, words_per_minute: int
    ) -> tuple[RenderingKey, Rendering]:
        failure: VoiceError | None = None
        fallback = () if self._fallback in (None, wanted) else (self._fallback,)
        for voice in (wanted, *fallback):
            key = self._key(voice, text, words_per_minute)
            kept = self._find(key)
            if kept is not None:
                return key, kept
            try:
                return key, render_checked(voice, text, words_per_minute)
            except VoiceError as error:
                log.warning("voice %s: %s", voice.name, error)
                failure = failure or error
        assert failure is not None
        raise failure

    def _find(self, key: RenderingKey) -> Rendering | None:
        kept = self._cache.get(key)
        return self._store.get(key) if kept is None and self._store is not None else kept

    def _keep(self, key: RenderingKey, rendering: Rendering) -> None:
        self._cache.put(key, rendering)
        if self._store is not None and key.text in self._lasting and not self._store.has(key):
            self._store.put(key, rendering)


class _Look(NamedTuple):
    """Word that something can be done ahead."""

    wait: bool


class _Request(NamedTuple):
    voice: Synthesizer
    text: str
    words_per_minute: int
    future: Future[Rendering]


def render_checked(voice: Synthesizer, text: str, words_per_minute: int) -> Rendering:
    """Return the rendering, turning whatever an engine does wrong into `VoiceError`."""
    try:
        rendering = voice.render(text, words_per_minute)
        samples = rendering.samples
        sound = samples.ndim == 1 and bool(np.all(np.isfinite(samples)))
    except VoiceError:
        raise
    except Exception as error:
        raise VoiceError(f"The voice failed ({type(error).__name__}).") from error
    if not sound or rendering.sample_rate <= 0:
        raise VoiceError("The voice made something that is not sound.")
    if not len(samples) and any(letter.isalnum() for letter in text):
        raise VoiceError("The voice said nothing.")
    return rendering
