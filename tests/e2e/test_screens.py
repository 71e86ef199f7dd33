"""Every main screen in both sizes: axe finds nothing, nothing is cut off or too wide; loading, empty and error states say what to do."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.checks import overflow, picture, settle, violations
from tests.e2e.conftest import ApiOf, OpenPage
from tests.e2e.screens import WALKS, ZH, walk
from tests.e2e.steps import enter, go, heading, new_lead

DEVICES = ("phone", "pc")
LISTS = {
    "today": ("/today", "**/api/v1/today", "今日待办|，周敏"),
    "leads": ("/leads", "**/api/v1/leads?*", "线索"),
    "pool": ("/leads?scope=pool", "**/api/v1/leads?*", "线索"),
    "board": ("/board", "**/api/v1/board*", "项目看板"),
    "imports": ("/imports", "**/api/v1/imports?*", "导入"),
    "exports": ("/exports", "**/api/v1/exports?*", "导出"),
    "customers": ("/customers", "**/api/v1/customers?*", "客户"),
    "change-requests": ("/change-requests", "**/api/v1/change-requests?*", "变更审批"),
    "notifications": ("/notifications", "**/api/v1/notifications?*", "通知"),
    "people": ("/admin/people", "**/api/v1/people?*", "人员"),
    "regions": ("/admin/regions", "**/api/v1/regions", "区域"),
    "deliveries": ("/admin/deliveries", "**/api/v1/deliveries*", "推送记录"),
    "calendar": ("/admin/calendar", "**/api/v1/calendar/days*", "工作日历"),
    "dead-events": ("/admin/events", "**/api/v1/dead-events*", "失败事件"),
    "quarantine": ("/admin/quarantine", "**/api/v1/submissions?*", "隔离区"),
    "forms": ("/admin/forms", "**/api/v1/forms", "网站表单"),
    "scripts": ("/admin/scripts", "**/api/v1/script-templates", "首次联系话术"),
    "ladders": ("/admin/ladders", "**/api/v1/ladders", "超时规则"),
    "channels": ("/admin/channels", "**/api/v1/channels", "推送通道"),
}
NOTHING = {"items": [], "columns": [], "notices": [], "next_cursor": None, "generated_at": "2026-03-10T02:00:00Z", "counts": {}}


def inspect(page: Page, name: str) -> list[str]:
    """What is wrong with a screen; takes its picture on the way."""
    settle(page)
    picture(page, name)
    return [f"{name}: {found}" for found in (*overflow(page), *violations(page))]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("login", list(WALKS))
def test_every_screen_is_whole_and_accessible(open_page: OpenPage, device: str, login: str) -> None:
    page = open_page(device, of=login)
    found = [one for screen in walk(page, login, ZH) for one in inspect(page, f"{device}-{screen.name}")]
    assert found == []


@pytest.mark.parametrize("device", DEVICES)
def test_the_screens_without_a_session(open_page: OpenPage, device: str) -> None:
    page = open_page(device)
    found = []
    for name, path, title in (("sign-in", "/sign-in", "登录"), ("not-found", "/no-such-page", "没有这个页面")):
        page.goto(path)
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        found += inspect(page, f"{device}-{name}")
    assert found == []


@pytest.mark.parametrize("device", DEVICES)
def test_a_path_that_leads_nowhere_keeps_the_navigation(open_page: OpenPage, device: str) -> None:
    page = open_page(device, of="zhanglei")
    enter(page, "zhanglei", "/admin/no-such-page")
    expect(heading(page, "没有这个页面")).to_be_visible()
    assert inspect(page, f"{device}-not-found-inside") == []
    page.get_by_role("navigation").get_by_role("link", name="线索").click()
    expect(heading(page, "线索")).to_be_visible()


@pytest.mark.parametrize(("login", "title"), [("admin", "隔离区"), ("zhanglei", "张磊")])
def test_the_bare_path_of_the_administration_leads_to_what_one_may_see_first(open_page: OpenPage, login: str, title: str) -> None:
    page = open_page("pc", of=login)
    enter(page, login, "/admin")
    expect(heading(page, title)).to_be_visible()


def test_every_entry_of_a_long_side_bar_is_reached_above_the_user_card(open_page: OpenPage) -> None:
    """A low window stands for a long list: the entries have more height than room."""
    page = open_page("pc", of="admin")
    page.set_viewport_size({"width": 1440, "height": 560})
    enter(page, "admin", "/admin/events")
    expect(heading(page, "失败事件")).to_be_visible()
    nav = page.get_by_role("navigation")
    assert nav.evaluate("(bar) => bar.scrollHeight > bar.clientHeight")
    entries, edge = nav.get_by_role("link"), page.locator("aside > button").last.bounding_box()
    assert edge is not None
    settle(page)
    picture(page, "pc-low-side-bar")
    current = nav.locator("[aria-current=page]").bounding_box()
    assert current is not None
    assert current["y"] + current["height"] < edge["y"]
    for place in range(entries.count()):
        entries.nth(place).focus()
        box = entries.nth(place).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < edge["y"]


def refused(route: Route) -> None:
    body = {"status": 404, "code": "not_found", "title": "Not found", "detail": "", "request_id": "01890000", "params": {}, "errors": []}
    route.fulfill(status=404, content_type="application/problem+json", body=json.dumps(body))


def nothing(route: Route) -> None:
    route.fulfill(json=NOTHING)


def no_answer(_: Route) -> None:
    """The request stays open until the page is closed."""


STATES: dict[str, tuple[Callable[[Route], None], Callable[[Page], Locator]]] = {
    "error": (refused, lambda page: page.get_by_role("alert").get_by_role("button", name="重试")),
    "empty": (nothing, lambda page: page.get_by_role("main").get_by_role("heading", level=2)),
    "loading": (no_answer, lambda page: page.get_by_role("status", name="加载中")),
}


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("state", list(STATES))
def test_every_list_says_what_it_is_up_to_when_it_has_nothing_to_show(open_page: OpenPage, device: str, state: str) -> None:
    page, found = open_page(device, of="admin"), []
    answer, sign = STATES[state]
    for _, url, _ in LISTS.values():
        page.route(url, answer)
    enter(page, "admin", "/today")
    for name, (path, _, title) in LISTS.items():
        go(page, path)
        expect(page).to_have_title(re.compile(title))
        expect(sign(page).first).to_be_visible()
        found += inspect(page, f"{device}-{name}-{state}")
    assert found == []


def test_a_list_that_could_not_be_loaded_loads_on_retry(open_page: OpenPage) -> None:
    page = open_page("phone", of="admin")
    page.route(LISTS["people"][1], lambda route: route.abort())
    enter(page, "admin", "/admin/people")
    expect(page.get_by_role("alert").get_by_text("连不上服务器")).to_be_visible()
    page.unroute_all()
    page.get_by_role("button", name="重试").tap()
    expect(page.get_by_role("button", name="张磊", exact=True)).to_be_visible()


def test_a_lead_that_is_not_mine_says_so(open_page: OpenPage, api_of: ApiOf) -> None:
    lead = new_lead(api_of("yangfan"), "别人的")
    page = open_page("phone", of="zhanglei")
    enter(page, "zhanglei", f"/leads/{lead['id']}")
    expect(page.get_by_text("没有这条线索，或不在你的可见范围内")).to_be_visible()
    assert inspect(page, "phone-lead-gone") == []
    page.get_by_role("link", name="回到今日待办").tap()
    expect(heading(page, "今日待办")).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        "/admin/people",
        "/admin/regions",
        "/admin/deliveries",
        "/admin/quarantine",
        "/admin/forms",
        "/admin/scripts",
        "/admin/document-kinds",
        "/admin/ladders",
        "/admin/calendar",
        "/admin/channels",
        "/admin/roles",
        "/admin/events",
    ],
)
def test_the_pages_of_the_administrator_are_closed_to_a_rep(open_page: OpenPage, path: str) -> None:
    page = open_page("phone", of="zhanglei")
    enter(page, "zhanglei", path)
    expect(page.get_by_text("没有权限查看")).to_be_visible()
