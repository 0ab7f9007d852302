"""axe-core in the page that a test looks at, with its strictest rules on."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
"""axe-core (MPL-2.0), used in tests only."""
OPTIONS = {
    "rules": {
        "color-contrast-enhanced": {"enabled": True},
        "target-size": {"enabled": True},
        "label-content-name-mismatch": {"enabled": True},
    },
    "resultTypes": ["violations"],
}


def violations(page: Page) -> list[str]:
    """Return what axe-core finds on the page as it is now, each beginning with its rule."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("(options) => axe.run(options)", OPTIONS)
    return [
        f"{rule['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
