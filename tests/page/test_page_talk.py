"""What the page shows of a talk, and what its buttons send: nothing is decided here."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mbc_voice.events import Snapshot
from mbc_voice.library import Sentence
from page_states import shots
from page_visitor import Visitor

SENT = """() => [...document.querySelectorAll("[data-command], [data-does]")]
  .filter((button) => button.checkVisibility())
  .map(({ dataset }) => dataset.command ?? dataset.does)"""
"""What the buttons send that can be seen."""
BY_OTHER_BUTTONS = {
    "choose-number": "#choices button",
    "volume": "[data-command=louder]",
    "speed": "[data-command=faster]",
    "group": "#topic-list button",
    "topics": "#open-topics",
    "goodbye": "#end",
}
"""Commands that a button with another message, or several of them, stand for."""


def reading(text: str, spoken: tuple[int, int] | None = None) -> Snapshot:
    """Return a snapshot in which this sentence is said."""
    return Snapshot(phase="speaking", caption=Sentence("x.1", text), spoken=spoken)


def caption_is(visitor: Visitor, text: str) -> None:
    """Wait until the caption has this text, to the letter."""
    visitor.page.wait_for_function(
        "(text) => document.querySelector('#caption').textContent === text", arg=text
    )


# ---------------------------------------------------------------- shown


def test_every_caption_is_what_is_said_word_for_word(visitor: Visitor) -> None:
    """The caption is the sentence that is spoken, sign for sign, for every sentence there is."""
    for topic in list(visitor.server.library.topics.values())[:6]:
        for sentence in topic.short.sentences + topic.short.items:
            visitor.server.show(Snapshot(phase="speaking", caption=sentence))
            caption_is(visitor, sentence.text)


@pytest.mark.parametrize(
    ("text", "spoken", "marked"),
    [
        ("A cough that won't go away.", (2, 7), "cough"),
        ("A cough that won't go away.", (0, 1), "A"),
        ("Only one.", (5, 9), "one."),
        ("Signs beyond the usual 😀 plane, still right.", (25, 30), "plane"),
        ("<b>Signs</b> of a page & such.", (3, 8), "Signs"),
        ("No word is known.", None, None),
    ],
)
def test_the_word_being_said_is_marked(
    visitor: Visitor, text: str, spoken: tuple[int, int] | None, marked: str | None
) -> None:
    """The marked word is the one that sounds; the text around it stays whole."""
    visitor.server.show(reading(text, spoken))
    caption_is(visitor, text)
    mark = visitor.page.locator("#caption mark")
    assert (mark.text_content() if mark.count() else None) == marked


def test_the_heard_question_can_be_taken_back(visitor: Visitor) -> None:
    """What was heard is shown, with a button that says it was not that."""
    visitor.see("speaking")
    assert visitor.text("#heard") == "cough and breast cancer in the lungs"
    assert visitor.press("#undo") == {"kind": "command", "name": "undo"}


def test_each_state_has_words_of_its_own(visitor: Visitor) -> None:
    """Every state is one heading, and no two states have the same."""
    headings = {}
    for name in (
        "listening",
        "thinking",
        "speaking",
        "paused",
        "choosing",
        "offer",
        "deaf",
        "push",
    ):
        visitor.see(name)
        headings[name] = visitor.text("#state-word")
    assert len(set(headings.values())) == len(headings)


def test_the_meter_says_in_words_that_it_hears(visitor: Visitor) -> None:
    """The level is shown as bars, as a value, and in words."""
    visitor.see("listening")
    visitor.server.tell("level", value=0.5)
    visitor.page.wait_for_selector("#meter[aria-valuenow='50']")
    assert visitor.text("#meter-text") == "I hear you"
    assert visitor.page.locator("#meter-bars .on").count() == 4
    visitor.server.tell("level", value=0.0)
    visitor.page.wait_for_selector("#meter[aria-valuenow='0']")
    assert visitor.text("#meter-text") == "It is quiet"


def test_the_picture_shows_and_names_the_place_being_talked_of(visitor: Visitor) -> None:
    """While the lungs are talked of the picture marks them, and says their name."""
    visitor.see("speaking")
    assert visitor.page.locator("#place svg").get_attribute("aria-label") == "The lungs"
    assert visitor.page.locator("#place .lungs.told").count() == 1
    visitor.open("body")
    current = visitor.page.locator("#body-parts [aria-current=true]")
    assert current.text_content() == "The lungs"
    visitor.see("listening")
    assert visitor.page.locator(".told").count() == 0


def test_the_picture_has_a_title_and_a_description(visitor: Visitor) -> None:
    """The picture is named, and what it shows is told in words."""
    visitor.see("panel-body")
    picture = visitor.page.locator("#body-picture svg")
    ids = (picture.get_attribute("aria-labelledby") or "").split()
    assert [bool(visitor.text(f"#{id}")) for id in ids] == [True, True]


def test_settings_are_said_in_words(visitor: Visitor) -> None:
    """Rate, volume, sounds, text size and colors stand there in words; switches are switches."""
    visitor.server.show(Snapshot(phase="listening", words_per_minute=180, volume=9, earcons=False))
    visitor.page.wait_for_function(
        "() => document.querySelector('#reading-now').textContent.includes('180')"
    )
    assert "Volume 9" in visitor.text("#reading-now")
    assert "Short sounds are off" in visitor.text("#reading-now")
    visitor.see("panel-screen", "dark")
    assert "Dark colors" in visitor.text("#screen-now")
    assert visitor.page.get_attribute("[data-theme-name=dark]", "aria-pressed") == "true"
    assert visitor.page.get_attribute("[data-theme-name=light]", "aria-pressed") == "false"


def test_the_page_speaks_the_content_s_language(visitor: Visitor) -> None:
    """The page's language is the content's, which is also the voice's."""
    assert visitor.page.get_attribute("html", "lang") == visitor.server.library.language


# ---------------------------------------------------------------- sent


def test_whatever_can_be_said_has_a_button(visitor: Visitor) -> None:
    """Every command of the library is sent by a button that can be seen, or stands behind one."""
    names: set[str] = set()
    for state in shots(visitor.server.library):
        visitor.see(state)
        if state == "panel-reading":
            visitor.page.click("#open-reading-more")
        names |= set(visitor.page.evaluate(SENT))
    missing = set(visitor.server.library.commands) - names
    visitor.see("choosing")
    for name in missing:
        assert visitor.page.locator(BY_OTHER_BUTTONS[name]).count(), name


@pytest.mark.parametrize(
    ("state", "button", "message"),
    [
        ("speaking", "#main-button", {"kind": "command", "name": "stop"}),
        ("speaking", "#pause", {"kind": "command", "name": "pause"}),
        ("paused", "#pause", {"kind": "command", "name": "resume"}),
        ("speaking", "#repeat", {"kind": "command", "name": "repeat"}),
        ("speaking", "#previous", {"kind": "command", "name": "previous"}),
        ("speaking", "#next", {"kind": "command", "name": "next"}),
        ("speaking", "#where", {"kind": "command", "name": "where-am-i"}),
        ("listening", "#main-button", {"kind": "talk", "open": True}),
        ("push", "#main-button", {"kind": "talk", "open": True}),
        ("offer", "#yes", {"kind": "command", "name": "yes"}),
        ("offer", "#no", {"kind": "command", "name": "no"}),
        ("listening", "#help", {"kind": "command", "name": "help"}),
        ("listening", "#end", {"kind": "visit", "what": "end"}),
        ("warning", "#still-here", {"kind": "visit", "what": "extend"}),
        ("waiting", "#start", {"kind": "visit", "what": "start"}),
        ("choosing", "#choices li:nth-child(2) button",
         {"kind": "command", "name": "choose-number", "number": 2}),
        ("panel-reading", "[data-command=slower]", {"kind": "command", "name": "slower"}),
        ("panel-reading", "[data-command=louder]", {"kind": "command", "name": "louder"}),
        ("panel-screen", "[data-command=text-larger]", {"kind": "command", "name": "text-larger"}),
        ("panel-screen", "[data-theme-name=yellow]", {"kind": "command", "name": "theme-yellow"}),
        ("panel-body", "#body-parts button:first-child", {"kind": "place", "id": "brain"}),
        ("panel-body", "#body-picture .liver .shape", {"kind": "place", "id": "liver"}),
    ],
)  # fmt: skip
def test_a_button_sends_its_message(
    visitor: Visitor, state: str, button: str, message: dict[str, object]
) -> None:
    """A press sends one message of the protocol, and changes nothing by itself."""
    visitor.see(state)
    assert visitor.press(button) == message


def test_who_is_not_heard_is_led_to_the_keyboard(visitor: Visitor) -> None:
    """Without a microphone the large button opens the keyboard in place of the ear."""
    visitor.see("deaf")
    assert visitor.text("#main-button").strip() == "Type a question"
    visitor.page.click("#main-button")
    assert visitor.page.locator("#type").is_visible()


def test_the_language_is_told(visitor: Visitor) -> None:
    """The button with the one language there is says so."""
    visitor.see("panel-screen")
    assert visitor.press("#language") == {"kind": "focus", "id": "only-language"}
    assert "only language" in visitor.text("#said-politely")


def test_a_second_press_ends_what_a_press_to_talk_began(visitor: Visitor) -> None:
    """Where one has to press to talk, one press opens the ear and another says that was all."""
    visitor.see("push")
    assert visitor.press("#main-button") == {"kind": "talk", "open": True}
    listening = {"mode": "push", "open": True}
    visitor.server.show(Snapshot(phase="listening"), listening=listening)
    visitor.page.wait_for_selector("#main-button[data-does=done]")
    assert visitor.press("#main-button") == {"kind": "talk", "open": False}


def test_every_topic_is_reached_four_at_a_time(visitor: Visitor) -> None:
    """Groups, then topics: never more than four to choose from, and every topic can be chosen."""
    visitor.see("panel-topics")
    buttons = visitor.page.locator("#topic-list button")
    found: set[str] = set()
    groups = buttons.count()
    for group in range(groups):
        buttons.nth(group).click()
        while True:
            ids = buttons.evaluate_all("(all) => all.map(({ dataset }) => dataset.say)")
            topics = {id for id in ids if id.startswith("topic:")}
            assert 0 < len(topics) <= 4
            if topics <= found:
                break
            found |= topics
            if "more-topics" not in ids:
                break
            visitor.page.click("[data-say=more-topics]")
        visitor.page.click("[data-say=all-groups]")
    assert found == {f"topic:{id}" for id in visitor.server.library.topics}


def test_who_does_not_know_what_to_ask_is_shown_what_there_is(visitor: Visitor) -> None:
    """While nothing was asked the groups stand there to be touched, and each opens its topics."""
    visitor.see("listening")
    groups = visitor.page.locator("#suggested-groups button")
    assert groups.all_text_contents() == [one.title for one in visitor.server.library.sections]
    groups.nth(1).click()
    assert visitor.focused() == "topics-title"
    assert visitor.text("#topics-title") == visitor.server.library.sections[1].title
    assert visitor.focused() == "topics-title"
    visitor.see("speaking")
    assert visitor.page.locator("#suggested").is_hidden()


def test_a_topic_is_asked_for_and_the_talk_is_shown_again(visitor: Visitor) -> None:
    """Choosing a topic sends it and closes the list; the focus is where the answer is."""
    visitor.see("panel-topics")
    visitor.page.click("#topic-list button >> nth=1")
    message = visitor.press("#topic-list button >> nth=0")
    assert message == {"kind": "topic", "id": "symptoms-overview"}
    assert visitor.page.locator("#topics").is_hidden()
    assert visitor.focused() == "state-word"


def test_a_question_is_typed_on_the_screen(visitor: Visitor) -> None:
    """The keys on the screen write a question, take letters back, and send it."""
    visitor.see("panel-type")
    for say in ("key:d", "key:o", "key:e", "key:s", "key:x", "key-delete", "key-space", "key:i"):
        visitor.page.click(f'[data-say="{say}"]')
    visitor.page.click("[data-say=key-numbers]")
    visitor.page.click('[data-say="key:2"]')
    assert visitor.page.input_value("#question") == "does i2"
    assert visitor.press("#send") == {"kind": "text", "text": "does i2"}
    assert visitor.page.input_value("#question") == ""


def test_a_question_is_typed_on_a_keyboard(visitor: Visitor) -> None:
    """Letters are letters while one types, whatever orders they are elsewhere; Enter sends."""
    visitor.see("panel-type")
    visitor.page.focus("#question")
    visitor.page.keyboard.type("  where does  it spread ?")
    assert visitor.key("Enter") == {"kind": "text", "text": "where does it spread ?"}


def test_an_empty_question_is_named_and_an_example_given(visitor: Visitor) -> None:
    """An error says what is wrong and what could be written, to a screen reader too."""
    visitor.see("panel-type")
    assert visitor.press("#send") == {"kind": "focus", "id": "type-empty"}
    visitor.page.wait_for_selector("#type-error:not(:empty)")
    assert "For example" in visitor.text("#type-error")
    assert visitor.page.get_attribute("#type-error", "role") == "alert"
    assert visitor.page.get_attribute("#question", "aria-describedby") == "type-error"
    assert visitor.focused() == "question"


# ---------------------------------------------------------------- visits


@pytest.mark.parametrize("name", ["panel-type", "speaking", "panel-screen"])
def test_nothing_of_a_visit_is_left(visitor: Visitor, name: str) -> None:
    """After a visit the page holds no question, no caption, no typed letter."""
    visitor.see(name, "yellow", 200)
    if name == "panel-type":
        visitor.page.fill("#question", "a secret question")
    visitor.see("waiting")
    left = visitor.page.evaluate(
        """() => [document.body.innerText, document.querySelector("#heard").textContent,
          document.querySelector("#caption").textContent, document.querySelector("#question").value,
          document.querySelector("#about").textContent].join(" ")"""
    )
    assert "cough" not in left
    assert "secret" not in left
    assert visitor.page.locator(".panel:visible").count() == 0
    assert visitor.page.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 0]
    assert visitor.page.context.cookies() == []


def test_any_key_begins_a_visit(visitor: Visitor) -> None:
    """Between visits any key begins one."""
    assert visitor.key("x") == {"kind": "visit", "what": "start"}


def test_any_touch_says_that_somebody_is_here(visitor: Visitor) -> None:
    """A touch on nothing in particular extends the visit, at most once in five seconds."""
    visitor.see("warning")
    assert visitor.press("#state-word") == {"kind": "visit", "what": "extend"}
    visitor.page.click("#state-word")
    assert visitor.press("#repeat")["kind"] == "command"


def test_the_warning_counts_down_and_is_announced(visitor: Visitor) -> None:
    """The end of a visit is announced once, as an alert; the seconds are shown, not read out."""
    shot = visitor.see("warning")
    assert visitor.text("#seconds-left") == "20 seconds left."
    announced = visitor.text("#said-at-once")
    assert "Are you still there?" in announced
    visitor.server.show(replace(shot.now, seconds_left=7))
    visitor.page.wait_for_function(
        "() => document.querySelector('#seconds-left').textContent.startsWith('7 ')"
    )
    assert visitor.text("#said-at-once") == announced
    visitor.see("listening")
    assert visitor.text("#said-at-once") == ""


# ---------------------------------------------------------------- said to a screen reader


def test_live_regions_are_there_from_the_start(visitor: Visitor) -> None:
    """The regions that a screen reader watches stand in the page as it is delivered."""
    html = visitor.page.request.get(visitor.server.url).text()
    assert 'role="status" aria-live="polite"' in html
    assert 'role="alert" aria-live="assertive"' in html


def test_each_state_is_announced(visitor: Visitor) -> None:
    """A change of state reaches a screen reader without moving the focus."""
    for name in ("listening", "thinking", "speaking", "paused", "choosing"):
        visitor.see(name)
        assert visitor.text("#said-politely").startswith(visitor.text("#state-word")), name


def test_a_lost_microphone_is_shown_in_words(visitor: Visitor) -> None:
    """That it can't hear is said on the page, with what one can do."""
    shot = visitor.see("deaf")
    assert visitor.text("#notice") == shot.changes["notice"]
    assert visitor.text("#state-word") == "I can't hear"


def test_every_state_can_be_shown_after_every_other(visitor: Visitor) -> None:
    """No order of snapshots breaks the page."""
    names = list(shots(visitor.server.library))
    for before in names[::3]:
        for name in names[1::4]:
            visitor.see(before)
            visitor.see(name)


# ---------------------------------------------------------------- gone and back


def test_it_says_when_the_assistant_is_gone_and_comes_back_by_itself(visitor: Visitor) -> None:
    """A lost connection is shown and announced; the page returns without a touch."""
    visitor.see("speaking")
    visitor.page.focus("#repeat")
    visitor.server.leave()
    visitor.page.wait_for_selector("#gone", state="visible")
    assert visitor.text("#gone-text") == visitor.text("#said-at-once") != ""
    assert visitor.focused() == "gone-title"
    visitor.server.come_back()
    visitor.page.wait_for_selector("#talk", state="visible")
    assert visitor.text("#caption") != ""
    assert visitor.text("#said-at-once") == ""


def test_a_gone_assistant_has_said_why(visitor: Visitor) -> None:
    """The last words of an assistant that ends are the ones shown."""
    visitor.see("listening")
    visitor.server.tell("gone", text="I'm being renewed. Back in a minute.")
    visitor.server.leave()
    visitor.page.wait_for_selector("#gone", state="visible")
    assert visitor.text("#gone-text") == "I'm being renewed. Back in a minute."
