"""FLOW-6 and FLOW-9 in the browser: a visit that counts, on one screen; a chat; a correction; support asked for and answered."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.checks import healthy, picture
from tests.e2e.conftest import ApiOf, OpenPage
from tests.e2e.steps import a_phone, enter, go, heading, said, sheet
from tests.e2e.test_board import make_deal

DEVICES = ("phone", "pc")


def pick(page: Page, name: str) -> None:
    sheet(page).get_by_role("radio", name=name, exact=True).check(force=True)


@pytest.mark.parametrize("device", DEVICES)
def test_a_visit_says_what_it_still_lacks_and_survives_a_closed_sheet(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    api = api_of("zhanglei")
    deal = make_deal(api_of, f"拜访{a_phone()[-6:]}")
    customer = api.get(f"/opportunities/{deal['id']}").json()["customer"]["id"]
    contact = {"name": "林董", "role": "decider", "phone": a_phone()}
    api.post(f"/customers/{customer}/contacts", json=contact).raise_for_status()
    page = open_page(device, of="zhanglei")
    enter(page, "zhanglei", f"/opportunities/{deal['id']}")
    page.get_by_role("main").get_by_role("button", name="记录跟进").last.click()
    sheet(page).get_by_text("拜访", exact=True).click()
    status = sheet(page).get_by_role("status").last
    expect(status).to_have_text("有效拜访还差：决策链联系人、谈了什么、下一步")
    sheet(page).get_by_role("checkbox", name="林董 · 决策人").check(force=True)
    expect(sheet(page).get_by_role("radio", name="客户公司", exact=True)).to_be_checked()
    sheet(page).get_by_label("说了什么").fill("看了样件，月供两万件")
    expect(status).to_have_text("有效拜访还差：下一步")
    assert healthy(page, f"{device}-visit") == []
    page.keyboard.press("Escape")
    expect(sheet(page)).to_have_count(0)
    page.get_by_role("main").get_by_role("button", name="记录跟进").last.click()
    expect(sheet(page).get_by_text("已恢复上次没保存的内容")).to_be_visible()
    pick(page, "发报价")
    pick(page, "明天上午")
    expect(status).to_contain_text("有效拜访")
    expect(status).not_to_contain_text("还差")
    picture(page, f"{device}-visit-whole")
    sheet(page).get_by_role("button", name="保存跟进").click()
    said(page, "跟进已记录")
    entry = page.get_by_role("listitem").filter(has_text="看了样件，月供两万件")
    expect(entry).to_contain_text("有效拜访")
    entry.get_by_role("button", name="更正").click()
    sheet(page).get_by_label("说了什么").fill("看了样件，月供三万件")
    sheet(page).get_by_role("button", name="保存跟进").click()
    said(page, "已更正")
    expect(entry).to_contain_text("已被更正")
    page.get_by_role("main").get_by_role("button", name="记录跟进").last.click()
    sheet(page).get_by_text("微信", exact=True).click()
    sheet(page).get_by_label("粘贴微信聊天").fill("林董 2026/3/9 15:20:11\n图纸看了\n\n张磊 2026/3/9 15:21:40\n明天报价")
    expect(sheet(page).get_by_role("listitem").filter(has_text="图纸看了")).to_be_visible()
    pick(page, "有意向")
    picture(page, f"{device}-chat")
    sheet(page).get_by_role("button", name="保存跟进").click()
    said(page, "跟进已记录")
    go(page, f"/customers/{customer}")
    expect(page.get_by_role("listitem").filter(has_text="月供三万件").filter(has_text=f"商机 {deal['name']}").first).to_be_visible()
    page.get_by_role("radiogroup", name="只看").get_by_role("radio", name="微信").check(force=True)
    expect(page.get_by_role("listitem").filter(has_text="图纸看了").filter(has_text=f"商机 {deal['name']}").first).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="月供三万件")).to_have_count(0)
    assert healthy(page, f"{device}-customer-timeline") == []


@pytest.mark.parametrize("device", DEVICES)
def test_an_engineer_answers_what_sales_asked(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    deal = make_deal(api_of, f"支持{a_phone()[-6:]}", expected_amount="73500.00")
    rep = open_page(device, of="zhanglei")
    enter(rep, "zhanglei", f"/opportunities/{deal['id']}")
    rep.get_by_role("main").get_by_role("button", name="请求技术支持").click()
    sheet(rep).get_by_label("需要什么").fill(f"{deal['name']}：0.8 mm 能不能拉深？")
    expect(sheet(rep).get_by_text("承诺的答复时间")).to_be_visible()
    sheet(rep).get_by_role("radio", name="吴建华").check()
    assert healthy(rep, f"{device}-ask-support") == []
    sheet(rep).get_by_role("button", name="请求技术支持").click()
    said(rep, "已请 吴建华 出初步方案")
    engineer = open_page(device, of="wujianhua")
    enter(engineer, "wujianhua", "/today")
    engineer.get_by_role("region", name="技术支持").get_by_role("link", name=deal["name"], exact=True).click()
    expect(heading(engineer, "技术支持")).to_be_visible()
    expect(engineer.get_by_role("main")).not_to_contain_text("73,500")
    engineer.get_by_role("textbox", name="初步方案").fill("可行：三次拉深，模具约 6 万元")
    assert healthy(engineer, f"{device}-support") == []
    engineer.get_by_role("button", name="回复初步方案").click()
    said(engineer, "已回复，计时停止")
    card = rep.get_by_role("region", name="技术支持")
    expect(card).to_contain_text("已回复")
    card.get_by_role("link", name="吴建华").click()
    expect(rep.get_by_role("main")).to_contain_text("三次拉深，模具约 6 万元")
    rep.get_by_role("button", name="采纳方案").click()
    said(rep, "已采纳")
    go(engineer, "/support")
    engineer.get_by_text("绩效", exact=True).click()
    expect(engineer.get_by_role("table")).to_be_visible()
    assert healthy(engineer, f"{device}-support-ledger") == []
