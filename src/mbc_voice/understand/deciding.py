"""What to do about a match: answer, offer the nearest topics, or decline kindly.

Owns the thresholds that turn chances into one of these. Pure; any thread may call it.
"""

from __future__ import annotations

from mbc_voice.events import Answer, Choose, NotCovered, Outcome
from mbc_voice.understand.matcher import Match
from mbc_voice.understand.reasons import of_match

ANSWER = 0.7
"""Chance from which the best topic is answered: 5 % wrong answers to held-out wordings."""

CHOOSE = 0.6
"""Chance from which the best topics are offered: 6 % of held-out wordings of referrals are."""

CHOICES = 3
"""At most so many are offered."""

TIE = 0.3
"""A topic is offered if it has this part of the best one's share."""

REFER = 0.02
"""Share of a referral below which none fits."""


def decide(match: Match, choose: float = CHOOSE) -> Outcome:
    """Return what to do about a match: answer, offer the nearest topics, or decline kindly.

    `choose` is the chance from which topics are offered.
    """
    evidence = of_match(match)
    referral, share = match.others.get("referral", ("", 0.0))
    best, best_share = match.topics[0]
    if match.first >= ANSWER and best_share >= share:
        return Answer(best, match.first, evidence)
    if match.any >= choose and best_share >= share:
        offered = tuple(topic for topic, part in match.topics[:CHOICES] if part >= TIE * best_share)
        if len(offered) > 1:
            return Choose(offered, match.any, evidence)
        return Choose(tuple(topic for topic, _ in match.topics[:2]), match.any, evidence)
    return NotCovered(referral if share >= REFER else None, 1.0 - match.first, evidence)
