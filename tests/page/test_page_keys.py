"""Keys: five of them reach everything without sight; single keys give orders and can be off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mbc_voice import toml_lines
from mbc_voice.library import Sentence
from page_states import shots
from page_visitor import CONTROLS, VISIBLE, Visitor

WORDS = Path(__file__).parents[2] / "content" / "en" / "page.toml"
NAMED = ("topic:", "group:", "choice:", "place:", "key:")


def labels() -> dict[str, str]:
    """Return the words on the page, by id."""
    found: dict[str, str] = toml_lines.parse(WORDS.read_text(encoding="utf-8"))
    return found


def begin_with_five_keys(visitor: Visitor) -> None:
    """Press the first of the five keys, and let the visit begin."""
    visitor.quiet_key("ArrowDown")
    assert visitor.server.next("visit") == {"kind": "visit", "what": "start"}
    assert visitor.server.next("focus") == {"kind": "focus", "id": "five-keys"}


@pytest.mark.parametrize("key", ["ArrowDown", "ArrowUp", "Enter", "F1"])
def test_the_first_key_tells_what_the_five_are_for(visitor: Visitor, key: str) -> None:
    """Whoever comes with the keypad alone is met, and told how to go around with it."""
    visitor.quiet_key(key)
    assert visitor.server.next("visit") == {"kind": "visit", "what": "start"}
    assert visitor.server.next("focus") == {"kind": "focus", "id": "five-keys"}
    assert {"next", "previous", "select", "back", "help"} <= set(
        labels()["five-keys"].lower().replace(",", "").split()
    )


def test_the_five_keys_begin_with_the_talk(visitor: Visitor) -> None:
    """The first step goes to what can be done now, and not to the end of the visit."""
    begin_with_five_keys(visitor)
    visitor.see("listening")
    first = visitor.key("ArrowDown")["id"]
    assert first.startswith("group:")
    while (id := visitor.key("ArrowDown")["id"]).startswith("group:"):
        pass
    assert id == "ask"


@pytest.mark.parametrize(("name", "id"), [("choosing", "choice:1"), ("offer", "yes")])
def test_what_is_offered_comes_next(visitor: Visitor, name: str, id: str) -> None:
    """Once there is something to choose, the next step goes there, wherever one was."""
    begin_with_five_keys(visitor)
    visitor.see("listening")
    for _ in range(5):
        visitor.key("ArrowDown")
    visitor.see(name)
    assert visitor.key("ArrowDown")["id"] == id


SWITCH = "F8"


def begin_with_one_key(visitor: Visitor) -> None:
    """Open the page of a clinic that has a switch, press it, and let the visit begin."""
    visitor.server.welcome["keypad"] = {"switch": [SWITCH]}
    visitor.page.clock.install()
    visitor.arrive()
    visitor.quiet_key(SWITCH)
    assert visitor.server.next("visit") == {"kind": "visit", "what": "start"}
    assert visitor.server.next("focus") == {"kind": "focus", "id": "one-key"}


def comes_by(visitor: Visitor) -> str:
    """Let so much time pass that the next thing comes by, and return its id."""
    visitor.server.forget()
    visitor.page.clock.run_for(2_250)
    id: str = visitor.server.next("focus")["id"]
    return id


def test_one_key_does_everything(visitor: Visitor) -> None:
    """With a single switch: find the topics, open a group, and choose one."""
    begin_with_one_key(visitor)
    visitor.see("listening")
    assert visitor.key(SWITCH)["id"].startswith("group:")
    for wanted, opened in (("topics", "topics-title"), ("group:symptoms", "group:symptoms")):
        while comes_by(visitor) != wanted:
            pass
        assert visitor.key(SWITCH) == {"kind": "focus", "id": opened}
        visitor.quiet_key(SWITCH)
    while comes_by(visitor) != "topic:symptoms-lung":
        pass
    assert visitor.key(SWITCH) == {"kind": "topic", "id": "symptoms-lung"}


def test_nothing_comes_by_while_something_is_said(visitor: Visitor) -> None:
    """The one key waits until a stop has been said, and stops an answer that is being read."""
    begin_with_one_key(visitor)
    shot = visitor.see("listening")
    visitor.key(SWITCH)
    said = Sentence("page.ask", "Ask a question")
    visitor.server.show(replace(shot.now, phase="speaking", caption=said))
    visitor.page.wait_for_selector("[data-phase=speaking]")
    visitor.server.forget()
    visitor.page.clock.run_for(20_000)
    assert visitor.server.sent.empty()
    visitor.quiet_key(SWITCH)
    visitor.see("speaking")
    assert visitor.key(SWITCH) == {"kind": "command", "name": "stop"}


def test_the_one_key_falls_silent_by_itself(visitor: Visitor) -> None:
    """What nobody takes comes by twice; then the visit may end as any other."""
    begin_with_one_key(visitor)
    visitor.see("listening")
    stops = visitor.page.evaluate(f"() => ({VISIBLE})('{CONTROLS}').length")
    visitor.key(SWITCH)
    visitor.server.forget()
    visitor.page.clock.run_for(4 * stops * 2_250)
    visitor.quiet_key("w")
    ids = []
    while (message := visitor.server.sent.get(timeout=10))["kind"] == "focus":
        ids.append(message["id"])
    assert message == {"kind": "command", "name": "where-am-i"}
    assert stops < len(ids) <= 2 * stops


@pytest.mark.parametrize("name", [
    "listening", "speaking", "choosing", "offer", "warning", "panel-topics", "panel-body",
    "panel-type", "panel-reading", "panel-screen",
])  # fmt: skip
def test_five_keys_reach_everything_and_each_stop_is_spoken(visitor: Visitor, name: str) -> None:
    """Next walks through every control, and for each the assistant is told what to say."""
    begin_with_five_keys(visitor)
    visitor.see(name)
    words = set(labels())
    stops = visitor.page.evaluate(f"() => ({VISIBLE})('{CONTROLS}').length")
    told = []
    for _ in range(stops):
        told.append(visitor.key("ArrowDown"))
    assert {message["kind"] for message in told} == {"focus"}
    ids = [message["id"] for message in told]
    assert len(set(ids)) == stops, sorted(ids)
    assert [id for id in ids if id not in words and not id.startswith(NAMED)] == []
    assert visitor.key("ArrowUp")["id"] == ids[-2]


def test_five_keys_do_everything_without_sight(visitor: Visitor) -> None:
    """By what is spoken alone: find topics, open them, choose one, and leave."""
    begin_with_five_keys(visitor)
    visitor.see("listening")

    def go_to(id: str) -> None:
        for _ in range(60):
            if visitor.key("ArrowDown")["id"] == id:
                return
        raise AssertionError(f"no way to {id}")

    go_to("topics")
    assert visitor.key("Enter") == {"kind": "focus", "id": "topics-title"}
    go_to("group:symptoms")
    assert visitor.key("Enter") == {"kind": "focus", "id": "group:symptoms"}
    go_to("topic:symptoms-lung")
    assert visitor.key("Enter") == {"kind": "topic", "id": "symptoms-lung"}
    go_to("type")
    visitor.quiet_key("Enter")
    for letter in "lung":
        go_to(f"key:{letter}")
        visitor.quiet_key("Enter")
    go_to("send")
    assert visitor.key("Enter") == {"kind": "text", "text": "lung"}
    assert visitor.key("F1") == {"kind": "focus", "id": "five-keys"}
    go_to("help")
    assert visitor.key("Enter") == {"kind": "command", "name": "help"}
    go_to("end")
    assert visitor.key("Enter") == {"kind": "visit", "what": "end"}


def test_what_was_asked_for_is_not_cut_off(visitor: Visitor) -> None:
    """The focus moves on without a word where the answer is to be heard."""
    begin_with_five_keys(visitor)
    visitor.see("panel-topics")
    visitor.page.click("#topic-list button >> nth=1")
    visitor.server.forget()
    visitor.page.click("#topic-list button >> nth=0")
    visitor.see("offer")
    visitor.page.focus("#yes")
    visitor.page.click("#yes")
    visitor.see("speaking")
    assert visitor.focused() == "state-word"
    visitor.quiet_key("w")
    kinds = []
    while (message := visitor.server.sent.get(timeout=10)).get("name") != "where-am-i":
        kinds.append(message)
    assert kinds == [
        {"kind": "focus", "id": "topic:symptoms-overview"},
        {"kind": "topic", "id": "symptoms-overview"},
        {"kind": "focus", "id": "yes"},
        {"kind": "command", "name": "yes"},
    ]


def test_a_group_that_is_opened_is_named(visitor: Visitor) -> None:
    """Whoever takes one of the groups that stand there from the start hears which one it is."""
    begin_with_five_keys(visitor)
    visitor.see("listening")
    group = visitor.key("ArrowDown")["id"]
    assert visitor.key("Enter") == {"kind": "focus", "id": group}


def test_back_closes_a_panel_then_goes_back(visitor: Visitor) -> None:
    """Back closes what is open; with nothing open it is an order to the assistant."""
    begin_with_five_keys(visitor)
    visitor.see("panel-topics")
    visitor.quiet_key("Escape")
    visitor.page.wait_for_selector("#topics", state="hidden")
    assert visitor.focused() == "open-topics"
    assert visitor.key("Escape") == {"kind": "command", "name": "stop"}
    visitor.see("listening")
    assert visitor.key("Escape") == {"kind": "command", "name": "back"}


def test_the_five_keys_can_be_others(visitor: Visitor) -> None:
    """The clinic's keypad may send other keys."""
    visitor.server.welcome["keypad"] = {"previous": ["4"], "next": ["6"], "select": ["5"],
                                        "back": ["2"], "help": ["8"]}  # fmt: skip
    visitor.arrive()
    visitor.quiet_key("6")
    assert visitor.server.next("focus") == {"kind": "focus", "id": "five-keys"}
    visitor.see("listening")
    assert visitor.key("6")["kind"] == "focus"
    assert visitor.key("8") == {"kind": "focus", "id": "five-keys"}


def test_every_key_of_the_commands_gives_its_order(visitor: Visitor) -> None:
    """A key of `commands.toml` does what its word does, unless it is one of the five."""
    visitor.see("listening")
    visitor.page.focus("#state-word")
    names = {" ": "space", "+": "plus", "-": "minus", "ArrowRight": "right", "ArrowLeft": "left",
             "PageUp": "page-up", "PageDown": "page-down"}  # fmt: skip
    keys = {name: command.id for command in visitor.server.library.commands.values()
            for name in command.keys}  # fmt: skip
    letters = [key for key in keys if len(key) == 1 and key != "?"]
    for key in [*letters, *names]:
        name = keys.get(names.get(key, key))
        if name is not None:
            assert visitor.key(key) == {"kind": "command", "name": name}, key


def test_letter_keys_can_be_switched_off(visitor: Visitor) -> None:
    """Single letters give no orders once the switch is off, and the switch says so."""
    visitor.see("panel-screen")
    switch = "#letter-keys"
    assert visitor.page.get_attribute(switch, "aria-pressed") == "true"
    assert visitor.press(switch) == {"kind": "focus", "id": "letter-keys-off"}
    assert visitor.page.get_attribute(switch, "aria-pressed") == "false"
    assert visitor.text("#said-politely") == "Letter keys are off."
    visitor.page.focus("#screen-title")
    visitor.quiet_key("t")
    assert visitor.key("PageDown")["name"] == "next-section"


def test_a_key_held_down_acts_once(visitor: Visitor) -> None:
    """A key that is held repeats nothing: neither an order, nor a press, nor a step."""
    visitor.see("listening")
    for key, focus in (("r", "#state-word"), ("Enter", "#repeat"), ("PageDown", "#state-word")):
        visitor.page.focus(focus)
        visitor.server.forget()
        for _ in range(4):
            visitor.page.keyboard.down(key)
        visitor.page.keyboard.up(key)
        visitor.page.keyboard.press("w")
        assert [visitor.server.sent.get(timeout=5)["name"] for _ in range(2)][1] == "where-am-i"


def test_double_presses_can_be_ignored(visitor: Visitor) -> None:
    """With the switch on, a second press within half a second counts for nothing."""
    visitor.see("panel-screen")
    assert visitor.press("#double-presses") == {"kind": "focus", "id": "double-presses-on"}
    visitor.close_panel()
    visitor.server.forget()
    visitor.page.dblclick("#repeat")
    visitor.page.click("#next")
    assert visitor.server.next("command")["name"] == "repeat"
    assert visitor.server.next("command")["name"] == "next"


def test_nothing_needs_two_keys_or_a_long_press(visitor: Visitor) -> None:
    """Keys together with Ctrl, Alt or Meta are the browser's: no order needs them."""
    visitor.see("listening")
    visitor.page.focus("#state-word")
    visitor.server.forget()
    visitor.page.keyboard.press("Alt+r")
    assert visitor.key("w") == {"kind": "command", "name": "where-am-i"}


def test_what_is_shown_on_a_stop_is_what_the_assistant_says(visitor: Visitor) -> None:
    """The words on every labelled control are those of the content pack, which are spoken."""
    words = labels()
    for name in shots(visitor.server.library):
        visitor.see(name)
        shown = visitor.page.evaluate(
            f"""() => ({VISIBLE})("[data-label]").map((element) =>
              [element.dataset.label, element.textContent])"""
        )
        assert [(id, text) for id, text in shown if words[id] != text] == []
