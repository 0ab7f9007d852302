"""Why an outcome is what it is: the evidence that `understand --explain` shows.

Pure; any thread may call it.
"""

from __future__ import annotations

from dataclasses import replace

from mbc_voice.events import Answer, Evidence, NotCovered, Outcome
from mbc_voice.understand.matcher import Match
from mbc_voice.understand.recover import Recovered


def of_match(match: Match) -> tuple[Evidence, ...]:
    """Return what the classifier made of the words, names that were put right first."""
    text, cosine = match.nearest
    ranked = [Evidence("matcher", f"topic {topic}", share) for topic, share in match.topics]
    others = [
        Evidence("matcher", f"{kind} {id}", share) for kind, (id, share) in match.others.items()
    ]
    return (
        *of_sounds(match.recovered),
        Evidence("matcher", "chance that the first topic is right", match.first),
        Evidence("matcher", "chance that one of the first three is", match.any),
        *ranked,
        *others,
        Evidence("matcher", f"nearest example: {text}", cosine),
    )


def of_sounds(recovered: tuple[Recovered, ...]) -> tuple[Evidence, ...]:
    """Return which names were put right by their sound."""
    return tuple(
        Evidence("sounds", f"{item.heard!r} taken for {item.term!r}") for item in recovered
    )


def with_sounds(outcome: Outcome | None, recovered: tuple[Recovered, ...]) -> Outcome | None:
    """Return the outcome, with the names that were put right among its reasons."""
    if isinstance(outcome, Answer | NotCovered):
        return replace(outcome, evidence=(*of_sounds(recovered), *outcome.evidence))
    return outcome
