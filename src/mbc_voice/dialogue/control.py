"""Reading control, as a screen reader gives it: pause, repeat, next, where am I, spell. Pure."""

from __future__ import annotations

from dataclasses import replace

from mbc_voice.dialogue import answering, choosing, listening, speaking, tour, wording
from mbc_voice.dialogue.offers import OfferChoice, OfferCodeWords, OfferTopic, OfferTour
from mbc_voice.dialogue.prompts import is_prompt, render
from mbc_voice.dialogue.state import Listening, Next, Paused, Speaking, State, Turn
from mbc_voice.events import Listen, PauseSpeaking, ResumeSpeaking


def pause(state: State) -> Next:
    """Be silent and keep the place; while paused, go on."""
    phase = state.phase
    if isinstance(phase, Paused) or (isinstance(phase, Speaking) and phase.then == "pause"):
        return resume(state)
    if isinstance(phase, Speaking):
        state, actions = listening.rest_paused(state, phase)
        return state, (PauseSpeaking(), *actions)
    return more_time(state)


def more_time(state: State) -> Next:
    """Wait for the person as long as they like; what is being read waits too."""
    if state.speaking_turn and not state.safety:
        return pause(state)
    return speaking.note(listening.be_patient(state), "more-time")


def resume(state: State) -> Next:
    """Go on at the exact place, or, where the voice lost it, at the start of the sentence.

    Where all was said, "go on" means what is on offer, as "more" does.
    """
    phase = state.phase
    if isinstance(phase, Paused) and phase.speaking is not None:
        return replace(state, phase=phase.speaking), (ResumeSpeaking(), Listen("commands"))
    if isinstance(phase, Speaking) and phase.then != "pause":
        return state, ()
    state = replace(state, phase=Listening())
    if state.talk.turn.unfinished:
        return speaking.go_on(state, state.talk.turn.at)
    return _going_on(state) or speaking.note(state, "nothing-to-resume")


def repeat(state: State) -> Next:
    """Say the last sentence again, and go on from there; a spelled word in code words."""
    turn, offer = state.talk.turn, state.talk.offer
    if isinstance(offer, OfferCodeWords) and not turn.unfinished:
        return spell_in_code_words(state, offer.word)
    if not turn.sentences:
        return speaking.note(state, "nothing-to-repeat")
    return speaking.go_on(state, turn.at if turn.unfinished else _last_portion(turn))


def repeat_all(state: State) -> Next:
    """Say the whole answer again, as far as it was told; outside an answer, the last turn."""
    turn, reading = state.talk.turn, state.talk.reading
    if reading is not None and turn.places:
        return answering.read(state, 0, reading.end)
    if not turn.sentences:
        return speaking.note(state, "nothing-to-repeat")
    return speaking.go_on(state, 0)


def next_sentence(state: State) -> Next:
    """Skip to the next sentence or item; at the end, go on with what comes after."""
    turn = state.talk.turn
    if turn.at + 1 < len(turn.sentences):
        return speaking.go_on(state, turn.at + 1)
    return more(state)


def previous_sentence(state: State) -> Next:
    """Go back one sentence or item, beyond this portion if need be.

    After a word was spelled, go back to where the reading was.
    """
    turn, reading = state.talk.turn, state.talk.reading
    if isinstance(state.talk.offer, OfferCodeWords) and reading is not None and reading.end:
        return answering.read(state, min(reading.place, reading.end - 1), reading.end)
    if not turn.unfinished:
        return repeat(state)
    if turn.at > 0:
        return speaking.go_on(state, turn.at - 1)
    if reading is not None and turn.places and turn.places[0] > 0:
        return answering.read(state, turn.places[0] - 1, reading.end)
    return speaking.go_on(state, 0, note=render(state.library, "first-sentence"))


def next_section(state: State) -> Next:
    """Skip to the next paragraph; at the end, go on with what comes after."""
    return answering.read_section(state, +1) or more(state)


def previous_section(state: State) -> Next:
    """Go back to the start of this paragraph, or, from there, of the one before."""
    return answering.read_section(state, -1) or previous_sentence(state)


def more(state: State) -> Next:
    """Go on: with the tour, the list, the topic, or else with the topic on offer."""
    return _going_on(state) or speaking.note(state, "nothing-more")


def _going_on(state: State) -> Next | None:
    offer = state.talk.offer
    if isinstance(offer, OfferTour):
        return tour.go_on(state, offer)
    going_on = answering.more(state) if state.talk.turn.places else None
    if going_on is None and isinstance(offer, OfferChoice):
        return choosing.next_page(state, offer)
    going_on = going_on or answering.more(state)
    if going_on is None and isinstance(offer, OfferTopic):
        return answering.tell(state, offer.topic, answering.queue_after(state, offer.topic))
    return going_on


def read_all(state: State) -> Next:
    """Read the whole topic from here to its end, without asking in between."""
    return answering.read_all(state) or speaking.note(state, "nothing-more")


def where_am_i(state: State) -> Next:
    """Say the place: "Sentence three of nine, symptoms in the brain"."""
    offer, reading = state.talk.offer, state.talk.reading
    if isinstance(offer, OfferTour):
        return tour.where(state, offer)
    if isinstance(offer, OfferChoice) and not state.talk.turn.places:
        return speaking.note(state, "where-choosing", count=wording.number(len(offer.ids)))
    if reading is None:
        return speaking.note(state, "where-start")
    number, count = answering.where(state)
    return speaking.note(
        state,
        "where-reading",
        number=wording.number(number),
        count=wording.number(count),
        title=wording.within(state.library, state.library.topics[reading.topic].title),
    )


def spell(state: State, word: str = "") -> Next:
    """Spell a word, or the last hard one; asked again, with a code word for each letter."""
    offer = state.talk.offer
    word, coded = wording.coded(word)
    if isinstance(offer, OfferCodeWords) and word in ("", offer.word):
        return spell_in_code_words(state, offer.word)
    word = word or wording.hard_word(state.library, _last_words(state))
    if coded and word:
        return spell_in_code_words(state, word)
    letters = wording.letters(word)
    if not letters:
        return speaking.reply(state, "spell-what")
    sentences = render(state.library, "spell", word=word, letters=letters)
    return speaking.say(state, sentences, offer=OfferCodeWords(word))


def spell_in_code_words(state: State, word: str) -> Next:
    """Spell a word as "p as in Papa, a as in Alfa"."""
    letters = wording.code_words(word)
    sentences = render(state.library, "spell-code-words", word=word, letters=letters)
    return speaking.say(state, sentences, offer=OfferCodeWords(word))


def _last_portion(turn: Turn) -> int:
    """Return the index of the last reviewed sentence.

    It is 0 if the turn is all prompts, and for a safety message, which is said whole.
    """
    if turn.priority == "safety":
        return 0
    reviewed = (i for i, item in enumerate(turn.sentences) if not is_prompt(item))
    return max(reviewed, default=0)


def _last_words(state: State) -> str:
    turn = state.talk.turn
    return " ".join(item.text for item in turn.sentences[: turn.at + 1] if not is_prompt(item))
