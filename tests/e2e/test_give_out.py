"""LEAD-3: a lead that found no owner stands on Today of who may give it out, until it has one."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import ApiOf, OpenPage
from tests.e2e.steps import card, enter, heading, new_lead, said, section, sheet


@pytest.mark.parametrize("device", ["phone", "pc"])
def test_the_administrator_gives_out_what_nobody_got(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    page = open_page(device, of="admin")
    enter(page, "admin")
    expect(heading(page, "今日待办") if device == "phone" else page.get_by_role("heading", level=1)).to_be_visible()
    lead = new_lead(api_of("yangfan"), "没有区域", province="海外", city=None, assign_to_me=False)
    waiting = card(section(page, "待分配"), lead["company"])
    expect(waiting).to_contain_text("没有人可分，等你指定负责人")
    waiting.get_by_role("button", name="分配", exact=True).click()
    sheet(page).get_by_role("radiogroup", name="改派给谁").locator("label").filter(has_text="李婷").click()
    sheet(page).get_by_label("原因").fill("她会说英语")
    sheet(page).get_by_role("button", name="确认改派").click()
    said(page, "已改派给 李婷")
    expect(card(page, lead["company"])).to_have_count(0)
    assert api_of("admin").get(f"/leads/{lead['id']}").json()["owner"]["name"] == "李婷"
