"""What the recognizer has been asked about turns, and has not answered yet.

One answer at most is awaited for a turn, to what was asked of it last; what it was asked before is
forgotten then. Used by `turns` alone, one call at a time.
"""

from __future__ import annotations

from collections import deque

from mbc_voice.audio import SAMPLE_RATE
from mbc_voice.hear.turn import Asked, Kind, Look, Turn

SLOW_LOOK_MS = 500
"""Where looks take longer than this, one in vain would hold up the one that counts."""
LAST_LOOKS = 3
"""A recognizer is slow if none of so many looks was quick: one may have been read again."""


class Looks:
    """Asks, and knows which answers are still wanted. Times are samples since the stream began."""

    def __init__(self, ask: Asked) -> None:
        self._ask = ask
        self._waiting: dict[int, Turn] = {}
        """By the number of its look, the turns that wait for an answer."""
        self._number = 0
        self._took: deque[int] = deque(maxlen=LAST_LOOKS)

    def __bool__(self) -> bool:
        """Return whether any answer is awaited."""
        return bool(self._waiting)

    @property
    def slow(self) -> bool:
        """Whether a look takes long with this recognizer on this computer."""
        return bool(self._took) and min(self._took) * 1000 > SLOW_LOOK_MS * SAMPLE_RATE

    def ask(self, turn: Turn, kind: Kind, to: int, now: int) -> None:
        """Ask about a turn up to sample `to`; the answer comes as `Turns.recognized`."""
        self.forget(turn)
        self._number += 1
        turn.look = Look(self._number, kind, to, now)
        self._waiting[self._number] = turn
        {"glance": self._ask.glance, "look": self._ask.look, "end": self._ask.end}[kind](
            self._number
        )

    def awaits(self, look: Look) -> bool:
        """Return whether this look has not been answered yet."""
        return look.number in self._waiting

    def answered(self, number: int, now: int) -> tuple[Turn, Look] | None:
        """Return whose look has been answered, and which; None if nobody wants to know any more."""
        turn = self._waiting.pop(number, None)
        if turn is None or turn.look is None:
            return None
        self._took.append(now - turn.look.asked_at)
        return turn, turn.look

    def forget(self, turn: Turn) -> None:
        """Forget what was asked of a turn: it is out of date."""
        look, turn.look, turn.open = turn.look, None, False
        if look is not None and self._waiting.pop(look.number, None) is not None:
            self._ask.forget(look.number)
