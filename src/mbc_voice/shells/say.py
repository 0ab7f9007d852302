"""``mbc-voice say``: hear how the assistant says something."""

from __future__ import annotations

import argparse

from mbc_voice import build
from mbc_voice.audio import write_wav
from mbc_voice.library import Sentence
from mbc_voice.settings import load
from mbc_voice.shells.aloud import play_through


def run(arguments: argparse.Namespace) -> int:
    """Say the words, or write them to a sound file."""
    settings = load()
    sentences = (Sentence("say.1", " ".join(arguments.text)),)
    synthesizer = build.synthesizer(settings, build.library(settings), arguments.voice)
    if arguments.save:
        samples, rate = build.render(sentences, synthesizer, settings)
        write_wav(arguments.save, samples, rate)
        return 0
    return play_through(sentences, synthesizer, settings)
