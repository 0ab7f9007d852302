"""How often talk that isn't meant for the assistant wakes it: coffee, television, telephone.

    .venv/bin/python benchmarks/unrelated_talk.py [--minutes 20] [--part 0] [--modes ...]

Sixty things that people say in a café, a waiting room and on the news, by seven voices, one after
the other with short pauses, some of them over one another, at changing levels. Heard by the real
voice activity, turn-taking and Whisper base, as fast as the machine can; nothing is ever played.

``started`` is how often the ear opened or an answer began; ``always`` is there for comparison, and
counts what would have been answered, asked back or apologised for. An hour is three parts of 20
minutes, which differ.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from turns import Clocked  # noqa: E402

from mbc_voice import build  # noqa: E402
from mbc_voice.audio import SAMPLE_RATE, Block, Samples  # noqa: E402
from mbc_voice.ears import patience  # noqa: E402
from mbc_voice.events import Attending, Context, ListenMode, Transcript, outcome_ids  # noqa: E402
from mbc_voice.hear.attention import Attention  # noqa: E402
from mbc_voice.hear.endpoint import EndpointSettings  # noqa: E402
from mbc_voice.hear.turn import Heard, News  # noqa: E402
from mbc_voice.hear.turns import Turns  # noqa: E402
from mbc_voice.hear.voice_activity import Frames, SileroVoiceActivity  # noqa: E402
from mbc_voice.settings import Settings  # noqa: E402
from mbc_voice.understand.wake_phrase import WakePhrase  # noqa: E402
from voices import samples_of, why_not  # noqa: E402

TALK = (
    "Two flat whites and a croissant, please.",
    "Do you want milk with that, or is black all right?",
    "Hello, how are you today?",
    "Hello there, nice to see you again.",
    "Hello Nora, over here!",
    "Hello Mrs. Turner, please take a seat.",
    "The nurse will be with you in a moment.",
    "Nurse, could you come here for a second?",
    "My niece is a nurse, she works nights.",
    "Is this seat taken?",
    "No, go ahead, I'm only waiting for my husband.",
    "He's always late, you know what he's like.",
    "Did you find somewhere to park?",
    "It's three pounds an hour now, can you believe it?",
    "I'll have the soup, and she'll have the sandwich.",
    "Sorry, we've run out of the lemon cake.",
    "And now the news at one o'clock.",
    "The government has announced a new plan for the railways.",
    "Talks between the two sides will go on until Thursday.",
    "Shares fell sharply in early trading this morning.",
    "Police are asking anyone who saw the accident to come forward.",
    "In football, the home side won by two goals to one.",
    "And finally, a dog that can ride a skateboard.",
    "Tomorrow will be cloudy, with some rain in the west.",
    "Temperatures will reach eighteen degrees by the afternoon.",
    "This programme is brought to you by your local supermarket.",
    "Stop it, you two, and sit down.",
    "Give me that back, it's mine!",
    "Mum, when are we going home?",
    "Soon, darling, eat your biscuit.",
    "Hello? Yes, I can hear you now.",
    "I'm in the waiting room, I'll call you back.",
    "No, they haven't called me yet.",
    "I think I'm next, there's only one man before me.",
    "What time is your appointment?",
    "Quarter past ten, but they're running behind.",
    "How long have you been waiting?",
    "Nearly an hour, I should have brought my book.",
    "Where did you get that scarf? It's lovely.",
    "My daughter knitted it for my birthday.",
    "Have you seen the new film with that actor?",
    "I fell asleep halfway through, to be honest.",
    "We're going to the seaside at the weekend.",
    "The doctor was very kind, she explained everything.",
    "I have to take the tablets twice a day, with food.",
    "My back has been killing me since I moved the sofa.",
    "How is your mother getting on?",
    "Much better, thank you, she's home on Friday.",
    "Can you pass me the sugar?",
    "There you go. Careful, it's hot.",
    "Number forty two, please. Number forty two.",
    "Could the owner of a blue car please move it?",
    "I'm so hungry I could eat a horse.",
    "More tea? Yes, please, just half a cup.",
    "What does it say on that sign over there?",
    "Where are the toilets, please?",
    "Down the corridor, second door on the left.",
    "I told him not to spread it on so thick.",
    "It's a treat, I only have one on Sundays.",
    "Goodbye then, take care, see you next week.",
)
VOICES = ("hibari", "slt", "rms", "awb", "kal16", "kal", "hts")
OVER = 0.25
"""Share of what is said that begins before the one before it has ended."""
PAUSES_S = (0.2, 2.5)
LEVELS = (0.15, 1.0)
CHUNK_S = 30


def chatter(seconds: float, part: int) -> Iterator[Samples]:
    """Yield so many seconds of talk in chunks; every part is another talk."""
    random = np.random.default_rng(100 + part)
    voices = [voice for voice in VOICES if not why_not(voice)]
    room = np.zeros(0, np.float32)
    end, given = 0, 0
    while given < seconds * SAMPLE_RATE:
        while end < CHUNK_S * SAMPLE_RATE:
            words = samples_of(str(random.choice(TALK)), str(random.choice(voices)))
            pause = random.uniform(*PAUSES_S)
            begin = end + int(pause * SAMPLE_RATE)
            if random.random() < OVER:
                begin = max(0, end - len(words) // 2)
            room = np.pad(room, (0, max(0, begin + len(words) - len(room))))
            room[begin : begin + len(words)] += words * random.uniform(*LEVELS)
            end = max(end, begin + len(words))
        size = CHUNK_S * SAMPLE_RATE
        noise = random.normal(0, 3e-4, size)
        yield np.clip(room[:size] + noise, -1, 1).astype(np.float32)
        room, end, given = room[size:], end - size, given + size


def main() -> None:
    """Listen in each mode, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--part", type=int, default=0)
    modes: tuple[ListenMode, ...] = ("push-to-talk", "wake-phrase", "always")
    parser.add_argument("--modes", nargs="+", choices=modes, default=modes)
    chosen = parser.parse_args()
    settings = Settings()
    interpreter = build.interpreter(settings, build.library(settings))
    recognizer = build.recognizer(settings, "whisper-base")
    spot = WakePhrase(settings.hear.wake_phrase).rest
    for mode in chosen.modes:
        news: list[News] = []
        asked = Clocked(recognizer)
        turns = Turns(
            asked,
            news.append,
            settings=EndpointSettings(end_pause_ms=settings.hear.end_pause_ms),
            patience=patience(settings, interpreter, Context),
            attention=Attention(mode, spot, partial(_note, news)),
        )
        began = time.perf_counter()
        follow(turns, asked, chosen.minutes * 60, chosen.part)
        took = time.perf_counter() - began
        report(mode, news, chosen.minutes, took, interpreter.interpret)


def _note(news: list[News], opened: bool) -> None:
    news.append(Attending(opened))


def follow(turns: Turns, asked: Clocked, seconds: float, part: int) -> None:
    """Let the turns hear all of it."""
    activity, frames, start = SileroVoiceActivity(), Frames(), 0
    for chunk in chatter(seconds, part):
        for frame in frames.cut(Block(chunk, start)):
            asked.now = frame.start + len(frame.samples)
            if not turns.deaf:
                turns.hear(frame, activity.probability(frame.samples))
            for number, said in asked.answers():
                turns.recognized(number, said)
        start += len(chunk)


def report(
    mode: str, news: list[News], minutes: float, took: float, interpret: build.Interpret
) -> None:
    """Print how often it started, and in the open mode what it would have done."""
    heard = [one for one in news if isinstance(one, Heard) and one.mode == "anything"]
    opened = sum(isinstance(one, Attending) and one.open for one in news)
    kinds: Counter[str] = Counter()
    for one in heard:
        if isinstance(one.said, Transcript):
            outcome = interpret(one.said.text, Context())
            known = bool(outcome_ids(outcome))
            kinds[type(outcome).__name__ if known else "no match"] += 1
        else:
            kinds["no words"] += 1
    print(f"| {mode} | {minutes:g} | {opened} | {len(heard)} | {dict(kinds)} | {took:.0f} s |")


if __name__ == "__main__":
    main()
