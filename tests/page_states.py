"""One snapshot of each state that the page can show, for tests and for the pictures in the docs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from mbc_voice.events import Display, Snapshot
from mbc_voice.library import Library, Sentence
from mbc_voice.shells.kiosk.shown import LOST


@dataclass(frozen=True)
class Shot:
    """What the page is given, and the panel that is open in it."""

    now: Snapshot
    changes: dict[str, Any]
    panel: str = ""

    def in_theme(self, theme: str, text_size: int = 100) -> Shot:
        """Return the same in another theme."""
        display = Display(text_size, theme)  # type: ignore[arg-type]
        return replace(self, now=replace(self.now, display=display))


def shots(library: Library) -> dict[str, Shot]:
    """Return every state by name."""
    lungs = library.topics["symptoms-lung"]
    cough = (*lungs.short.items, *(item for passage in lungs.more for item in passage.items))[0]
    greeting = Sentence("prompt.greeting.2", "I answer questions about breast cancer.")
    offer = Sentence("prompt.offer-more.1", "Say more to hear more.")
    which = Sentence("prompt.choose-which.1", "Which one would you like?")
    reading = Snapshot(
        phase="speaking", caption=cough, heard="cough and breast cancer in the lungs",
        topic=lungs.id, position=3, length=12,
    )  # fmt: skip
    listening = Snapshot(phase="listening")
    places = ("symptoms-bone", "symptoms-liver", "symptoms-lung", "symptoms-brain")
    titles = tuple(library.topics[place].title for place in places)
    first_word = (0, cough.text.find(" ") if " " in cough.text else len(cough.text))
    second = (first_word[1] + 1, cough.text.find(" ", first_word[1] + 1))
    found = {
        "waiting": Snapshot(phase="ready", visit="waiting"),
        "ready": Snapshot(phase="speaking", caption=greeting, spoken=(2, 8)),
        "listening": listening,
        "thinking": Snapshot(phase="thinking", heard="where does it spread to"),
        "speaking": replace(reading, spoken=second),
        "paused": replace(reading, phase="paused"),
        "choosing": replace(
            listening, phase="choosing", choices=places[:3], options=titles[:3],
            heard="tell me the symptoms", caption=which,
        ),
        "offer": replace(reading, phase="choosing", caption=offer),
        "warning": replace(listening, visit="warning", seconds_left=20),
        "deaf": replace(listening, microphone="lost"),
        "ended": Snapshot(phase="ended"),
    }  # fmt: skip
    made = {name: Shot(now, {}) for name, now in found.items()}
    made["push"] = Shot(listening, {"listening": {"mode": "push", "open": False}})
    made["deaf"] = replace(made["deaf"], changes={"notice": LOST})
    for panel in ("topics", "body", "type", "reading", "screen"):
        made[f"panel-{panel}"] = Shot(replace(reading, spoken=second), {}, panel)
    return made
