"""How often everyday talk in the words of emergencies raises an alarm.

    python benchmarks/near_signs.py [--show]

Reads `near-signs.txt`, short phrases that are no reports ("my chest of drawers", "I can't move my
car"), and counts the alarms by rule and by likeness; then how many emergencies of our own questions
are found at all. Takes a few seconds once the content has been learnt.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "benchmarks")]

import understanding  # noqa: E402

from mbc_voice.content.load import load_library  # noqa: E402
from mbc_voice.events import Urgent  # noqa: E402
from mbc_voice.understand import cache  # noqa: E402
from mbc_voice.understand.embeddings import MiniLmEmbedder  # noqa: E402
from mbc_voice.understand.interpret import Interpreter  # noqa: E402

PHRASES = ROOT / "benchmarks" / "near-signs.txt"
OWN = ("questions-own.jsonl", "questions-own-2.jsonl", "questions-own-3.jsonl")


def main(arguments: Sequence[str] | None = None) -> int:
    """Count the alarms and print them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--show", action="store_true", help="print the phrases that raise one")
    options = parser.parse_args(arguments)
    embedder = MiniLmEmbedder(ROOT / "models" / "minilm-l6")
    library = load_library(ROOT / "content" / "en")
    interpreter = Interpreter(library, embedder, cache.default_folder())
    phrases = PHRASES.read_text(encoding="utf-8").splitlines()
    found = {text: interpreter.interpret(text) for text in phrases}
    alarms = {text: found for text, found in found.items() if isinstance(found, Urgent)}
    ruled = sum(alarm.score in (0.9, 1.0) for alarm in alarms.values())
    print(f"{len(phrases)} phrases: {ruled} alarms by rule, {len(alarms) - ruled} by likeness")
    if options.show:
        for text, alarm in alarms.items():
            print(f"  {alarm.sign} {alarm.score:.2f} {text}")
    own = [item for name in OWN for item in understanding.read(ROOT / "benchmarks" / name)]
    urgent = [item.text for item in own if item.kind == "emergency"]
    heard = sum(isinstance(interpreter.interpret(text), Urgent) for text in urgent)
    print(f"{heard} of {len(urgent)} emergencies found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
