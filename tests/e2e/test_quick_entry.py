"""LEAD-1 by hand: quick entry on the phone and on the PC."""

import pytest
from playwright.sync_api import Request, expect

from tests.e2e.conftest import ApiOf, OpenPage
from tests.e2e.steps import a_company, a_phone, choose, enter, heading, sheet


@pytest.mark.parametrize("device", ["phone", "pc"])
def test_what_is_missing_is_said_beside_the_field_and_then_the_lead_is_saved(open_page: OpenPage, device: str) -> None:
    company = a_company("展会名片")
    page = open_page(device, of="zhanglei")
    enter(page, "zhanglei", "/leads")
    page.get_by_role("button", name="快速录入").click()
    save = sheet(page).get_by_role("button", name="保存线索")
    sheet(page).get_by_label("公司", exact=True).fill(company)
    save.click()
    phone = sheet(page).get_by_label("手机 / 电话")
    expect(phone).to_have_attribute("aria-invalid", "true")
    expect(sheet(page).get_by_text("电话、邮箱、微信至少填一个，才能联系上对方")).to_be_visible()
    phone.fill(a_phone())
    choose(page, "省份", "江苏")
    choose(page, "来源", "展会")
    save.click()
    expect(heading(page, company)).to_be_visible()
    expect(page.get_by_text("江苏").first).to_be_visible()


def test_an_e_mail_address_alone_is_a_way_to_reach_somebody(open_page: OpenPage) -> None:
    company = a_company("只有邮箱")
    page = open_page("phone", of="zhanglei")
    enter(page, "zhanglei", "/leads")
    page.get_by_role("button", name="快速录入").tap()
    sheet(page).get_by_label("公司", exact=True).fill(company)
    sheet(page).get_by_role("button", name="更多信息").tap()
    email = sheet(page).get_by_label("邮箱")
    email.fill("not-an-address")
    sheet(page).get_by_role("button", name="保存线索").tap()
    expect(sheet(page).get_by_text("邮箱格式不对")).to_be_visible()
    email.fill("buyer@demo.example")
    sheet(page).get_by_role("button", name="保存线索").tap()
    expect(heading(page, company)).to_be_visible()


def test_a_double_tap_makes_one_lead(open_page: OpenPage, api_of: ApiOf) -> None:
    company, sent = a_company("双击保存"), list[Request]()
    page = open_page("phone", of="zhanglei")
    enter(page, "zhanglei")
    page.on("request", lambda request: sent.append(request) if request.method == "POST" and request.url.endswith("/leads") else None)
    page.get_by_role("button", name="快速录入").tap()
    sheet(page).get_by_label("公司", exact=True).fill(company)
    sheet(page).get_by_label("手机 / 电话").fill(a_phone())
    sheet(page).get_by_role("button", name="保存线索").dblclick()
    expect(heading(page, company)).to_be_visible()
    assert len({request.headers["idempotency-key"] for request in sent}) == 1
    mine = api_of("zhanglei").get("/leads", params={"scope": "own", "limit": 20}).json()["items"]
    assert [lead["company"] for lead in mine].count(company) == 1


def test_what_was_typed_survives_a_server_that_is_away(open_page: OpenPage) -> None:
    company = a_company("断网保存")
    page = open_page("phone", of="zhanglei")
    enter(page, "zhanglei")
    page.get_by_role("button", name="快速录入").tap()
    sheet(page).get_by_label("公司", exact=True).fill(company)
    sheet(page).get_by_label("手机 / 电话").fill(a_phone())
    page.route("**/api/v1/leads", lambda route: route.abort())
    sheet(page).get_by_role("button", name="保存线索").tap()
    expect(page.get_by_text("连不上服务器")).to_be_visible()
    expect(sheet(page).get_by_label("公司", exact=True)).to_have_value(company)
    page.unroute("**/api/v1/leads")
    sheet(page).get_by_role("button", name="保存线索").tap()
    expect(heading(page, company)).to_be_visible()
