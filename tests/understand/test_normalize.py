from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbc_voice.understand.normalize import LIMIT, normalize
from mbc_voice.understand.spelling import number_words, ordinal_words, read_number


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Can't", "can not"),
        ("cant", "can not"),
        ("cannot", "can not"),
        ("I don\u2019t know", "i do not know"),
        ("Where's the pain?", "where is the pain"),
        ("my doctor's advice", "my doctor advice"),
        ("HER2-positive", "her two positive"),
        ("her 2 positive", "her two positive"),
        ("stage IV", "stage four"),
        ("stage4", "stage four"),
        ("stage 4", "stage four"),
        ("CDK4/6", "cdk four six"),
        ("the 2nd one", "the second one"),
        ("21st", "twenty first"),
        ("1,500", "one five hundred"),
        ("1500", "one thousand five hundred"),
        ("2.5 %", "two point five percent"),
        ("an oestrogen-fed tumour", "an estrogen fed tumor"),
        ("diarrhoea and anaemia", "diarrhea and anemia"),
        ("it metastasised", "it metastasized"),
        ("metastasis", "metastasis"),
        ("four hours of our tour", "four hours of our tour"),
        ("um, what is, er, a scan", "what is a scan"),
        ("I'm ER-positive", "i am er positive"),
        ("take me to the ER", "take me to the er"),
        ("is it is it is it back", "is it back"),
        ("the the liver", "the liver"),
        ("na\u00efve caf\u00e9", "naive cafe"),
        ("\uc548\ub155", "\u110b\u1161\u11ab\u1102\u1167\u11bc"),
        ("\U0001f642\u0000\u200b", ""),
        ("", ""),
    ],
)
def test_what_means_the_same_is_written_the_same(said: str, words: str) -> None:
    """Contractions, numbers, spellings, hesitations and stutters come to one form."""
    assert normalize(said) == words


@given(st.text(max_size=200) | st.text("aeuhmr nto'2.4-dsi\u2019 ", max_size=80))
def test_it_leaves_alone_what_it_returned(text: str) -> None:
    """Normalising twice is normalising once."""
    once = normalize(text)
    assert normalize(once) == once


@pytest.mark.parametrize("piece", ["a", "9", "12 34 ", "can't ", "er ", "\u00e9", "'", "."])
def test_a_very_long_text_is_cut(piece: str) -> None:
    """However long a text is, no more than the limit comes out, and that is stable."""
    words = normalize(piece * 20_000)
    assert len(words) <= LIMIT
    assert normalize(words) == words


@given(st.integers(0, 9_999))
def test_numbers_are_read_back(number: int) -> None:
    """What a number is said as is understood as that number, also as an ordinal."""
    assert read_number(number_words(str(number))) == number
    assert read_number(ordinal_words(str(number))) == number


@pytest.mark.parametrize("words", [[], ["one", "cat"], ["and"], ["hundred"], ["first", "one"]])
def test_other_words_are_no_number(words: list[str]) -> None:
    """Words that say no number give none."""
    assert read_number(words) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("uh-huh", "yes"),
        ("Mm hmm.", "yes"),
        ("mhm", "yes"),
        ("uh-uh", "no"),
        ("Hmm, uh, bone", "bone"),
        ("Eh?", "pardon"),
        ("Hmm?", "pardon"),
        ("Hmm.", ""),
    ],
)
def test_a_grunt_is_yes_no_or_pardon(text: str, meant: str) -> None:
    """Yes, no and pardon without words are told from hesitation."""
    assert normalize(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("she cannae move her airm", "she can not move her arm"),
        ("ma heid's sair", "my head sore"),
        ("whit dae I dae noo", "what do i do now"),
        ("mi cyaan breathe", "my can not breathe"),
        ("where di cancer like fi go", "where the cancer like to go"),
        ("is there wi-fi", "is there wifi"),
        ("y'all finna start", "you all going to start"),
        ("I need a wee", "i need a wee"),
    ],
)
def test_dialect_is_read_as_what_it_means(text: str, meant: str) -> None:
    """Spellings of Scots, Jamaican and Southern speech are written as other people say it."""
    assert normalize(text) == meant
