"""The assistant's ears: the listener, joined with what it has to know of the library and the talk.

The listener hears words; whether they are a whole question is for understanding to say, and that
depends on where the talk is. What is in doubt is read again (`rereading`). Built on the main
thread; `patience` is then called on the recognizer's, under the listener's lock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from mbc_voice import build
from mbc_voice.events import Answer, Choose, Context, ListenMode, NotCovered, Outcome, Urgent
from mbc_voice.library import Library
from mbc_voice.played import Played
from mbc_voice.rereading import rereading
from mbc_voice.settings import Settings
from mbc_voice.understand.commands import soonest
from mbc_voice.understand.completeness import Degree, pause_ms
from mbc_voice.understand.wake_phrase import WakePhrase

if TYPE_CHECKING:
    from mbc_voice.hear.listener import Listener, News
    from mbc_voice.hear.microphone import Source
    from mbc_voice.hear.recognizer import Recognizer
    from mbc_voice.hear.turns import Patience


class Understands(Protocol):
    """What the ears ask of understanding, question by question."""

    def interpret(self, text: str, context: Context) -> Outcome:
        """Return what these words mean, given where the talk is."""

    def degree(self, text: str, context: Context, outcome: Outcome | None = None) -> Degree:
        """Return how complete these words are, given where the talk is.

        `outcome` is what they mean, if that is known already.
        """


class KnowsOrders(Understands, Protocol):
    """What they ask of it at first, too."""

    @property
    def orders(self) -> tuple[str, ...]:
        """All orders, as normalised phrases."""


def listener(
    settings: Settings,
    library: Library,
    recognizer: Recognizer,
    understands: KnowsOrders,
    context: Callable[[], Context],
    post: Callable[[News], None],
    on_death: Callable[[str], None],
    *,
    source: Source | None = None,
    told: Played | None = None,
    tries: int | None = None,
    renew: Callable[[], Recognizer] | None = None,
) -> Listener:
    """Return the ears of one talk, not started yet.

    `context` tells where the talk is and may be called on any thread. `source` stands in for the
    microphone of the settings; the echo of what `told` tells is taken out of it. The rest is as in
    `Listener`.
    """
    from mbc_voice.hear.endpoint import EndpointSettings
    from mbc_voice.hear.listener import Listener
    from mbc_voice.hear.voice_activity import SileroVoiceActivity

    heard = build.microphone(settings) if source is None else source
    clean = build.is_clean(settings, told)
    phrases = (*understands.orders, *_emergencies(library))
    once = _Once(understands)
    spot = WakePhrase(settings.hear.wake_phrase).rest

    def again(ear: Recognizer) -> Recognizer:
        woken_by = spot if mode(settings) == "wake-phrase" else None
        return rereading(
            ear, once.interpret, context, clean=clean, spot=woken_by, soonest=soonest(library)
        )

    return Listener(
        build.quieter(heard if told is None else build.echo_free(heard, told)),
        SileroVoiceActivity(),
        again(recognizer),
        post,
        phrases=phrases,
        endpoint=EndpointSettings(end_pause_ms=settings.hear.end_pause_ms),
        patience=patience(settings, once, context, clean=clean),
        clean=clean,
        renew=None if renew is None else lambda: again(renew()),
        on_death=on_death,
        tries=tries,
        mode=mode(settings),
        spot=spot,
    )


def mode(settings: Settings) -> ListenMode:
    """Return what is taken to be meant for us."""
    match settings.hear.mode:
        case "push-to-talk":
            return "push-to-talk"
        case "wake-phrase":
            return "wake-phrase"
        case "auto" if settings.talk.profile == "kiosk":
            return "push-to-talk"
        case _:
            return "always"


def patience(
    settings: Settings,
    understands: Understands,
    context: Callable[[], Context],
    *,
    clean: bool = True,
) -> Patience:
    """Return what says how long to wait after which words.

    Where our own voice would cover what people add to a question, and sound is not `clean` of it,
    only what is plainly whole ends a turn early.
    """
    from mbc_voice.hear.turns import Enough

    def enough(text: str) -> Enough:
        degree = understands.degree(text, context())
        if degree == "likely" and not clean:
            degree = "unclear"
        return Enough(pause_ms(degree, settings.hear.end_pause_ms), final=degree == "order")

    return enough


class _Once:
    """Understanding, asked twice about the same words in a row, that thinks once.

    It keeps no words: a fingerprint of the last ones, and what they mean without the evidence.
    An order is not kept: it may hold a word that is to be spelled. For the recognizer's thread.
    """

    def __init__(self, understands: Understands) -> None:
        self._understands = understands
        self._last: tuple[int, Context, Outcome] | None = None

    def interpret(self, text: str, context: Context) -> Outcome:
        outcome = self._understands.interpret(text, context)
        self._last = None
        if isinstance(outcome, Answer | Choose | NotCovered | Urgent):
            self._last = hash(text), context, replace(outcome, evidence=())
        return outcome

    def degree(self, text: str, context: Context, outcome: Outcome | None = None) -> Degree:
        last, self._last = self._last, None
        if outcome is None and last is not None and last[:2] == (hash(text), context):
            outcome = last[2]
        return self._understands.degree(text, context, outcome)


def _emergencies(library: Library) -> tuple[str, ...]:
    """Return how people say that they need help: heard even while it speaks."""
    return tuple(phrase for sign in library.urgent.values() for phrase in sign.phrases)
