"""HAND-1, HAND-2: a customer is entered, its facts change only with an approval, and nobody but an administrator archives it."""

import re
import secrets
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.checks import healthy
from tests.e2e.conftest import ApiOf, OpenPage
from tests.e2e.steps import a_company, card, choose, enter, go, heading, new_customer, new_lead, said, sheet

DEVICES = ("phone", "pc")


def button(page: Page, name: str) -> Any:
    return page.get_by_role("main").get_by_role("button", name=name, exact=True)


@pytest.mark.parametrize("device", DEVICES)
def test_a_customer_is_entered_and_gets_a_contact_and_a_follow_up(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    page, company = open_page(device, of="zhanglei"), a_company("昆山建档")
    enter(page, "zhanglei", "/customers")
    button(page, "新建客户").click()
    sheet(page).get_by_label("公司名称").fill(company)
    sheet(page).get_by_label("统一社会信用代码").fill("914403001922038217")
    choose(page, "省份", "江苏")
    sheet(page).get_by_label("城市").fill("昆山市")
    sheet(page).get_by_label("姓名").fill("孙总")
    sheet(page).get_by_role("button", name="保存", exact=True).click()
    expect(sheet(page).get_by_text("信用代码的校验位不对")).to_be_visible()
    sheet(page).get_by_label("统一社会信用代码").fill("")
    sheet(page).get_by_role("button", name="保存", exact=True).click()
    said(page, "客户已建立")
    expect(heading(page, company)).to_be_visible()
    button(page, "添加联系人").click()
    sheet(page).get_by_label("姓名").fill("吴工")
    choose(page, "决策链角色", "技术")
    sheet(page).get_by_role("button", name="保存", exact=True).click()
    said(page, "联系人已添加")
    expect(page.get_by_role("listitem").filter(has_text="吴工").filter(has_text="技术").first).to_be_visible()
    button(page, "记录跟进").click()
    sheet(page).get_by_role("radio", name="有意向").check()
    sheet(page).get_by_label("说了什么").fill("看了样件，下月下单")
    sheet(page).get_by_role("button", name="保存跟进").click()
    said(page, "跟进已记录")
    expect(page.get_by_role("listitem").filter(has_text="看了样件，下月下单")).to_be_visible()
    (kept,) = [one for one in api_of("zhanglei").get("/customers").json()["items"] if one["name"] == company]
    assert (kept["city"], kept["region"]["name"], kept["contact"]) == ("昆山", "华东", "孙总")
    lead = new_lead(api_of("zhanglei"), "同一家", company=company)
    go(page, f"/leads/{lead['id']}")
    if device == "phone":
        page.get_by_role("button", name="更多操作").click()
        page.get_by_role("menuitem", name="建为客户").click()
    else:
        button(page, "建为客户").click()
    sheet(page).get_by_role("radio", name=f"{company} · {kept['number']}").check(force=True)
    expect(sheet(page).get_by_label("公司名称")).to_have_count(0)
    sheet(page).get_by_label("职务").fill("设备科长")
    assert healthy(page, f"{device}-join") == []
    sheet(page).get_by_role("button", name="归入这个客户").click()
    said(page, "已归入客户")
    expect(heading(page, company)).to_be_visible()
    expect(page.get_by_role("region", name="线索").get_by_text(lead["number"])).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="钱工").filter(has_text="设备科长").first).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="归入客户")).to_contain_text(company)


@pytest.mark.parametrize("device", DEVICES)
def test_a_change_waits_for_the_supervisor_who_approves_it_on_the_phone(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    customer = new_customer(api_of("zhanglei"), "更名")
    renamed = f"{customer['name']}（新）"
    page, phone = open_page(device, of="zhanglei"), open_page("phone", of="wanghaiyan")
    enter(phone, "wanghaiyan")
    enter(page, "zhanglei", f"/customers/{customer['id']}")
    button(page, "修改资料").click()
    sheet(page).get_by_label("公司名称").fill(renamed)
    sheet(page).get_by_role("button", name="提交", exact=True).click()
    expect(sheet(page).get_by_text("改动需要审批，请写明原因")).to_be_visible()
    sheet(page).get_by_label("为什么要改").fill("客户来函更名")
    sheet(page).get_by_role("button", name="提交", exact=True).click()
    said(page, "已提交，等 王海燕 审批")
    expect(page.get_by_text("1 项变更正在等审批")).to_be_visible()
    expect(heading(page, customer["name"])).to_be_visible()

    waiting = card(phone, customer["name"])
    expect(waiting).to_contain_text("张磊 申请变更：客户来函更名")
    waiting.get_by_role("link", name=customer["name"]).tap()
    expect(phone.locator("main dl")).to_contain_text(renamed)
    phone.get_by_role("button", name="驳回", exact=True).tap()
    expect(phone.get_by_text("驳回要写明理由，提出人会看到")).to_be_visible()
    phone.get_by_role("button", name="批准", exact=True).tap()
    said(phone, "已批准，变更已生效")
    expect(phone.get_by_text("已批准", exact=True)).to_be_visible()

    expect(heading(page, renamed)).to_be_visible()
    expect(page.get_by_text("1 项变更正在等审批")).to_have_count(0)
    changed = f"公司名称：{customer['name']} → {renamed}"
    expect(page.get_by_role("listitem").filter(has_text="变更已批准")).to_contain_text(changed)
    asked = page.get_by_role("listitem").filter(has_text="提出变更")
    expect(asked.locator("p")).to_have_text(["等 王海燕 审批", changed, "原因：客户来函更名"])


def test_a_rejected_change_leaves_all_as_it_was(open_page: OpenPage, api_of: ApiOf) -> None:
    rep = api_of("zhanglei")
    customer = new_customer(rep, "驳回")
    asked = rep.patch(f"/customers/{customer['id']}", json={"address": "新址", "reason": "搬迁"}, headers={"If-Match": '"v1"'})
    assert asked.status_code == 202, asked.text
    page = open_page("phone", of="wanghaiyan")
    enter(page, "wanghaiyan", f"/change-requests/{asked.json()['change_request']['id']}")
    page.get_by_label("意见").fill("请附搬迁通知")
    page.get_by_role("button", name="驳回", exact=True).tap()
    said(page, "已驳回，什么都没有改")
    found = rep.get(f"/customers/{customer['id']}").json()
    assert (found["address"], found["pending"]) == (None, [])


@pytest.mark.parametrize("device", DEVICES)
def test_only_an_administrator_archives_and_restores(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    customer = new_customer(api_of("zhanglei"), "归档")
    rep, admin = open_page(device, of="zhanglei"), open_page(device, of="admin")
    enter(rep, "zhanglei", f"/customers/{customer['id']}")
    expect(button(rep, "修改资料")).to_be_visible()
    expect(button(rep, "归档客户")).to_have_count(0)
    enter(admin, "admin", f"/customers/{customer['id']}")
    button(admin, "归档客户").click()
    sheet(admin).get_by_role("button", name="归档客户").click()
    expect(sheet(admin).get_by_text("请写明原因")).to_be_visible()
    sheet(admin).get_by_label("归档原因").fill("公司已注销")
    sheet(admin).get_by_role("button", name="归档客户").click()
    said(admin, "已归档")
    expect(rep.get_by_text("已归档：公司已注销")).to_be_visible()
    expect(button(rep, "记录跟进")).to_have_count(0)
    button(admin, "恢复客户").click()
    sheet(admin).get_by_label("恢复原因").fill("误归档")
    sheet(admin).get_by_role("button", name="恢复客户").click()
    said(admin, "已恢复")
    expect(button(rep, "记录跟进")).to_be_visible()


def test_a_customer_that_is_not_mine_says_so(open_page: OpenPage, api_of: ApiOf) -> None:
    customer = new_customer(api_of("yangfan"), "别人的")
    page = open_page("phone", of="zhanglei")
    enter(page, "zhanglei", f"/customers/{customer['id']}")
    expect(page.get_by_text("没有这个客户，或不在你的可见范围内")).to_be_visible()


@pytest.mark.parametrize("device", DEVICES)
def test_customers_are_found_filtered_and_kept_as_a_view(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    mark = f"{secrets.randbelow(10**6):06}"
    customer = new_customer(api_of("zhanglei"), f"寻得{mark}")
    page = open_page(device, of="wanghaiyan")
    enter(page, "wanghaiyan", "/customers?scope=region")
    rows = page.locator("main tbody tr.ant-table-row, main ul li:has(a)")
    box = page.get_by_role("searchbox", name="搜索客户")
    phone = customer["contacts"][0]["phone"]
    for words in (f"寻得{mark}", f"xd{mark}", phone[3:10], customer["number"], "没有这家公司"):
        box.fill(words)
        if words == "没有这家公司":
            break
        expect(rows).to_have_count(1)
        expect(rows.first).to_contain_text(customer["name"])
    expect(page.get_by_role("heading", name="没有符合条件的客户")).to_be_visible()
    page.get_by_role("button", name="看全部客户").click()
    expect(rows.nth(1)).to_be_visible()
    assert healthy(page, f"{device}-customers") == []
    page.get_by_role("button", name="筛选").click()
    sheet(page).get_by_role("radiogroup", name="最近动态").get_by_role("radio", name="近 30 天").check(force=True)
    assert healthy(page, f"{device}-customers-filter") == []
    sheet(page).get_by_role("button", name="查看结果").click()
    expect(page.get_by_role("list", name="筛选").get_by_role("listitem")).to_have_count(1)
    expect(page).to_have_url(re.compile("active=30"))
    page.get_by_role("button", name="视图").click()
    page.get_by_role("menuitem", name="保存为视图").click()
    sheet(page).get_by_label("名称").fill(f"活跃{mark}")
    sheet(page).get_by_role("button", name="保存").click()
    said(page, f"视图“活跃{mark}”已保存")
    page.get_by_role("list", name="筛选").get_by_role("button").click()
    expect(page.get_by_role("list", name="筛选")).to_have_count(0)
    page.get_by_role("button", name="视图").click()
    page.get_by_role("menuitem", name=f"活跃{mark}").click()
    expect(page.get_by_role("list", name="筛选").get_by_role("listitem")).to_have_count(1)
    assert healthy(page, f"{device}-customers-filtered") == []
    if device == "pc":
        page.get_by_role("button", name="列", exact=True).click()
        page.get_by_label("信用代码", exact=True).check()
        expect(page.get_by_role("columnheader", name="信用代码")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".ant-popover:visible")).to_have_count(0)
        assert healthy(page, "pc-customers-columns") == []


def test_many_customers_get_another_backup_once_their_superior_agrees(open_page: OpenPage, api_of: ApiOf) -> None:
    mark = f"{secrets.randbelow(10**6):06}"
    names = [new_customer(api_of("zhanglei"), f"批量{mark}{number}")["name"] for number in range(2)]
    page = open_page("pc", of="wanghaiyan")
    enter(page, "wanghaiyan", f"/customers?scope=region&q=批量{mark}")
    rows = page.locator("main tbody tr.ant-table-row")
    expect(rows).to_have_count(2)
    page.get_by_label("全选本页").check()
    bar = page.get_by_role("region", name="批量操作")
    expect(bar).to_contain_text("2")
    expect(bar.get_by_role("button", name="归档")).to_have_count(0)
    bar.get_by_role("button", name="设备份负责人").click()
    choose(page, "备份负责人", "李婷")
    sheet(page).get_by_label("原因").fill("旺季两人照应")
    assert healthy(page, "pc-customers-bulk") == []
    sheet(page).get_by_role("button", name="确认处理 2 家").click()
    said(page, "2 项变更已提交审批")
    for name in names:
        (found,) = api_of("zhanglei").get("/customers", params={"q": name}).json()["items"]
        (waiting,) = api_of("zhanglei").get(f"/customers/{found['id']}").json()["pending"]
        assert (found["backup_owner"], waiting["changes"][0]["new_name"], waiting["reason"]) == (None, "李婷", "旺季两人照应")
