"""How often what was asked, by the day: topics, outcomes, response times, and no word of anybody.

One file a day, ``2026-11-23.csv`` with the columns kind, id, count. No time of day and no order is
kept, so that nothing can be told of one person. Any thread may count; `Saving` has one that writes.
"""

from __future__ import annotations

import csv
import logging
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from mbc_voice import timing
from mbc_voice.events import (
    OUTCOME_NAMES,
    Answer,
    NotCovered,
    Outcome,
    Snapshot,
    Urgent,
    outcome_ids,
)

log = logging.getLogger(__name__)

KINDS = {Answer: "topic", NotCovered: "referral", Urgent: "urgent"}
"""Outcomes whose ids are counted too."""

BOUNDS_MS = (300, 600, 1000, 2000, 4000)
"""Response times are counted up to each of these, and beyond."""

SAVE_SECONDS = 60.0
"""The counts are written so often, if there is anything new."""

COLUMNS = ["kind", "id", "count"]


def default_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where the counts are kept."""
    base = environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "mbc-voice" / "counts"


class Counts:
    """The counts of today, which go on where an earlier run of today ended."""

    def __init__(self, folder: Path, today: Callable[[], date] = date.today) -> None:
        self._folder = folder
        self._today = today
        self._lock = threading.Lock()
        self._day = today()
        self._counted = read(self._path(self._day))
        self._changed = False

    def outcome(self, outcome: Outcome) -> None:
        """Count what a question, a command or a sound came to."""
        kind = type(outcome)
        self._add("outcome", OUTCOME_NAMES[kind])
        if kind in KINDS:
            for id in outcome_ids(outcome):
                self._add(KINDS[kind], id)

    def visit(self, before: Snapshot, now: Snapshot) -> None:
        """Count a visit, if one begins between these two snapshots."""
        if before.visit == "waiting" and now.visit != "waiting":
            self._add("visit", "begun")

    def response(self, seconds: float) -> None:
        """Count how long somebody waited for the answer to a spoken question."""
        bound = next((bound for bound in BOUNDS_MS if seconds * 1000 <= bound), None)
        self._add("response", f"up to {bound} ms" if bound else f"over {BOUNDS_MS[-1]} ms")

    def save(self) -> None:
        """Write what was counted, if anything; a disk that is full costs only the counts."""
        with self._lock:
            self._turn_page()
            if self._changed:
                self._write()

    def _add(self, kind: str, id: str) -> None:
        with self._lock:
            self._turn_page()
            self._counted[kind, id] += 1
            self._changed = True

    def _turn_page(self) -> None:
        """Begin a new day, if it is one."""
        today = self._today()
        if today != self._day:
            if self._changed:
                self._write()
            self._day, self._counted = today, read(self._path(today))

    def _write(self) -> None:
        self._changed = False
        path = self._path(self._day)
        half_made = path.with_suffix(".part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with half_made.open("w", encoding="utf-8", newline="") as out:
                writer = csv.writer(out, lineterminator="\n")
                writer.writerow(COLUMNS)
                writer.writerows((*key, count) for key, count in sorted(self._counted.items()))
            half_made.replace(path)
        except OSError as error:
            log.warning("the counts can't be written: %s", error.strerror)

    def _path(self, day: date) -> Path:
        return self._folder / f"{day.isoformat()}.csv"


def read(path: Path) -> Counter[tuple[str, str]]:
    """Return the counts of a day's file; none where it is missing or damaged."""
    counted: Counter[tuple[str, str]] = Counter()
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                counted[row["kind"], row["id"]] += int(row["count"])
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        return counted
    return counted


class Saving:
    """Counts that are saved now and then, and response times that are counted; own thread."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="saving counts", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Save for the last time."""
        self._ending.set()
        self._thread.join(SAVE_SECONDS)

    def _run(self) -> None:
        with timing.watching() as marks:
            ending = False
            while not ending:
                ending = self._ending.wait(SAVE_SECONDS)
                taken, marks[:] = list(marks), []
                for seconds in waits(taken):
                    self._counts.response(seconds)
                self._counts.save()


def waits(marks: Sequence[timing.Mark]) -> Iterator[float]:
    """Yield how long each answer to a spoken question took, in seconds. Pure."""
    ended: float | None = None
    for mark in marks:
        if mark.name == "turn ended":
            ended = mark.at
        elif mark.name == "rendered" and ended is not None:
            yield mark.at - ended
            ended = None
