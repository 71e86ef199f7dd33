"""The board: a lead becomes a deal, a refused move says what is missing, a deal goes through all stages, others see it move."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.checks import healthy, picture
from tests.e2e.conftest import ApiOf, OpenPage
from tests.e2e.steps import PDF, a_phone, attach, enter, go, heading, new_customer, new_lead, said, sheet

DEVICES = ("phone", "pc")


def make_deal(api_of: ApiOf, name: str, **fields: str) -> dict[str, str]:
    body = {"name": name, "customer_id": new_customer(api_of("zhanglei"), "海达")["id"], **fields}
    made: dict[str, str] = api_of("zhanglei").post("/opportunities", json=body).raise_for_status().json()
    return made


def board_card(page: Page, name: str) -> Locator:
    return page.get_by_role("article").filter(has_text=name)


def column(page: Page, stage: str) -> Locator:
    return page.get_by_role("region", name=re.compile(f"^{re.escape(stage)}"))


def choose(page: Page, word: str) -> None:
    sheet(page).get_by_role("radio", name=word, exact=True).check()


@pytest.mark.parametrize("device", DEVICES)
def test_a_lead_becomes_a_card_of_the_board(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    lead = new_lead(api_of("zhanglei"), "卡片", need="冲压支架", product_line="冲压件")
    company = lead["company"]
    page = open_page(device, of="zhanglei")
    enter(page, "zhanglei", f"/leads/{lead['id']}")
    if device == "phone":
        page.get_by_role("button", name="更多操作").click()
        page.get_by_role("menuitem", name="建为客户").click()
    else:
        page.get_by_role("main").get_by_role("button", name="建为客户").click()
    expect(sheet(page).get_by_label("同时建立商机，放进看板")).to_be_checked()
    sheet(page).get_by_label("预计金额").fill("68000")
    assert healthy(page, f"{device}-convert-deal") == []
    sheet(page).get_by_role("button", name="建为客户").click()
    said(page, "已建为客户")
    page.get_by_role("region", name="商机").get_by_role("link", name=f"{company} 冲压件").click()
    expect(heading(page, f"{company} 冲压件")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("¥68,000")
    go(page, "/board")
    expect(board_card(page, company)).to_contain_text("¥68,000")


@pytest.mark.parametrize("device", DEVICES)
def test_a_deal_goes_through_all_stages_and_each_says_what_it_asks_for(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    name = f"全程{a_phone()[-6:]}"
    deal = make_deal(api_of, name)
    page = open_page(device, of="zhanglei")
    enter(page, "zhanglei", f"/opportunities/{deal['id']}")
    missing = page.get_by_role("list", name="还差这些条件")
    expect(missing).to_contain_text("填写需求")
    expect(missing).to_contain_text("电话")
    missing.get_by_role("button", name="记录跟进").click()
    choose(page, "有意向")
    sheet(page).get_by_role("button", name="保存跟进").click()
    said(page, "跟进已记录")
    missing.get_by_role("button", name="去填写").click()
    sheet(page).get_by_label("需求").fill("月供一万件支架")
    sheet(page).get_by_role("button", name="保存").click()
    expect(page.get_by_text("条件已满足")).to_be_visible()
    page.get_by_role("button", name="移到 需求调研").click()
    sheet(page).get_by_role("button", name="移到 需求调研").click()
    said(page, "已移到 需求调研")
    expect(missing.get_by_role("listitem")).to_have_count(4)
    picture(page, f"{device}-deal-missing")
    missing.get_by_role("button", name="去填写").first.click()
    sheet(page).get_by_label("预计金额").fill("120000")
    sheet(page).get_by_label("预计成交日").fill("2031-05-01")
    sheet(page).get_by_label("产品线").fill("冲压件")
    sheet(page).get_by_role("button", name="保存").click()
    expect(missing.get_by_role("listitem")).to_have_count(1)
    page.get_by_role("main").get_by_role("button", name="移动", exact=True).click()
    onward = sheet(page).filter(has_text="移到…")
    go_on = onward.get_by_role("button", name="移到 方案制定")
    expect(go_on).to_be_disabled()
    onward.get_by_role("listitem").filter(has_text="上传需求文档").get_by_role("button", name="上传").click()
    attach(page, PDF)
    said(page, "已上传 1 个文件")
    go_on.click()
    said(page, "已移到 方案制定")
    for stage in ("报价谈判",):
        page.get_by_role("button", name=f"移到 {stage}").click()
        sheet(page).get_by_role("button", name=f"移到 {stage}").click()
        said(page, f"已移到 {stage}")
    page.get_by_role("button", name="移到 成交/关闭").click()
    choose(page, "成交")
    assert healthy(page, f"{device}-deal-win") == []
    sheet(page).get_by_role("button", name="移到 成交/关闭").click()
    said(page, "赢单，干得好！")
    expect(page.get_by_role("main")).to_contain_text("已成交")
    expect(page.get_by_role("list").filter(has_text="报价谈判").last).to_contain_text("成交")


@pytest.mark.parametrize("device", DEVICES)
def test_a_deal_is_lost_with_a_reason(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    name = f"丢单{a_phone()[-6:]}"
    deal = make_deal(api_of, name)
    page = open_page(device, of="zhanglei")
    enter(page, "zhanglei", f"/opportunities/{deal['id']}")
    page.get_by_role("main").get_by_role("button", name="移动", exact=True).click()
    choose(page, "成交/关闭")
    choose(page, "丢单")
    choose(page, "交期")
    sheet(page).get_by_label("补充说明").fill("要 15 天，排不进")
    sheet(page).get_by_role("button", name="丢单").click()
    said(page, "已记为丢单")
    expect(page.get_by_role("main")).to_contain_text("已丢单 · 交期")


def test_a_card_is_dragged_and_put_back_with_the_reason(open_page: OpenPage, api_of: ApiOf) -> None:
    free, held = f"拖动{a_phone()[-6:]}", f"退回{a_phone()[-6:]}"
    make_deal(api_of, held)
    deal = make_deal(api_of, free, need="支架")
    api_of("zhanglei").post(f"/opportunities/{deal['id']}/follow-ups", json={"kind": "call", "outcome": "reached"}).raise_for_status()
    page = open_page("pc", of="zhanglei")
    enter(page, "zhanglei", "/board")
    board_card(page, free).drag_to(column(page, "需求调研"))
    said(page, "已移到 需求调研")
    expect(column(page, "需求调研").get_by_role("article").filter(has_text=free)).to_be_visible()
    board_card(page, held).drag_to(column(page, "需求调研"))
    said(page, "没有移动：还差几个条件")
    expect(sheet(page).get_by_role("list", name="还差这些条件")).to_contain_text("填写需求")
    page.keyboard.press("Escape")
    expect(column(page, "初步接触").get_by_role("article").filter(has_text=held)).to_be_visible()


def test_what_a_colleague_moves_moves_on_the_open_board(open_page: OpenPage, api_of: ApiOf) -> None:
    name = f"同事{a_phone()[-6:]}"
    deal = make_deal(api_of, name, need="支架")
    api = api_of("wanghaiyan")
    page = open_page("pc", of="zhanglei")
    enter(page, "zhanglei", "/board")
    expect(column(page, "初步接触").get_by_role("article").filter(has_text=name)).to_be_visible()
    api.post(f"/opportunities/{deal['id']}/follow-ups", json={"kind": "call", "outcome": "reached"}).raise_for_status()
    moved = api.post(f"/opportunities/{deal['id']}/moves", json={"stage": "needs"}, headers={"If-Match": "*"})
    moved.raise_for_status()
    expect(column(page, "需求调研").get_by_role("article").filter(has_text=name)).to_be_visible()


@pytest.mark.parametrize("device", DEVICES)
def test_the_board_is_searched_and_narrowed_to_red_flags(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    name = f"搜索{a_phone()[-6:]}"
    make_deal(api_of, name)
    page = open_page(device, of="zhanglei")
    enter(page, "zhanglei", "/board")
    page.get_by_role("searchbox", name="搜索商机").fill(name)
    expect(page.get_by_role("article")).to_have_count(1)
    page.get_by_role("button", name="只看标红").click()
    expect(page.get_by_text("没有符合条件的商机")).to_be_visible()
    page.get_by_role("button", name="清除筛选").click()
    expect(board_card(page, name)).to_be_visible()
