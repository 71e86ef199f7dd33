"""A won deal has a contract: signed, its milestones done or late, completed."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.checks import healthy
from tests.e2e.conftest import ApiOf, Installation, OpenPage
from tests.e2e.steps import PDF, a_phone, enter, go, heading, new_customer, said, sheet


def won_deal(api_of: ApiOf, name: str) -> str:
    """A deal whose customer buys: won through the API."""
    api = api_of("zhanglei")
    customer = new_customer(api, "签约")
    facts = {"expected_amount": "66000.00", "expected_close_on": "2027-03-01", "product_line": "冲压件", "need": "支架"}
    deal = api.post("/opportunities", json={"name": name, "customer_id": customer["id"], **facts}).raise_for_status().json()
    path = f"/opportunities/{deal['id']}"
    api.post(f"{path}/follow-ups", json={"kind": "visit", "outcome": "interested", "note": "看了样件"}).raise_for_status()
    contact = {"name": "陈总", "role": "decider", "phone": a_phone()}
    api.post(f"/customers/{customer['id']}/contacts", json=contact).raise_for_status()
    papers = {"subject_type": "opportunity", "subject_id": deal["id"], "kind": "requirement"}
    sent = api.post("/uploads", params={"name": PDF["name"], "kind": "requirement"}, content=PDF["buffer"]).raise_for_status().json()
    api.post("/documents", json=papers | {"upload_id": sent["id"]}).raise_for_status()
    for stage, more in (("needs", {}), ("proposal", {}), ("negotiation", {}), ("closed", {"outcome": "won"})):
        version = api.get(path).json()["version"]
        api.post(f"{path}/moves", json={"stage": stage, **more}, headers={"If-Match": f'"v{version}"'}).raise_for_status()
    return str(deal["id"])


@pytest.mark.parametrize("device", ["phone", "pc"])
def test_a_won_deal_is_signed_delivered_and_completed(open_page: OpenPage, api_of: ApiOf, installation: Installation, device: str) -> None:
    name = f"签约{a_phone()[-6:]}"
    deal = won_deal(api_of, name)
    page = open_page(device, of="zhanglei")
    enter(page, "zhanglei", f"/opportunities/{deal}")
    page.get_by_role("region", name="合同").get_by_role("link", name=name).click()
    expect(heading(page, name)).to_be_visible()
    main = page.get_by_role("main")
    expect(main).to_contain_text("¥66,000")
    expect(page.get_by_role("region", name="交付节点").get_by_role("listitem")).to_have_count(4)
    assert healthy(page, f"{device}-contract-signing") == []
    main.get_by_role("button", name="签订").click()
    for _ in range(3):
        sheet(page).get_by_role("button", name="去掉这个节点").last.click()
    expect(sheet(page).get_by_label("节点", exact=True)).to_have_value("首件确认")
    assert healthy(page, f"{device}-contract-sign") == []
    sheet(page).get_by_role("button", name="签订").click()
    said(page, "合同已签订，交付节点已建立")
    expect(main).to_contain_text("交付中")
    installation.sql(
        f"update delivery_milestone set due_on = due_on - 90 where contract_id in (select id from contract where title = '{name}')"
    )
    page.reload()
    expect(main).to_contain_text("交付延期")
    expect(main.get_by_role("button", name="交付完成")).to_be_disabled()
    assert healthy(page, f"{device}-contract-late") == []
    main.get_by_role("button", name="修改节点：首件确认").click()
    sheet(page).get_by_label("应完成日").fill("2027-06-01")
    sheet(page).get_by_role("button", name="保存").click()
    expect(sheet(page)).to_contain_text("请说明原因")
    sheet(page).get_by_label("为什么？").fill("模具返修")
    sheet(page).get_by_role("button", name="保存").click()
    said(page, "已保存")
    expect(main).to_contain_text("模具返修")
    main.get_by_role("button", name="首件确认：今天完成").click()
    said(page, "首件确认 已完成")
    main.get_by_role("button", name="交付完成").click()
    sheet(page).get_by_role("button", name="交付完成").click()
    said(page, "合同已完成")
    expect(main).to_contain_text("已完成")
    go(page, "/contracts?only=completed")
    expect(heading(page, "合同")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name=re.compile(name))).to_be_visible()
    assert healthy(page, f"{device}-contracts") == []
    enter(page, "zhanglei", f"/opportunities/{deal}")
    expect(page.get_by_role("button", name="重新打开")).to_have_count(0)
