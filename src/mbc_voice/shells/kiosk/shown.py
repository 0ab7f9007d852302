"""What the page shows, as the frames ``welcome`` and ``snapshot``. Pure; any thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field

from mbc_voice import __version__
from mbc_voice.events import Display, Snapshot
from mbc_voice.library import CommandWords, Library, Sentence
from mbc_voice.page_words import simplest
from mbc_voice.shells.kiosk import protocol, stops

TAKES = dict.fromkeys(("choose-number", "volume", "speed"), "number") | {
    "spell": "word",
    "voice": "either",
    "group": "either",
}
"""Commands that go with a number or a word."""

GONE = "I'm not working right now. Please ask a member of staff."
MODES = {"always": "always", "push-to-talk": "push", "wake-phrase": "wake"}
"""What pages call the ways of listening."""
LOST = "I can't hear you. The microphone isn't working. You can still use the buttons, or type."


@dataclass(frozen=True, slots=True)
class Shown:
    """All that is the same for every snapshot of a run."""

    library: Library = field(repr=False)
    profile: str = "kiosk"
    clinic: str = ""
    hours: str = ""
    greeting: str = ""
    """What a visitor is greeted with; empty for the library's own greeting."""
    words_per_minute: int = 160
    volume: int = 7
    display: Display = field(default_factory=Display)
    sound: Mapping[str, object] = field(default_factory=lambda: {"by": "kiosk"})
    take_away: Callable[[str], str | None] = lambda _: None
    """The address of a topic's text, if the clinic has one."""
    keypad: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What is pressed for each of the five keys, where it isn't the usual."""
    capital_px: int | None = None
    """How many pixels high a capital is to be, where it isn't the usual."""

    @property
    def known(self) -> protocol.Known:
        """What the page may name."""
        return protocol.Known(
            commands=frozenset(self.library.commands),
            topics=frozenset(self.library.topics),
            places=frozenset(place.id for place in self.library.places),
            stops=stops.ids(self.library),
        )

    def welcome(self) -> str:
        """Return the first frame of a connection."""
        library = self.library
        return protocol.frame(
            "welcome",
            protocol=protocol.VERSION,
            version=__version__,
            language=library.language,
            title=library.title,
            clinic=self.clinic,
            greeting=self.greeting or " ".join(library.prompts.get("greeting", ())),
            hours=self.hours,
            profile=self.profile,
            groups=self._groups(),
            places=[asdict(place) for place in library.places],
            commands=[_command(command) for command in library.commands.values()],
            limits={
                "text": protocol.LONGEST_TEXT,
                "volume": [0, 10],
                "words_per_minute": [80, 450],
                "text_size": [100, 400],
                "commands_per_second": 10,
            },
            defaults={
                "words_per_minute": self.words_per_minute,
                "volume": self.volume,
                **asdict(self.display),
            },
            labels=dict(library.labels),
            **self._screen(),
            sound=dict(self.sound),
            gone={"text": GONE, "sound": "/gone.wav"},
        )

    def snapshot(self, now: Snapshot) -> str:
        """Return the frame for a snapshot."""
        return protocol.frame(
            "snapshot",
            phase=now.phase,
            caption=_caption(now.caption),
            spoken=list(now.spoken) if now.spoken is not None else None,
            heard=now.heard,
            topic=self._topic(now.topic),
            place=self._place(now),
            position=now.position,
            length=now.length,
            choices=self._choices(now),
            words_per_minute=now.words_per_minute,
            volume=now.volume,
            microphone=now.microphone,
            voice=now.voice,
            answers=now.answers,
            earcons=now.earcons,
            listening={"mode": MODES[now.listening], "open": is_open(now)},
            display=asdict(now.display),
            visit={"phase": now.visit, "seconds_left": now.seconds_left},
            notice=LOST if now.microphone == "lost" else None,
            take_away=self._take_away(now.topic),
        )

    def _screen(self) -> dict[str, object]:
        """Return what this kiosk's screen and keypad need; mostly nothing."""
        given: dict[str, object] = {"keypad": dict(self.keypad), "capital_px": self.capital_px}
        return {name: value for name, value in given.items() if value}

    def _groups(self) -> list[dict[str, object]]:
        topics = self.library.topics.values()
        held = [one for one in self.library.sections if any(t.section == one.id for t in topics)]
        return [
            {
                "id": one.id,
                "title": one.title,
                "number": number,
                "topics": [{"id": t.id, "title": t.title} for t in topics if t.section == one.id],
            }
            for number, one in enumerate(held, start=1)
        ]

    def _topic(self, id: str | None) -> dict[str, str] | None:
        topic = self.library.topics.get(id or "")
        return {"id": topic.id, "title": topic.title} if topic is not None else None

    def _place(self, now: Snapshot) -> str | None:
        """Return the place whose name is being said, or whose topic is being told."""
        said = _plain(now.caption.text) if now.caption is not None else ""
        named = (place.id for place in self.library.places if _plain(place.name) == said)
        told = (place.id for place in self.library.places if place.topic == now.topic)
        return next(named, None) or next(told, None)

    def _choices(self, now: Snapshot) -> list[dict[str, object]]:
        ids: tuple[str, ...] = now.choices if len(now.choices) == len(now.options) else ()
        return [
            {"number": number + 1, "id": ids[number] if ids else None, "title": title}
            for number, title in enumerate(now.options)
        ]

    def _take_away(self, topic: str | None) -> dict[str, str] | None:
        found = self.library.topics.get(topic or "")
        address = self.take_away(found.id) if found is not None else None
        if found is None or address is None:
            return None
        return {"title": found.title, "url": address, "image": f"/take-away/{found.id}.svg"}


def is_open(now: Snapshot) -> bool:
    """Return whether a question would be heard now."""
    silent = now.caption is None or now.phase == "paused"
    hears = now.open and now.microphone == "on" and silent
    return hears and now.phase in ("ready", "listening", "choosing", "paused")


def _caption(sentence: Sentence | None) -> dict[str, str] | None:
    return {"id": sentence.id, "text": sentence.text} if sentence is not None else None


def _command(command: CommandWords) -> dict[str, object]:
    return {
        "name": command.id,
        "says": command.says,
        "phrase": simplest(command.phrases[0]) if command.phrases else "",
        "keys": list(command.keys),
        "takes": TAKES.get(command.id),
    }


def _plain(text: str) -> str:
    return text.casefold().strip(" .,;:!?")
