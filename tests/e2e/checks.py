"""What holds on every screen: axe finds nothing, nothing is wider than the screen, the copy is translated, nothing jumps."""

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.e2e.conftest import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = os.environ.get("CHENGDAN_SHOTS")
HAN = re.compile(r"[\u4e00-\u9fff]")

COUNT_SHIFTS = """
window.shifted = 0
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value
}).observe({ type: 'layout-shift', buffered: true })
"""

SETTLED = """
() => document.getAnimations().every((one) => one.effect?.getComputedTiming().iterations === Infinity || one.playState === 'finished')
"""

WORDS = """
() => {
  const found = new Set()
  const visible = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  for (const element of document.querySelectorAll(
    'nav *, h1, h2, button, [role=button], [role=tab], label, th, dt, legend, [role=radio], [role=status], [role=alert], [aria-label], [placeholder], [title]')) {
    if (!visible(element) || element.closest('[data-is-data], [lang=zh-CN]:not(html)')) continue
    for (const name of ['aria-label', 'placeholder', 'title']) found.add(element.getAttribute(name) ?? '')
    for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) found.add(node.textContent.trim())
  }
  return [...found, document.title]
}
"""


@cache
def _axe() -> str:
    return AXE.read_text()


def settle(page: Page) -> None:
    """Loaded, and every animation that ends has ended: axe and the eye judge what stays."""
    page.wait_for_load_state("networkidle") if page.url.endswith("/sign-in") else None
    page.evaluate("document.fonts.ready")
    page.wait_for_function(SETTLED)


def violations(page: Page) -> Iterator[str]:
    """Everything that axe objects to, as one line each."""
    page.evaluate(_axe())
    report: dict[str, Any] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    for violation in report["violations"]:
        for node in violation["nodes"]:
            yield f"{violation['impact']} {violation['id']}: {node['target']} {node['failureSummary']}"


def overflow(page: Page) -> Iterator[str]:
    """The elements that make the page wider than the screen."""
    width, room = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
    if width > room:
        wide = page.evaluate(
            "[...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 120))"
        )
        yield f"{width - room} px too wide: {wide[:3]}"


def chinese_copy(page: Page, data: set[str]) -> Iterator[str]:
    """Chinese words of the product's own on an English screen; names and texts of the company are data."""
    for words in page.evaluate(WORDS):
        if HAN.search(words) and words not in data:
            yield words


def picture(page: Page, name: str) -> None:
    """A screenshot where CHENGDAN_SHOTS names a folder."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))
