"""Finding and working through leads: search, filters, views, columns, many at once, the pool; phone and PC."""

import re
import secrets

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.checks import healthy
from tests.e2e.conftest import ApiOf, OpenPage
from tests.e2e.steps import enter, heading, new_lead, said, sheet

DEVICES = ("phone", "pc")
ROWS = "main tbody tr.ant-table-row, main ul li:has(a)"


def rows(page: Page) -> Locator:
    return page.locator(ROWS)


def row(page: Page, company: str) -> Locator:
    return rows(page).filter(has_text=company)


def search(page: Page, words: str) -> None:
    page.get_by_role("searchbox", name="搜索线索").fill(words)


@pytest.mark.parametrize("device", DEVICES)
def test_a_lead_is_found_by_name_pinyin_phone_and_number(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    mark = f"{secrets.randbelow(10**6):06}"
    lead = new_lead(api_of("zhanglei"), "", company=f"昆山耀冠{mark}模具有限公司")
    page = open_page(device, of="zhanglei")
    enter(page, "zhanglei", "/leads")
    for words in (f"耀冠{mark}", f"yg{mark}", f"yaoguan{mark}", lead["phone"][3:9], lead["number"]):
        search(page, words)
        expect(rows(page)).to_have_count(1)
        expect(row(page, lead["company"])).to_be_visible()
    assert healthy(page, f"{device}-leads-found") == []
    search(page, "没有这家公司")
    expect(page.get_by_role("heading", name="没有符合条件的线索")).to_be_visible()
    page.get_by_role("button", name="看全部线索").click()
    expect(rows(page).nth(1)).to_be_visible()


@pytest.mark.parametrize("device", DEVICES)
def test_filters_stand_in_the_address_and_can_be_taken_off(open_page: OpenPage, device: str) -> None:
    page = open_page(device, of="wanghaiyan")
    enter(page, "wanghaiyan", "/leads?scope=region")
    page.get_by_role("button", name="筛选").click()
    sheet(page).get_by_label("已上报").check()
    sheet(page).get_by_role("radiogroup", name="收到时间").get_by_role("radio", name="近 90 天").check(force=True)
    assert healthy(page, f"{device}-leads-filter") == []
    sheet(page).get_by_role("button", name="查看结果").click()
    expect(sheet(page)).to_have_count(0)
    expect(page).to_have_url(re.compile(r"escalated=true"))
    expect(page).to_have_url(re.compile(r"days=90"))
    chips = page.get_by_role("list", name="筛选")
    expect(chips.get_by_role("listitem")).to_have_count(2)
    assert healthy(page, f"{device}-leads-filtered") == []
    shared = page.url
    chips.get_by_role("button", name="去掉“已上报”").click()
    expect(chips.get_by_role("listitem")).to_have_count(1)
    page.goto(shared)
    expect(chips.get_by_role("listitem")).to_have_count(2)


@pytest.mark.parametrize("device", DEVICES)
def test_a_view_is_saved_shared_and_shown_first(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    name = f"本周{secrets.token_hex(2)}"
    page = open_page(device, of="wanghaiyan")
    enter(page, "wanghaiyan", "/leads?scope=region&state=following")
    page.get_by_role("button", name="视图").click()
    page.get_by_role("menuitem", name="保存为视图").click()
    sheet(page).get_by_label("名称").fill(name)
    sheet(page).get_by_role("radio", name="本区域").check(force=True)
    sheet(page).get_by_label("打开线索时先显示它").check()
    assert healthy(page, f"{device}-leads-save-view") == []
    sheet(page).get_by_role("button", name="保存").click()
    said(page, f"视图“{name}”已保存")
    expect(page.get_by_role("button", name=name)).to_be_visible()
    page.goto("/leads")
    expect(page).to_have_url(re.compile(r"state=following"))
    colleague = open_page(device, of="zhanglei")
    enter(colleague, "zhanglei", "/leads")
    colleague.get_by_role("button", name="视图").click()
    expect(colleague.get_by_role("menuitem", name=re.compile(name))).to_be_visible()
    assert healthy(colleague, f"{device}-leads-views") == []
    page.get_by_role("button", name=name).click()
    page.get_by_role("menuitem", name=f"删除视图“{name}”").click()
    expect(page.get_by_role("button", name="视图", exact=True)).to_be_visible()


def test_columns_and_order_are_chosen_on_the_pc(open_page: OpenPage) -> None:
    page = open_page("pc", of="zhanglei")
    enter(page, "zhanglei", "/leads")
    page.get_by_role("button", name="列", exact=True).click()
    expect(page.get_by_label("预计金额", exact=True)).to_be_visible()
    assert healthy(page, "pc-leads-columns-menu") == []
    page.get_by_label("预计金额", exact=True).check()
    page.get_by_label("首次联系", exact=True).uncheck()
    expect(page.get_by_role("columnheader", name="预计金额")).to_be_visible()
    expect(page.get_by_role("columnheader", name="首次联系")).to_have_count(0)
    expect(page).to_have_url(re.compile("columns="))
    page.keyboard.press("Escape")
    page.get_by_label("排序").click()
    page.locator(".ant-select-dropdown:visible").get_by_title("公司名（拼音）", exact=True).click()
    expect(page).to_have_url(re.compile("sort=company"))
    expect(rows(page).nth(1)).to_be_visible()
    assert healthy(page, "pc-leads-columns") == []


def test_slash_puts_the_cursor_into_the_search(open_page: OpenPage) -> None:
    page = open_page("pc", of="zhanglei")
    enter(page, "zhanglei", "/leads")
    expect(rows(page).first).to_be_visible()
    page.keyboard.press("/")
    box = page.get_by_role("searchbox", name="搜索线索")
    expect(box).to_be_focused()
    page.keyboard.type("a/b")
    expect(box).to_have_value("a/b")


def test_many_leads_are_given_to_one_and_what_is_refused_is_said(open_page: OpenPage, api_of: ApiOf) -> None:
    mark = f"{secrets.randbelow(10**6):06}"
    for who in ("zhanglei", "liting"):
        new_lead(api_of(who), "", company=f"批量{mark}{who}有限公司")
    page = open_page("pc", of="wanghaiyan")
    enter(page, "wanghaiyan", f"/leads?scope=region&q={mark}x")
    search(page, mark)
    expect(rows(page)).to_have_count(2)
    page.get_by_label("全选本页").check()
    bar = page.get_by_role("region", name="批量操作")
    expect(bar.get_by_text("已选 2 条")).to_be_visible()
    assert healthy(page, "pc-leads-bulk") == []
    bar.get_by_role("button", name="分配").click()
    sheet(page).get_by_label("改派给谁").click()
    page.keyboard.type("李婷")
    page.locator(".ant-select-dropdown:visible").get_by_title("李婷", exact=True).click()
    sheet(page).get_by_label("原因").fill("张磊出差")
    assert healthy(page, "pc-leads-bulk-assign") == []
    sheet(page).get_by_role("button", name="确认处理 2 条").click()
    expect(sheet(page).get_by_text("1 条已处理，1 条没有处理")).to_be_visible()
    expect(sheet(page).get_by_text("负责人没有变化")).to_be_visible()
    assert healthy(page, "pc-leads-bulk-result") == []
    sheet(page).get_by_role("button", name="知道了").click()
    expect(bar).to_have_count(0)
    owners = {item["owner"]["name"] for item in api_of("wanghaiyan").get("/leads", params={"scope": "region", "q": mark}).json()["items"]}
    assert owners == {"李婷"}


@pytest.mark.parametrize("device", DEVICES)
def test_a_lead_is_disqualified_and_reopened_by_the_manager(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    lead = new_lead(api_of("zhanglei"), "无效")
    page = open_page(device, of="wanghaiyan")

    def act(word: str) -> None:
        if device == "phone" and page.get_by_role("button", name="更多操作").count():
            page.get_by_role("button", name="更多操作").click()
            page.get_by_role("menuitem", name=word).click()
        else:
            page.get_by_role("button", name=word, exact=True).first.click()

    enter(page, "wanghaiyan", f"/leads/{lead['id']}")
    expect(heading(page, lead["company"])).to_be_visible()
    act("标记无效")
    sheet(page).get_by_role("radio", name="其他").check(force=True)
    sheet(page).get_by_role("button", name="确认无效").click()
    expect(sheet(page).get_by_text("选“其他”时请写明原因")).to_be_visible()
    sheet(page).get_by_role("radio", name="没有需求").check(force=True)
    assert healthy(page, f"{device}-disqualify") == []
    sheet(page).get_by_role("button", name="确认无效").click()
    said(page, "已标记为无效")
    expect(page.locator("main ol li").filter(has_text="标记无效")).to_contain_text("没有需求")
    page.get_by_role("button", name="恢复线索", exact=True).first.click()
    sheet(page).get_by_label("为什么恢复").fill("客户又来电")
    assert healthy(page, f"{device}-reopen") == []
    sheet(page).get_by_role("button", name="确认恢复").click()
    said(page, "线索已恢复")
    expect(page.locator("main ol li").filter(has_text="已恢复")).to_contain_text("客户又来电")


@pytest.mark.parametrize("device", DEVICES)
def test_the_search_over_everything_opens_anywhere(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    mark = f"{secrets.randbelow(10**6):06}"
    leads = [new_lead(api_of("zhanglei"), "", company=f"全局{mark}{number}有限公司") for number in range(2)]
    page = open_page(device, of="zhanglei")
    enter(page, "zhanglei", "/today")
    box = sheet(page).get_by_role("combobox", name="全局搜索")
    if device == "pc":
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.keyboard.press("Control+k")
    else:
        page.get_by_role("button", name="全局搜索").tap()
        expect(box).to_be_focused()
    # With the key nobody waits for the box.
    page.keyboard.type(f"qj{mark}")
    expect(box).to_have_value(f"qj{mark}")
    options = sheet(page).get_by_role("option")
    expect(options).to_have_count(2)
    assert healthy(page, f"{device}-search") == []
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    name = options.nth(1).locator("strong").inner_text()
    page.keyboard.press("Enter")
    expect(heading(page, name)).to_be_visible()
    assert name in {lead["company"] for lead in leads}
