"""The voice of the screen reader: Speech Dispatcher, which renders and plays by itself.

For people whose Orca speaks through it: same voice, same loudspeaker, and whoever speaks next
silences the other. It hands over no samples, so this is no `Synthesizer` but a speaker of its own,
in place of `Speaker`. Any thread may call it; every call returns at once. Its thread, "dispatcher
voice", owns the connection and all state, and takes one order or notification after another.

Sentences are sent one at a time, so that a new rate counts from the next one. A pause cancels the
sentence and `resume` says it again from its beginning: the daemon's own pause may never resume.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape

from mbc_voice.errors import VoiceError
from mbc_voice.events import (
    CueName,
    Event,
    LoudspeakerLost,
    SentenceStarted,
    Utterance,
    UtteranceEnded,
    WordStarted,
)
from mbc_voice.speak.playback import volume_gain
from mbc_voice.speak.ssip import Notification, Ssip
from mbc_voice.speak.synthesizer import Word
from mbc_voice.speak.words import SaidWord, align, written_words

log = logging.getLogger(__name__)

SLOWEST, USUAL, FASTEST = 80, 170, 449
"""Words a minute that its eSpeak NG module makes of the rates -100, 0 and 100 (its settings)."""


def ssip_rate(words_per_minute: int) -> int:
    """Return the rate from -100 to 100 for words a minute."""
    if words_per_minute < USUAL:
        share = (words_per_minute - USUAL) / (USUAL - SLOWEST)
    else:
        share = (words_per_minute - USUAL) / (FASTEST - USUAL)
    return round(100 * min(max(share, -1.0), 1.0))


def ssip_volume(level: int) -> int:
    """Return the volume from -100 to 100 for 0 to 10: the daemon's steps are even in amplitude."""
    return round(200 * volume_gain(level)) - 100


def marked(text: str, said: str, start: int = 0) -> tuple[str, dict[str, Word]]:
    """Return SSML that says `said` with a mark before each word, and the words by their marks.

    These are words of the written `text`; those before `start`, in its characters, are left out. A
    module that knows no marks is given plain text by the daemon.
    """
    places = written_words(said)
    begun = [SaidWord(said[start:end], number) for number, (start, end) in enumerate(places)]
    aligned = align(text, begun)
    first = max((word.sample for word in aligned if word.start <= start), default=0) if start else 0
    words = {word.sample: word for word in aligned if word.sample >= first}
    parts, done = [], places[first][0] if first else 0
    for number in words:
        start = places[number][0]
        parts += [escape(said[done:start]), f'<mark name="{number}"/>']
        done = start
    parts.append(escape(said[done:]))
    return f"<speak>{''.join(parts)}</speak>", {str(key): word for key, word in words.items()}


class DispatcherVoice:
    """Speech Dispatcher as the assistant's voice. Raises `VoiceError` if it can't speak here.

    `pronounce` turns a sentence into what is to be said; `post` receives the events. Every
    utterance ends exactly once, and nothing is reported of it after its end.
    """

    name = "dispatcher"

    def __init__(
        self,
        post: Callable[[Event], None],
        pronounce: Callable[[str], str] = str,
        *,
        language: str = "en-US",
        words_per_minute: int = 160,
        volume: int = 7,
        path: Path | None = None,
    ) -> None:
        self._post = post
        self._pronounce = pronounce
        self._language = language
        self._path = path
        self._rate = words_per_minute
        self._volume = volume
        self._saying: Utterance | None = None
        self._index = 0
        self._message: int | None = None
        self._marks: Mapping[str, Word] = {}
        """The words of the sentence being said, by the marks before them."""
        self._paused = False
        self._inbox: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._ssip: Ssip | None = self._connect()
        self._thread = threading.Thread(target=self._run, name="dispatcher voice", daemon=True)
        self._thread.start()

    def say(self, utterance: Utterance) -> None:
        """Say this in place of whatever is being said."""
        self._inbox.put(lambda: self._begin(utterance))

    def stop(self) -> None:
        """Be silent at once."""
        self._inbox.put(lambda: self._end("stopped"))

    def pause(self) -> None:
        """Be silent at once, and keep the sentence."""
        self._inbox.put(self._hold)

    def resume(self) -> None:
        """Say the sentence that `pause` cut off from its beginning, and go on."""
        self._inbox.put(self._go_on)

    def set_rate(self, words_per_minute: int) -> None:
        """Speak at this rate (80 to 449 words a minute) from the next sentence on."""
        self._inbox.put(lambda: setattr(self, "_rate", words_per_minute))

    def set_volume(self, level: int) -> None:
        """Speak at this volume (0 to 10) from the next sentence on."""
        self._inbox.put(lambda: setattr(self, "_volume", level))

    def duck(self) -> None:
        """The screen reader's voice can't change its volume within a sentence."""

    def restore(self) -> None:
        """The screen reader's voice can't change its volume within a sentence."""

    def cue(self, name: CueName) -> None:
        """No sounds: the screen reader has its own, and the words say everything."""

    def close(self, timeout: float = 5.0) -> None:
        """Be silent and let the daemon go."""
        self.stop()
        self._inbox.put(None)
        self._thread.join(timeout)

    # ------------------------------------------------------------ on its own thread

    def _run(self) -> None:
        while (order := self._inbox.get()) is not None:
            try:
                order()
            except VoiceError as error:
                self._lose(error)
            except Exception as error:
                log.error("the dispatcher voice failed: %s", type(error).__name__)
                self._finish("failed")
        if self._ssip is not None:
            self._ssip.close()

    def _connect(self) -> Ssip:
        ssip = Ssip(lambda news: self._inbox.put(lambda: self._take(ssip, news)), self._path)
        try:
            modules = ssip.command("LIST OUTPUT_MODULES")[:-1]
            if not set(modules) - {"dummy"}:
                raise VoiceError(
                    "Speech Dispatcher has no voice. To install one: "
                    "sudo apt install speech-dispatcher-espeak-ng"
                )
            ssip.command("SET self PRIORITY message")
            ssip.command("SET self SSML_MODE on")
            ssip.command("SET self PUNCTUATION none")
            ssip.command(f"SET self LANGUAGE {self._language}")
        except VoiceError:
            ssip.close()
            raise
        return ssip

    def _begin(self, utterance: Utterance) -> None:
        self._end("stopped")
        self._saying, self._index, self._paused = utterance, 0, False
        self._speak()

    def _speak(self) -> None:
        """Send the sentence that comes now; none is left: finished."""
        if self._saying is None or self._paused:
            return
        if self._index >= len(self._saying.sentences):
            self._finish("finished")
            return
        if self._ssip is None:
            self._ssip = self._connect()
        self._ssip.command(f"SET self RATE {ssip_rate(self._rate)}")
        self._ssip.command(f"SET self VOLUME {ssip_volume(self._volume)}")
        text = self._saying.sentences[self._index].text
        start = self._saying.start if self._index == 0 else 0
        said, self._marks = marked(text, self._pronounce(text), start)
        self._message = self._ssip.speak(said)

    def _take(self, source: Ssip, news: Notification | None) -> None:
        if source is not self._ssip:
            return
        if news is None:
            raise VoiceError("Speech Dispatcher has ended.")
        if self._saying is None or news.message != self._message:
            return
        if news.what == "began":
            self._post(SentenceStarted(self._saying.id, self._index))
        elif news.what == "mark":
            word = self._marks.get(news.mark)
            if word is not None:
                self._post(WordStarted(self._saying.id, self._index, word.start, word.end))
        elif news.what == "ended":
            self._message = None
            self._index += 1
            self._speak()
        else:
            self._finish("stopped")

    def _hold(self) -> None:
        if self._saying is not None:
            self._paused = True
            self._silence()

    def _go_on(self) -> None:
        if self._paused:
            self._paused = False
            self._speak()

    def _silence(self) -> None:
        message, self._message = self._message, None
        if message is not None and self._ssip is not None:
            self._ssip.command("CANCEL self")

    def _end(self, why: Literal["stopped", "failed"]) -> None:
        if self._saying is not None:
            try:
                self._silence()
            finally:
                self._finish(why)

    def _finish(self, why: Literal["finished", "stopped", "failed"]) -> None:
        saying, self._saying = self._saying, None
        self._message, self._paused = None, False
        if saying is not None:
            self._post(UtteranceEnded(saying.id, why))

    def _lose(self, error: VoiceError) -> None:
        """Let a daemon go that does not answer; the next utterance looks for it again."""
        log.warning("%s", error)
        ssip, self._ssip = self._ssip, None
        if ssip is not None:
            ssip.close()
        self._post(LoudspeakerLost())
        self._finish("failed")
