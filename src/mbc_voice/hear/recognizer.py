"""What a recognizer is: sound of one segment in, a transcript or silence out.

Owns the Protocols only; engines are in modules of their own. One thread at a time may use a
recognizer: that of `recognizing`, or whoever transcribes a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from mbc_voice.audio import Samples, Segment
from mbc_voice.events import Silence, Transcript


class Recognizer(Protocol):
    """Turns segments into text, one after the other: `begin`, `feed` as often as needed, `end`.

    In between, `look` may ask what was said so far.
    """

    def begin(self, phrases: Sequence[str] | None = None) -> None:
        """Start a segment, forgetting an unfinished one.

        With `phrases`, an engine that can do so hears only these and nothing else; one that
        can't writes down freely. They are what is expected over our own voice; none of them, but
        not None, means that anything may be said over it.
        """

    def feed(self, samples: Samples) -> str:
        """Take the next samples, ``(n,) float32`` at 16 kHz; return the text so far.

        The text is "" as long as there is none, or always where the engine has no partial text.
        """

    def look(self) -> Transcript | Silence:
        """Return what was said so far, as if the segment ended here; it may go on."""

    def end(self) -> Transcript | Silence:
        """End the segment and return what was said in it."""


@runtime_checkable
class ReadsAgain(Recognizer, Protocol):
    """A recognizer that can also tell what else the sound may have been."""

    def alternatives(self, speed: float = 1.0) -> Sequence[str]:
        """Return the best readings of what was fed since `begin`, likeliest first.

        At another `speed` than 1, of the sound as if it were so many times as fast: what noise
        hides then is something else. To be asked after `look`, where there was speech.
        """


@runtime_checkable
class Glances(Recognizer, Protocol):
    """A recognizer that can also look less closely, and sooner be done."""

    def glance(self, rather: str = "") -> Transcript | Silence:
        """Return what was said so far, by the first search alone.

        `rather` is a phrase that counts as heard if the sound comes about as near to it.
        """


@runtime_checkable
class GivesUp(Protocol):
    """A recognizer that may have to wait for others, and can be told not to."""

    def give_up(self) -> None:
        """Wait no longer for what was asked last, if it waits. Any thread may call this."""


def glance(recognizer: Recognizer, rather: str = "") -> Transcript | Silence:
    """Return what was said so far, as quickly as this recognizer can tell; see `Glances`."""
    return recognizer.glance(rather) if isinstance(recognizer, Glances) else recognizer.look()


def transcribe(
    recognizer: Recognizer, segment: Segment, phrases: Sequence[str] | None = None
) -> Transcript | Silence:
    """Return what was said in a whole segment."""
    recognizer.begin(phrases)
    recognizer.feed(segment.samples)
    return recognizer.end()
