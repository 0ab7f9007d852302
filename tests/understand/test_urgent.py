from __future__ import annotations

import pytest

from mbc_voice.library import Library
from mbc_voice.understand.normalize import normalize
from mbc_voice.understand.urgent import UrgentSigns


@pytest.fixture(scope="module")
def signs(library: Library) -> UrgentSigns:
    return UrgentSigns(library)


def sign(signs: UrgentSigns, text: str) -> str | None:
    found = signs.find(normalize(text))
    return found.sign if found else None


def test_every_example_raises_the_alarm(signs: UrgentSigns, library: Library) -> None:
    """Each example phrase of the library leads to a sign."""
    silent = [
        phrase
        for urgent in library.urgent.values()
        for phrase in urgent.phrases
        if sign(signs, phrase) is None
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("please help me, my mother can not get her breath", "breathing"),
        ("can you help i can't breathe", "breathing"),
        ("what should I do, I can't breathe!", "breathing"),
        ("why can't I breathe", "breathing"),
        ("my mother has stopped breathing", "unconscious"),
        ("his heart has stopped", "unconscious"),
        ("I've got lung mets and I can't breathe", "breathing"),
        ("two years ago I had surgery and now I can't breathe", "breathing"),
        ("what if my wife collapses, she just collapsed", "unconscious"),
        ("the lady next to me has fainted", "unconscious"),
        ("I just took all my tablets", "overdose"),
        ("he took too many of his pills", "overdose"),
        ("can't breathe properly", "breathing"),
        ("have chest pain", "chest-pain"),
        ("my legs have stopped working today", "spinal-cord"),
        ("he has stopped breathing", "unconscious"),
        ("I can breathe", "breathing"),
        ("help me I can breathe", "breathing"),
        ("my lips are all puffed up", "choking-allergy"),
        ("my grandad has collapsed", "unconscious"),
        ("her breastbone hurts", "chest-pain"),
        ("I took double my morphine", "overdose"),
        ("is there a doctor about, my mum has collapsed and it's urgent", "unconscious"),
        ("can I get someone, my dad can't breathe", "breathing"),
        ("does it mean anything, my legs went numb today", "spinal-cord"),
        ("she doesn't have a pulse", "unconscious"),
        ("the dog bit me and the bleeding won't stop", "bleeding"),
        ("no feeling and no strength in my legs", "spinal-cord"),
        ("nine one one", "call-for-help"),
        ("what is the point in carrying on living", "suicide"),
        ("no pain no fever but she can't breathe", "breathing"),
        ("she hasn't had any tablets and she's having a fit", "seizure"),
        ("my legs are fine, my chest hurts badly", "chest-pain"),
        ("I take blood thinners and my nose won't stop bleeding", "bleeding"),
        ("my breathing was fine and now I can't breathe", "breathing"),
    ],
)
def test_an_emergency_is_heard_in_many_wordings(
    signs: UrgentSigns, text: str, expected: str
) -> None:
    """It is an emergency whoever has it, and whether it is told or asked about oneself."""
    assert sign(signs, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "can lung metastasis cause chest pain",
        "what are the signs of a stroke",
        "is chest pain a symptom of lung mets",
        "does radiation make people short of breath",
        "tell me about seizures",
        "which drugs cause heavy bleeding",
        "will I have seizures",
        "how do I know if my legs will go weak",
        "I don't have chest pain",
        "I have never had a seizure",
        "I'm afraid of having a seizure",
        "I had a seizure five years ago",
        "my aunt used to faint when she was young",
        "I was short of breath last year but I'm fine now",
        "can people not breathe with lung mets",
        "I can breathe better now",
        "can I breathe on the plane",
        "my heart is in it",
        "I see both of my doctors for chest scans",
        "can you have an allergic reaction to the dye",
        "my dad had a stroke ten years back, can I still have the tablets",
        "she passed out at the wedding, but that was before all this",
        "we lost her to a brain bleed in March",
        "I read that one woman couldn't breathe after it",
        "no fever no chest pain only a cough",
        "could I have a fit from this medicine",
        "does the cream burn my chest",
        "I'm frightened of choking at night",
        "we laughed until we couldn't breathe",
        "our cat is having a seizure",
        "what should I do if somebody faints",
        "she had a nosebleed at the weekend but it's gone",
        "what can I do about chills",
        "can she drive if she has had a seizure before",
        "his breathing is much better since the drain",
        "what if the drug makes my throat swell",
        "suppose somebody passed out here, who comes",
        "I'm not confused, I'm just tired",
        "she did not faint, she is only resting",
        "the booklet says to ring about sudden leg weakness, why is that",
        "my heart stopped when I opened the letter",
    ],
)
def test_a_question_a_denial_or_the_past_is_no_emergency(signs: UrgentSigns, text: str) -> None:
    """Asking about a sign, denying it, fearing it or having had it long ago raises no alarm."""
    assert sign(signs, text) is None


def test_likeness_is_no_sign_where_the_sign_itself_is_taken_back(signs: UrgentSigns) -> None:
    """What is denied in a sign's own words is not reported by being like its examples."""
    assert not signs.is_like("chest-pain", normalize("I've no chest pain or anything like that"))
    assert not signs.is_like("seizure", normalize("she's not had any fits so far"))
    assert not signs.is_like("severe-pain", normalize("I'm not having any pain today"))
    assert not signs.is_like("severe-pain", normalize("my pain is under control"))
    assert not signs.is_like("bleeding", normalize("no blood in it"))
    assert not signs.is_like("fever", normalize("I don't have a fever"))
    assert signs.is_like("unconscious", normalize("he isn't answering us"))
    assert signs.is_like("breathing", normalize("every breath is like breathing through a straw"))


def test_the_library_s_own_questions_raise_no_alarm(signs: UrgentSigns, library: Library) -> None:
    """At most one in a hundred of the questions that topics and referrals list sounds urgent."""
    asked = [text for topic in library.topics.values() for text in topic.ask]
    asked += [text for referral in library.referrals.values() for text in referral.ask]
    alarms = [text for text in asked if sign(signs, text)]
    assert len(alarms) <= len(asked) / 100
