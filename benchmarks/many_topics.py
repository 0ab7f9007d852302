"""How understanding grows: time and memory for a library of very many topics, made up here.

    python benchmarks/many_topics.py [--topics N]

Adds topics with made-up names to the real library, each with a title, three wordings and a
sentence. Run it on an idle machine; it uses one core.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

import numpy as np  # noqa: E402
from understanding import memory_mb  # noqa: E402  (it also holds numpy to one thread)

from mbc_voice.content.load import load_library  # noqa: E402
from mbc_voice.events import Answer  # noqa: E402
from mbc_voice.library import Passage, Sentence, Topic  # noqa: E402
from mbc_voice.understand.embeddings import MiniLmEmbedder  # noqa: E402
from mbc_voice.understand.interpret import Interpreter  # noqa: E402

FRAMES = ("what is {}", "tell me how {} works", "when is {} used", "does {} hurt", "is {} common")
SYLLABLES = [one + two for one in "bdfgklmnprstvz" for two in "aeiou"]
ASKED = 300


def main(arguments: Sequence[str] | None = None) -> int:
    """Learn, start again, ask, and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--topics", type=int, default=10_000)
    options = parser.parse_args(arguments)
    chance = random.Random(7)
    library = load_library(ROOT / "content" / "en")
    pattern = library.topics["curable"]
    made = {topic.id: topic for topic in _topics(pattern, options.topics, chance)}
    library = replace(library, topics={**library.topics, **made})
    embedder = MiniLmEmbedder(ROOT / "models" / "minilm-l6")
    before = memory_mb()
    with tempfile.TemporaryDirectory() as folder:
        for start in ("first", "second"):
            began = time.perf_counter()
            interpreter = Interpreter(library, embedder, Path(folder))
            taken = time.perf_counter() - began
            print(f"{start} start {taken:.1f} s, {memory_mb() - before:.0f} MB more", flush=True)
    asked = chance.sample(list(made.values()), min(ASKED, len(made)))
    times, right = [], 0
    for topic in asked:
        text = chance.choice(FRAMES).format(f"the {topic.title.lower()} again")
        began = time.perf_counter()
        outcome = interpreter.interpret(text)
        times.append(1000 * (time.perf_counter() - began))
        right += isinstance(outcome, Answer) and outcome.topic == topic.id
    p50, p95 = np.percentile(times, [50, 95])
    print(f"{len(library.topics)} topics, a question: p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    print(f"answered right {right / len(asked):.2f}")
    return 0


def _topics(pattern: Topic, count: int, chance: random.Random) -> list[Topic]:
    made = []
    for number in range(count):
        name = " ".join("".join(chance.sample(SYLLABLES, 3)) for _ in range(2))
        asks = tuple(frame.format(name) for frame in chance.sample(FRAMES, 3))
        text = Passage((Sentence(f"made-{number}.1", f"This text is about {name}."),))
        made.append(
            replace(
                pattern,
                id=f"made-{number}",
                title=name.title(),
                ask=asks,
                follow=(),
                short=text,
                more=(),
            )
        )
    return made


if __name__ == "__main__":
    sys.exit(main())
