"""axe-core finds nothing, in any state and theme, with its strictest rules on."""

from __future__ import annotations

import pytest

from axe import violations
from page_states import shots
from page_visitor import Visitor


@pytest.mark.parametrize("theme", ["light", "dark", "yellow"])
def test_no_violation_in_any_state(visitor: Visitor, theme: str) -> None:
    """No rule of axe-core is broken in any state, with any panel open."""
    found = {}
    for name in shots(visitor.server.library):
        visitor.see(name, theme)
        found[name] = violations(visitor.page)
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
    found = {line.split(":")[0] for line in violations(visitor.page)}
    assert found >= {"color-contrast-enhanced", "label-content-name-mismatch", "target-size"}


def test_no_violation_when_gone(visitor: Visitor) -> None:
    """No rule is broken while the assistant is out of reach."""
    visitor.server.leave()
    visitor.page.wait_for_selector("#gone", state="visible")
    assert violations(visitor.page) == []
