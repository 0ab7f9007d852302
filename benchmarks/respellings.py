"""Do the system's voices say hard words right? What eSpeak NG makes of them, without a sound.

    .venv/bin/python benchmarks/respellings.py [--worst 12]

eSpeak NG writes the phonemes that it would say (``espeak-ng --ipa``, which must be installed) for
every word of the library's pronunciations: as it is written, and as it is respelled for it. They
are laid beside the natural voice's, which were chosen by ear: ``sounds`` is Levenshtein's distance
over the length, where two weak or neighbouring vowels count 0.4; ``loud`` is how many syllables
are stressed beyond the one that should be, which makes a word sound chopped.
"""

# ruff: noqa: RUF001 (phonemes are letters of their own)

from __future__ import annotations

import argparse
import re
import subprocess
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from hibari.g2p import G2P

from mbc_voice.content.load import load_library
from mbc_voice.content.place import default_content
from mbc_voice.content.pronounce import Pronouncer

NATURAL = {"A": "eɪ", "I": "aɪ", "O": "oʊ", "W": "aʊ", "Y": "ɔɪ", "ʤ": "dʒ", "ʧ": "tʃ", "T": "t"}
"""The natural voice's own signs."""
ALIKE = str.maketrans("ᵻɐʌɡɾɫrɜ", "ɪəəgtlɹə")
"""One sound, written in two ways."""
NEAR = [set(pair) for pair in ("əɪ", "iɪ", "əæ", "əɛ", "ɑɔ", "əɑ", "əʊ", "sz", "uʊ")]
NEAR_COST = 0.4


class Said(NamedTuple):
    """How a word comes out."""

    sounds: float
    loud: int
    phonemes: str


def main() -> None:
    """Print how words come out as written and respelled, and the worst of the latter."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worst", type=int, default=12)
    library, spell = load_library(default_content()), G2P(british=False)
    pronouncer = Pronouncer(library.pronunciations)
    entries = library.pronunciations
    wanted = [entry.phonemes or spell(entry.word) or "" for entry in entries]
    respelled = [pronouncer.for_system_voice(entry.word) for entry in entries]
    print("| | sounds | loud |\n|---|---|---|")
    for name, texts in (("as written", [e.word for e in entries]), ("respelled", respelled)):
        found = [compare(*pair) for pair in zip(wanted, by_espeak(texts), strict=True)]
        sounds, loud = (np.mean([one[part] for one in found]) for part in (0, 1))
        print(f"| {name} | {sounds:.3f} | {loud:.2f} |")
    worst = sorted(zip(found, respelled, wanted, strict=True), reverse=True)
    for said, text, want in worst[: parser.parse_args().worst]:
        print(f"  {said.sounds:.2f} {text}: {said.phonemes} for {want}")


def by_espeak(texts: Sequence[str]) -> list[str]:
    """Return eSpeak NG's phonemes for each of these, by the International Phonetic Alphabet."""
    command = ["espeak-ng", "-q", "--ipa", "-v", "en-us"]
    return [
        subprocess.run([*command, text], capture_output=True, text=True, check=True).stdout.strip()
        for text in texts
    ]


def compare(wanted: str, said: str) -> Said:
    """Return how far what is said is from what is wanted."""
    want, got = plain(wanted), plain(said)
    return Said(distance(want, got) / max(len(want), 1), max(0, said.count("ˈ") - 1), said)


def plain(phonemes: str) -> str:
    """Return the sounds alone, each written in one way."""
    text = re.sub("[ɚɝ]", "əɹ", phonemes).replace("ɜː", "ɜɹ")
    text = "".join(NATURAL.get(sign, sign) for sign in text)
    bare = re.sub(r"[ˈˌː\s_ʔᵊ-]", "", text.translate(ALIKE))
    return re.sub("ɹ+", "ɹ", bare).replace("oɹ", "ɔɹ")


def distance(one: str, other: str) -> float:
    """Return Levenshtein's distance, in which near sounds cost less."""
    row = [float(column) for column in range(len(other) + 1)]
    for number, sound in enumerate(one, start=1):
        before, row = row, [float(number)]
        for column, against in enumerate(other, start=1):
            cost = 0.0 if sound == against else NEAR_COST if {sound, against} in NEAR else 1.0
            row.append(min(before[column] + 1, row[-1] + 1, before[column - 1] + cost))
    return row[-1]


if __name__ == "__main__":
    main()
