"""What holds on every screen: axe finds nothing, nothing is wider than the screen, the copy is translated, nothing jumps."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.e2e.conftest import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = os.environ.get("CHENGDAN_SHOTS")

# Nothing of ours comes from another origin, so there is nothing to fetch beforehand.
AXE_RUN = """
async () => {
  const where = document.querySelector('[role=dialog]') ?? document
  return (await axe.run(where, { resultTypes: ['violations'], preload: false })).violations
}
"""

COUNT_SHIFTS = """
window.shifted = 0
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value
}).observe({ type: 'layout-shift', buffered: true })
"""

SETTLED = """
() => document.getAnimations().every((one) => one.effect?.getComputedTiming().iterations === Infinity || one.playState === 'finished')
"""

TOO_WIDE = """
(room) => [...document.body.querySelectorAll('*')]
  .filter((element) => element.getBoundingClientRect().right > room + 1)
  .slice(0, 3)
  .map((element) => element.outerHTML.slice(0, 160))
"""

# What lies in a box that scrolls sideways, such as a wide table, is reached by scrolling it; a fixed bar has no such way.
OUT_OF_REACH = """
(room) => {
  const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth
  const isReached = (element) => {
    for (let box = element.parentElement; box && box !== document.body; box = box.parentElement) if (scrolls(box)) return true
    return false
  }
  return [...document.querySelectorAll('a[href], button, [role=button]')]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => element.getBoundingClientRect().right > room + 1 && !isReached(element))
    .map((element) => `${Math.ceil(element.getBoundingClientRect().right)}: ${element.outerHTML.slice(0, 160)}`)
}
"""


@cache
def _axe() -> str:
    return AXE.read_text()


def settle(page: Page) -> None:
    """Loaded, and every animation that ends has ended: axe and the eye judge what stays."""
    page.evaluate("document.fonts.ready")
    page.wait_for_function(SETTLED)


def violations(page: Page) -> Iterator[str]:
    """Everything that axe objects to, as one line each; under an open sheet lies a screen that was judged without it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    found: list[dict[str, Any]] = page.evaluate(AXE_RUN)
    for violation in found:
        for node in violation["nodes"]:
            yield f"{violation['impact']} {violation['id']}: {node['target']} {node['failureSummary']}"


def overflow(page: Page) -> Iterator[str]:
    """What makes the page wider than the screen, so that a phone would zoom out, and every control beyond its right edge."""
    assert page.viewport_size is not None
    room, width = page.viewport_size["width"], page.evaluate("document.scrollingElement.scrollWidth")
    if width > room:
        yield f"{width} px wide: {page.evaluate(TOO_WIDE, room)}"
    for control in page.evaluate(OUT_OF_REACH, room):
        yield f"ends beyond {room}: {control}"


def picture(page: Page, name: str) -> None:
    """A screenshot where CHENGDAN_SHOTS names a folder."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def healthy(page: Page, name: str) -> list[str]:
    """Takes a picture and says what is wrong with the screen as it stands."""
    settle(page)
    picture(page, name)
    return [f"{name}: {found}" for found in (*overflow(page), *violations(page))]
