"""The child process in which pyttsx3 renders, so that it can be killed: JSON lines over pipes.

Run as ``python -m mbc_voice.speak.system_voice_child LANGUAGE [VOICE]``. Asks nothing of the parent
but its pipes. First it writes ``{"ready": true, "voice": ..., "names": [...], "driver": ...}`` or
``{"error": ...}``; then for each
``{"text", "rate", "path"}`` line it writes the sound file and answers
``{"ok": true, "words": [[start, length, ms], ...]}`` or ``{"error": ...}``. The words, with their
characters in the text and their times in the sound, are known of eSpeak NG only. Ends as soon as
its input ends, even in the middle of a rendering.

The main thread renders (macOS demands that); one more reads the input.
"""

from __future__ import annotations

import itertools
import json
import os
import queue
import re
import sys
import threading
from typing import Any


class SystemEngine:
    """pyttsx3, reduced to writing one sentence into a file."""

    def __init__(self, language: str, name: str = "") -> None:
        import pyttsx3

        self._engine = pyttsx3.init()
        self._failure: Exception | None = None
        self._engine.connect("error", self._on_error)
        self.driver = str(self._engine.driver_name)
        ids = self._ids(language)
        self.names = tuple(ids)
        """Names of the voices in the language, the user's own first."""
        if name and name not in ids:
            raise LookupError(name)
        self.voice = ids[name or self.names[0]]
        self.words: list[tuple[int, int, int]] = []
        """Of the sentence rendered last: first character, length, and milliseconds."""
        if self.driver == "espeak":
            self._follow_words()

    def render(self, text: str, rate: int, path: str) -> None:
        """Write the sentence to a sound file; raises what the engine raises."""
        self._failure = None
        self.words = []
        self._engine.setProperty("voice", self.voice)
        self._engine.setProperty("rate", rate)
        self._settle()
        self._engine.save_to_file(text, path)
        self._engine.runAndWait()
        self._settle()
        if self._failure is not None:
            raise self._failure

    def _settle(self) -> None:
        """Wait until eSpeak NG has done all it was told.

        Its driver begins by cancelling what is still in hand, even the new voice and rate, and
        ends before the file is written; the drivers of the other systems wait by themselves.
        """
        if self._engine.driver_name == "espeak":
            from pyttsx3.drivers import _espeak

            _espeak.Synchronize()

    def _follow_words(self) -> None:
        """Take note of the words that eSpeak NG reports; its driver leaves their times out."""
        from pyttsx3.drivers import _espeak

        driver = self._engine.proxy._driver

        def take(sound: Any, count: int, events: Any) -> int:
            for event in itertools.takewhile(
                lambda event: event.type != _espeak.EVENT_LIST_TERMINATED,
                (events[index] for index in itertools.count()),
            ):
                if event.type == _espeak.EVENT_WORD:
                    self.words.append((event.text_position - 1, event.length, event.audio_position))
            return int(driver._onSynth(sound, count, events))

        _espeak.SetSynthCallback(take)

    def _ids(self, language: str) -> dict[str, str]:
        """Return the ids of the voices in the language by their short names, best first.

        First the user's own voice, if it speaks it, then those of the country, then the rest. If
        there is none, it is the user's own.
        """
        wanted = language.lower()
        own = "" if self.driver == "espeak" else str(self._engine.getProperty("voice"))
        near = [
            (voice.id != own, wanted not in tags, short_name(str(voice.name or voice.id)), voice.id)
            for voice in self._engine.getProperty("voices")
            for tags in [_languages(voice)]
            if any(tag.split("-")[0] == wanted.split("-")[0] for tag in tags)
        ]
        names: dict[str, str] = {}
        for *_, name, id_ in sorted(near):
            names.setdefault(name, str(id_))
        return names or {short_name(own or wanted): own or wanted}

    def _on_error(self, name: object, exception: Exception) -> None:  # noqa: ARG002 - its names
        self._failure = exception


def short_name(name: str) -> str:
    """Return a voice's name as it is typed: ``English (America)`` as ``english-america``."""
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))


def _languages(voice: Any) -> list[str]:
    return [str(tag).replace("_", "-").lower() for tag in voice.languages if tag]


def main() -> None:
    """Serve sentences until the input ends."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the engine prints to standard output
    requests: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(requests,), name="requests", daemon=True).start()
    try:
        engine = SystemEngine(*(sys.argv[1:] or ["en-US"]))
    except Exception as error:  # whatever a driver raises, the parent gets one line
        _reply(replies, {"error": f"{type(error).__name__}: {error}"})
        return
    hello = {"voice": engine.voice, "names": engine.names, "driver": engine.driver}
    _reply(replies, {"ready": True, **hello})
    while True:
        request = json.loads(requests.get())
        try:
            engine.render(request["text"], request["rate"], request["path"])
        except Exception as error:
            _reply(replies, {"error": f"{type(error).__name__}: {error}"})
        else:
            _reply(replies, {"ok": True, "words": engine.words})


def _read(requests: queue.SimpleQueue[str]) -> None:
    for line in sys.stdin:
        requests.put(line)
    os._exit(0)


def _reply(replies: Any, message: dict[str, object]) -> None:
    replies.write(json.dumps(message) + "\n")
    replies.flush()


if __name__ == "__main__":
    main()
