"""Text size and colors of the page: changed at any moment, seen at once. Pure.

Where something is being said, nothing is said about it; where it is quiet, or it was so already,
there is a short confirmation. Where nothing is shown, it says that it can't.
"""

from __future__ import annotations

from dataclasses import replace

from mbc_voice.dialogue import delivery, speaking, wording
from mbc_voice.dialogue.state import Next, Speaking, State
from mbc_voice.events import Display, Theme

SIZES = (100, 125, 150, 200, 250, 300, 400)
"""Percent."""
THEMES: tuple[Theme, ...] = ("light", "dark", "yellow")


def larger(state: State) -> Next:
    """Show the text one step larger."""
    return _step(state, +1)


def smaller(state: State) -> Next:
    """Show the text one step smaller."""
    return _step(state, -1)


def normal_size(state: State) -> Next:
    """Show the text as large as it was at first."""
    usual = state.usual.display
    return _size(state, usual.text_size) if usual else _size(state, SIZES[0])


def next_theme(state: State) -> Next:
    """Show it in the next colors, after the last in the first."""
    shown = state.delivery.display or Display()
    return _theme(state, THEMES[(THEMES.index(shown.theme) + 1) % len(THEMES)])


def light(state: State) -> Next:
    """Show dark letters on light ground."""
    return _theme(state, "light")


def dark(state: State) -> Next:
    """Show light letters on dark ground."""
    return _theme(state, "dark")


def yellow(state: State) -> Next:
    """Show yellow letters on black ground."""
    return _theme(state, "yellow")


def _step(state: State, by: int) -> Next:
    now = (state.delivery.display or Display()).text_size
    beyond = [size for size in SIZES[::by] if (size - now) * by > 0]
    if state.delivery.display is not None and not beyond:
        return speaking.note(state, "text-largest" if by > 0 else "text-smallest")
    return _size(state, beyond[0] if beyond else now)


def _size(state: State, percent: int) -> Next:
    size = wording.number(percent)
    return _show(state, "text-size", {"text_size": percent}, percent=size)


def _theme(state: State, theme: Theme) -> Next:
    return _show(state, f"theme-{theme}", {"theme": theme})


def _show(state: State, prompt: str, changes: dict[str, object], **values: str) -> Next:
    before = state.delivery.display
    if before is None:
        return speaking.note(state, "not-possible")
    shown = replace(before, **changes)  # type: ignore[arg-type]
    state = delivery.change(state, replace(state.delivery, display=shown))
    if isinstance(state.phase, Speaking) and shown != before:
        return state, ()
    return speaking.note(state, prompt, 0, **values)
