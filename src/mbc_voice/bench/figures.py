"""What was measured: stages of a turn, percentiles, and the report for people or programs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from mbc_voice.timing import Mark

STAGES = ("endpoint", "recognize", "understand", "render", "play")
"""The way from the end of speech to the first sound, in order."""
MEANINGS = {
    "endpoint": "to know that the question is over",
    "recognize": "to turn it into words",
    "understand": "to find what it means",
    "render": "to make the answer's sound",
    "play": "until it is heard",
    "total": "together",
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One question, and how long its answer took. All in ms, from the true end of the speech."""

    text: str
    expected: str
    got: str = ""
    """Id of the topic or sentence that was heard first; "" if nothing was."""
    total: float | None = None
    """Until the answer's first sound; None if none came, or it came before the end."""
    stages: dict[str, float] = field(default_factory=dict)
    """By the names of `STAGES`; they add up to the total."""
    silence: float | None = None
    """From a key, or from the end of "stop", to silence."""
    by: str = ""
    """``key`` or ``stop``: how it was silenced."""
    busy: float = 0.0
    """Cores in use from the beginning of the question to the first sound."""

    @property
    def right(self) -> bool:
        """Whether what was heard is what the question should lead to."""
        return bool(self.got) and self.got.removeprefix("referral.").startswith(self.expected)


@dataclass(frozen=True, slots=True)
class Figures:
    """One whole measurement."""

    machine: dict[str, str | int | float]
    setup: dict[str, str | int]
    """Recognizer, voice, and the settings that matter."""
    ready_s: float
    """From the start of the process until it listens."""
    greeting_s: float
    """From the start of the process to the first sound of the greeting."""
    memory_mb: float
    """Resident when ready."""
    peak_mb: float
    """The most it ever held."""
    idle_cpu: float
    """Cores in use while it listens to a quiet room."""
    turns: tuple[Turn, ...]

    def as_json(self) -> dict[str, Any]:
        """Return everything, with a summary, as plain data."""
        return asdict(self) | {"summary": self.summary()}

    def summary(self) -> dict[str, Any]:
        """Return medians and 95th percentiles."""
        timed = [turn for turn in self.turns if turn.total is not None]
        stages = {name: [turn.stages.get(name, 0.0) for turn in timed] for name in STAGES}
        return {
            "asked": len(self.turns),
            "answered": len(timed),
            "right": sum(turn.right for turn in self.turns),
            "first_sound_ms": percentiles(turn.total or 0.0 for turn in timed),
            "stages_ms": {name: percentiles(values) for name, values in stages.items()},
            "key_to_silence_ms": percentiles(_silences(self.turns, "key")),
            "stop_to_silence_ms": percentiles(_silences(self.turns, "stop")),
            "busy_cpu": round(float(np.mean([turn.busy for turn in timed] or [0.0])), 2),
        }


def stages_of(marks: Sequence[Mark], ended: float, sounded: float) -> dict[str, float]:
    """Return how the time from the end of speech to the first sound was spent, in ms.

    A stage that was over before the speech was takes no time: recognizing ahead is seen as that.
    """
    points = [ended]
    for name in ("turn ended", "heard", "understood", "rendered"):
        before = [mark.at for mark in marks if mark.name == name and mark.at <= sounded]
        points.append(max(before[-1], points[-1]) if before else points[-1])
    points.append(sounded)
    return {
        name: max(0.0, later - earlier) * 1000
        for name, earlier, later in zip(STAGES, points, points[1:], strict=False)
    }


def percentiles(values: Iterable[float]) -> dict[str, float] | None:
    """Return the median and the 95th percentile, None without values."""
    known = list(values)
    if not known:
        return None
    p50, p95 = np.percentile(known, (50, 95))
    return {"p50": round(float(p50), 1), "p95": round(float(p95), 1), "n": len(known)}


def report(figures: Figures) -> str:
    """Return the figures as lines for people."""
    machine, setup, summary = figures.machine, figures.setup, figures.summary()
    lines = [
        f"This computer: {machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory_gb']} GB, {machine['system']}; load {machine['load']} at the start",
        f"It heard with {setup['recognizer']}, and spoke with {setup['voice']}",
        "",
        f"Ready after {figures.ready_s:.1f} s, first word after {figures.greeting_s:.1f} s",
        f"Memory: {figures.memory_mb:.0f} MB when ready, {figures.peak_mb:.0f} MB at most",
        f"Processor: {100 * figures.idle_cpu:.1f} % of one core while it waits, "
        f"{100 * summary['busy_cpu']:.0f} % while it answers",
        "",
        "From the end of a question to the first sound of its answer, in thousandths of a second",
        f"({summary['answered']} of {summary['asked']} questions were answered, "
        f"{summary['right']} as they were meant):",
        f"  {'':40}{'median':>8}{'95 in 100':>12}",
    ]
    stages = {**summary["stages_ms"], "total": summary["first_sound_ms"]}
    lines += [_row(MEANINGS[name], values) for name, values in stages.items()]
    lines += [
        "",
        _row("from a key to silence", summary["key_to_silence_ms"]),
        _row('from the end of "stop" to silence', summary["stop_to_silence_ms"]),
    ]
    return "\n".join(lines)


def _row(what: str, values: dict[str, float] | None) -> str:
    if values is None:
        return f"  {what:40}{'-':>8}{'-':>12}"
    return f"  {what:40}{values['p50']:8.0f}{values['p95']:12.0f}"


def _silences(turns: Iterable[Turn], by: str) -> list[float]:
    return [turn.silence for turn in turns if turn.by == by and turn.silence is not None]
