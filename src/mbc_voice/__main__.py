"""The door of the program: ``mbc-voice`` and ``python -m mbc_voice`` both come in here.

Owns what Ctrl-C does: at any moment the program ends with status 130 and without a traceback, also
while it is still being loaded, or while a thread is busy inside an engine.
"""

import os
import signal
import sys

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from mbc_voice.shells.cli import INTERRUPTED, main


def run() -> int:
    """Run the command line and return its exit status."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    status = main()
    if status == INTERRUPTED:
        # Python would wait for threads that are inside an engine, for seconds.
        sys.stdout.flush()
        os._exit(INTERRUPTED)
    return status


if __name__ == "__main__":
    sys.exit(run())
