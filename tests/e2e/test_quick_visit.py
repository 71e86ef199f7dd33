"""An effective visit is logged on a phone in less time than it takes to say what happened."""

from playwright.sync_api import Locator, expect

from tests.e2e.conftest import ApiOf, OpenPage
from tests.e2e.steps import enter, new_customer, said, sheet

TAP, THINK, KEY = 1.1, 1.35, 0.28
"""Seconds by the keystroke-level model (KLM-GOMS: Card, Moran and Newell 1980): to point at something, to make up one's mind, to press a key."""
KEYS_EACH = 3
"""Keys that a Chinese character takes with pinyin."""
VISIT_WITHIN = 20


class Thumb:
    """Somebody at a phone; what they do is counted."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def tap(self, where: Locator, *, after_thinking: bool = False) -> None:
        where.tap(force=True)
        self.seconds += TAP + (THINK if after_thinking else 0)

    def type(self, where: Locator, words: str) -> None:
        self.tap(where, after_thinking=True)
        where.press_sequentially(words)
        self.seconds += len(words) * KEYS_EACH * KEY


def test_an_effective_visit_is_logged_on_a_phone_within_twenty_seconds(open_page: OpenPage, api_of: ApiOf) -> None:
    customer = new_customer(api_of("zhanglei"), "快记", address="苏州工业园区 8 号")
    page, thumb = open_page("phone", of="zhanglei"), Thumb()
    enter(page, "zhanglei", f"/customers/{customer['id']}")
    thumb.tap(page.get_by_role("main").get_by_role("button", name="记录跟进").last)
    thumb.tap(sheet(page).get_by_text("拜访", exact=True), after_thinking=True)
    expect(sheet(page).get_by_role("radio", name="苏州工业园区 8 号")).to_be_checked()
    expect(sheet(page).get_by_role("checkbox", name="钱总 · 决策人")).to_be_checked()
    thumb.type(sheet(page).get_by_label("说了什么"), "看了样件，月供两万件")
    thumb.tap(sheet(page).get_by_text("发报价", exact=True), after_thinking=True)
    expect(sheet(page).get_by_role("status").last).to_have_text("有效拜访")
    thumb.tap(sheet(page).get_by_role("button", name="保存跟进"))
    said(page, "跟进已记录")
    expect(page.get_by_role("listitem").filter(has_text="看了样件，月供两万件")).to_contain_text("有效拜访")
    assert thumb.seconds < VISIT_WITHIN
