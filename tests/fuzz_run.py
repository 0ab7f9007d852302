"""Looks for input that breaks the program, for as long as it is let.

    pip install atheris        # once, into the program's .venv; Linux and macOS
    PYTHONPATH=src:tests .venv/bin/python tests/fuzz_run.py page -max_total_time=300

The first argument is one of the laws of `fuzz_laws`; all others are libFuzzer's, such as a folder
that keeps what was found on the way. What breaks a law is written to a file ``crash-...``: give
that file as the argument to see it again, and make it an example in `test_fuzz`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["mbc_voice", "starlette"]):
    from fuzz_laws import LAWS
    from fuzz_seeds import seeds


def main() -> None:
    """Fuzz the law that the command line names."""
    if len(sys.argv) < 2 or sys.argv[1] not in LAWS:
        sys.exit(f"Say which law: {', '.join(LAWS)}")
    name = sys.argv.pop(1)
    begin = Path(tempfile.mkdtemp(prefix="mbc-voice-seeds-"))
    for number, seed in enumerate(seeds()[name]):
        (begin / str(number)).write_bytes(seed)
    given = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    again = any(Path(argument).is_file() for argument in given)
    kept = [] if given else [tempfile.mkdtemp(prefix="mbc-voice-found-")]
    LAWS[name](seeds()[name][0])  # what takes long only once is not held against any input
    arguments = [*sys.argv, *([] if again else [*kept, str(begin)]), "-max_len=12000"]
    atheris.Setup(arguments, LAWS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
