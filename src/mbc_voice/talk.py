"""Puts the whole talk together: ears, voice, dialogue and assistant, loaded side by side.

`build` makes the parts; this connects them. Runs once, on the main thread, before the talk begins.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from mbc_voice import build, ears
from mbc_voice.assistant import Assistant
from mbc_voice.dialogue.state import Delivery, State, begin
from mbc_voice.engines import Engines
from mbc_voice.engines import load as load_engines
from mbc_voice.errors import DeviceError, ModelError, VoiceError
from mbc_voice.events import Display, Event, Snapshot
from mbc_voice.library import Library
from mbc_voice.parts import Failed, Voice
from mbc_voice.played import Played
from mbc_voice.settings import Settings
from mbc_voice.speak.synthesizer import Synthesizer

if TYPE_CHECKING:
    from mbc_voice.hear.listener import Listener
    from mbc_voice.hear.microphone import Source
    from mbc_voice.speak.player import Sink
    from mbc_voice.speak.voices import Voices

log = logging.getLogger(__name__)

REOPEN_TRIES = 6
"""A lost microphone is tried so often (about 8 s) before the program gives up, if nobody can type
instead: a supervisor starts it again."""

CLOSE_SECONDS = 5.0
"""A sound system that hangs is not waited for any longer."""


@dataclass
class Talk:
    """The assistant with its ears and voice, ready to run."""

    assistant: Assistant
    library: Library
    has_microphone: bool
    problems: list[str] = field(default_factory=list)
    """What does not work, one line each; the talk goes on without it."""
    closers: list[Callable[[], None]] = field(default_factory=list)
    voice: Synthesizer | None = None
    """What speaks; to be used by others only before the talk begins."""

    def close(self) -> None:
        """Let all devices and children go, the last opened first; a hung one is left behind."""
        closing = threading.Thread(target=self._close, name="closing", daemon=True)
        closing.start()
        closing.join(CLOSE_SECONDS)

    def _close(self) -> None:
        with ExitStack() as stack:
            for closer in self.closers:
                stack.callback(closer)


def prepare(
    settings: Settings,
    *,
    show: Callable[[Snapshot], None],
    usual: Settings | None = None,
    write: Callable[[str], None] | None = None,
    engine: str | None = None,
    voice: str | None = None,
    remembered: str = "",
    microphone: bool = True,
    can_type: bool = False,
    source: Source | None = None,
    sink: Sink | None = None,
    display: Display | None = None,
) -> Talk:
    """Return the whole assistant, its parts loaded side by side.

    `usual` are the settings without what was changed by voice, if that makes a difference;
    `remembered` is the voice that was chosen then, as it is said. With
    `write`, each sentence goes there, and there is neither voice nor loudspeaker. `source` and
    `sink` stand in for the microphone and the loudspeaker of the settings. `display` is given
    where there is a page to look at. Without a
    microphone or recognizer it still runs where somebody can type; else that is raised, as is a
    missing loudspeaker or voice (`MbcVoiceError`).
    """
    engines = load_engines(settings, engine, voice, aloud=write is None, microphone=microphone)
    sounds = write is None and engines.voice is not None
    told = build.played(settings) if sounds and microphone else None
    return connect(
        engines,
        lambda post: _mouth(engines, write, post, sink, told),
        show=show,
        usual=usual,
        remembered=remembered,
        can_type=can_type,
        source=source,
        display=display,
        prompting=write is None,
        owned=(engines.voices, engines.voice),
        watched=write is None and engines.voice is not None,
        told=told,
    )


def connect(
    engines: Engines,
    make_mouth: Callable[[Callable[[Event], None]], Voice],
    *,
    show: Callable[[Snapshot], None],
    usual: Settings | None = None,
    remembered: str = "",
    can_type: bool = False,
    source: Source | None = None,
    display: Display | None = None,
    prompting: bool = True,
    owned: tuple[object, ...] = (),
    watched: bool = False,
    told: Played | None = None,
) -> Talk:
    """Return one talk over engines that are loaded; `make_mouth` is given where news goes.

    What the talk has `owned` ends with it; a voice that is `watched` ends it when it hangs. `told`
    is what the mouth tells of all that is played, so that its echo can be taken out of what is
    heard. The rest as in `prepare`.
    """
    settings, loaded = engines.settings, engines.library
    post: list[Callable[[Event], None]] = []
    mouth = make_mouth(lambda event: post[0](event))
    choice, voice = engines.voices, engines.voice
    said = _said_first(choice, voice) if choice is not None and voice is not None else ()
    hears = engines.ear is not None
    state = _begin(loaded, settings, usual or settings, said, display, prompting, hears)
    use = partial(_use_voice, mouth, choice) if choice is not None else None
    if use is not None and remembered in said[1:]:
        use(remembered)
        state = replace(state, delivery=replace(state.delivery, voice=remembered))
    assistant = Assistant(
        state,
        engines.interpreter.interpret,
        mouth,
        show=show,
        use_voice=use,
        forget=forgetting(mouth, engines.interpreter),
        attended=can_type or engines.ear is None,
        watched=watched,
        clean=build.is_clean(settings, told),
    )
    post.append(assistant.post if prompting else assistant.post_next)
    made = Talk(assistant, loaded, hears, closers=_closers(*owned, mouth))
    made.voice = voice
    if engines.ear is not None:
        ear = engines.ear
        listen = partial(
            ears.listener,
            settings,
            loaded,
            understands=engines.interpreter,
            context=assistant.context,
            post=assistant.post,
            on_death=lambda reason: assistant.post(Failed(reason)),
            source=source,
            told=told,
            tries=None if can_type else REOPEN_TRIES,
            renew=engines.renew,
        )
        _connect_ears(made, lambda: listen(ear()), can_type)
    return made


def _mouth(
    engines: Engines,
    write: Callable[[str], None] | None,
    post: Callable[[Event], None],
    sink: Sink | None,
    told: Played | None,
) -> Voice:
    settings, loaded, voice = engines.settings, engines.library, engines.voice
    if write is not None:
        from mbc_voice.silent import SilentVoice

        return SilentVoice(post, write)
    if voice is None:
        return build.dispatcher_voice(settings, loaded, post)
    from mbc_voice import renderings

    renderer = renderings.renderer(settings, loaded, voice)
    return build.speaker(settings, renderer, post, sink=sink, told=told)


def _said_first(choice: Voices, speaking: Synthesizer) -> tuple[str, ...]:
    """Return the names of the voices as they are said, first the one that speaks already."""
    name = next((name for name in choice.names if name.startswith(speaking.name)), None)
    if name is None:
        return choice.said
    choice.keep(name, speaking)
    first = choice.said[choice.names.index(name)]
    return tuple(dict.fromkeys((first, *choice.said)))


def _use_voice(mouth: Voice, choice: Voices, name: str) -> None:
    """Speak with another voice from the next sentence on; one that can't be loaded is left."""
    from mbc_voice.speak.speaker import Speaker

    try:
        other = choice.make(name)
    except VoiceError as error:
        log.warning("%s", error)
        return
    if isinstance(mouth, Speaker):
        mouth.set_voice(other)


def forgetting(*parts: object) -> Callable[[], None]:
    """Return what makes these parts let go of all they heard or said, as far as they keep any."""
    ways = [forget for part in parts if callable(forget := getattr(part, "forget", None))]

    def forget_all() -> None:
        for forget in ways:
            forget()

    return forget_all


def _closers(*parts: object) -> list[Callable[[], None]]:
    return [close for part in parts for close in _closing(part)]


def _begin(
    loaded: Library,
    settings: Settings,
    usual: Settings,
    voices: tuple[str, ...],
    display: Display | None,
    prompting: bool,
    hears: bool,
) -> State:
    """Return the first state; a screen reader that is still speaking is not to be prompted over.

    Who only types and reads is not told to press, or which phrase to say first.
    """
    kiosk = settings.talk.profile == "kiosk"
    silent = settings.speak.speech == "off"
    return begin(
        loaded,
        profile="kiosk" if kiosk else "home",
        usual=_delivery(usual, display),
        delivery=_delivery(settings, display),
        think_seconds=settings.talk.think_seconds if prompting or kiosk else None,
        silent=silent,
        voices=voices,
        listening=ears.mode(settings) if hears or not silent else "always",
        wake_phrase=settings.hear.wake_phrase,
    )


def _delivery(settings: Settings, display: Display | None) -> Delivery:
    answers = settings.talk.answers
    return Delivery(
        words_per_minute=settings.speak.rate,
        volume=settings.speak.volume,
        answers="short" if answers == "short" else "long" if answers == "long" else "usual",
        earcons=settings.talk.earcons,
        display=display and shown_at_first(settings),
    )


def shown_at_first(settings: Settings) -> Display:
    """Return how a page looks at first."""
    theme = settings.kiosk.theme
    return Display(
        settings.kiosk.text_size,
        "dark" if theme == "dark" else "yellow" if theme == "yellow" else "light",
    )


def _closing(part: object) -> list[Callable[[], None]]:
    """Return how to close a part, if it holds anything."""
    close = getattr(part, "close", None)
    return [close] if callable(close) else []


def _connect_ears(made: Talk, make: Callable[[], Listener], can_type: bool) -> None:
    try:
        listener = make()
        listener.start()
    except (DeviceError, ModelError) as error:
        if not can_type:
            made.close()
            raise
        made.has_microphone = False
        made.problems.append(f"{error} Until then, press Enter and type your question.")
        return
    made.closers.append(listener.stop)
    made.assistant.hear_with(listener)
