"""How fast the voices really are at each rate, and how well they are understood.

    .venv/bin/python benchmarks/speaking.py [--sentences 30]

Renders sentences of the library at rates from 80 to 450 words a minute, and prints the words a
minute reached within a sentence, the share of words that Whisper base writes down wrong, and the
time a sentence takes to render. ``hibari alone`` is the voice without stretching, held to its own
range of speeds: at 240 words a minute and more it is what the program did before.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from wrong_words import plain, wrong_words  # noqa: E402

from judge import written_down  # noqa: E402
from mbc_voice.audio import SAMPLE_RATE, resample  # noqa: E402
from mbc_voice.content.load import load_library  # noqa: E402
from mbc_voice.content.place import default_content  # noqa: E402
from mbc_voice.content.pronounce import Pronouncer  # noqa: E402
from mbc_voice.library import Library  # noqa: E402
from mbc_voice.speak.level import LEAD_MS, TAIL_MS, finish  # noqa: E402
from mbc_voice.speak.natural_voice import SEED, NaturalVoice  # noqa: E402
from mbc_voice.speak.synthesizer import Rendering, Synthesizer  # noqa: E402
from mbc_voice.speak.system_voice import SystemVoice  # noqa: E402

RATES = (80, 120, 160, 240, 300, 400, 450)

HIBARI_ALONE = ((99, 0.5), (228, 1.3), (313, 1.35), (331, 1.5), (345, 1.75), (376, 2.0))


class HibariAlone(NaturalVoice):
    """hibari's own speeds, as far as they go."""

    name = "hibari alone"

    def render(self, text: str, words_per_minute: int) -> Rendering:
        speed = min(HIBARI_ALONE, key=lambda pair: abs(pair[0] - words_per_minute))[1]
        samples, _ = self._hibari.say(self._pronounce(text), speed, SEED)
        return finish(samples, 24_000)


def main() -> None:
    """Measure all voices, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=30)
    library = load_library(default_content())
    sentences = choose(library, parser.parse_args().sentences)
    pronouncer = Pronouncer(library.pronunciations)
    system = SystemVoice(pronouncer.for_system_voice, language=library.language)
    count = sum(len(text.split()) for text in sentences)
    print(f"{len(sentences)} sentences, {count} words\n")
    print("| voice | asked | reached | wrong words | ms a sentence |\n|---|---|---|---|---|")
    natural = pronouncer.for_natural_voice
    for voice in (NaturalVoice(natural), HibariAlone(natural), system):
        for rate in RATES:
            print(row(voice, rate, sentences), flush=True)
    system.close()


def choose(library: Library, count: int) -> list[str]:
    """Return plain sentences of six to twenty words, evenly over all topics."""
    found = [
        sentence.text
        for topic in library.topics.values()
        for passage in (topic.short, *topic.more)
        for sentence in passage.sentences
        if 6 <= len(sentence.text.split()) <= 20
    ]
    return found[:: max(1, len(found) // count)][:count]


def row(voice: Synthesizer, rate: int, sentences: list[str]) -> str:
    """Return one line of the table."""
    words = wrong = said = 0
    spoken = took = 0.0
    for text in sentences:
        began = time.perf_counter()
        sound = voice.render(text, rate)
        took += time.perf_counter() - began
        spoken += sound.seconds - (LEAD_MS + TAIL_MS) / 1000
        said += len(text.split())
        heard = written_down(resample(sound.samples, sound.sample_rate, SAMPLE_RATE))
        wrong += wrong_words(plain(text), plain(heard))
        words += len(plain(text))
    share, each = wrong / words, took * 1000 / len(sentences)
    return f"| {voice.name} | {rate} | {said * 60 / spoken:.0f} | {share:.2f} | {each:.0f} |"


if __name__ == "__main__":
    main()
