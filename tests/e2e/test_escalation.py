"""LEAD-5: what nobody followed up within 48 hours stands on the supervisor's Today, to be taken over or reassigned."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import ApiOf, OpenPage
from tests.e2e.steps import card, enter, new_lead, said, section, sheet

SWEPT_WITHIN = 15_000
REP, SUPERVISOR = "yangfan", "liuweimin"


def escalated(page: Page, company: str) -> None:
    expect(card(section(page, "待接管"), company)).to_be_visible(timeout=SWEPT_WITHIN)


@contextmanager
def unread_today(page: Page) -> Iterator[None]:
    """Today is asked for and gets no answer yet."""
    held: list[Route] = []
    page.route("**/api/v1/today*", lambda route: held.append(route))  # noqa: PLW0108 - a built-in cannot be marked as handled
    yield
    for route in held:
        route.continue_()
    page.unroute("**/api/v1/today*")


def owner(api: httpx.Client, lead: dict[str, str]) -> str:
    name: str = api.get(f"/leads/{lead['id']}").raise_for_status().json()["owner"]["name"]
    return name


def test_after_48_hours_the_supervisor_takes_over_one_lead_and_gives_the_other_to_somebody(
    open_page: OpenPage, api_of: ApiOf, moved_clock: Callable[[str], str]
) -> None:
    taken, given, done = (new_lead(api_of(REP), about) for about in ("接管", "改派", "已跟进"))
    call = {"kind": "call", "outcome": "reached"}
    api_of(REP).post(f"/leads/{done['id']}/follow-ups", json=call, headers={"Idempotency-Key": done["id"]}).raise_for_status()
    page = open_page("phone", of=SUPERVISOR)
    enter(page, SUPERVISOR)
    expect(card(page, taken["company"])).to_have_count(0)

    moved_clock("48h")
    escalated(page, taken["company"])
    escalated(page, given["company"])
    expect(card(page, done["company"])).to_have_count(0)
    expect(card(page, taken["company"])).to_contain_text(re.compile(r"杨帆 超时没有首次联系，已上报给你 · 今天 \d\d:\d\d 上报"))

    card(page, taken["company"]).get_by_role("button", name="接管").tap()
    sheet(page).get_by_label("原因").fill("客户催得急，我先联系")
    with unread_today(page):
        sheet(page).get_by_role("button", name="确认接管").tap()
        said(page, "已由你接管")
        expect(card(section(page, "待接管"), taken["company"])).to_have_count(0)
        expect(card(section(page, "待接管"), given["company"])).to_be_visible()
    expect(card(page, taken["company"])).to_contain_text("分配")

    card(page, given["company"]).get_by_role("button", name="改派").tap()
    sheet(page).get_by_role("button", name="确认改派").tap()
    expect(sheet(page).get_by_text("请选一个人")).to_be_visible()
    expect(sheet(page).get_by_text("请写明原因")).to_be_visible()
    chosen = sheet(page).get_by_role("radiogroup", name="改派给谁").locator("label").first
    name = chosen.locator("strong").inner_text()
    chosen.tap()
    sheet(page).get_by_label("原因").fill("杨帆出差")
    sheet(page).get_by_role("button", name="确认改派").tap()
    said(page, f"已改派给 {name}")
    expect(card(page, given["company"])).to_have_count(0)
    director = api_of(SUPERVISOR)
    assert (owner(director, taken), owner(director, given)) == ("刘伟民", name)
