"""``python -m mbc_voice.models run|tests``: installs what is missing; for the set-up scripts.

Prints one line per model on standard error and goes on after a failure. The status is 0 if the
program can listen and understand (either recognizer of the two is enough), or for the tests if
everything they need is there; 1 if not; 130 after Ctrl-C.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from mbc_voice import settings
from mbc_voice.errors import MbcVoiceError
from mbc_voice.models import install, place, verify
from mbc_voice.models.manifest import Model
from mbc_voice.models.progress import Progress

NEEDED_BY_TESTS = {"whisper-base", "whisper-tiny-en", "minilm-l6", "vosk-ko"}
RECOGNIZERS = ("vosk-small-en", "whisper-base")


def main(arguments: Sequence[str]) -> int:
    """Install what is wanted for "run" or "tests" and return the exit status."""
    wanted = arguments[0] if arguments else "run"
    progress = Progress(sys.stderr)
    try:
        folder = place.models_folder(settings.load().paths.models)
        for model in verify.models().values():
            needed = model.use == "run" or (wanted == "tests" and model.name in NEEDED_BY_TESTS)
            if needed and not verify.is_ready(model.name, folder):
                _install(model, folder, progress)
        if not enough(wanted, folder):
            return 1
        if wanted == "run" and not all(verify.is_ready(name, folder) for name in RECOGNIZERS):
            sys.stderr.write("  One recognizer is here, and one is enough.\n")
        return 0
    except MbcVoiceError as error:
        sys.stderr.write(f"  {error}\n")
        return 1
    except KeyboardInterrupt:
        progress.close()
        return 130


def enough(wanted: str, folder: Path) -> bool:
    """Return whether what is installed is enough to run the program, or its tests."""
    ready = {name for name in verify.models() if verify.is_ready(name, folder)}
    if wanted == "tests":
        return ready >= NEEDED_BY_TESTS
    return not ready.isdisjoint(RECOGNIZERS) and "minilm-l6" in ready


def _install(model: Model, folder: Path, progress: Progress) -> None:
    sys.stderr.write(f"Fetching {model.title}: it {model.purpose}.\n")
    try:
        install.install_model(model, folder, None, progress)
    except MbcVoiceError as error:
        progress.close()
        sys.stderr.write(f"  {error}\n")
    else:
        progress.close()
        sys.stderr.write(f"  {model.name} is installed and verified.\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
