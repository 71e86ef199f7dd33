"""Every main screen in both sizes: axe finds nothing, nothing is cut off or too wide; loading, empty and error states say what to do."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.checks import overflow, picture, settle, violations
from tests.e2e.conftest import ApiOf, OpenPage
from tests.e2e.screens import WALKS, ZH, walk
from tests.e2e.steps import enter, heading, new_lead

DEVICES = ("phone", "pc")
LISTS = {
    "today": ("/today", "**/api/v1/today"),
    "leads": ("/leads", "**/api/v1/leads?*"),
    "notifications": ("/notifications", "**/api/v1/notifications?*"),
    "people": ("/admin/people", "**/api/v1/people?*"),
    "regions": ("/admin/regions", "**/api/v1/regions"),
    "deliveries": ("/admin/deliveries", "**/api/v1/deliveries*"),
}
NOTHING = {"items": [], "next_cursor": None, "generated_at": "2026-03-10T02:00:00Z", "counts": {}}


def inspect(page: Page, name: str) -> list[str]:
    """What is wrong with a screen; takes its picture on the way."""
    settle(page)
    picture(page, name)
    return [f"{name}: {found}" for found in (*overflow(page), *violations(page))]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("login", list(WALKS))
def test_every_screen_is_whole_and_accessible(open_page: OpenPage, device: str, login: str) -> None:
    page = open_page(device)
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


def tabs(first: Page, answer: Callable[[Route], None]) -> dict[str, Page]:
    """A tab for each list, whose request gets the given answer."""
    opened = {name: first.context.new_page() for name in LISTS}
    for name, page in opened.items():
        path, url = LISTS[name]
        page.route(url, answer)
        page.goto(path, wait_until="commit")
    return opened


def judged(device: str, state: str, pages: dict[str, Page]) -> list[str]:
    found = []
    for name, page in pages.items():
        page.bring_to_front()
        found += inspect(page, f"{device}-{name}-{state}")
    return found


@pytest.mark.parametrize("device", DEVICES)
def test_a_list_that_cannot_be_loaded_says_so_and_loads_on_retry(open_page: OpenPage, device: str) -> None:
    first = open_page(device)
    enter(first, "admin", "/me")
    pages = tabs(first, lambda route: route.abort())
    for page in pages.values():
        expect(page.get_by_role("alert").get_by_text("连不上服务器")).to_be_visible()
    assert judged(device, "error", pages) == []
    page = pages["people"]
    page.unroute_all()
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_text("张磊", exact=True)).to_be_visible()


@pytest.mark.parametrize("device", DEVICES)
def test_an_empty_list_says_what_to_do(open_page: OpenPage, device: str) -> None:
    first = open_page(device)
    enter(first, "admin", "/me")
    pages = tabs(first, lambda route: route.fulfill(status=200, content_type="application/json", body=json.dumps(NOTHING)))
    for page in pages.values():
        expect(page.get_by_role("main").get_by_role("heading", level=2).first).to_be_visible()
    assert judged(device, "empty", pages) == []


@pytest.mark.parametrize("device", DEVICES)
def test_a_list_that_is_loading_shows_where_it_will_stand(open_page: OpenPage, device: str) -> None:
    first, held = open_page(device), list[Route]()
    enter(first, "admin", "/me")
    pages = tabs(first, held.append)
    for page in pages.values():
        expect(page.get_by_role("status", name="加载中").first).to_be_visible()
    assert judged(device, "loading", pages) == []
    for route in held:
        route.continue_()
    expect(pages["people"].get_by_text("张磊", exact=True)).to_be_visible()


def test_a_lead_that_is_not_mine_says_so(open_page: OpenPage, api_of: ApiOf) -> None:
    lead = new_lead(api_of("yangfan"), "别人的")
    page = open_page("phone")
    enter(page, "zhanglei", f"/leads/{lead['id']}")
    expect(page.get_by_text("没有这条线索，或不在你的可见范围内")).to_be_visible()
    assert inspect(page, "phone-lead-gone") == []
    page.get_by_role("link", name="回到今日待办").tap()
    expect(heading(page, "今日待办")).to_be_visible()


@pytest.mark.parametrize("path", ["/admin/people", "/admin/regions", "/admin/deliveries"])
def test_the_pages_of_the_administrator_are_closed_to_a_rep(open_page: OpenPage, path: str) -> None:
    page = open_page("phone")
    enter(page, "zhanglei", path)
    expect(page.get_by_text("没有权限查看")).to_be_visible()
