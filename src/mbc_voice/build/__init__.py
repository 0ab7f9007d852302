"""Builds the parts from the settings: the one place that names concrete engines.

Engines are imported inside the functions, so that a command that needs none of them is quick.
Everything here may raise `MbcVoiceError`; nothing here runs once the talk has begun.
"""

from __future__ import annotations

from mbc_voice.build.content import (
    clinic,
    content_folder,
    library,
    models_folder,
)
from mbc_voice.build.hearing import (
    RECOGNIZERS,
    echo_free,
    hear_file,
    is_clean,
    microphone,
    played,
    quieter,
    recognizer,
    recognizer_name,
    transcribe,
)
from mbc_voice.build.interpreting import (
    embedder,
    interpret,
    interpreter,
    understanding,
)
from mbc_voice.build.speaking import (
    DISPATCHER,
    dispatcher_voice,
    fallback,
    render,
    speaker,
    synthesizer,
    try_loudspeaker,
    voices,
)
from mbc_voice.parts import Interpret
from mbc_voice.speak.synthesizer import Synthesizer

__all__ = [
    "DISPATCHER",
    "RECOGNIZERS",
    "Interpret",
    "Synthesizer",
    "clinic",
    "content_folder",
    "dispatcher_voice",
    "echo_free",
    "embedder",
    "fallback",
    "hear_file",
    "interpret",
    "interpreter",
    "is_clean",
    "library",
    "microphone",
    "models_folder",
    "played",
    "quieter",
    "recognizer",
    "recognizer_name",
    "render",
    "speaker",
    "synthesizer",
    "transcribe",
    "try_loudspeaker",
    "understanding",
    "voices",
]
