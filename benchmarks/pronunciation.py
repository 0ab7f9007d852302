"""Are hard words said right? Sixty of them, rendered and written down again by Whisper base.

    .venv/bin/python benchmarks/pronunciation.py [--voices hibari plain system]

Each term stands in a plain sentence. The rule: a plain word is right only if it is written down
just so (in lower case, without signs, small numbers in words). The term counts as one word,
because nobody can spell a medicine by ear. It is right if what stands in its place *sounds* like
it: its phonemes, by the natural voice's own spelling rules and our pronunciations, stress marks
left out, are within a quarter of the longer one's length (Levenshtein's distance) of what the
voice was to say. The word error rate is the wrong words over all words; a term's share is terms
wrong over terms.

``plain`` is the natural voice without our pronunciations.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from hibari.g2p import G2P  # noqa: E402
from wrong_words import plain, wrong_words  # noqa: E402

from judge import written_down  # noqa: E402
from mbc_voice.audio import SAMPLE_RATE, resample  # noqa: E402
from mbc_voice.content.load import load_library  # noqa: E402
from mbc_voice.content.place import default_content  # noqa: E402
from mbc_voice.content.pronounce import Pronouncer  # noqa: E402
from mbc_voice.speak.natural_voice import NaturalVoice  # noqa: E402
from mbc_voice.speak.synthesizer import Synthesizer  # noqa: E402
from mbc_voice.speak.system_voice import SystemVoice  # noqa: E402

RATE = 160
CLOSE = 0.25

CARRIERS = (
    ("The doctor talked to us about", "on the phone today."),
    ("We read a page about", "before we went home."),
    ("My sister wants to know more about", "and so do I."),
    ("Please write down", "so that I can find it again."),
)

TERMS = (
    *("palbociclib", "ribociclib", "abemaciclib", "Ibrance", "Kisqali", "Verzenio"),
    *("fulvestrant", "Faslodex", "letrozole", "anastrozole", "Arimidex", "exemestane"),
    *("tamoxifen", "toremifene", "elacestrant", "Orserdu", "goserelin", "leuprolide"),
    *("everolimus", "alpelisib", "capivasertib", "inavolisib", "olaparib", "talazoparib"),
    *("trastuzumab", "pertuzumab", "trastuzumab deruxtecan", "Enhertu", "Herceptin", "T-DM1"),
    *("tucatinib", "lapatinib", "neratinib", "sacituzumab govitecan", "pembrolizumab"),
    *("zoledronic acid", "denosumab", "bisphosphonates", "Xgeva"),
    *("capecitabine", "paclitaxel", "docetaxel", "eribulin", "gemcitabine", "carboplatin"),
    *("HER2", "HER2-negative", "ER-positive", "CDK4/6 inhibitors", "BRCA1", "PIK3CA", "ESR1"),
    *("PARP inhibitors", "an MRI", "a PET scan", "metastases", "neutropenia"),
    *("June 21, 2024", "1-800-227-2345", "2 1/2 cups"),
)


def main() -> None:
    """Measure and print one table a voice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voices", nargs="+", default=["hibari", "plain", "system"])
    library = load_library(default_content())
    pronouncer = Pronouncer(library.pronunciations)
    system = SystemVoice(pronouncer.for_system_voice, language=library.language)
    voices: dict[str, Callable[[], Synthesizer]] = {
        "hibari": lambda: NaturalVoice(pronouncer.for_natural_voice),
        "plain": NaturalVoice,
        "system": lambda: system,
    }
    sounds = partial(phonemes, pronouncer, G2P(british=False))
    for name in parser.parse_args().voices:
        measure(name, voices[name](), sounds)
    system.close()


def phonemes(pronouncer: Pronouncer, spell: G2P, text: str) -> str:
    """Return how a text sounds, without stress and pauses."""
    said = spell(pronouncer.for_natural_voice(text)) or ""
    return "".join(sound for sound in said if sound.isalpha() and sound not in "ˈˌ")


def measure(name: str, voice: Synthesizer, sounds: Callable[[str], str]) -> None:
    """Print which terms a voice said wrong, and its figures."""
    wrong = words = terms_wrong = 0
    for index, term in enumerate(TERMS):
        before, after = CARRIERS[index % len(CARRIERS)]
        sound = voice.render(f"{before} {term} {after}", RATE)
        heard = written_down(resample(sound.samples, sound.sample_rate, SAMPLE_RATE))
        errors, found, distance = compare(before, term, after, heard, sounds)
        wrong += errors
        words += len(plain(before)) + 1 + len(plain(after))
        terms_wrong += distance > CLOSE
        if errors:
            print(f"  {name}: {term!r} was written {found!r} ({distance:.2f}): {errors} wrong")
    print(
        f"| {name} | {len(TERMS)} | {terms_wrong / len(TERMS):.2f} | {wrong / words:.3f} |",
        flush=True,
    )


def compare(
    before: str, term: str, after: str, heard: str, sounds: Callable[[str], str]
) -> tuple[int, str, float]:
    """Return the wrong words, what stands for the term, and how far its sound is from the term's.

    Of all ways to cut what was heard into three, the one with the fewest wrong words counts.
    """
    raw = heard.split()
    wanted = sounds(term)
    best: tuple[int, float, str] | None = None
    for start in range(len(raw) + 1):
        edge = wrong_words(plain(before), plain(" ".join(raw[:start])))
        for end in range(start, min(len(raw), start + 14) + 1):
            rest = wrong_words(plain(after), plain(" ".join(raw[end:])))
            if best is not None and edge + rest > best[0]:
                continue
            found = " ".join(raw[start:end]).strip(".,!?")
            said = sounds(found) if found else ""
            distance = wrong_words(wanted, said) / max(len(wanted), len(said), 1)
            candidate = (edge + rest + (distance > CLOSE), distance, found)
            best = candidate if best is None else min(best, candidate)
    assert best is not None
    return best[0], best[2], best[1]


if __name__ == "__main__":
    main()
