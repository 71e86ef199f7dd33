"""The working calendar: an administrator enters holidays in the browser, and is told when a year has none."""

from typing import Any

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


def take_back(page: Page, api_of: ApiOf, device: str, year: int, kept: list[dict[str, Any]]) -> None:
    """The last two days are no longer the company's; what is `kept` stays."""
    rows = page.get_by_role("main").get_by_role("listitem")
    rows.last.get_by_role("button").click()
    assert inspect(page, f"{device}-calendar-company-day") == []
    sheet(page).get_by_label("从", exact=True).fill(f"{year}-11-05")
    sheet(page).get_by_role("button", name="撤销公司设定").click()
    said(page, "已撤销")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("11月4日")
    left = api_of("admin").get("/calendar/days", params={"from": f"{year}-11-01", "to": f"{year}-11-30"}).json()["items"]
    assert left == kept
    audited = api_of("admin").get("/audit-entries", params={"table": "calendar_day", "row_id": f"{year}-11-06"}).json()["items"]
    assert [(entry["action"], entry["after"].get("is_active")) for entry in audited] == [
        ("update", False),
        ("update", None),
        ("insert", True),
    ]


def confirm_year(page: Page, api_of: ApiOf, device: str, year: int) -> None:
    """All is entered, somebody says; and takes it back."""
    page.get_by_role("button", name=f"{year} 年已录完").click()
    page.get_by_role("dialog").get_by_role("button", name="已录完").click()
    said(page, "已确认，不再提醒")
    expect(page.get_by_text(f"{year} 年的放假安排由公司录入并确认")).to_be_visible()
    assert year in api_of("admin").get("/calendar/years").json()["items"]
    assert inspect(page, f"{device}-calendar-confirmed") == []
    page.get_by_role("button", name="撤回确认").click()
    said(page, "已撤回确认")
    assert year not in api_of("admin").get("/calendar/years").json()["items"]


@pytest.mark.parametrize(("device", "year"), [("phone", YEAR), ("pc", YEAR + 1)])
def test_a_holiday_is_entered_overridden_and_kept_with_its_author(open_page: OpenPage, api_of: ApiOf, device: str, year: int) -> None:
    page = open_page(device, of="admin")
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
    take_back(page, api_of, device, year, kept[:1])
    confirm_year(page, api_of, device, year)


@pytest.mark.parametrize("device", ["phone", "pc"])
def test_today_tells_the_administrator_what_the_installation_needs(open_page: OpenPage, device: str) -> None:
    """Neither is so in the demo: the answer of the server is completed here."""

    def with_notices(route: Route) -> None:
        route.fulfill(json=route.fetch().json() | {"notices": NOTICES})

    page = open_page(device, of="admin")
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


@pytest.mark.parametrize("device", ["phone", "pc"])
def test_working_hours_are_set_and_the_history_says_so(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    usual = api_of("admin").get("/calendar/windows").json()
    page = open_page(device, of="admin")
    enter(page, "admin", "/admin/calendar")
    hours = page.get_by_role("region", name="上下班时间")
    save = hours.get_by_role("button", name="保存上下班时间")
    expect(save).to_be_disabled()
    hours.get_by_label("下班", exact=True).fill("08:00")
    save.click()
    expect(hours.get_by_text("下班不能早于上班")).to_be_visible()
    hours.get_by_label("下班", exact=True).fill("12:00")
    hours.get_by_role("button", name="增加一段").click()
    hours.get_by_label("上班", exact=True).last.fill("13:00")
    hours.get_by_label("下班", exact=True).last.fill("18:00")
    save.click()
    said(page, "已保存，未到期的时限按新日历重算")
    assert [one["closes"] for one in api_of("admin").get("/calendar/windows").json()["items"]] == ["12:00", "18:00"]
    page.get_by_role("button", name="变更记录").click()
    change = page.get_by_role("main").get_by_role("listitem").filter(has_text="13:00:00").first
    expect(change).to_contain_text("周敏")
    change.scroll_into_view_if_needed()
    assert inspect(page, f"{device}-calendar-hours") == []
    api_of("admin").put("/calendar/windows", json=usual).raise_for_status()
