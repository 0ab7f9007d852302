"""``mbc-voice ask``: one question through the real pipeline; no sound device is needed."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from mbc_voice import build, tuning
from mbc_voice.audio import write_wav
from mbc_voice.errors import UsageError
from mbc_voice.events import Context, Silence, Transcript
from mbc_voice.parts import Interpret
from mbc_voice.rereading import rereading
from mbc_voice.settings import Settings, load
from mbc_voice.shells.aloud import play_through
from mbc_voice.shells.captions import Captions
from mbc_voice.shells.understand import Reply, reply


def run(arguments: argparse.Namespace) -> int:
    """Answer the question and print, save or play what is said."""
    text = " ".join(arguments.text)
    if bool(text) == bool(arguments.audio):
        raise UsageError('Give either a question in words or --audio FILE.wav. Try: ask "TEXT"')
    if arguments.save:
        _check_writable(arguments.save)
    settings = tuning.fitted(load())
    library, interpret = build.understanding(settings)
    synthesizer = (
        build.synthesizer(settings, library, arguments.voice) if _sounds(arguments) else None
    )
    heard = Transcript(text)
    if arguments.audio:
        heard = _hear(arguments, settings, interpret)
    kiosk = settings.talk.profile == "kiosk"
    answer = reply(heard.text, interpret, library, Context(), kiosk=kiosk)
    first_audio_ms = 0.0
    if synthesizer is not None:
        began = time.perf_counter()
        build.render(answer.sentences[:1], synthesizer, settings)
        rendered = (time.perf_counter() - began) * 1000
        first_audio_ms = heard.recognize_ms + answer.understand_ms + rendered
    _print(answer, heard, first_audio_ms, arguments)
    if arguments.save and synthesizer is not None:
        samples, rate = build.render(answer.sentences, synthesizer, settings)
        write_wav(arguments.save, samples, rate)
    if arguments.aloud and synthesizer is not None:
        return play_through(answer.sentences, synthesizer, settings)
    return 0


def _sounds(arguments: argparse.Namespace) -> bool:
    return bool(arguments.save or arguments.aloud or arguments.json or arguments.audio)


def _check_writable(path: Path) -> None:
    if path.is_dir() or not path.parent.is_dir():
        raise UsageError(f"{path} can't be written. Name a WAV file in a folder that exists.")


def _hear(arguments: argparse.Namespace, settings: Settings, interpret: Interpret) -> Transcript:
    recognizer = rereading(build.recognizer(settings, arguments.engine), interpret)
    said = build.hear_file(arguments.audio, recognizer)
    return Transcript("") if isinstance(said, Silence) else said


def _print(
    answer: Reply, heard: Transcript, first_audio_ms: float, arguments: argparse.Namespace
) -> None:
    if arguments.json:
        print(json.dumps(answer.as_json(heard.recognize_ms, first_audio_ms), ensure_ascii=False))
        return
    captions = Captions(sys.stdout)
    if arguments.audio:
        captions.line(f"You: {heard.text}" if heard.text else "(no words were heard)")
    for sentence in answer.sentences:
        captions.say(sentence.text)
