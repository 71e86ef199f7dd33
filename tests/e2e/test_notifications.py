"""OPEN-4 in the app: the bell counts, the list opens what it tells of, reading clears it."""

import re

import httpx
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import ApiOf, OpenPage
from tests.e2e.steps import enter, heading, new_lead, said

REP = "huanglihua"


def tell(api_of: ApiOf, about: str) -> str:
    """Marketing enters a lead that goes to the one rep present in the south; returns its company."""
    lead = new_lead(api_of("linyue"), about, province="广东", city="佛山", assign_to_me=False)
    company: str = lead["company"]
    return company


def notice(page: Page, company: str) -> Locator:
    return page.get_by_role("main").get_by_role("listitem").filter(has_text=company)


def unread(page: Page, count: int) -> None:
    badge = page.get_by_role("navigation", name="主导航").get_by_role("link", name=re.compile("通知"))
    expect(badge).to_contain_text(f"{count} 条未读") if count else expect(badge).not_to_contain_text("未读")


def count(api: httpx.Client) -> int:
    unread_now: int = api.get("/notifications/summary").json()["unread"]
    return unread_now


def test_the_bell_counts_up_by_itself_and_down_with_each_one_read(open_page: OpenPage, api_of: ApiOf) -> None:
    rep = api_of(REP)
    rep.post("/notifications/read-all").raise_for_status()
    page = open_page("phone")
    enter(page, REP, "/notifications")
    unread(page, 0)
    first, second = tell(api_of, "东莞提醒"), tell(api_of, "佛山提醒")
    unread(page, 2)
    expect(notice(page, first)).to_contain_text("未读")
    notice(page, first).get_by_role("button", name="标为已读").tap()
    expect(notice(page, first)).not_to_contain_text("未读")
    unread(page, 1)
    notice(page, second).get_by_role("link").tap()
    expect(heading(page, second)).to_be_visible()
    page.get_by_role("button", name="返回").tap()
    unread(page, 0)
    assert count(rep) == 0


def test_read_all(open_page: OpenPage, api_of: ApiOf) -> None:
    rep = api_of(REP)
    rep.post("/notifications/read-all").raise_for_status()
    page = open_page("pc")
    enter(page, REP, "/notifications")
    companies = [tell(api_of, about) for about in ("中山提醒", "惠州提醒")]
    unread(page, 2)
    page.get_by_text("只看未读").click()
    for company in companies:
        expect(notice(page, company)).to_be_visible()
    page.get_by_role("button", name="全部已读").click()
    said(page, "已全部标为已读")
    unread(page, 0)
    expect(page.get_by_text("没有未读通知")).to_be_visible()
    expect(page.get_by_role("button", name="全部已读")).to_be_disabled()
    assert count(rep) == 0
