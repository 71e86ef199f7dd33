"""The main job without a mouse."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.checks import settle
from tests.e2e.conftest import PASSWORD, ApiOf, OpenPage
from tests.e2e.steps import enter, new_lead, said, sheet

FOCUS_IS_SEEN = """
() => {
  const element = document.activeElement
  const style = getComputedStyle(element)
  const box = element.getBoundingClientRect()
  return box.width > 0 && (style.outlineStyle !== 'none' || style.boxShadow !== 'none' || getComputedStyle(element, '::after').outlineStyle !== 'none')
}
"""
MOST_STOPS = 250


def tab_to(page: Page, role: str, name: str, *, within: str | None = None) -> None:
    """Presses Tab until the control has the focus; every stop on the way shows that it has it."""
    wanted = (page.get_by_role("article").filter(has_text=within) if within else page).get_by_role(role, name=name, exact=True)
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if wanted.count() and wanted.first.evaluate("(element) => element === document.activeElement"):
            assert page.evaluate(FOCUS_IS_SEEN), f"the focus on {name} cannot be seen"
            return
    raise AssertionError(f"Tab does not reach {role} {name}")


def test_from_the_sign_in_to_a_logged_follow_up(open_page: OpenPage, api_of: ApiOf) -> None:
    company = new_lead(api_of("zhanglei"), "键盘")["company"]
    page = open_page("pc")
    page.goto("/sign-in")
    tab_to(page, "textbox", "账号")
    page.keyboard.type("zhanglei")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("article").filter(has_text=company)).to_be_visible()
    page.get_by_role("link", name="跳到正文").focus()
    page.keyboard.press("Enter")
    tab_to(page, "button", "记录跟进", within=company)
    page.keyboard.press("Enter")
    expect(sheet(page)).to_be_visible()
    tab_to(page, "radio", "已联系上")
    page.keyboard.press("ArrowRight")
    expect(sheet(page).get_by_role("radio", name="有意向")).to_be_checked()
    tab_to(page, "textbox", "说了什么")
    page.keyboard.type("键盘也能记")
    tab_to(page, "button", "保存跟进")
    page.keyboard.press("Enter")
    said(page, "跟进已记录")
    expect(page.get_by_role("article").filter(has_text=company)).to_have_count(0)


@pytest.mark.parametrize("is_still", [True, False])
def test_escape_closes_a_sheet_and_the_focus_returns(open_page: OpenPage, is_still: bool) -> None:
    """Also of a sheet that is still coming in."""
    page = open_page("pc", is_still=is_still)
    enter(page, "zhanglei")
    opener = page.get_by_role("article").get_by_role("button", name="记录跟进").first
    for waits in (False, True):
        opener.press("Enter")
        expect(sheet(page)).to_be_visible()
        if waits:
            settle(page)
        page.keyboard.press("Escape")
        expect(sheet(page)).to_have_count(0)
        expect(opener).to_be_focused()
