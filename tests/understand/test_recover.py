from __future__ import annotations

import pytest

from mbc_voice.library import Library
from mbc_voice.understand.normalize import normalize
from mbc_voice.understand.recover import HeardTerms
from mbc_voice.understand.vocabulary import FUNCTION_WORDS
from mbc_voice.understand.wordings import wordings


@pytest.fixture(scope="module")
def heard(library: Library) -> HeardTerms:
    texts = [example.text for example in wordings(library)]
    words = {word for text in texts for word in text.split()} - FUNCTION_WORDS
    return HeardTerms(library, frozenset(words), texts)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("what is i brands", "what is ibrance"),
        ("her septin side effects", "herceptin side effects"),
        ("is let rosol a hormone drug", "is letrozole a hormone drug"),
        ("to mocks a fan", "tamoxifen"),
        ("what's fast lo decks for", "what is faslodex for"),
        ("den awesome ab", "denosumab"),
        ("what is zo meta", "what is zometa"),
        ("packle taxel", "paclitaxel"),
        ("is jaundis a sign", "is jaundice a sign"),
        ("her to positive cancer", "her two positive cancer"),
        ("what is targatchid therapy", "what is targeted therapy"),
        ("is a clinical trail for me", "is a clinical trial for me"),
        ("palbacky club", "palbociclib"),
    ],
)
def test_a_garbled_name_is_put_right(heard: HeardTerms, said: str, meant: str) -> None:
    """A name that a recognizer wrote as other words is recovered by its sound."""
    words, found = heard.recover(normalize(said))
    assert words == meant
    assert len(found) == 1


@pytest.mark.parametrize(
    "text",
    [
        "where does breast cancer spread to",
        "my brother eats a sandwich",
        "where does it like fey go",
        "give it to her too",
        "I gave her to my sister for an hour",
        "when would they judge that therapy to be working",
        "",
    ],
)
def test_other_words_are_left_alone(heard: HeardTerms, text: str) -> None:
    """Plain words are never taken for a name."""
    words = normalize(text)
    assert heard.recover(words) == (words, ())


def test_the_library_s_questions_are_left_alone(heard: HeardTerms, library: Library) -> None:
    """No more than one in five hundred of the library's own wordings is changed."""
    texts = [example.text for example in wordings(library)]
    changed = [text for text in texts if heard.recover(text)[1]]
    assert len(changed) <= len(texts) / 500
