"""OPEN-4 in the app: the bell counts, the list opens what it tells of, reading clears it."""

import re

import httpx
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ApiOf, OpenPage
from tests.e2e.steps import enter, heading, new_lead, notice, said

REP = "huanglihua"
LOOKS = 10


def tell(api_of: ApiOf, about: str) -> str:
    """Marketing enters a lead that goes to the one rep present in the south; returns its company."""
    lead = new_lead(api_of("linyue"), about, province="广东", city="佛山", assign_to_me=False)
    company: str = lead["company"]
    return company


def agrees(page: Page, rep: httpx.Client) -> None:
    """The bell shows what the server counts, also while further reminders of the same leads come in."""
    bell = page.get_by_role("navigation", name="主导航").get_by_role("link", name=re.compile("通知"))
    for _ in range(LOOKS):
        unread = rep.get("/notifications/summary").json()["unread"]
        try:
            expect(bell).to_have_accessible_name(f"通知 {unread} 条未读" if unread else "通知", timeout=1_000)
        except AssertionError:
            continue
        return
    raise AssertionError(f"the bell says {bell.inner_text()}, the server {unread}")


def is_read(rep: httpx.Client, company: str) -> bool:
    items = rep.get("/notifications", params={"limit": 50}).json()["items"]
    (found,) = [item for item in items if item["kind"] == "lead.assigned" and item["params"]["company"] == company]
    return found["read_at"] is not None


def test_the_bell_counts_up_by_itself_and_down_with_each_one_read(open_page: OpenPage, api_of: ApiOf) -> None:
    rep, page = api_of(REP), open_page("phone", of=REP)
    enter(page, REP, "/notifications")
    first, second = tell(api_of, "东莞提醒"), tell(api_of, "佛山提醒")
    for company in (first, second):
        expect(notice(page, company)).to_contain_text("未读")
    agrees(page, rep)
    notice(page, first).get_by_role("button", name="标为已读").tap()
    expect(notice(page, first)).not_to_contain_text("未读")
    agrees(page, rep)
    assert (is_read(rep, first), is_read(rep, second)) == (True, False)
    notice(page, second).get_by_role("link").tap()
    expect(heading(page, second)).to_be_visible()
    page.get_by_role("button", name="返回").tap()
    expect(notice(page, second)).not_to_contain_text("未读")
    agrees(page, rep)


def test_read_all(open_page: OpenPage, api_of: ApiOf) -> None:
    rep, page = api_of(REP), open_page("pc", of=REP)
    enter(page, REP, "/notifications")
    companies = [tell(api_of, about) for about in ("中山提醒", "惠州提醒")]
    page.get_by_text("只看未读").click()
    for company in companies:
        expect(notice(page, company)).to_be_visible()
    page.get_by_role("button", name="全部已读").click()
    said(page, "已全部标为已读")
    for company in companies:
        expect(notice(page, company)).to_have_count(0)
        assert is_read(rep, company)
    agrees(page, rep)
