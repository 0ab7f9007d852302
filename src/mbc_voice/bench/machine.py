"""What computer this is, and what the program takes of it. Runs on any thread."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import sys
import time
from pathlib import Path

LOADED_AT = time.time()


def description() -> dict[str, str | int | float]:
    """Return what figures depend on: processor, cores, memory, system, Python, load."""
    return {
        "processor": _processor(),
        "cores": cores(),
        "memory_gb": round(memory_mb() / 1024, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else 0.0,
    }


def cores() -> int:
    """Return how many cores the program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory_mb() -> float:
    """Return the computer's whole memory, 0 where that is not known."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20
    except (AttributeError, ValueError, OSError):
        return 0.0


def resident_mb() -> float:
    """Return the memory that this process holds now; where that isn't known, its most so far."""
    with contextlib.suppress(OSError, AttributeError):
        return _from_status("VmRSS")
    return peak_mb()


def peak_mb() -> float:
    """Return the most memory that this process has held, 0 where that isn't known."""
    with contextlib.suppress(OSError, AttributeError):
        return _from_status("VmHWM")
    try:
        import resource
    except ImportError:
        return 0.0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def age_seconds() -> float:
    """Return how long ago this process began; where that isn't known, since this was imported."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        began = int(_read("/proc/self/stat").rpartition(")")[2].split()[19])
        uptime = float(_read("/proc/uptime").split()[0])
        return uptime - began / os.sysconf("SC_CLK_TCK")
    return time.time() - LOADED_AT


def _from_status(name: str) -> float:
    found = re.search(rf"^{name}:\s+(\d+) kB", _read("/proc/self/status"), re.MULTILINE)
    if found is None:
        raise OSError(name)
    return int(found[1]) / 1024


def _processor() -> str:
    with contextlib.suppress(OSError):
        text = _read("/proc/cpuinfo")
        found = re.search(r"^(?:model name|Model)\s*:\s*(.+)$", text, re.MULTILINE)
        if found:
            return found[1].strip()
    return platform.processor() or platform.machine()


def _read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")
