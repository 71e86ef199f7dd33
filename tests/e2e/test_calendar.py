"""The working calendar: an administrator enters holidays in the browser, and is told when a year has none."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import ApiOf, OpenPage
from tests.e2e.steps import enter, heading, said, sheet
from tests.e2e.test_screens import inspect

YEAR = 2031
NOTICES = [{"code": "calendar_year_missing", "params": {"year": YEAR}}, {"code": "dead_events", "params": {"count": 2}}]


def to_november(page: Page, year: int) -> None:
    """Through the warning to January of its year, and on to the month that this test has to itself."""
    page.get_by_role("button", name=f"去 {year} 年 1 月").click()
    for _ in range(10):
        page.get_by_role("button", name="下个月").click()
    expect(page.get_by_role("heading", level=2, name=f"{year}年11月")).to_be_visible()


@pytest.mark.parametrize(("device", "year"), [("phone", YEAR), ("pc", YEAR + 1)])
def test_a_holiday_is_entered_overridden_and_kept_with_its_author(open_page: OpenPage, api_of: ApiOf, device: str, year: int) -> None:
    page = open_page(device)
    warning = {"items": [{"code": "calendar_year_missing", "year": year}]}
    page.route("**/api/v1/calendar/warnings", lambda route: route.fulfill(json=warning))
    enter(page, "admin", "/me")
    page.get_by_role("link", name="工作日历").click()
    expect(page.get_by_text(f"{year} 年的放假安排还没有录入")).to_be_visible()
    to_november(page, year)
    expect(page.get_by_text("本月没有特殊安排")).to_be_visible()

    page.get_by_role("button", name="11月4日").click()
    expect(sheet(page).get_by_role("radio", name="上班")).to_be_checked()
    expect(sheet(page).get_by_role("button", name="保存", exact=True)).to_be_disabled()
    sheet(page).get_by_role("radio", name="休息").check()
    sheet(page).get_by_label("到", exact=True).fill(f"{year}-11-03")
    sheet(page).get_by_role("button", name="保存", exact=True).click()
    expect(sheet(page).get_by_text("结束不能早于开始")).to_be_visible()
    sheet(page).get_by_label("到", exact=True).fill(f"{year}-11-06")
    sheet(page).get_by_label("说明").fill("厂庆")
    sheet(page).get_by_role("button", name="保存", exact=True).click()
    said(page, "已保存")
    rows = page.get_by_role("main").get_by_role("listitem")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("厂庆")
    expect(rows.first).to_contain_text("公司设定")

    rows.last.get_by_role("button").click()
    expect(sheet(page).get_by_role("radio", name="休息")).to_be_checked()
    expect(sheet(page).get_by_role("button", name="保存", exact=True)).to_be_disabled()
    sheet(page).get_by_role("radio", name="上班").check()
    sheet(page).get_by_label("说明").fill("照常上班")
    sheet(page).get_by_role("button", name="保存", exact=True).click()
    expect(rows.last).to_contain_text("照常上班")
    expect(sheet(page)).to_be_hidden()
    assert inspect(page, f"{device}-calendar-entered") == []
    kept = api_of("admin").get("/calendar/days", params={"from": f"{year}-11-01", "to": f"{year}-11-30"}).json()["items"]
    assert [(day["date"][-2:], day["is_workday"], day["name"]) for day in kept] == [
        ("04", False, "厂庆"), ("05", False, "厂庆"), ("06", True, "照常上班"),
    ]  # fmt: skip
    audited = api_of("admin").get("/audit-entries", params={"table": "calendar_day", "row_id": f"{year}-11-06"}).json()["items"]
    me = api_of("admin").get("/me").json()["id"]
    assert [(entry["action"], entry["actor"]) for entry in audited] == [("update", me), ("insert", me)]


@pytest.mark.parametrize("device", ["phone", "pc"])
def test_today_tells_the_administrator_what_the_installation_needs(open_page: OpenPage, device: str) -> None:
    """Neither is so in the demo: the answer of the server is completed here."""

    def with_notices(route: Route) -> None:
        route.fulfill(json=route.fetch().json() | {"notices": NOTICES})

    page = open_page(device)
    page.route("**/api/v1/today", with_notices)
    enter(page, "admin", "/today")
    expect(page.get_by_text(f"{YEAR} 年的放假安排还没有录入")).to_be_visible()
    expect(page.get_by_text("有 2 个系统事件处理失败")).to_be_visible()
    assert inspect(page, f"{device}-today-notices") == []
    page.get_by_role("link", name="去录入").click()
    expect(heading(page, "工作日历")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="去查看").click()
    expect(heading(page, "失败事件")).to_be_visible()
