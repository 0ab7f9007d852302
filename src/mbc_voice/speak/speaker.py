"""The speaker: says utterances sentence by sentence, and reports what was heard.

Any thread may call a `Speaker`; every call returns at once. Its own thread, "speaker", follows the
player, hands it the next sentence in time and watches the device. All of them hold one lock, and
only for moments: rendering happens on the renderer's thread.

Every utterance ends exactly once, and nothing is reported of it after its end.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Literal, Protocol

from mbc_voice import timing
from mbc_voice.errors import DeviceError, VoiceError
from mbc_voice.events import (
    CueName,
    Event,
    LoudspeakerLost,
    LoudspeakerReady,
    SentenceStarted,
    Utterance,
    UtteranceEnded,
    WordStarted,
)
from mbc_voice.speak.earcons import EARCON_RATE, earcon
from mbc_voice.speak.player import Plays
from mbc_voice.speak.saying import Saying, from_word, gap_seconds, with_gap
from mbc_voice.speak.synthesizer import Rendering, Synthesizer

log = logging.getLogger(__name__)

HAND_OVER_SECONDS = 0.25
"""The next sentence goes to the player when so much of this one is left: late enough for a new
rate to count, early enough for a busy machine."""

FOLLOW_SECONDS = 0.01
WATCH_SECONDS = 1.0
"""How often the thread looks while something is said, and while nothing is."""


class Renders(Protocol):
    """What the speaker asks of its renderer."""

    def request(self, text: str, words_per_minute: int) -> Future[Rendering]:
        """Return at once; the future gets the rendering or `VoiceError`."""

    def set_voice(self, voice: Synthesizer) -> None:
        """Render by this voice from the next request on."""

    def forget(self) -> None:
        """Let go of what may hold a word that somebody said."""


class Speaker:
    """Says one utterance at a time, by a player that is open already.

    `post` receives the events; it must not block, and any thread may call it. After `start` a
    thread follows the player; `close` ends it and closes the player.
    """

    def __init__(
        self,
        renderer: Renders,
        player: Plays,
        post: Callable[[Event], None],
        *,
        words_per_minute: int = 160,
        volume: int = 7,
    ) -> None:
        self._renderer = renderer
        self._player = player
        self._post = post
        self._rate = words_per_minute
        self._saying: Saying | None = None
        self._device_lost = False
        self._closed = False
        self._changed = threading.Condition(threading.RLock())
        self._thread = threading.Thread(target=self._run, name="speaker", daemon=True)
        player.set_volume(volume)

    def start(self) -> None:
        """Begin to follow the player on a thread of its own (without it, call `advance`)."""
        self._thread.start()

    def say(self, utterance: Utterance) -> None:
        """Say this in place of whatever is being said."""
        with self._changed:
            self._end("stopped")
            self._saying = Saying(utterance)
            self._request_next()
            self._changed.notify()

    def stop(self) -> None:
        """Be silent at once."""
        with self._changed:
            self._end("stopped")

    def pause(self) -> None:
        """Be silent at once, and keep the place. Does nothing when nothing is being said."""
        with self._changed:
            if self._saying is not None:
                self._player.pause()

    def resume(self) -> None:
        """Go on where `pause` stopped, with the very next sample."""
        with self._changed:
            self._player.resume()

    def set_rate(self, words_per_minute: int) -> None:
        """Speak at this rate from the next sentence on."""
        with self._changed:
            self._rate = words_per_minute
            if self._saying is not None:
                self._request_next()

    def set_volume(self, level: int) -> None:
        """Speak at this volume (0 to 10) at once."""
        self._player.set_volume(level)

    def duck(self) -> None:
        """Go on more softly, because somebody speaks; until `restore`, or the next thing said."""
        self._player.duck()

    def restore(self) -> None:
        """Go on at the usual volume."""
        self._player.restore()

    def cue(self, name: CueName) -> None:
        """Sound an earcon at once; what is being said goes on under it, a pause stays one."""
        self._player.cue(earcon(name), EARCON_RATE)

    def set_voice(self, voice: Synthesizer) -> None:
        """Speak by this voice from the next sentence on."""
        with self._changed:
            self._renderer.set_voice(voice)
            if self._saying is not None:
                self._request_next()

    def forget(self) -> None:
        """Let go of all that was said."""
        self._renderer.forget()

    def close(self, timeout: float = 2.0) -> None:
        """Be silent, end the thread (waiting at most `timeout` seconds) and close the player."""
        with self._changed:
            self._end("stopped")
            self._closed = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(timeout)
        self._player.close()

    def advance(self) -> None:
        """Report what was heard since, and hand over what comes next. Never waits."""
        with self._changed:
            self._report()
            self._hand_over()

    def watch(self) -> None:
        """Notice a lost device and try to open it again; may take a second."""
        if self._player.alive:
            return
        try:
            goes_on = self._player.reopen()
        except DeviceError as error:
            self._lose_device(error)
            return
        with self._changed:
            log.info("the loudspeaker is back")
            if self._device_lost:
                self._device_lost = False
                self._post(LoudspeakerReady())
            if self._saying is not None and not goes_on:
                self._restart_sentence(self._saying)

    # ------------------------------------------------------------ the thread

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._closed:
                    return
                idle = self._saying is None
                self._changed.wait(WATCH_SECONDS if idle else FOLLOW_SECONDS)
                if self._closed:
                    return
            self._turn()

    def _turn(self) -> None:
        """One turn of the thread; whatever goes wrong ends the utterance, never the thread."""
        try:
            self.watch()
            self.advance()
        except Exception as error:
            log.error("the speaker failed: %s", type(error).__name__)
            with self._changed:
                self._end("failed")

    # ------------------------------------------------------------ with the lock held

    def _report(self) -> None:
        for mark in self._player.heard():
            saying = self._saying
            if saying is None or mark.clip not in saying.clips:
                continue
            if mark.what == "started":
                self._post(SentenceStarted(saying.utterance.id, saying.clips[mark.clip]))
            else:
                saying.over(mark.clip)
        self._report_word()

    def _report_word(self) -> None:
        """Report the word that began last, if one did; those before it were heard unnoticed."""
        saying, position = self._saying, self._player.position
        if saying is None or position is None or position.clip not in saying.clips:
            return
        word = saying.word_at(position)
        if word is not None:
            index = saying.clips[position.clip]
            self._post(WordStarted(saying.utterance.id, index, word.start, word.end))

    def _hand_over(self) -> None:
        saying = self._saying
        while saying is not None and saying.rendering is not None and self._is_time_for(saying):
            if not saying.rendering.done():
                return
            rendering, saying.rendering = saying.rendering, None
            self._play(saying, rendering)
            saying.next += 1
            self._request_next()
        if saying is not None and saying.rendering is None and not saying.clips:
            self._end("finished" if saying.said or not saying.utterance.sentences else "failed")

    def _is_time_for(self, saying: Saying) -> bool:
        if not saying.clips:
            return True
        position = self._player.position
        last = max(saying.clips)
        if position is None or position.clip != last:
            return False
        left = saying.length - position.sample
        return left <= HAND_OVER_SECONDS * self._player.sample_rate

    def _play(self, saying: Saying, rendering: Future[Rendering]) -> None:
        sentence = saying.utterance.sentences[saying.next]
        try:
            sound = rendering.result()
        except VoiceError as error:
            log.warning("sentence %s could not be said: %s", sentence.id, error)
            return
        if saying.next == 0 and saying.utterance.start:
            sound = from_word(sound, saying.utterance.start)
        samples = sound.samples
        if saying.next + 1 < len(saying.utterance.sentences):
            samples = with_gap(sound, gap_seconds(sentence.text, self._rate))
        timing.mark("rendered")
        clip = self._player.play(samples, sound.sample_rate)
        saying.handed_over(clip, len(samples), sound, self._player.sample_rate)

    def _request_next(self) -> None:
        """Have the next sentence rendered at the present rate, in place of an earlier request."""
        saying = self._saying
        if saying is None:
            return
        if saying.rendering is not None:
            saying.rendering.cancel()
            saying.rendering = None
        if saying.next < len(saying.utterance.sentences):
            text = saying.utterance.sentences[saying.next].text
            saying.rendering = self._renderer.request(text, self._rate)
            saying.rendering.add_done_callback(lambda _: self._wake())

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify()

    def _end(self, why: Literal["finished", "stopped", "failed"]) -> None:
        """Silence the player and, if something is being said, report its end."""
        saying, self._saying = self._saying, None
        if why != "finished":
            self._player.stop()
        if saying is None:
            return
        if saying.rendering is not None:
            saying.rendering.cancel()
        self._post(UtteranceEnded(saying.utterance.id, why))

    def _lose_device(self, error: DeviceError) -> None:
        with self._changed:
            if not self._device_lost:
                log.warning("the loudspeaker is gone: %s", error)
                self._device_lost = True
                self._post(LoudspeakerLost())
            self._end("failed")

    def _restart_sentence(self, saying: Saying) -> None:
        saying.go_back()
        self._request_next()
