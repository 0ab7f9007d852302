"""When a question goes on that was taken to be over: what it led to is taken back. Pure.

The answer had barely begun. The talk is put back to where it was before the question, and the whole
question follows: so nothing is lost, and nothing is said twice. A safety message stays; and what
happened meanwhile to the microphone still has.
"""

from __future__ import annotations

from dataclasses import replace

from mbc_voice.dialogue import listening
from mbc_voice.dialogue.state import Listening, Next, Paused, Ready, Speaking, State, remember
from mbc_voice.events import Action, Listen, StopSpeaking, Understood


def keep(state: State, event: Understood) -> State:
    """Return the state with itself kept, to come back to if this spoken question goes on."""
    plain = remember(state, before=None)
    return remember(state, before=plain) if event.by == "voice" else plain


def take_back(state: State) -> Next:
    """Return to the state before the last spoken question, silent and listening."""
    before = state.talk.before
    if before is None or state.safety:
        return state, ()
    actions: tuple[Action, ...] = ()
    if isinstance(state.phase, Speaking | Paused):
        actions += (StopSpeaking(),)
    if state.delivery != before.delivery:
        actions += listening.set_delivery(state, before.delivery)[1]
    back = replace(
        before,
        phase=before.phase if isinstance(before.phase, Ready) else Listening(),
        utterances=state.utterances,
        microphone=state.microphone,
        told=state.told,
        loudspeaker=state.loudspeaker,
        notice=state.notice,
    )
    back, timing = listening.speech_started(back)
    return back, (*actions, Listen("anything"), *timing)
