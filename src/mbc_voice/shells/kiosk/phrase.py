"""One thing to say of a command's template. Pure."""

from __future__ import annotations

import re


def simplest(template: str) -> str:
    """Return one short thing to say of a command's template: "stop" for ``stop [it|that]``."""
    before = None
    while before != template:
        before = template
        template = re.sub(r"\[[^\[\]]*\]", "", template)
        template = re.sub(r"\(([^()|]*)[^()]*\)", r"\1", template)
    return " ".join(template.split())
