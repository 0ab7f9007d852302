"""What "yes" accepts: the offers that may stand at the end of what is said; frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class OfferMore:
    """To go on with the topic."""


@dataclass(frozen=True, slots=True)
class OfferTopic:
    """To tell this topic."""

    topic: str


@dataclass(frozen=True, slots=True)
class OfferChoice:
    """To pick one, by its name or its number."""

    ids: tuple[str, ...]
    said: int
    """How many of them were said so far; "next" says more."""
    of: Literal["topics", "sections", "voices"] = "topics"


@dataclass(frozen=True, slots=True)
class OfferAgain:
    """To say the whole turn again."""


@dataclass(frozen=True, slots=True)
class OfferCodeWords:
    """To spell this word again, with a code word for each letter."""

    word: str


@dataclass(frozen=True, slots=True)
class OfferTour:
    """To go on with the guided tour. It is left by anything that makes another offer, or none."""

    step: int
    """Index of the step that was said last."""
    tried: bool = False
    """Whether the person has done what the step asked them to try."""


Offer: TypeAlias = (
    OfferMore | OfferTopic | OfferChoice | OfferAgain | OfferCodeWords | OfferTour | None
)
