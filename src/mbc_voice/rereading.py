"""A recognizer that reads doubtful sound again, because noise may have hidden what was said.

Over our voice it can also tell at a glance whether the order that matters most was given.

Joins a recognizer with understanding, which know nothing of each other; the rule is
`understand.second_reading`. Runs on the thread of the recognizer, so that neither the listener nor
the assistant waits for it. What is understood at once costs no second reading. What people say is
never logged.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from mbc_voice.audio import Samples
from mbc_voice.events import Context, NothingHeard, Outcome, Silence, Transcript
from mbc_voice.hear.attention import Spot
from mbc_voice.hear.recognizer import GivesUp, ReadsAgain, Recognizer, glance
from mbc_voice.parts import Interpret
from mbc_voice.understand.second_reading import better_among, speeds, wants_second_reading

log = logging.getLogger(__name__)

LONGEST_MS = 1_100
"""After so long nothing more is read: what is in doubt waits 1.6 s for its end anyway, and on a
slow machine one reading takes most of that."""


def rereading(
    recognizer: Recognizer,
    interpret: Interpret,
    context: Callable[[], Context] = Context,
    *,
    clean: bool = True,
    spot: Spot | None = None,
    soonest: str = "",
) -> Recognizer:
    """Return the recognizer, which now reads again what it leaves in doubt, if it can.

    `context` tells where the talk is and may be called on any thread. Where sound is not `clean` of
    our own voice, only what began while we were silent is read again. With `spot`, the wake phrase
    is left out of what is understood, and a reading that lost it is not believed. `soonest` is the
    order that is to be found at the first glance.
    """
    if not isinstance(recognizer, ReadsAgain):
        return recognizer
    return Rereading(recognizer, interpret, context, clean=clean, spot=spot, soonest=soonest)


class Rereading:
    """Satisfies `Recognizer` by one that reads again; the better reading counts."""

    def __init__(
        self,
        recognizer: ReadsAgain,
        interpret: Interpret,
        context: Callable[[], Context],
        *,
        clean: bool,
        spot: Spot | None,
        soonest: str,
    ) -> None:
        self._recognizer = recognizer
        self._interpret = interpret
        self._context = context
        self._clean = clean
        self._spot = spot
        self._soonest = soonest
        self._over_us = False
        """Whether this segment is said over our own voice."""
        self._given_up = False
        """Whether nobody wants to know any more what is being read."""

    @property
    def waiting(self) -> bool:
        """Whether it waits for others who share the recognizer."""
        return bool(getattr(self._recognizer, "waiting", False))

    def give_up(self) -> None:
        """Read no further, and wait no longer for others who share the recognizer. Any thread."""
        self._given_up = True
        if isinstance(self._recognizer, GivesUp):
            self._recognizer.give_up()

    def begin(self, phrases: Sequence[str] | None = None) -> None:
        """Start a segment, forgetting an unfinished one."""
        self._over_us = phrases is not None
        self._recognizer.begin(phrases)

    def feed(self, samples: Samples) -> str:
        """Take the next samples; return the text so far."""
        return self._recognizer.feed(samples)

    def look(self) -> Transcript | Silence:
        """Return what was said so far, read again if in doubt."""
        self._given_up = False
        return self._read_again(self._recognizer.look())

    def glance(self, rather: str = "") -> Transcript | Silence:
        """Return what was said so far if the first search leaves no doubt, and nothing else.

        What is in doubt is for a look, which reads again: there may be an emergency in it. The
        order that must be found soonest doesn't even wait to be understood.
        """
        self._given_up = False
        said = glance(self._recognizer, rather or self._soonest)
        if isinstance(said, Transcript) and said.text.strip(".!").lower() == self._soonest:
            return said
        meant = self._meaning(said)
        if meant is None or not wants_second_reading(meant):
            return said
        return Silence("unclear")

    def end(self) -> Transcript | Silence:
        """Return what was said, read again if in doubt; nothing of the segment is kept."""
        said = self.look()
        self._recognizer.begin()
        return said

    def _read_again(self, first: Transcript | Silence) -> Transcript | Silence:
        """Return the better one among the other readings of the same sound, or else the first."""
        meant = self._meaning(first)
        if (self._over_us and not self._clean) or meant is None or not wants_second_reading(meant):
            return first
        if isinstance(first, Silence):
            better, taken_ms = self._better(first, meant, 0.0)
            return first if better is None else Transcript(better, 0.0, taken_ms)
        better, taken_ms = self._better(first, meant, first.recognize_ms)
        if better is None:
            return replace(first, recognize_ms=taken_ms)
        return Transcript(better, first.confidence, taken_ms, instead_of=first.text)

    def _better(
        self, first: Transcript | Silence, meant: Outcome, taken_ms: float
    ) -> tuple[str | None, float]:
        """Return the better reading, None for none, and how long all readings took by then.

        `taken_ms` is how long the first one took.
        """
        began = time.perf_counter() - taken_ms / 1000
        seen = {first.text} if isinstance(first, Transcript) else set[str]()
        for number, speed in enumerate(speeds(meant, over_us=self._over_us)):
            if self._given_up or (number and taken_ms > LONGEST_MS):
                break
            found = self._alternatives(speed)
            readings = [one for one in found if one not in seen and self._may_stand_for(first, one)]
            seen.update(found)
            better = better_among(meant, readings, self._outcome, over_us=self._over_us)
            taken_ms = (time.perf_counter() - began) * 1000
            log.info("read again at %.2f, after %.0f ms: %s", speed, taken_ms, better is not None)
            if better is not None:
                return better, taken_ms
        return None, taken_ms

    def _alternatives(self, speed: float) -> Sequence[str]:
        """Return the other readings; none if the recognizer fails, for there is a first one."""
        try:
            return self._recognizer.alternatives(speed)
        except Exception as error:  # engines raise whatever their C++ sides throw
            log.warning("reading again failed: %s", type(error).__name__)
            return ()

    def _meaning(self, first: Transcript | Silence) -> Outcome | None:
        """Return what the first reading means; None for sound without speech, never asked again."""
        if isinstance(first, Silence):
            return NothingHeard(first.why) if first.why == "unclear" else None
        return self._outcome(first.text)

    def _may_stand_for(self, first: Transcript | Silence, reading: str) -> bool:
        """Return whether a reading may take the place of the first, the wake phrase considered."""
        woken = isinstance(first, Transcript) and self._rest(first.text) is not None
        return not woken or self._rest(reading) is not None

    def _rest(self, text: str) -> str | None:
        """Return what follows the wake phrase, or None without one."""
        return self._spot(text) if self._spot is not None else None

    def _outcome(self, text: str) -> Outcome:
        return self._interpret(self._rest(text) or text, self._context())
