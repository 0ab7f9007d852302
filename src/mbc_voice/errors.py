"""The few exceptions of this program.

    MbcVoiceError            one clear line: what is wrong and what to do
    ├── UsageError           the command line was given something it can't use
    ├── SettingsError        a settings file or variable is wrong
    ├── ContentError         the library is malformed (carries file and line)
    ├── ModelError           a model is missing, damaged or can't be fetched
    ├── AudioFileError       a sound file can't be read or written
    ├── DeviceError          no microphone or loudspeaker, or it can't be opened
    └── VoiceError           a synthesizer is missing or failed

They are for broken installations, content and input. What belongs to an ordinary day (nothing
heard, no match, the microphone unplugged) is a value in `events`, never an exception.
"""

from __future__ import annotations

from pathlib import Path


class MbcVoiceError(Exception):
    """A failure a person can act on; its text is one line without jargon."""


class UsageError(MbcVoiceError):
    """The command line was given something it can't use."""


class SettingsError(MbcVoiceError):
    """A settings file or environment variable is wrong."""


class ContentError(MbcVoiceError):
    """A file of the library is malformed.

    The message reads ``FILE:LINE: reason``; `path`, `line` (1-based, or None) and `reason` hold
    its parts.
    """

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        place = f"{path}:{line}" if line else str(path)
        super().__init__(f"{place}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


class ModelError(MbcVoiceError):
    """A model is missing, damaged or can't be fetched."""


class AudioFileError(MbcVoiceError):
    """A sound file can't be read or written."""


class DeviceError(MbcVoiceError):
    """There is no such microphone or loudspeaker, or it can't be opened."""


class VoiceError(MbcVoiceError):
    """A synthesizer is missing or failed to render."""
