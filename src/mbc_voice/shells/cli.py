"""The command line: arguments in, exit status out. Everything else is done by the modules it names.

Exit status: 0 done, 2 wrong input or a check that failed, 3 a part died, 130 Ctrl-C.
"""

from __future__ import annotations

import argparse
import importlib
import io
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from mbc_voice import __version__
from mbc_voice.errors import MbcVoiceError, UsageError

ENGINES = ("auto", "vosk", "whisper-base", "whisper-tiny-en")
STARTED_AS = "STARTED_AS"
"""Environment variable: how the person started the program, if not as ``mbc-voice``."""
REPAIR = "Type: mbc-voice doctor"
BROKEN = 3
"""Exit status after a fault of the program's own."""
INTERRUPTED = 130
"""Exit status after Ctrl-C."""
VOICES = ("auto", "hibari", "system", "dispatcher")


VOICE_HELP = f"which voice speaks: {', '.join(VOICES)}, or system:NAME"


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one clear line."""

    def error(self, message: str) -> NoReturn:
        """Raise `UsageError` in place of printing the usage and leaving."""
        raise UsageError(f"{message}. Try: {self.prog} --help")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status; no traceback reaches the person."""
    _mend_streams()
    verbose = False
    try:
        arguments = parser().parse_args(argv)
        verbose = arguments.verbose
        if verbose:
            logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
        module = importlib.import_module(f"mbc_voice.shells.{arguments.module}")
        status: int = module.run(arguments)
        sys.stdout.flush()
    except MbcVoiceError as error:
        print(f"mbc-voice: {as_typed(' '.join(str(error).split()))}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"mbc-voice: {error.strerror or type(error).__name__}.", file=sys.stderr)
        return 2
    except Exception as error:
        if verbose:
            raise
        kind = type(error).__name__
        print(f"mbc-voice: something broke ({kind}). {as_typed(REPAIR)}", file=sys.stderr)
        return BROKEN
    return status


def as_typed(text: str) -> str:
    """Return advice with the commands as this person types them: by ``./run`` in a checkout."""
    name = os.environ.get(STARTED_AS, "")
    return text.replace("mbc-voice ", f"{name} ") if name else text


def _mend_streams() -> None:
    """Make sure that standard input, output and errors exist, and take any character."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def parser() -> argparse.ArgumentParser:
    """Return the whole command line."""
    top = Parser(
        prog="mbc-voice",
        description="Ask aloud about breast cancer that has spread, and hear a reviewed answer. "
        "Works without a network. Without a command it starts the assistant, with its page.",
    )
    top.add_argument("--version", action="version", version=f"mbc-voice {__version__}")
    top.add_argument("--verbose", action="store_true", help="print times and scores, never words")
    top.set_defaults(module="kiosk.run", text_only=False, engine=None, voice=None)
    top.set_defaults(speech=None, rate=None, volume=None, profile=None, port=None)
    top.set_defaults(staff_password=False)
    commands = top.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)
    _talking(commands)
    _looking(commands)
    _looking_after(commands)
    return top


def _talking(commands: argparse._SubParsersAction[Parser]) -> None:
    kiosk = commands.add_parser("kiosk", help="the assistant with its page, for a waiting room")
    _manners(kiosk)
    kiosk.add_argument("--port", type=int, help="the number after the page's address")
    kiosk.add_argument(
        "--staff-password", action="store_true", help="set the password of the staff's page"
    )
    kiosk.set_defaults(module="kiosk.run", profile="kiosk")

    listen = commands.add_parser("listen", help="listen and answer, without the page")
    _manners(listen)
    listen.set_defaults(module="listen")

    ask = commands.add_parser("ask", help="ask one question, typed or from a sound file")
    ask.add_argument("text", nargs="*", help="the question, in words")
    ask.add_argument("--audio", type=Path, metavar="FILE.wav", help="the question, as a recording")
    ask.add_argument("--save", type=Path, metavar="ANSWER.wav", help="write the spoken answer here")
    ask.add_argument("--aloud", action="store_true", help="also play the answer")
    ask.add_argument("--json", action="store_true", help="print one JSON object")
    _engines(ask)
    ask.set_defaults(module="ask")

    say = commands.add_parser("say", help="say a text with the assistant's voice")
    say.add_argument("text", nargs="+")
    say.add_argument("--save", type=Path, metavar="FILE.wav", help="write it there, in silence")
    say.add_argument("--voice", type=_voice, metavar="VOICE", help=VOICE_HELP)
    say.set_defaults(module="say")


def _looking(commands: argparse._SubParsersAction[Parser]) -> None:
    understand = commands.add_parser("understand", help="show what a text would be taken to mean")
    understand.add_argument("text", nargs="*", help="the question, in words")
    understand.add_argument(
        "--jsonl", action="store_true", help="read JSON lines, print JSON lines"
    )
    understand.add_argument("--explain", action="store_true", help="also print the evidence")
    understand.add_argument("--context", metavar="TOPIC", help="the topic last answered")
    understand.set_defaults(module="understand")

    topics = commands.add_parser("topics", help="list the topics, or print one")
    topics.add_argument("topic", nargs="?", metavar="TOPIC", help="a topic's id")
    topics.set_defaults(module="topics")


def _looking_after(commands: argparse._SubParsersAction[Parser]) -> None:
    content = commands.add_parser("content", help="check, preview or begin content")
    actions = content.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="check every file and prove that every fact is said")
    check.add_argument("folder", nargs="?", type=Path, help="another content pack's folder")
    preview = actions.add_parser("preview", help="show a text sentence by sentence, as it is read")
    preview.add_argument("id")
    new = actions.add_parser("new", help="begin a new text, from a template")
    new.add_argument("id")
    new.add_argument("--title", required=True)
    new.add_argument(
        "--referral", action="store_true", help="where to turn, for what isn't covered"
    )
    content.set_defaults(module="content")

    models = commands.add_parser("models", help="list, install or verify the models")
    actions = models.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="list the models and whether they are installed")
    install = actions.add_parser("install", help="fetch, verify and unpack a model")
    install.add_argument("names", nargs="*", metavar="NAME", help="without names: what is needed")
    install.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="PATH",
        help="a file or folder, as on a USB stick",
    )
    verify = actions.add_parser("verify", help="compare every file with its SHA-256")
    verify.add_argument("names", nargs="*", metavar="NAME", help="without names: all installed")
    models.set_defaults(module="models")

    voices = commands.add_parser("voices", help="list the voices, or speak everything ahead")
    actions = voices.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="list the voices of this computer, the best one first")
    actions.add_parser("prepare", help="speak ahead all it can say, so that it answers sooner")
    voices.set_defaults(module="voices")

    settings = commands.add_parser("settings", help="show the settings, and where each comes from")
    settings.add_argument(
        "--example", action="store_true", help="print a settings file with all defaults"
    )
    settings.set_defaults(module="settings")

    devices = commands.add_parser("devices", help="list microphones and loudspeakers")
    devices.set_defaults(module="devices")
    doctor = commands.add_parser("doctor", help="check everything and say what to do")
    doctor.set_defaults(module="doctor")
    bench = commands.add_parser("bench", help="measure how quick it is on this computer")
    bench.add_argument(
        "--questions", type=int, default=24, metavar="N", help="how many it is asked"
    )
    bench.add_argument("--engine", choices=ENGINES, help="which recognizer listens")
    bench.add_argument("--json", type=Path, metavar="FILE", help="write all figures here")
    bench.add_argument("--plot", type=Path, metavar="FILE.svg", help="draw a picture here")
    bench.add_argument(
        "--devices", action="store_true", help="use the real microphone and loudspeaker"
    )
    bench.set_defaults(module="bench")


def _manners(command: argparse.ArgumentParser) -> None:
    command.add_argument("--text-only", action="store_true", help="type questions; no microphone")
    command.add_argument(
        "--speech",
        choices=("on", "off"),
        help="off: print clean lines for a screen reader, without any sound",
    )
    command.add_argument("--rate", type=int, metavar="WORDS", help="words a minute, 80 to 450")
    command.add_argument("--volume", type=int, metavar="LEVEL", help="0 to 10")
    command.add_argument(
        "--profile", choices=("home", "kiosk"), help="kiosk: nothing is kept of a visit"
    )
    _engines(command)


def _engines(command: argparse.ArgumentParser) -> None:
    command.add_argument("--engine", choices=ENGINES, help="which recognizer listens")
    command.add_argument("--voice", type=_voice, metavar="VOICE", help=VOICE_HELP)


def _voice(value: str) -> str:
    """Return the name of a voice; argparse names the option in its error."""
    if value in VOICES or value.startswith("system:"):
        return value
    raise argparse.ArgumentTypeError(f"invalid choice: {value!r} ({VOICE_HELP})")
