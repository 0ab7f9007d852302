"""Holding little memory: how it is taken while parts are loaded, and giving back what is left.

May be called on any thread; giving back takes some 20 ms.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys
from collections.abc import Iterator

_M_ARENA_MAX = -8
"""glibc's ``malloc.h``: from how many heaps threads take their memory."""


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Load parts in here: quicker, and in less memory.

    No garbage is looked for: nearly all that is made stays, and looking takes a sixth of the time.
    Nor is what was made ever looked through again, which would let an answer wait.
    """
    _share_one_heap()
    looks = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if looks:
            gc.enable()


def give_back() -> None:
    """Let the system have what loading left behind: of 600 MB some 95 MB, measured.

    The C library keeps freed memory for later, and later never comes. Only glibc can be told.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def _share_one_heap() -> None:
    """Let threads take their memory from one heap: each keeps what it frees, 20 MB in all."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
