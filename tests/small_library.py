"""A library small enough to know by heart, with the real prompts, for tests of the talk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from mbc_voice import toml_lines
from mbc_voice.library import (
    Library,
    Passage,
    Pronunciation,
    Referral,
    Section,
    Sentence,
    Topic,
    UrgentSign,
)

PROMPTS = Path(__file__).parents[1] / "content" / "en" / "prompts.toml"
REVIEWED = date(2026, 11, 1)


def prompts() -> dict[str, tuple[str, ...]]:
    """Return the prompts of the English pack."""
    found = toml_lines.parse(PROMPTS.read_text(encoding="utf-8"))
    return {name: (text,) if isinstance(text, str) else tuple(text) for name, text in found.items()}


def small_library(known_prompts: dict[str, tuple[str, ...]] | None = None) -> Library:
    """Return nine topics, two referrals and three urgent signs."""
    return Library(
        language="en-US",
        title="Test",
        sections=(
            Section("metastasis", "How breast cancer spreads"),
            Section("symptoms", "Symptoms and tests"),
            Section("treatment", "Treatment"),
        ),
        topics={topic.id: topic for topic in _topics()},
        referrals={
            "dose": _referral("dose", ["I can't advise on doses.", "Your team can."], ["ibrance"]),
            "cost": _referral("cost", ["I can't help with costs.", "A social worker can."], []),
        },
        urgent={
            "breathing": _sign("breathing", ["Tell a member of staff now, or call 911."]),
            "chest-pain": _sign("chest-pain", ["Tell the staff now."], ["Call 911 now."]),
            "bleeding": _sign("bleeding", ["Press on it.", "Call 911 now."]),
        },
        commands={},
        prompts=prompts() if known_prompts is None else known_prompts,
        pronunciations=(
            Pronunciation("Ibrance", "EYE-brance"),
            Pronunciation("palbociclib", "pal"),
        ),
    )


def _topics() -> list[Topic]:
    symptoms = ("symptoms-bone", "symptoms-liver", "symptoms-lung", "symptoms-brain")
    places = (
        ["Most often to four places:"],
        ["The bones.", "The liver.", "The lungs.", "The brain."],
    )
    liver = [
        "Yellow skin.",
        "Itching.",
        "Belly pain.",
        "Not being hungry.",
        "Feeling sick.",
        "Vomiting.",
    ]
    brain = [f"Brain sign {n}." for n in ("one", "two", "three", "four", "five", "six", "seven")]
    lung = [
        "A cough that won't go away.",
        "Chest pain.",
        "Feeling very tired.",
        "Shortness of breath.",
    ]
    return [
        _topic("spread-where", "Where it spreads", "metastasis", [places], symptoms),
        _topic("spread-how", "How it spreads", "metastasis", [(["Through blood."], [])], ()),
        _topic("symptoms-bone", "Symptoms in the bones", "symptoms", [(["Bone pain."], [])], ()),
        _topic("symptoms-liver", "Symptoms in the liver", "symptoms", [([], liver)], ()),
        _topic(
            "symptoms-lung",
            "Symptoms in the lungs",
            "symptoms",
            [([], lung), (["Tell your doctor.", "Some can be eased."], [])],
            ("treatment-overview",),
        ),
        _topic("symptoms-brain", "Symptoms in the brain", "symptoms", [([], brain)], ()),
        _topic("tests", "Tests", "symptoms", [(["A scan."], [])], ("gone",)),
        _topic(
            "treatment-overview",
            "Treatment",
            "treatment",
            [
                (["There are several ways."], []),
                (["First more."], []),
                (["Second more.", "Third more."], []),
                ([f"Detail {n}." for n in ("a", "b", "c", "d", "e")], []),
            ],
            ("ibrance", "spread-where"),
        ),
        _topic("ibrance", "Ibrance", "treatment", [(["Ibrance is palbociclib."], [])], ()),
    ]


def _topic(
    name: str,
    title: str,
    section: str,
    passages: Sequence[tuple[Sequence[str], Sequence[str]]],
    follow: tuple[str, ...],
) -> Topic:
    number, made = 0, []
    for sentences, items in passages:
        texts = (*sentences, *items)
        spoken = [Sentence(f"{name}.{number + n}", text) for n, text in enumerate(texts, start=1)]
        number += len(texts)
        made.append(Passage(tuple(spoken[: len(sentences)]), tuple(spoken[len(sentences) :])))
    return Topic(
        id=name,
        title=title,
        section=section,
        facts=(),
        source="test",
        reviewed=REVIEWED,
        reviewed_by="test",
        ask=(),
        follow=follow,
        short=made[0],
        more=tuple(made[1:]),
    )


def _referral(name: str, texts: Sequence[str], nearest: Sequence[str]) -> Referral:
    sentences = tuple(Sentence(f"referral.{name}.{n}", t) for n, t in enumerate(texts, start=1))
    return Referral(name, name, "test", REVIEWED, "test", (), tuple(nearest), sentences)


def _sign(name: str, texts: Sequence[str], home: Sequence[str] = ()) -> UrgentSign:
    sentences = tuple(Sentence(f"urgent.{name}.{n}", t) for n, t in enumerate(texts, start=1))
    at_home = tuple(Sentence(f"urgent.{name}.home.{n}", t) for n, t in enumerate(home, start=1))
    return UrgentSign(name, name, "test", REVIEWED, sentences, (), (), at_home=at_home)
