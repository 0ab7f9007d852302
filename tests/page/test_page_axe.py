"""axe-core finds nothing, in any state and theme, with its strictest rules on."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest

from page_states import shots
from page_visitor import Visitor

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


def violations(visitor: Visitor) -> list[str]:
    """Return what axe-core finds on the page as it is now."""
    if not visitor.page.evaluate("() => 'axe' in window"):
        visitor.page.evaluate(AXE)
    found: dict[str, Any] = visitor.page.evaluate("(options) => axe.run(options)", OPTIONS)
    return [
        f"{rule['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark", "yellow"])
def test_no_violation_in_any_state(visitor: Visitor, theme: str) -> None:
    """No rule of axe-core is broken in any state, with any panel open."""
    found = {}
    for name in shots(visitor.server.library):
        visitor.see(name, theme)
        found[name] = violations(visitor)
    assert {name: broken for name, broken in found.items() if broken} == {}


def test_the_strict_rules_are_on(visitor: Visitor) -> None:
    """Faults of contrast, size and name that are put in are found: the rules do count."""
    visitor.see("listening")
    visitor.page.evaluate(
        """() => {
          const hint = document.querySelector("#state-hint");
          hint.style.color = "#767676";
          const help = document.querySelector("#help");
          help.setAttribute("aria-label", "Assistance");
          for (const name of ["one", "two"]) {
            const tiny = document.createElement("button");
            tiny.textContent = name;
            const left = name === "one" ? 0 : 10;
            tiny.style.cssText = "min-width:0; min-height:0; width:9px; height:9px; padding:0;"
              + `position:absolute; top:0; overflow:hidden; left:${left}px`;
            document.querySelector("main").append(tiny);
          }
        }"""
    )
    found = {line.split(":")[0] for line in violations(visitor)}
    assert found >= {"color-contrast-enhanced", "label-content-name-mismatch", "target-size"}


def test_no_violation_when_gone(visitor: Visitor) -> None:
    """No rule is broken while the assistant is out of reach."""
    visitor.server.leave()
    visitor.page.wait_for_selector("#gone", state="visible")
    assert violations(visitor) == []
