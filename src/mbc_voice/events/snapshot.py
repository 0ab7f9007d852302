"""What a page or terminal shows: a `Snapshot`, made anew after every step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from mbc_voice.library import Sentence

ListenMode: TypeAlias = Literal["always", "push-to-talk", "wake-phrase"]
"""What is meant for us: everything, what follows a press, or what follows the wake phrase."""

Theme: TypeAlias = Literal["light", "dark", "yellow"]
"""Dark on light, light on dark, yellow on black."""


@dataclass(frozen=True, slots=True)
class Display:
    """How a page shows what is said."""

    text_size: int = 100
    """Percent."""
    theme: Theme = "light"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is to be shown right now."""

    phase: Literal["ready", "listening", "thinking", "speaking", "paused", "choosing", "ended"]
    """While only the words of something on the page are said, it is what it will be after them."""
    caption: Sentence | None = None
    """The sentence being spoken."""
    saying: tuple[int, int] = (0, 0)
    """Id of its utterance, and its place there: with another one, the same sentence is said again.
    """
    spoken: tuple[int, int] | None = None
    """The word of the caption that is being heard, from its first character to after its last one;
    None where the voice can't tell."""
    heard: str = ""
    """The question as it was heard."""
    asked: int = 0
    """How much was said or typed to it so far: the same words may come again."""
    topic: str | None = None
    """Id of the topic being answered."""
    position: int = 0
    """Which sentence of the topic, from 1; 0 outside an answer."""
    length: int = 0
    """How many sentences the topic has."""
    choices: tuple[str, ...] = ()
    """Ids of the topics on offer."""
    options: tuple[str, ...] = ()
    """What "number one", "number two" choose from, as it is said: topics, groups or voices."""
    words_per_minute: int = 160
    volume: int = 7
    microphone: Literal["on", "off", "lost"] = "on"
    listening: ListenMode = "always"
    open: bool = True
    """Whether what is said now would be heard as a question."""
    voice: str = ""
    """Name of the voice; empty where there is only one."""
    answers: Literal["short", "usual", "long"] = "usual"
    """How much is read before the offer to go on."""
    earcons: bool = True
    """Whether short sounds go with the words."""
    display: Display = Display()
    visit: Literal["waiting", "active", "warning"] = "active"
    """``waiting`` for the next person, at a kiosk only; ``warning`` its end was announced."""
    seconds_left: int | None = None
    """Until the visit ends, from this moment on, if nothing happens."""
