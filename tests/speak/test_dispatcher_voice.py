"""Speech Dispatcher: the real daemon, heard through a real sound server, and a false one."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from judge import share_heard, written_down
from mbc_voice.errors import VoiceError
from mbc_voice.events import (
    Event,
    LoudspeakerLost,
    SentenceStarted,
    Utterance,
    UtteranceEnded,
    WordStarted,
)
from mbc_voice.library import Sentence
from mbc_voice.speak.dispatcher_voice import DispatcherVoice, marked, ssip_rate, ssip_volume
from mbc_voice.speak.ssip import address
from sound_server import SoundServer

ONE = "Good morning, my name is Peter, and I live in London."
TWO = "Tomorrow we will go to the garden with the children."


def utterance(number: int, *texts: str) -> Utterance:
    return Utterance(number, tuple(Sentence(f"u.{i}", text) for i, text in enumerate(texts)))


class Talking:
    """A dispatcher's voice and what it reports."""

    def __init__(self, path: Path) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.events: list[Event] = []
        self.words: list[WordStarted] = []
        """News of words, apart: only some voices of the daemon tell."""
        self.voice = DispatcherVoice(self._events.put, path=path, volume=10)

    def wait_for(self, wanted: Event) -> None:
        """Collect events until this one has come."""
        while wanted not in self.events:
            self._take(self._events.get(timeout=30))

    def close(self) -> list[Event]:
        """Close, and return all events."""
        self.voice.close()
        while not self._events.empty():
            self._take(self._events.get())
        return self.events

    def _take(self, event: Event) -> None:
        if isinstance(event, WordStarted):
            self.words.append(event)
        else:
            self.events.append(event)


def test_words_are_marked_for_the_daemon() -> None:
    """Marks stand before the words as they are said, and signs of markup are only signs."""
    said, words = marked("HER2+ & <b>", "her two positive & <b>")
    assert said == '<speak><mark name="0"/>her two positive &amp; &lt;<mark name="3"/>b&gt;</speak>'
    assert [(name, word.start, word.end) for name, word in words.items()] == [
        ("0", 0, 5),
        ("3", 9, 10),
    ]


def test_a_text_can_be_said_from_a_word_on() -> None:
    """What stands before the word is left out, the marks of the rest are the same."""
    whole = marked("HER2+ is a type", "her two positive is a type")[1]
    said, words = marked("HER2+ is a type", "her two positive is a type", 6)
    assert said == ('<speak><mark name="3"/>is <mark name="4"/>a <mark name="5"/>type</speak>')
    assert words == {name: word for name, word in whole.items() if word.start >= 6}
    assert marked("?", "?", 1)[0] == "<speak>?</speak>"


# ---------------------------------------------------------------- with the real daemon


@contextlib.contextmanager
def running_daemon(server: SoundServer) -> Iterator[Path]:
    """The real daemon, playing to the private sound server; its socket."""
    path = server.folder / "speechd.sock"
    # fmt: off
    command = [
        "speech-dispatcher", "--run-single", "--timeout", "0", "--log-level", "1",
        "--communication-method", "unix_socket", "--socket-path", str(path),
        "--log-dir", str(server.folder), "--pid-file", str(server.folder / "pid"),
    ]
    # fmt: on
    daemon = subprocess.Popen(
        command, env=server.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    pause = threading.Event()
    try:
        for _ in range(200):
            if path.exists():
                break
            pause.wait(0.05)
        yield path
    finally:
        daemon.terminate()
        daemon.wait(20)


@pytest.fixture
def talking(sound_server: SoundServer) -> Iterator[Talking]:
    """A voice on the real daemon; skips where it isn't installed, but never in CI."""
    if not shutil.which("speech-dispatcher"):
        if os.environ.get("CI"):
            pytest.fail("CI must have Speech Dispatcher and its espeak-ng module")
        pytest.skip("not installed: speech-dispatcher speech-dispatcher-espeak-ng")
    with running_daemon(sound_server) as path:
        talk = Talking(path)
        yield talk
        talk.close()


@pytest.mark.sound
@pytest.mark.engine
def test_sentences_are_heard_and_reported_once(sound_server: SoundServer, talking: Talking) -> None:
    """Both sentences come out of the loudspeaker, each is reported once, and the end last."""
    with sound_server.record() as recording:
        talking.voice.set_rate(140)
        talking.voice.say(utterance(1, ONE, TWO))
        talking.wait_for(UtteranceEnded(1))
        recording.wait_for_quiet(0.3, after=recording.wait_for_sound())
        heard = written_down(recording.samples)
    assert share_heard(f"{ONE} {TWO}", heard) >= 0.6
    assert talking.close() == [SentenceStarted(1, 0), SentenceStarted(1, 1), UtteranceEnded(1)]
    for index, text in enumerate((ONE, TWO)):
        told = [text[word.start : word.end] for word in talking.words if word.index == index]
        assert told == text.replace(",", "").rstrip(".").split()


@pytest.mark.sound
def test_the_daemon_goes_on_at_the_word(talking: Talking) -> None:
    """Said from a word on, the words before it are not said; the next sentence is said whole."""
    talking.voice.say(replace(utterance(1, "One two three four.", "The end."), start=8))
    talking.wait_for(UtteranceEnded(1))
    talking.close()
    assert [(word.index, word.start) for word in talking.words] == [(0, 8), (0, 14), (1, 0), (1, 4)]


@pytest.mark.sound
def test_stop_silences_it(sound_server: SoundServer, talking: Talking) -> None:
    """Of a long utterance little is heard after stop; another one is heard again."""
    with sound_server.record() as recording:
        talking.voice.say(utterance(1, *([ONE] * 5)))
        talking.wait_for(SentenceStarted(1, 0))
        begun = recording.wait_for_sound()
        talking.voice.stop()
        talking.wait_for(UtteranceEnded(1, "stopped"))
        silent = recording.wait_for_quiet(0.8, after=begun)
        assert (silent - begun) / 16_000 < 2.5
        talking.voice.say(utterance(2, "Yes."))
        talking.wait_for(UtteranceEnded(2))
        assert np.abs(recording.samples[silent:]).max() > 0.01
    assert talking.close() == [
        SentenceStarted(1, 0),
        UtteranceEnded(1, "stopped"),
        SentenceStarted(2, 0),
        UtteranceEnded(2, "finished"),
    ]


@pytest.mark.sound
def test_pause_and_resume_say_the_sentence_again(
    sound_server: SoundServer, talking: Talking
) -> None:
    """A pause is silence without an end; resuming begins the same sentence anew."""
    with sound_server.record() as recording:
        talking.voice.say(utterance(1, ONE, "Yes."))
        talking.wait_for(SentenceStarted(1, 0))
        begun = recording.wait_for_sound()
        talking.voice.pause()
        recording.wait_for_quiet(0.8, after=begun)
        talking.voice.resume()
        talking.wait_for(UtteranceEnded(1))
    again = [SentenceStarted(1, 0)] * 2
    assert talking.close() == [*again, SentenceStarted(1, 1), UtteranceEnded(1)]


# ---------------------------------------------------------------- with a false daemon


class FalseDaemon:
    """Answers SSIP as the real one does; what is said begins and ends when the test says so."""

    def __init__(self, modules: tuple[str, ...] = ("espeak-ng",)) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="mbc-ssip-")
        self.path = Path(self._folder.name) / "speechd.sock"
        self.heard: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._modules = modules
        self._messages = 0
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(self.path))
        self._listening.listen()
        self._client: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def next(self, beginning: str) -> str:
        """Return the next line that begins so."""
        while not (line := self.heard.get(timeout=10)).startswith(beginning):
            pass
        return line

    def tell(self, code: int, message: int, word: str, mark: str = "") -> None:
        assert self._client is not None
        named = f"{code}-{mark}\r\n" if mark else ""
        news = f"{code}-{message}\r\n{code}-1\r\n{named}{code} {word}\r\n"
        self._client.sendall(news.encode())

    def say_it(self) -> str:
        """Let the next sentence begin and end; return it."""
        text = self.next("> ")
        self.tell(701, self._messages, "BEGIN")
        self.tell(702, self._messages, "END")
        return text[2:]

    def die(self) -> None:
        assert self._client is not None
        self._client.shutdown(socket.SHUT_RDWR)
        self._client.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.die()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(5)
        self._folder.cleanup()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._client, _ = self._listening.accept()
                with contextlib.suppress(OSError), self._client.makefile(encoding="utf-8") as lines:
                    self._answer(lines)

    def _answer(self, lines: Iterator[str]) -> None:
        assert self._client is not None
        for line in lines:
            line = line.rstrip("\r\n")
            self.heard.put(line)
            answer = "200 OK"
            if line == "LIST OUTPUT_MODULES":
                answer = "".join(f"250-{name}\r\n" for name in self._modules) + "250 OK"
            elif line == "SPEAK":
                self._client.sendall(b"230 OK\r\n")
                text = re.sub(r"<[^>]*>", "", next(lines).rstrip("\r\n"))
                assert next(lines).rstrip("\r\n") == "."
                self._messages += 1
                self.heard.put(f"> {text}")
                answer = f"225-{self._messages}\r\n225 OK MESSAGE QUEUED"
            self._client.sendall(answer.encode() + b"\r\n")


@pytest.fixture
def daemon() -> Iterator[FalseDaemon]:
    made = FalseDaemon()
    yield made
    made.close()


def test_a_new_rate_counts_from_the_next_sentence(daemon: FalseDaemon) -> None:
    """Only one sentence is on its way, so the next one has the new rate and volume."""
    talk = Talking(daemon.path)
    talk.voice.say(utterance(1, "One.", "Two."))
    daemon.next(f"SET self RATE {ssip_rate(160)}")
    talk.voice.set_rate(400)
    talk.voice.set_volume(3)
    assert daemon.say_it() == "One."
    daemon.next(f"SET self RATE {ssip_rate(400)}")
    daemon.next(f"SET self VOLUME {ssip_volume(3)}")
    assert daemon.say_it() == "Two."
    talk.wait_for(UtteranceEnded(1))
    talk.close()


def test_a_new_speed_goes_on_at_the_word(daemon: FalseDaemon) -> None:
    """An utterance that begins at a word is said from there; its next sentence is said whole."""
    talk = Talking(daemon.path)
    said = utterance(1, "One two three.", "Four five.")
    talk.voice.say(replace(said, start=4))
    assert [daemon.say_it(), daemon.say_it()] == ["two three.", "Four five."]
    talk.wait_for(UtteranceEnded(1))
    talk.close()


def test_dots_and_lines_do_not_end_the_text(daemon: FalseDaemon) -> None:
    """A text that is a dot, or has several lines, arrives as one line of text."""
    talk = Talking(daemon.path)
    talk.voice.say(utterance(1, ".", "one\r\n.\r\nQUIT"))
    assert [daemon.say_it(), daemon.say_it()] == [".", "one . QUIT"]
    talk.wait_for(UtteranceEnded(1))
    talk.close()


def test_words_are_told_by_their_marks(daemon: FalseDaemon) -> None:
    """A mark tells its word; one that isn't ours tells nothing."""
    talk = Talking(daemon.path)
    talk.voice.say(utterance(1, "One two."))
    daemon.next("> One two.")
    daemon.tell(701, 1, "BEGIN")
    for mark in ("0", "__spd_1", "1"):
        daemon.tell(700, 1, "INDEX MARK", mark)
    daemon.tell(702, 1, "END")
    talk.wait_for(UtteranceEnded(1))
    talk.close()
    assert talk.words == [WordStarted(1, 0, 0, 3), WordStarted(1, 0, 4, 7)]


def test_news_of_an_old_message_is_ignored(daemon: FalseDaemon) -> None:
    """After another utterance took over, late news of the first changes nothing."""
    talk = Talking(daemon.path)
    talk.voice.say(utterance(1, "One."))
    daemon.next("> One.")
    talk.voice.say(utterance(2, "Two."))
    daemon.next("CANCEL self")
    daemon.tell(703, 1, "CANCELED")
    daemon.tell(702, 1, "END")
    assert daemon.say_it() == "Two."
    talk.wait_for(UtteranceEnded(2))
    assert talk.close() == [UtteranceEnded(1, "stopped"), SentenceStarted(2, 0), UtteranceEnded(2)]


def test_someone_else_may_silence_it(daemon: FalseDaemon) -> None:
    """If the screen reader cuts the sentence off, the utterance has been stopped."""
    talk = Talking(daemon.path)
    talk.voice.say(utterance(1, "One.", "Two."))
    daemon.next("> One.")
    daemon.tell(701, 1, "BEGIN")
    daemon.tell(703, 1, "CANCELED")
    talk.wait_for(UtteranceEnded(1, "stopped"))
    assert talk.close() == [SentenceStarted(1, 0), UtteranceEnded(1, "stopped")]


def test_lost_daemon_is_looked_for_again(daemon: FalseDaemon) -> None:
    """When the daemon goes, what is being said fails, once; the next utterance finds it again."""
    talk = Talking(daemon.path)
    talk.voice.say(utterance(1, "One."))
    daemon.next("> One.")
    daemon.die()
    talk.wait_for(LoudspeakerLost())
    talk.voice.say(utterance(2, "Two."))
    assert daemon.say_it() == "Two."
    talk.wait_for(UtteranceEnded(2))
    lost = [LoudspeakerLost(), UtteranceEnded(1, "failed")]
    assert talk.close() == [*lost, SentenceStarted(2, 0), UtteranceEnded(2)]


def test_no_daemon_is_one_clear_line(tmp_path: Path) -> None:
    """Where nothing answers, the error says what to install."""
    with pytest.raises(VoiceError, match="apt install speech-dispatcher"):
        DispatcherVoice(print, path=tmp_path / "nothing")


def test_daemon_without_a_voice_is_one_clear_line() -> None:
    """A daemon that has only its dummy module can't speak."""
    daemon = FalseDaemon(modules=("dummy",))
    with pytest.raises(VoiceError, match="speech-dispatcher-espeak-ng"):
        DispatcherVoice(print, path=daemon.path)
    daemon.close()


def test_only_this_computer_is_spoken_to() -> None:
    """An address on a network is refused; a path is taken as it is."""
    with pytest.raises(VoiceError, match="unix_socket"):
        address({"SPEECHD_ADDRESS": "inet_socket:elsewhere:6560"})
    assert address({"SPEECHD_ADDRESS": "unix_socket:/a/b"}) == Path("/a/b")
    assert address({"XDG_RUNTIME_DIR": "/r"}) == Path("/r/speech-dispatcher/speechd.sock")


def test_rates_and_volumes_rise() -> None:
    """From 80 to 449 words a minute and from 0 to 10, each is higher than the one before."""
    rates = [ssip_rate(rate) for rate in range(80, 450)]
    assert rates == sorted(rates)
    assert [rates[0], ssip_rate(170), rates[-1], ssip_rate(10_000)] == [-100, 0, 100, 100]
    volumes = [ssip_volume(level) for level in range(11)]
    assert volumes == sorted(set(volumes))
    assert [volumes[0], volumes[10]] == [-94, 100]
