"""The child process in which pyttsx3 renders, so that it can be killed: JSON lines over pipes.

Run as ``python -m mbc_voice.speak.system_voice_child LANGUAGE``. Asks nothing of the parent but
its pipes. First it writes ``{"ready": true, "voice": ...}`` or ``{"error": ...}``; then for each
``{"text", "rate", "path"}`` line it writes the sound file and answers ``{"ok": true}`` or
``{"error": ...}``. Ends as soon as its input ends, even in the middle of a rendering.

The main thread renders (macOS demands that); one more reads the input.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from typing import Any


class SystemEngine:
    """pyttsx3, reduced to writing one sentence into a file."""

    def __init__(self, language: str) -> None:
        import pyttsx3

        self._engine = pyttsx3.init()
        self._failure: Exception | None = None
        self._engine.connect("error", self._on_error)
        self.voice = self._choose(language)

    def render(self, text: str, rate: int, path: str) -> None:
        """Write the sentence to a sound file; raises what the engine raises."""
        self._failure = None
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

    def _choose(self, language: str) -> str:
        """Return the id of a voice in the language: the user's own, if it speaks it."""
        wanted = language.lower()
        if self._engine.driver_name == "espeak":
            return wanted
        own = self._engine.getProperty("voice")
        spoken = {voice.id: _languages(voice) for voice in self._engine.getProperty("voices")}
        primary = wanted.split("-")[0]
        if any(tag.split("-")[0] == primary for tag in spoken.get(own, ())):
            return str(own)
        exact = [name for name, tags in spoken.items() if wanted in tags]
        near = [name for name, tags in spoken.items() if any(t.startswith(primary) for t in tags)]
        return str((exact + near + [own])[0])

    def _on_error(self, name: object, exception: Exception) -> None:  # noqa: ARG002 - its names
        self._failure = exception


def _languages(voice: Any) -> list[str]:
    return [str(tag).replace("_", "-").lower() for tag in voice.languages if tag]


def main() -> None:
    """Serve sentences until the input ends."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the engine prints to standard output
    requests: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(requests,), name="requests", daemon=True).start()
    try:
        engine = SystemEngine(sys.argv[1] if len(sys.argv) > 1 else "en-US")
    except Exception as error:  # whatever a driver raises, the parent gets one line
        _reply(replies, {"error": f"{type(error).__name__}: {error}"})
        return
    _reply(replies, {"ready": True, "voice": engine.voice})
    while True:
        request = json.loads(requests.get())
        try:
            engine.render(request["text"], request["rate"], request["path"])
        except Exception as error:
            _reply(replies, {"error": f"{type(error).__name__}: {error}"})
        else:
            _reply(replies, {"ok": True})


def _read(requests: queue.SimpleQueue[str]) -> None:
    for line in sys.stdin:
        requests.put(line)
    os._exit(0)


def _reply(replies: Any, message: dict[str, object]) -> None:
    replies.write(json.dumps(message) + "\n")
    replies.flush()


if __name__ == "__main__":
    main()
