"""``mbc-voice listen``: the assistant in a terminal, by microphone, keyboard and captions."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from mbc_voice import portaudio, preferences, talk
from mbc_voice.assistant import Assistant
from mbc_voice.events import (
    Command,
    Display,
    Interrupted,
    Snapshot,
    Started,
    StillHere,
    TalkPressed,
    Understood,
)
from mbc_voice.library import Library
from mbc_voice.parts import Typed
from mbc_voice.settings import Settings, changed, load, origins
from mbc_voice.shells.captions import Captions
from mbc_voice.shells.keys import (
    HeldKeys,
    Key,
    Pressed,
    Question,
    TypingChanged,
    TypingLeft,
    TypingStarted,
)
from mbc_voice.shells.lines import Lines
from mbc_voice.shells.terminal import Keyboard, character_mode

OPTIONS = (("speak", "rate"), ("speak", "volume"), ("speak", "speech"), ("talk", "profile"))
"""Settings that the command line can change for one run."""

if TYPE_CHECKING:
    from mbc_voice.hear.microphone import Source


class Screen(Protocol):
    """What is told to whoever reads along."""

    def show(self, snapshot: Snapshot) -> None:
        """Print what is new in this snapshot."""

    def line(self, text: str) -> None:
        """Print one line of our own."""

    def typed(self, text: str | None) -> None:
        """Echo a question being typed; None when it was sent or left."""


class Beside(Protocol):
    """What shows the talk beside the terminal: the page."""

    @property
    def display(self) -> Display | None:
        """How it looks at first; None where nothing is shown."""

    @property
    def source(self) -> Source | None:
        """The microphone to be used, or None for that of the settings."""

    @property
    def waits(self) -> bool:
        """Whether nobody is greeted before they come."""

    def show(self, snapshot: Snapshot, /) -> None:
        """Show this. Runs on the assistant's loop."""

    def begin(self, parts: talk.Talk, /) -> str:
        """Begin to show the talk; return a line that says where."""

    def end(self, reason: str, /) -> None:
        """Show nothing any more; `reason` is empty if all is well."""


class NoPage:
    """Nothing beside the terminal."""

    display = None
    source = None
    waits = False

    def show(self, _: Snapshot, /) -> None:
        """Show nothing."""

    def begin(self, _: talk.Talk, /) -> str:
        """Show nothing."""
        return ""

    def end(self, _: str, /) -> None:
        """Show nothing."""


DIGITS = {str(number): number for number in range(1, 10)}

KEYS_LINE = (
    "Keys: space pauses, Escape stops, arrows go a sentence back or on, "
    "+ and - change the speed, Enter types a question, Tab lets you talk, q ends."
)

SILENT_KEYS_LINE = (
    "Press Enter, type a question or a word such as topics, and press Enter again. "
    "Keys: m goes on, r repeats, h gives help, q ends."
)
"""Where nothing sounds, and each letter that is typed before Enter is a key."""

TALK_KEY_LINE = "Tab lets you talk."


def run(arguments: argparse.Namespace) -> int:
    """Talk until somebody says goodbye, presses q or Ctrl-C, or a part dies."""
    return talk_in_terminal(arguments, with_options(load(), arguments), NoPage())


def talk_in_terminal(arguments: argparse.Namespace, usual: Settings, beside: Beside) -> int:
    """Talk with these settings, in the terminal and beside it."""
    settings, remembered, keeper = _remembered(usual, arguments)
    silent = settings.speak.speech == "off"
    lines = Lines(sys.stdout) if silent else None
    captions: Screen = lines or Captions(sys.stdout)
    captions.line("Getting ready ...")
    if not arguments.verbose:
        portaudio.hush()
    parts = talk.prepare(
        settings,
        usual=usual,
        show=_all(*_shows(captions, beside, keeper)),
        write=lines.say if lines is not None else None,
        engine=arguments.engine,
        voice=arguments.voice,
        remembered=remembered,
        microphone=not arguments.text_only,
        can_type=sys.stdin.isatty() or beside.display is not None,
        source=beside.source,
        display=beside.display,
    )
    try:
        return _talk(parts, captions, beside, _keys(parts, silent=silent))
    finally:
        beside.end(parts.assistant.failure)
        parts.close()


def with_options(settings: Settings, arguments: argparse.Namespace) -> Settings:
    """Return the settings as the command line changes them. Raises `SettingsError`."""
    for section, key in OPTIONS:
        value = getattr(arguments, key)
        if value is not None:
            settings = changed(settings, section, key, value, f"--{key}")
    return settings


def _remembered(
    usual: Settings, arguments: argparse.Namespace
) -> tuple[Settings, str, preferences.Keeper | None]:
    """Return the settings with what was changed by voice last time, the voice, and the keeper.

    Nothing is remembered at a kiosk.
    """
    if usual.talk.profile == "kiosk":
        return usual, "", None
    path = preferences.default_path()
    kept = preferences.read(path)
    if kept.problem:
        print(f"mbc-voice: {kept.problem}", file=sys.stderr)
    places = origins()
    settings, _ = preferences.in_force(usual, kept, places)
    voice = "" if arguments.voice else preferences.voice(usual, kept, places)
    return with_options(settings, arguments), voice, preferences.Keeper(path, usual, kept)


def _shows(
    captions: Screen, beside: Beside, keeper: preferences.Keeper | None
) -> Iterator[Callable[[Snapshot], None]]:
    """Yield all that is shown each snapshot; a kiosk's standard output may be a log."""
    if not beside.waits or sys.stdout.isatty():
        yield captions.show
    yield beside.show
    if keeper is not None:
        yield keeper.show


def _all(*shows: Callable[[Snapshot], None]) -> Callable[[Snapshot], None]:
    def show(snapshot: Snapshot) -> None:
        for one in shows:
            one(snapshot)

    return show


def _keys(parts: talk.Talk, *, silent: bool) -> str:
    """Return what is told of the keys of a terminal."""
    if not silent:
        return KEYS_LINE
    return f"{SILENT_KEYS_LINE} {TALK_KEY_LINE}" if parts.has_microphone else SILENT_KEYS_LINE


def _talk(parts: talk.Talk, captions: Screen, beside: Beside, keys: str) -> int:
    assistant = parts.assistant
    signal.signal(signal.SIGTERM, lambda *_: assistant.post(Interrupted()))
    for problem in parts.problems:
        captions.line(problem)
    where = beside.begin(parts)
    if where:
        captions.line(where)
    if sys.stdin.isatty():
        captions.line(keys)
    hands = Hands(assistant, parts.library, captions, patient=not sys.stdin.isatty())
    paged = beside.display is not None
    keyboard = Keyboard(hands.press, on_end=lambda: None if paged else _input_ended(parts))
    assistant.post(StillHere() if beside.waits else Started())
    with character_mode(sys.stdin) as characters:
        keyboard.start(characters)
        try:
            status = assistant.run()
        finally:
            keyboard.close()
    if assistant.failure:
        print(f"mbc-voice: {assistant.failure}", file=sys.stderr)
    return status


def _input_ended(parts: talk.Talk) -> None:
    """Without a microphone nobody can ask any more: end once all is said."""
    if not parts.has_microphone:
        parts.assistant.finish_when_quiet()


class Hands:
    """Turns keys into commands and typed lines into questions, on the keyboard's thread."""

    def __init__(
        self,
        assistant: Assistant,
        library: Library,
        captions: Screen,
        *,
        patient: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._held = HeldKeys(clock)
        self._assistant = assistant
        self._patient = patient
        self._captions = captions
        self._commands: dict[str, str] = {}
        for command in library.commands.values():
            for key in command.keys:
                self._commands.setdefault(key, command.id)

    def press(self, pressed: Pressed) -> None:
        """Post what this key or line means."""
        match pressed:
            case Key(name=name) if self._held.repeats(name):
                return
            case Key(name="tab"):
                self._assistant.post(TalkPressed())
            case Key(name=name):
                command = self._command(name)
                if command is not None:
                    self._assistant.post(Understood(command, by="key"))
            case Question(text=text):
                self._captions.typed(None)
                self._assistant.post(Typed(text, self._patient))
            case TypingStarted():
                self._assistant.post(Understood(Command("stop"), by="key"))
                self._captions.typed("")
            case TypingChanged(text=text):
                self._captions.typed(text)
            case TypingLeft():
                self._captions.typed(None)

    def _command(self, key: str) -> Command | None:
        if key in DIGITS:
            return Command("choose-number", number=DIGITS[key])
        return Command(self._commands[key]) if key in self._commands else None
