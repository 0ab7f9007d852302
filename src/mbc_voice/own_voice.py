"""Our own voice as the talk knows it: what is being said, how far it is, and when it gives way.

Belongs to the assistant's loop; the `Voice` itself may run on threads of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from mbc_voice.events import Event, SentenceStarted, Utterance, UtteranceEnded
from mbc_voice.hear.echo import OwnWords
from mbc_voice.interrupting import GivingWay
from mbc_voice.library import Sentence
from mbc_voice.parts import Voice
from mbc_voice.watches import Watches

DUCKED = "ducked"
DUCKED_SECONDS = 8.0
"""Our voice stays lowered no longer for somebody who talks on and on: a television, mostly."""


class OwnVoice:
    """Tells the voice what to do, and keeps in mind what sounds.

    `clean` says whether it is no part of what is heard, so that people may speak over it; `rate`
    returns the words a minute that it speaks at now, for those who wait for its end.
    """

    def __init__(
        self,
        voice: Voice,
        watches: Watches,
        clock: Callable[[], float],
        rate: Callable[[], int],
        *,
        clean: bool,
    ) -> None:
        self._voice = voice
        self._watches = watches
        self._clock = clock
        self._rate = rate
        self._clean = clean
        self._giving_way = GivingWay()
        self._saying: Utterance | None = None
        self._begun = -1
        """Index of the last sentence of `_saying` that was begun."""
        self.words = OwnWords()
        """What was said lately, to be told from what others say."""

    @property
    def sounds(self) -> bool:
        """Whether something is being said, or kept at its place."""
        return self._saying is not None

    @property
    def priority(self) -> Literal["safety", "answer", "notice"]:
        """Priority of what is being said; the lowest where nothing is."""
        return self._saying.priority if self._saying is not None else "notice"

    def say(self, utterance: Utterance) -> None:
        """Say this in place of anything else."""
        self._saying, self._begun = utterance, -1
        self._wait_for(utterance.sentences[0])
        self._giving_way.begin()
        self.words.silent(self._clock())
        self._voice.say(utterance)

    def stop(self) -> None:
        """Be silent at once."""
        self._wait_for(None)
        self._voice.stop()

    def pause(self) -> None:
        """Be silent at once, and keep the place."""
        self._wait_for(None)
        self._voice.pause()

    def resume(self) -> None:
        """Go on at the kept place."""
        if self._saying is not None:
            self._wait_for(self._saying.sentences[max(0, self._begun)])
        self._voice.resume()

    def follow(self, event: Event) -> tuple[Sentence, ...]:
        """Keep in mind what sounds; return the sentences that could not be said, to be shown."""
        saying = self._saying
        if saying is None or not isinstance(event, SentenceStarted | UtteranceEnded):
            return ()
        if event.utterance != saying.id:
            return ()
        if isinstance(event, SentenceStarted):
            self._begun = event.index
            self._wait_for(saying.sentences[event.index])
            self.words.saying(saying.sentences[event.index].text, self._clock())
            return ()
        self._saying = None
        self._wait_for(None)
        self.words.silent(self._clock())
        return saying.sentences[self._begun + 1 :] if event.why == "failed" else ()

    def give_way(self) -> None:
        """Lower our voice for somebody who begins to speak over it, if that has made sense."""
        if self._clean and self.sounds and self._giving_way.gives_way:
            self._voice.duck()
            self._watches.start(DUCKED, DUCKED_SECONDS)

    def heard(self, to_us: bool, *, over: bool) -> None:
        """Take note whether what was said was said `to_us`; if `over` our voice, raise it again."""
        if to_us:
            self._giving_way.was_for_us()
        elif over:
            self._giving_way.was_not_for_us()
        if over:
            self.restore()

    def restore(self) -> None:
        """Go on at the usual volume."""
        self._watches.stop(DUCKED)
        self._voice.restore()

    def forget(self) -> None:
        """Let go of the words that were said."""
        self.words = OwnWords()

    def _wait_for(self, sentence: Sentence | None) -> None:
        self._watches.voice(sentence, self._rate())
