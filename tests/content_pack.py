"""A small content pack on disk, for the tests of loading and checking."""

from __future__ import annotations

from pathlib import Path

ANSWER = """\
---
id: lungs
title: In the lungs
section: symptoms
facts: [F17]
source: a textbook
reviewed: 2026-01-31
reviewed_by: Dr. Example
ask:
  - what about my lungs
  - no breath
  - 5
follow: [bones]
---
It may reach the lungs. There are two signs:
- a cough that won't go away
- chest pain;

Tell your doctor. Dr. Lee may ask for an X-ray.
"""

BONES = """\
---
id: bones
title: In the bones
section: symptoms
facts: [F15]
source: a textbook
reviewed: 2026-01-31
reviewed_by: Dr. Example
ask: [what about my bones]
---
It may reach the bones.
"""

REFERRAL = """\
---
id: cost
title: What it costs
source: the clinic
reviewed: 2026-01-31
reviewed_by: Dr. Example
ask: [what does it cost]
nearest: [lungs]
---
I can't say what it costs. Ask the front desk.
"""

FILES = {
    "pack.toml": """\
language = "en-US"
title = "A small pack"
[[section]]
id = "symptoms"
title = "Symptoms"
topics = ["lungs"]
""",
    "answers/lungs.md": ANSWER,
    "answers/bones.md": BONES,
    "referrals/cost.md": REFERRAL,
    "urgent.toml": """\
[[urgent]]
id = "breathing"
title = "Trouble breathing"
source = "a textbook"
reviewed = 2026-01-31
say = "This may be an emergency. Call 911."
phrases = ["i can't breathe"]
signs = [[["can't", "cannot"], ["breathe"]]]
unless = ["used to"]
""",
    "commands.toml": """\
[[command]]
id = "stop"
says = "Stop talking."
phrases = ["stop [talking]", "(be|go) quiet"]
keys = ["space"]
""",
    "prompts.toml": """\
greeting = "Hello."
nothing-heard = ["I heard nothing.", "Still nothing.", "Ask {someone}."]
""",
    "pronunciation.toml": """\
[[word]]
word = "HER2"
say = "her two"
phonemes = "hɜɹ tu"
spoken = ["h e r two"]
""",
}
"""The pack's files by their names."""


def write_pack(folder: Path, **changed: str) -> Path:
    """Write the pack to a folder, with files changed or added; return the folder.

    A file is named by its stem, hyphens as underscores, or for a new one by its whole name.
    """
    files = dict(FILES)
    for name, text in changed.items():
        known = [one for one in files if Path(one).stem.replace("-", "_") == name]
        files[known[0] if known else name] = text
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return folder
