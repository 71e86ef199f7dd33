"""公海: claiming, the days that are left, keeping a lead out of it, and the administrator's rules with their dry run; phone and PC."""

import secrets
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.checks import healthy
from tests.e2e.conftest import ApiOf, Installation, OpenPage
from tests.e2e.steps import choose, enter, heading, new_lead, said, sheet

DEVICES = ("phone", "pc")
ROWS = "main tbody tr.ant-table-row, main ul li:has(a)"


def row(page: Page, lead: dict[str, Any]) -> Locator:
    return page.locator(ROWS).filter(has_text=lead["company"])


def return_to_pool(installation: Installation, lead: dict[str, Any]) -> None:
    """As the sweep leaves a lead behind whose owner has not touched it."""
    installation.sql(
        "update lead set former_owner_id = owner_id, owner_id = null, assigned_at = null, state = 'new', pooled_at = now(), reclaimed_at = now()"
        f" where id = '{lead['id']}'"
    )


def untouched(installation: Installation, lead: dict[str, Any], days: float) -> None:
    moment = f"now() - interval '{days} days'"
    installation.sql(f"update lead set assigned_at = {moment}, last_activity_at = {moment}, state = 'following' where id = '{lead['id']}'")


@pytest.mark.parametrize("device", DEVICES)
def test_a_lead_of_the_pool_is_claimed_by_a_colleague_not_by_its_former_owner(
    open_page: OpenPage, api_of: ApiOf, installation: Installation, device: str
) -> None:
    lead = new_lead(api_of("liting"), "公海")
    return_to_pool(installation, lead)
    former, page = open_page(device, of="liting"), open_page(device, of="zhanglei")
    enter(former, "liting", f"/leads/{lead['id']}")
    former.get_by_role("button", name="领取", exact=True).click()
    said(former, "你刚放下这条线索")
    former.goto(f"/leads?scope=pool&q={lead['company'][2:8]}")
    expect(row(former, lead)).to_be_visible()
    enter(page, "zhanglei", f"/leads?scope=pool&q={lead['company'][2:8]}")
    expect(row(page, lead)).to_be_visible()
    assert healthy(page, f"{device}-pool") == []
    expect(page.get_by_role("radio", name="跟进中")).to_have_count(0)
    if device == "phone":
        row(page, lead).get_by_role("button", name="领取").tap()
    else:
        row(page, lead).get_by_role("link").click()
        expect(heading(page, lead["company"])).to_be_visible()
        page.get_by_role("button", name="领取", exact=True).click()
    said(page, "已领取")
    expect(former.get_by_role("heading", name="没有符合条件的线索")).to_be_visible()
    page.goto(f"/leads?scope=own&q={lead['company'][2:8]}")
    expect(row(page, lead)).to_contain_text("张磊")


def test_many_leads_of_the_pool_are_claimed_at_once_and_what_is_refused_is_said(
    open_page: OpenPage, api_of: ApiOf, installation: Installation
) -> None:
    mark = f"{secrets.randbelow(10**6):06}"
    free, put_down = (new_lead(api_of(who), "", company=f"领取{mark}{who}有限公司") for who in ("liting", "zhanglei"))
    for lead in (free, put_down):
        return_to_pool(installation, lead)
    page = open_page("pc", of="zhanglei")
    enter(page, "zhanglei", f"/leads?scope=pool&q=领取{mark}")
    expect(page.locator(ROWS)).to_have_count(2)
    page.get_by_label("全选本页").check()
    bar = page.get_by_role("region", name="批量操作")
    expect(bar.get_by_text("已选 2 条")).to_be_visible()
    assert healthy(page, "pc-pool-bulk") == []
    bar.get_by_role("button", name="领取").click()
    expect(sheet(page).get_by_text("1 条已处理，1 条没有处理")).to_be_visible()
    expect(sheet(page).get_by_text(put_down["company"])).to_be_visible()
    assert healthy(page, "pc-pool-bulk-result") == []
    sheet(page).get_by_role("button", name="知道了").click()
    expect(bar).to_have_count(0)
    expect(page.locator(ROWS)).to_have_count(1)
    expect(row(page, put_down)).to_be_visible()
    owned = api_of("zhanglei").get("/leads", params={"scope": "own", "q": f"领取{mark}"}).json()["items"]
    assert [(one["company"], one["owner"]["name"]) for one in owned] == [(free["company"], "张磊")]


@pytest.mark.parametrize("device", DEVICES)
def test_the_owner_sees_the_days_that_are_left_and_the_manager_keeps_the_lead_out(
    open_page: OpenPage, api_of: ApiOf, installation: Installation, device: str
) -> None:
    lead = new_lead(api_of("zhanglei"), "期限")
    untouched(installation, lead, 24)
    page, manager = open_page(device, of="zhanglei"), open_page(device, of="wanghaiyan")
    enter(page, "zhanglei", f"/leads?q={lead['company'][2:8]}")
    expect(row(page, lead)).to_contain_text("6 天后回公海")
    assert healthy(page, f"{device}-pool-days-list") == []
    row(page, lead).get_by_role("link").click()
    expect(heading(page, lead["company"])).to_be_visible()
    expect(page.get_by_text("6 天后回公海")).to_be_visible()
    expect(page.get_by_role("button", name="不回公海")).to_have_count(0)
    assert healthy(page, f"{device}-pool-days-lead") == []
    enter(manager, "wanghaiyan", f"/leads/{lead['id']}")
    manager.get_by_role("button", name="不回公海", exact=True).click()
    sheet(manager).get_by_role("button", name="确认不回公海").click()
    expect(sheet(manager).get_by_text("请写明原因")).to_be_visible()
    sheet(manager).get_by_label("原因").fill("年度框架在谈")
    assert healthy(manager, f"{device}-pool-protect") == []
    sheet(manager).get_by_role("button", name="确认不回公海").click()
    said(manager, "已设为不回公海")
    expect(manager.get_by_text("这条线索不回公海。 年度框架在谈")).to_be_visible()
    expect(manager.get_by_text("6 天后回公海")).to_have_count(0)
    manager.get_by_role("button", name="恢复公海规则").click()
    said(manager, "已恢复公海规则")
    expect(manager.get_by_text("6 天后回公海")).to_be_visible()


@pytest.mark.parametrize("device", DEVICES)
def test_the_rules_are_tried_before_they_are_saved(open_page: OpenPage, api_of: ApiOf, installation: Installation, device: str) -> None:
    lead = new_lead(api_of("zhanglei"), "试算")
    untouched(installation, lead, 29.99)  # the trial names those that go first
    page = open_page(device, of="admin")
    enter(page, "admin", "/admin/pool")
    company = page.get_by_role("region", name="全公司")
    days = company.get_by_label("几天没有跟进就回公海")
    expect(days).to_have_value("30")
    expect(company.get_by_role("status")).to_contain_text("一周之内")
    expect(company.get_by_role("status")).to_contain_text(lead["company"])
    assert healthy(page, f"{device}-pool-rules") == []
    days.fill("900")
    days.press("Tab")
    expect(company.get_by_role("status")).to_contain_text("一周之内没有线索回公海")
    days.fill("30")
    limit = company.get_by_label("每人每天最多领几条")
    limit.fill("25" if device == "phone" else "20")
    company.get_by_role("button", name="保存并生效").click()
    said(page, "规则已生效")
    region = {"phone": "华南", "pc": "华北"}[device]
    choose(page, "为一个区域单独设规则", region)
    expect(page.locator(".ant-select-dropdown:visible")).to_have_count(0)
    own = page.get_by_role("region", name=region, exact=True)
    own.get_by_label("几天没有跟进就回公海").fill("45")
    assert healthy(page, f"{device}-pool-rule-of-region") == []
    own.get_by_role("button", name="保存并生效").click()
    said(page, "规则已生效")
    page.reload()
    expect(own.get_by_label("几天没有跟进就回公海")).to_have_value("45")
    own.get_by_role("button", name="变更记录").click()
    expect(own.get_by_text("几天没有跟进回公海")).to_be_visible()
    rule = next(one for one in api_of("admin").get("/pool/rules").json()["items"] if one["region"] and one["region"]["name"] == region)
    assert (rule["reclaim_after_days"], rule["cooling_off_days"], rule["version"]) == (45, 7, 1)
