"""From words to an outcome: urgent signs, then commands, then the talk so far, then the matcher.

Owns the order in which they are asked; `deciding` and `alarm` own the thresholds.
Pure: no clock, no audio, and nothing is remembered between calls. Any thread may call it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from mbc_voice.events import (
    Answer,
    Choose,
    Command,
    Context,
    Evidence,
    NotCovered,
    NothingHeard,
    Outcome,
)
from mbc_voice.library import Library
from mbc_voice.understand.alarm import Alarm
from mbc_voice.understand.commands import Commands, spoken_terms
from mbc_voice.understand.completeness import Completeness, Degree
from mbc_voice.understand.deciding import ANSWER, decide
from mbc_voice.understand.embeddings import Embedder
from mbc_voice.understand.followup import FollowUps, asks_for_others, points_back
from mbc_voice.understand.matcher import Match, Matcher
from mbc_voice.understand.normalize import forget as forget_words
from mbc_voice.understand.normalize import normalize
from mbc_voice.understand.reasons import of_match, with_sounds
from mbc_voice.understand.recover import HeardTerms, Recovered
from mbc_voice.understand.sounds import sound_of
from mbc_voice.understand.terms import Terms
from mbc_voice.understand.titles import Titles
from mbc_voice.understand.typing_errors import TypingErrors
from mbc_voice.understand.urgent import UrgentSigns
from mbc_voice.understand.vocabulary import FUNCTION_WORDS, QUESTION_WORDS, stem
from mbc_voice.understand.wordings import Kind

OBEY = 0.3
"""Share of a command from which likeness alone is obeyed."""

SAME_ORDER = 0.95
"""Score of a near order from which it counts more than a name recovered by sound."""

OFTEN = 3
"""A word that so many questions hold makes an order around it doubtful."""

FAR, FAINT, FAR_IF_FAINT = 0.45, 0.1, 0.55
"""Cosine to a referral's examples below which none fits, and that below this share of it."""

NEAREST = 2
"""Topics at most that are named beside a referral."""

_OBEYED_WORDS = 12
_NAMED = 0.99


class Interpreter:
    """One library's understanding."""

    def __init__(
        self, library: Library, embedder: Embedder | None, cache: Path | None = None
    ) -> None:
        """Learn the library; a few seconds, unless `cache` is a folder that has seen it before.

        Raises `ContentError` if a command's template is malformed.
        """
        self.embeds = embedder is not None
        """Whether sentence embeddings help; without them matching is weaker."""
        self._referrals = library.referrals
        self._terms = Terms(library)
        self._titles = Titles(library)
        self._followups = FollowUps(self._titles, library)
        self._matcher = Matcher(library, self._terms, embedder, cache)
        asked = _words_of(self._matcher, "topic", "referral")
        known = asked | _words_of(self._matcher, "urgent", "command")
        self._known = known
        texts = [example.text for example in self._matcher.examples]
        self._heard = HeardTerms(library, known, texts)
        self._urgent = UrgentSigns(library, asked)
        self._commands = Commands(
            library, _words_of(self._matcher, "topic", "referral", times=OFTEN)
        )
        self._spoken_terms = spoken_terms(library)
        self._alarm = Alarm(self._urgent, _words_of(self._matcher, "urgent"))
        self._exact = _exact(self._matcher)
        self._completeness = Completeness(self._matcher.examples)
        self._typing = TypingErrors(
            Counter(word for text in texts for word in set(text.split())),
            embedder.knows if embedder else None,
        )

    @cached_property
    def orders(self) -> tuple[str, ...]:
        """All orders as normalised phrases: what to expect of somebody who says nothing else."""
        return self._commands.phrases(self._spoken_terms)

    def interpret(self, text: str, context: Context = Context()) -> Outcome:  # noqa: B008
        """Return what `text` means where the talk is; any text has exactly one outcome."""
        words = normalize(text)
        if not any(word.isalpha() for word in words.split()):
            return NothingHeard()
        outcome = self._outcome(words, context)
        if isinstance(outcome, NotCovered | Choose):
            outcome = self._mistyped(words, context) or outcome
        return self._with_nearest(outcome, words) if isinstance(outcome, NotCovered) else outcome

    def degree(
        self,
        text: str,
        context: Context = Context(),  # noqa: B008
        outcome: Outcome | None = None,
    ) -> Degree:
        """Return how complete `text` is: whether these were all the words, where the talk is.

        `outcome` is what they mean, if that is known already.
        """
        return self._completeness.degree(text, outcome or self.interpret(text, context))

    def _outcome(self, words: str, context: Context) -> Outcome:
        return (
            self._urgent.find(words)
            or self._followups.listed(words, context)
            or self._commands.find(words)
            or self._followups.choice(words, context)
            or self._followups.sibling(words, context)
            or self._felt(words, context)
            or self._named(words)
            or self._heard_as(words, context)
        )

    def _mistyped(self, words: str, context: Context) -> Outcome | None:
        """Return what the words come to with typing errors mended; None if that is no more."""
        mended = self._typing.mend(words)
        if mended == words:
            return None
        outcome = self._outcome(mended, context)
        if isinstance(outcome, NotCovered | NothingHeard):
            return None
        evidence = Evidence("spelling", f"read as {mended!r}")
        return replace(outcome, evidence=(evidence, *outcome.evidence))

    def _heard_as(self, words: str, context: Context) -> Outcome:
        """Return what the words come to less exactly; a garbled name alone beats a near order.

        "A fin a tour" holds an order's word, and is Afinitor.
        """
        mended, recovered = self._heard.recover(words)
        order = self._commands.near(words)
        names = {item.term for item in recovered}
        if order and (order.score >= SAME_ORDER or mended not in names):
            return order
        return self._matched(mended, recovered, context)

    def _felt(self, words: str, context: Context) -> Outcome | None:
        """Return what "does it hurt" means of the topic last answered, if it means anything."""
        spelled_out = self._followups.felt(words, context)
        if spelled_out is None:
            return None
        outcome = self._named(spelled_out) or decide(self._matcher.match(spelled_out))
        known = not isinstance(outcome, NotCovered) or outcome.referral is not None
        return outcome if known else None

    def _with_nearest(self, outcome: NotCovered, words: str) -> NotCovered:
        """Return the outcome with what is nearest to it: topics of names in it come first."""
        referral = self._referrals.get(outcome.referral or "")
        own = referral.nearest if referral else ()
        pointed = self._terms.pointed_to(self._heard.recover(words)[0])
        return replace(outcome, nearest=tuple(dict.fromkeys((*pointed, *own)))[:NEAREST])

    def forget(self) -> None:
        """Let go of the single words that were kept to be quicker: somebody may have said them."""
        forget_words()
        sound_of.cache_clear()
        stem.cache_clear()

    def match(self, text: str) -> Match | None:
        """Return what the matcher alone makes of `text`, for measuring; None for no words."""
        words = normalize(text)
        return self._matcher.match(self._heard.recover(words)[0]) if words else None

    def _matched(self, words: str, recovered: tuple[Recovered, ...], context: Context) -> Outcome:
        """Return what the words come to by likeness, names put right where that happened."""
        match = replace(self._matcher.match(words), recovered=recovered)
        return (
            self._alarm.raised(words, match)
            or self._leaning(words, context, match)
            or (None if _asks_back(words, context) else self._order(words, match))
            or (with_sounds(self._named(words), recovered) if recovered else None)
            or self._decided(words, match)
        )

    def _decided(self, words: str, match: Match) -> Outcome:
        """Return what the match comes to; far from every example, no referral can be meant."""
        outcome = decide(match)
        longer = (word for word in words.split() if len(word) > 1)
        _, share = match.others.get("referral", ("", 0.0))
        far = match.near_referral < (FAR if share > FAINT else FAR_IF_FAINT)
        if isinstance(outcome, NotCovered) and (far or self._known.isdisjoint(longer)):
            return replace(outcome, referral=None)
        return outcome

    def _order(self, words: str, match: Match) -> Command | None:
        """Return the command that the words are like; never for words that ask for facts."""
        name, share = match.others.get("command", ("", 0.0))
        found = self._terms.find(words)
        long = len(words.split()) > _OBEYED_WORDS
        unsure = share < max(OBEY, match.rival_of("command"))
        if unsure or long or any(self._terms.is_telling(item.term) for item in found):
            return None
        evidence = (Evidence("commands", f"{name}: like its phrases", share),)
        return Command(name, score=share, evidence=evidence)

    def _named(self, words: str) -> Outcome | None:
        """Return the topic, or the kind of question, whose title or example the words are."""
        topic = self._titles.named(words)
        if topic:
            return Answer(topic, _NAMED, (Evidence("title", f"{topic}: its title", _NAMED),))
        return self._exact.get(words)

    def _leaning(self, words: str, context: Context, alone: Match) -> Outcome | None:
        """Return the answer to the words with "it" and "that" spelled out, if there is one."""
        spelled_out = self._followups.spelled_out(words, context)
        if spelled_out is None:
            return None
        match = self._matcher.match(spelled_out)
        moves_on = match.topics[0][0] != context.topic
        stays = not asks_for_others(words) and match.first > alone.first
        if match.first < ANSWER or not (moves_on or stays):
            return None
        evidence = Evidence("context", f"taken as {spelled_out!r}", match.first)
        return Answer(match.topics[0][0], match.first, (evidence, *of_match(match)))


def _asks_back(words: str, context: Context) -> bool:
    """Return whether the words ask about the topic last answered: "how long does it last"."""
    asks = words.split()[0] in QUESTION_WORDS
    return bool(context.topic) and asks and points_back(words)


def _words_of(matcher: Matcher, *kinds: Kind, times: int = 1) -> frozenset[str]:
    """Return the words that carry meaning in so many of the examples of these kinds."""
    counts = Counter(
        word
        for example in matcher.examples
        if example.label.kind in kinds
        for word in set(example.text.split())
        if word not in FUNCTION_WORDS and word not in QUESTION_WORDS
    )
    return frozenset(word for word, count in counts.items() if count >= times)


def _exact(matcher: Matcher) -> dict[str, Outcome]:
    """Return the outcomes of the examples that lead to one place only, word for word."""
    found: dict[str, Outcome | None] = {}
    for text, (kind, id), weight in matcher.examples:
        if weight < 1.0 or kind not in ("topic", "referral"):
            continue
        evidence = (Evidence("matcher", f"{id}: an example, word for word", _NAMED),)
        outcome: Outcome = (
            Answer(id, _NAMED, evidence) if kind == "topic" else NotCovered(id, _NAMED, evidence)
        )
        found[text] = None if text in found else outcome
    return {text: outcome for text, outcome in found.items() if outcome is not None}
