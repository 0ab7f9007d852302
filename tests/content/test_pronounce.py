"""What a voice is given for the text that is shown."""
# ruff: noqa: RUF001

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.content.pronounce import Pronouncer
from mbc_voice.content.spoken_numbers import say_numbers
from mbc_voice.library import Pronunciation

ENTRIES = (
    Pronunciation("Ibrance", "EYE-brance", "ˈIbɹæns"),
    Pronunciation("trastuzumab", "trass-TOO-zoo-mab", "tɹæstuzumæb"),
    Pronunciation("ado-trastuzumab", "ad-oh-trass-TOO-zoo-mab", "ædO tɹæstuzumæb"),
    Pronunciation("HER2", "her two", "hɜɹ tu"),
    Pronunciation("ER", "E R", "iɑɹ"),
    Pronunciation("PET", "pet", "pɛt"),
    Pronunciation("CDK4/6", "CDK four six", "sidikA fɔɹ sɪks"),
    Pronunciation("metastasis", "meh-TASS-tuh-sis", "mətæstəsɪs"),
    Pronunciation("MRI", "MRI"),
    Pronunciation("Faslodex", "FAZlohdeks", "fæzlOdɛks"),
)
VOICE = Pronouncer(ENTRIES)


@pytest.mark.parametrize(
    ("text", "natural", "system"),
    [
        ("Nothing hard here.", "Nothing hard here.", "Nothing hard here."),
        ("Take Ibrance.", "Take [Ibrance](/ˈIbɹæns/).", "Take eye-brance."),
        ("IBRANCE", "[IBRANCE](/ˈIbɹæns/)", "eye-brance"),
        ("Ibrances", "[Ibrance](/ˈIbɹænsᵻz/)", "eye-brances"),
        ("Ibrancer", "Ibrancer", "Ibrancer"),
        ("trastuzumab's", "[trastuzumab](/tɹæstuzumæbz/)", "trass-too-zoo-mab's"),
        (
            "ado-trastuzumab",
            "[adotrastuzumab](/ædO tɹæstuzumæb/)",
            "ad-oh-trass-too-zoo-mab",
        ),
        ("HER2-negative", "[HER](/hɜɹ tu/) negative", "her two negative"),
        ("anti-HER2 drugs", "anti [HER](/hɜɹ tu/) drugs", "anti her two drugs"),
        (
            "ER+, HER2+",
            "[ER](/iɑɹ/) positive, [HER](/hɜɹ tu/) positive",
            "E R positive, her two positive",
        ),
        ("Faslodex", "[Faslodex](/fæzlOdɛks/)", "fazlohdeks"),
        ("her er pet", "her er pet", "her er pet"),
        ("a PET scan", "a [PET](/pɛt/) scan", "a pet scan"),
        ("CDK4/6 drugs", "[CDK](/sidikA fɔɹ sɪks/) drugs", "CDK four six drugs"),
        ("metastasis' MRIs", "[metastasis](/mətæstəsɪs/) MRIs", "meh-tass-tuh-sis' MRIs"),
        ("[x](/y/)", " x (/y/)", " x (/y/)"),
    ],
)
def test_hard_words_are_written_as_they_are_said(text: str, natural: str, system: str) -> None:
    """Whole words, longest first, with plurals, hyphens and plus signs; captions don't change."""
    assert natural == VOICE.for_natural_voice(text)
    assert system == VOICE.for_system_voice(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Call 911.", "Call nine one one."),
        ("Call 988, or 911", "Call nine eight eight, or nine one one"),
        ("911,000 or 1,911 or A-911", "911,000 or 1,911 or A-911"),
        ("1-800-227-2345", "one, eight zero zero, two two seven, two three four five"),
        ("(800) 227-2345", "eight zero zero, two two seven, two three four five"),
        ("555-0123", "five five five, zero one two three"),
        ("1-800-4-CANCER", "one, eight zero zero, four, cancer"),
        ("2 1/2 cups", "2 and a half cups"),
        ("2\N{VULGAR FRACTION ONE HALF} cups", "2 and a half cups"),
        ("1/2 or 3/4 or 1/3", "one half or three quarters or one third"),
        ("1 2/3", "1 and two thirds"),
        ("3/2 or 11/24/2026", "3/2 or 11/24/2026"),
        ("3-4 weeks, 5 \N{EN DASH} 10 days", "3 to 4 weeks, 5 to 10 days"),
        ("2026-11-01 and 1-2-3", "2026-11-01 and 1-2-3"),
        ("open 24/7", "open twenty-four seven"),
        ("e.g. this & that, etc.", "for example this and that, and so on."),
        ("In 2015, 20% of 35.5", "In 2015, 20% of 35.5"),
    ],
)
def test_numbers_are_said_as_people_say_them(text: str, said: str) -> None:
    """Telephone numbers go digit by digit, fractions and ranges in words; the rest stays."""
    assert said == say_numbers(text)


def test_without_entries_only_numbers_change() -> None:
    """A pack without pronunciations is read as it is written."""
    assert Pronouncer(()).for_natural_voice("Ibrance, 911") == "Ibrance, nine one one"


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["Ibrance", "ER", "+", "-", "HER2", "'s", " ", "CDK4/6", "911", "metastasis"]
        ),
        st.text(max_size=4),
    )
).map("".join)


@given(PIECES)
def test_only_our_phonemes_reach_the_natural_voice(text: str) -> None:
    """Whatever the text holds, the brackets in the result are ours alone."""
    said = VOICE.for_natural_voice(text)
    links = re.findall(r"\[([A-Za-z]+)\]\(/([^/()\[\]]+)/\)", said)
    assert said.count("[") == said.count("]") == len(links)
    assert all(any(p.startswith(one.phonemes) for one in ENTRIES if one.phonemes) for _, p in links)


@given(PIECES)
def test_a_system_voice_gets_no_brackets(text: str) -> None:
    """Double brackets would be phonemes to eSpeak; a system voice never gets any."""
    assert not set("[]") & set(VOICE.for_system_voice(text))


@given(st.text(alphabet="abcdfghjkl .,?!'", max_size=60))
def test_plain_prose_stays_as_it_is(text: str) -> None:
    """Text without hard words, numbers or signs is handed on unchanged."""
    assert text == VOICE.for_natural_voice(text) == VOICE.for_system_voice(text)
