"""LEAD-4 in the browser: quick entry warns while one types, and a superior makes one lead of two and two of one."""

import pytest
from playwright.sync_api import expect

from tests.e2e.checks import overflow, picture, settle, violations
from tests.e2e.conftest import ApiOf, OpenPage
from tests.e2e.steps import choose, enter, heading, new_customer, new_lead, said, sheet

DEVICES = ("phone", "pc")


@pytest.mark.parametrize("device", DEVICES)
def test_quick_entry_says_whose_the_firm_is_and_sends_the_lead_there(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    known = new_lead(api_of("huanglihua"), "重复公司")
    page = open_page(device, of="zhanglei")
    enter(page, "zhanglei", "/leads")
    page.get_by_role("button", name="快速录入").click()
    sheet(page).get_by_label("公司", exact=True).fill(known["company"].removesuffix("有限公司") + " 公司")
    expect(sheet(page).get_by_text("可能已有这家公司")).to_be_visible()
    expect(sheet(page).get_by_text("请问 黄丽华")).to_be_visible()
    sheet(page).get_by_label("手机 / 电话").fill(known["phone"])
    expect(sheet(page).get_by_text("电话、名称相同").or_(sheet(page).get_by_text("名称、电话相同"))).to_be_visible()
    assert known["number"] not in sheet(page).inner_text()
    settle(page)
    picture(page, f"{device}-quick-entry-duplicate")
    assert [*overflow(page), *violations(page)] == []
    sheet(page).get_by_role("button", name="保存线索").click()
    said(page, "黄丽华 已在负责这家公司")
    sheet(page).get_by_role("switch").click()
    sheet(page).get_by_role("button", name="保存线索").click()
    said(page, "线索已保存，将按规则分配")
    expect(heading(page, "线索")).to_be_visible()


@pytest.mark.parametrize("device", DEVICES)
def test_a_superior_merges_two_leads_and_takes_it_back(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    first = new_lead(api_of("zhanglei"), "合并公司", need="冲压件", city="成都")
    second = new_lead(api_of("liting"), "另一个名字", need="弹簧", company=first["company"].replace("有限公司", "股份有限公司"))
    page = open_page(device, of="wanghaiyan")
    enter(page, "wanghaiyan", f"/leads/{first['id']}")
    panel = page.get_by_role("region", name="候选重复")
    expect(panel.get_by_text(second["number"])).to_be_visible()
    settle(page)
    picture(page, f"{device}-duplicates-panel")
    panel.get_by_role("button", name="合并").click()
    expect(sheet(page).get_by_role("group", name="需求")).to_be_visible()
    settle(page)
    picture(page, f"{device}-merge-review")
    assert [*overflow(page), *violations(page)] == []
    sheet(page).get_by_role("group", name="需求").get_by_label("弹簧").check()
    sheet(page).get_by_label("原因").fill("同一家公司")
    sheet(page).get_by_role("button", name="确认合并").click()
    said(page, "已合并为一条")
    merges = page.get_by_role("region", name="合并记录")
    expect(merges.get_by_text(f"{second['number']} 并入 {first['number']}")).to_be_visible()
    expect(page.get_by_text("弹簧").first).to_be_visible()
    settle(page)
    picture(page, f"{device}-merged")
    assert [*overflow(page), *violations(page)] == []
    merges.get_by_role("button", name="撤销合并").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    said(page, "已撤销合并")
    expect(panel.get_by_text(second["number"])).to_be_visible()
    expect(page.get_by_text("冲压件").first).to_be_visible()


@pytest.mark.parametrize("device", DEVICES)
def test_a_lead_becomes_a_customer_and_two_customers_become_one(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    rep = api_of("zhanglei")
    lead = new_lead(rep, "建客户", city="苏州")
    page = open_page(device, of="zhanglei")
    enter(page, "zhanglei", f"/leads/{lead['id']}")
    if device == "phone":
        page.get_by_role("button", name="更多操作").click()
        page.get_by_role("menuitem", name="建为客户").click()
    else:
        page.get_by_role("main").get_by_role("button", name="建为客户").click()
    expect(sheet(page).get_by_label("公司名称")).to_have_value(lead["company"])
    choose(page, "决策链角色", "决策人")
    settle(page)
    picture(page, f"{device}-convert")
    assert [*overflow(page), *violations(page)] == []
    sheet(page).get_by_role("button", name="建为客户").click()
    said(page, "已建为客户")
    expect(heading(page, lead["company"])).to_be_visible()
    expect(page.get_by_role("region", name="线索").get_by_text(lead["number"])).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="归入客户").first).to_be_visible()
    customer = rep.get(f"/leads/{lead['id']}").json()["customer"]

    twin = new_customer(api_of("liting"), "别名", name=lead["company"].replace("有限公司", "股份有限公司"), address="星湖街 1 号")
    boss = open_page(device, of="wanghaiyan")
    enter(boss, "wanghaiyan", f"/customers/{customer['id']}")
    panel = boss.get_by_role("region", name="候选重复")
    expect(panel.get_by_text(twin["number"])).to_be_visible()
    settle(boss)
    picture(boss, f"{device}-customer-duplicates")
    panel.get_by_role("button", name="合并").click()
    expect(sheet(boss).get_by_role("group", name="地址")).to_be_visible()
    settle(boss)
    picture(boss, f"{device}-customer-merge")
    assert [*overflow(boss), *violations(boss)] == []
    sheet(boss).get_by_label("原因").fill("同一家公司")
    sheet(boss).get_by_role("button", name="确认合并").click()
    said(boss, "已合并为一个客户")
    merges = boss.get_by_role("region", name="合并记录")
    expect(merges.get_by_text(f"{twin['number']} 并入 {customer['number']}")).to_be_visible()
    expect(boss.get_by_text("星湖街 1 号").first).to_be_visible()
    settle(boss)
    picture(boss, f"{device}-customer-merged")
    assert [*overflow(boss), *violations(boss)] == []
    merges.get_by_role("button", name="撤销合并").click()
    boss.get_by_role("dialog").get_by_role("button", name="确定").click()
    said(boss, "已撤销合并")
    expect(panel.get_by_text(twin["number"])).to_be_visible()


def test_the_customer_form_says_whose_the_firm_is_before_it_is_saved(open_page: OpenPage, api_of: ApiOf) -> None:
    known = new_customer(api_of("huanglihua"), "已有客户")
    page = open_page("phone", of="zhanglei")
    enter(page, "zhanglei", "/customers")
    page.get_by_role("main").get_by_role("button", name="新建客户").click()
    sheet(page).get_by_label("公司名称").fill(known["name"].replace("有限公司", "股份有限公司"))
    expect(sheet(page).get_by_text("请问 黄丽华")).to_be_visible()
    assert known["number"] not in sheet(page).inner_text()
    sheet(page).get_by_text("请问 黄丽华").scroll_into_view_if_needed()
    settle(page)
    picture(page, "phone-customer-form-duplicate")
    assert [*overflow(page), *violations(page)] == []
