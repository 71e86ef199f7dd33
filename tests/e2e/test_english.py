"""English is complete: on every screen, whatever is Chinese came from the company's own data."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.checks import overflow, picture, settle
from tests.e2e.conftest import ApiOf, OpenPage
from tests.e2e.screens import EN, walk
from tests.e2e.steps import enter, heading

HAN = re.compile(r"[\u4e00-\u9fff]+")
# A script comes with gaps, which the screen fills with values of the same answer.
GAP = re.compile(r"\{[a-z_]+\}")
# The other language names itself.
NAMES_ITSELF = "简体中文"
COPY = """
() => {
  const found = new Set([document.title])
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement
    if (!element.closest('[aria-hidden=true], script, style') && element.checkVisibility()) found.add(walker.currentNode.textContent)
  }
  for (const element of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]')) {
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) found.add(element.getAttribute(name) ?? '')
  }
  return [...found]
}
"""


# An answer that nobody waits for any more is given up half-way; it is on no screen.
KEEP_ANSWERS = """
window.received = []
const real = window.fetch
window.fetch = async (...asked) => {
  const answer = await real(...asked)
  if (answer.ok && answer.status !== 204 && answer.headers.get('content-type')?.includes('application/json')) {
    window.received.push(answer.clone().text().catch(() => 'null'))
  }
  return answer
}
"""


def strings(value: Any) -> set[str]:
    """Every Chinese text in an answer, names of the company's own fields among them, but not the Chinese names that have an English twin."""
    if isinstance(value, dict):
        return {text for key, inner in value.items() if key != "name_zh" for text in strings(inner) | strings(key)}
    if isinstance(value, list):
        return {text for inner in value for text in strings(inner)}
    return {text.strip() for text in GAP.split(value) if HAN.search(text)} if isinstance(value, str) else set()


def data(page: Page) -> list[str]:
    """What the server sent to this page; the longest first, so that a name inside a sentence of the data does not tear it."""
    received = page.evaluate("Promise.all(window.received)")
    found = {text for answer in received for text in strings(json.loads(answer))}
    return sorted(found | {NAMES_ITSELF}, key=len, reverse=True)


def shown(page: Page) -> list[str]:
    """Every text on the screen."""
    return page.evaluate(COPY)


def own_words(shown: list[str], known: list[str]) -> list[str]:
    """The product's own Chinese words among those shown."""
    left = []
    for words in shown:
        rest = words
        for text in known:
            rest = rest.replace(text, "")
        if HAN.search(rest):
            left.append(words)
    return left


@pytest.fixture
def english(api_of: ApiOf):
    """People whose account speaks English, for one test."""
    changed = []

    def speaks(login: str) -> str:
        changed.append(login)
        api_of(login).patch("/me", json={"locale": "en"}).raise_for_status()
        return login

    yield speaks
    for login in changed:
        api_of(login).patch("/me", json={"locale": "zh-CN"}).raise_for_status()


@pytest.mark.parametrize(("login", "device"), [("zhanglei", "phone"), ("wanghaiyan", "pc"), ("admin", "pc")])
def test_no_chinese_copy_on_an_english_screen(open_page: OpenPage, english, login: str, device: str) -> None:
    page = open_page(device)
    page.add_init_script(KEEP_ANSWERS)
    found = []
    for screen in walk(page, english(login), EN):
        settle(page)
        picture(page, f"{device}-en-{screen.name}")
        # First what stands there, then what has come: an answer on its way must not show between the two.
        on_screen = shown(page)
        found += [(screen.name, words) for words in own_words(on_screen, data(page))] + list(overflow(page))
    assert found == []


CUT_OFF = """
() => {
  const choices = [...document.querySelectorAll('main .ant-select *')].filter((one) => getComputedStyle(one).textOverflow === 'ellipsis')
  const isCut = (one) => one.scrollWidth > one.clientWidth
  return [choices.length, choices.filter(isCut).map((one) => one.textContent)]
}
"""


@pytest.mark.parametrize("device", ["phone", "pc"])
def test_every_choice_of_a_ladder_is_read_in_full(open_page: OpenPage, english, device: str) -> None:
    page = open_page(device)
    enter(page, english("admin"), "/admin/ladders")
    expect(page.locator("main table tbody tr").first).to_be_visible()
    settle(page)
    count, cut = page.evaluate(CUT_OFF)
    assert (count, cut) == (3 * page.get_by_label("Amount").count(), [])


def test_the_language_is_switched_on_the_spot_and_follows_the_account(open_page: OpenPage, english) -> None:
    page = open_page("phone")
    enter(page, "zhanglei", "/me")
    english("zhanglei")
    page.get_by_text("English", exact=True).tap()
    expect(heading(page, "Me")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    other = open_page("pc")
    enter(other, "zhanglei")
    expect(other.get_by_role("link", name="Alerts")).to_be_visible()


def test_before_the_sign_in_the_browser_decides(open_page: OpenPage) -> None:
    page = open_page("phone", "en-GB")
    page.goto("/sign-in")
    expect(heading(page, "Sign in")).to_be_visible()
    assert own_words(shown(page), [NAMES_ITSELF]) == []
    page.get_by_role("button", name=NAMES_ITSELF).tap()
    expect(heading(page, "登录")).to_be_visible()
