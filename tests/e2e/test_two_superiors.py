"""Decision 7 on the screens: of two superiors the second one learns what the first has done, and decides."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ApiOf, OpenPage
from tests.e2e.steps import enter, heading, new_lead, said, sheet

REP, MANAGER, DIRECTOR = "zhanglei", "wanghaiyan", "liuweimin"


def press(page: Page, action: str) -> None:
    """The action on the lead's screen; the phone keeps it under "more"."""
    more = page.get_by_role("button", name="更多操作", exact=True)
    if more.is_visible():
        more.click()
        page.get_by_role("menuitem", name=action).click()
    else:
        page.get_by_role("button", name=action, exact=True).click()


@pytest.mark.parametrize("device", ["phone", "pc"])
def test_the_second_superior_sees_that_the_first_was_there_and_decides(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    lead = new_lead(api_of(REP), "两位上级")
    manager = api_of(MANAGER)
    page = open_page(device, of=DIRECTOR)
    enter(page, DIRECTOR, f"/leads/{lead['id']}")
    expect(heading(page, lead["company"])).to_be_visible()

    press(page, "接管")
    sheet(page).get_by_label("原因").fill("我来联系")
    manager.post(f"/leads/{lead['id']}/take-over", json={"reason": "客户很急"}, headers={"If-Match": "*"}).raise_for_status()
    sheet(page).get_by_role("button", name="确认接管").click()
    notice = sheet(page).get_by_role("alert")
    expect(notice).to_contain_text("这条线索刚被别人改过")
    expect(notice).to_contain_text("现在由 王海燕 负责")
    expect(sheet(page)).to_contain_text("原负责人 王海燕 会收到通知")
    expect(sheet(page).get_by_role("button", name="确认接管")).to_be_disabled()
    notice.get_by_role("button", name="保留现状").click()
    expect(sheet(page)).to_have_count(0)
    assert manager.get(f"/leads/{lead['id']}").json()["owner"]["name"] == "王海燕"

    expect(page.get_by_role("main")).to_contain_text("王海燕")
    press(page, "改派")
    sheet(page).get_by_role("radiogroup", name="改派给谁").locator("label").filter(has_text="李婷").click()
    sheet(page).get_by_label("原因").fill("离客户最近")
    call = {"kind": "call", "outcome": "reached"}
    manager.post(f"/leads/{lead['id']}/follow-ups", json=call, headers={"Idempotency-Key": lead["id"]}).raise_for_status()
    sheet(page).get_by_role("button", name="确认改派").click()
    expect(notice).to_contain_text("现在由 王海燕 负责")
    notice.get_by_role("button", name="仍然改派").click()
    said(page, "已改派给 李婷")
    assert manager.get(f"/leads/{lead['id']}").json()["owner"]["name"] == "李婷"
