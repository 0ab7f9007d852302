"""The page beside the terminal, as a kiosk with its own microphone and loudspeaker runs it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk_server import HOST, library
from mbc_voice import talk
from mbc_voice.assistant import Assistant
from mbc_voice.dialogue.state import begin
from mbc_voice.events import Event
from mbc_voice.parts import Typed
from mbc_voice.settings import KioskSettings, Settings, TalkSettings
from mbc_voice.shells.kiosk.run import Page
from mbc_voice.shells.kiosk.server import listening_at
from mbc_voice.silent import SilentVoice
from mbc_voice.understand.interpret import Interpreter

KIOSK = Settings(talk=TalkSettings(profile="kiosk"), kiosk=KioskSettings(open_browser=False))


def test_an_emergency_at_the_kiosk_reaches_the_staff(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sign stands on the staff's page, and the emergency is counted by the day."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    small = library()
    sign = next(iter(small.urgent.values()))
    small = replace(small, urgent={sign.id: replace(sign, phrases=("i can't breathe",))})
    posted: list[Assistant] = []

    def post(event: Event) -> None:
        posted[0].post_next(event)

    with listening_at(HOST, 0) as listening:
        page = Page(KIOSK, listening)
        interpret = Interpreter(small, None).interpret
        voice = SilentVoice(post, lambda _: None)
        assistant = Assistant(begin(small, profile="kiosk"), interpret, voice, show=page.show)
        posted.append(assistant)
        try:
            assert f":{listening.port}/" in page.begin(talk.Talk(assistant, small, False))
            assistant.post(Typed("i can't breathe"))
            assistant.finish_when_quiet()
            assert assistant.run() == 0
            assert [one.sign for one in page.alerts.unseen] == [sign.id]
        finally:
            page.end("")
    (counted,) = (tmp_path / "mbc-voice" / "counts").glob("*.csv")
    assert f"urgent,{sign.id},1" in counted.read_text(encoding="utf-8")
