"""What waits for a page: captions are never lost, whatever else is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.shells.kiosk.mailbox import MOST_FRAMES, Mailbox


def taken(page: Mailbox) -> list[str | bytes]:
    frames = []
    while (frame := page.take()) is not None:
        frames.append(frame)
    return frames


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=60))
def test_no_key_is_lost_and_the_newest_of_each_stays(states: list[tuple[int, bool]]) -> None:
    """However rarely a page looks, it sees every sentence in order, and the last state."""
    page = Mailbox()
    seen: list[str | bytes] = []
    put: list[int] = []
    for number, (key, looks) in enumerate(states):
        page.put(f"{key} {number}", key)
        if not put or put[-1] != key:
            put.append(key)
        if looks:
            seen += taken(page)
    seen += taken(page)
    keys = [int(str(frame).split()[0]) for frame in seen]
    runs = [key for at, key in enumerate(keys) if at == 0 or keys[at - 1] != key]
    assert runs == put
    assert not states or seen[-1] == f"{states[-1][0]} {len(states) - 1}"


def test_text_goes_before_sound_and_only_the_last_level_counts() -> None:
    """What is read never waits for what is heard."""
    page = Mailbox()
    page.put_level("quiet")
    page.put_sound(b"one")
    page.put_level("loud")
    page.put("caption")
    assert taken(page) == ["caption", b"one", "loud"]


def test_dropped_sound_is_never_sent() -> None:
    """A stop overtakes the sound that waits, and what comes after it is new."""
    page = Mailbox()
    page.put("volume")
    page.put_sound(b"one")
    page.put_sound(b"two")
    page.drop_sound()
    page.put("stop")
    page.put_sound(b"three")
    assert taken(page) == ["volume", "stop", b"three"]


def test_a_forgotten_visit_leaves_only_what_belongs_to_none() -> None:
    """Snapshots that wait are let go of; what is to be done with the sound is still done."""
    page = Mailbox()
    page.put("snapshot", 1)
    page.put("stop")
    page.put("snapshot", 2)
    page.forget()
    assert taken(page) == ["stop"]


def test_a_page_that_never_takes_anything_is_given_up() -> None:
    """Memory is bounded, however long a page sleeps."""
    page = Mailbox()
    for number in range(MOST_FRAMES):
        page.put("caption", number)
    assert not page.full
    page.put("one more", "last")
    assert page.full
    assert len(taken(page)) == MOST_FRAMES


def test_whoever_waits_is_woken() -> None:
    """Each put wakes the one that sends."""
    woken: list[int] = []
    page = Mailbox(lambda: woken.append(1))
    page.put("a")
    page.put_sound(b"b")
    page.put_level("c")
    page.end("d")
    assert len(woken) >= 4
    assert page.over
