"""The door of the program: ``mbc-voice`` and ``python -m mbc_voice`` both come in here.

Owns what Ctrl-C does: at any moment the program ends with status 130 and without a traceback, also
while it is still being loaded, or while a thread is busy inside an engine.
"""

import contextlib
import logging
import os
import signal
import sys
from typing import NoReturn

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from mbc_voice.shells.cli import main


def run() -> NoReturn:
    """Run the command line and end the process with its exit status.

    Nothing is waited for: a thread inside an engine, or a sound system that hangs, must not hold
    up the end of a program that a supervisor is to start again.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    status = main()
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    run()
