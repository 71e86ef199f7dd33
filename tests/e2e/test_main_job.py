"""LEAD-1, LEAD-3, LEAD-5: a website lead reaches the right rep's phone at once, is called and followed up."""

import httpx
from playwright.sync_api import Page, expect

from tests.e2e.checks import COUNT_SHIFTS
from tests.e2e.conftest import ApiOf, Installation, OpenPage
from tests.e2e.steps import a_company, a_phone, card, enter, fill_website_form, heading, new_lead, said, send_website_form, sheet

AT_ONCE = 2_000


def rep_of(admin: httpx.Client, province: str) -> str:
    """The login of the one rep to whom the leads of a province can go."""
    regions = admin.get("/regions").raise_for_status().json()["items"]
    region = next(one["id"] for one in regions if {"province": province, "city": None} in one["areas"])
    people = admin.get("/people", params={"region_id": region, "role": "sales_rep", "is_active": True}).raise_for_status().json()["items"]
    (rep,) = people
    login: str = rep["login"]
    return login


def arrives(website: Page, installation: Installation, phone: Page, company: str, number: str) -> None:
    fill_website_form(website, installation, company=company, phone=number, province="四川", city="成都")
    send_website_form(website)
    expect(card(phone, company)).to_be_visible(timeout=AT_ONCE)


def test_a_lead_from_the_website_is_on_the_reps_phone_at_once_and_is_called_and_followed_up(
    open_page: OpenPage, installation: Installation, api_of: ApiOf
) -> None:
    company, number = a_company("成都锦江精密"), a_phone()
    phone, website = open_page("phone"), open_page("pc")
    enter(phone, rep_of(api_of("admin"), "四川"))
    expect(heading(phone, "今日待办")).to_be_visible()
    phone.evaluate("window.neverReloaded = true")

    arrives(website, installation, phone, company, number)
    expect(phone.get_by_text(f"新线索 {company} 已分给你")).to_be_attached()
    lead = card(phone, company)
    lead.get_by_role("button", name="看话术").tap()
    expect(lead.get_by_role("region", name="首次联系话术")).to_contain_text("何工")
    call = lead.get_by_role("link", name="拨打")
    expect(call).to_have_attribute("href", f"tel:{number}")

    lead.get_by_role("button", name="记录跟进").tap()
    sheet(phone).get_by_role("radio", name="有意向").check()
    sheet(phone).get_by_label("说了什么").fill("要 2000 件样品，月底前报价")
    address = lead.get_by_role("link", name=company).get_attribute("href")
    sheet(phone).get_by_role("button", name="保存跟进").tap()
    said(phone, "跟进已记录，首次联系计时停止")
    expect(lead).to_have_count(0)
    assert phone.evaluate("window.neverReloaded")

    phone.goto(address or "")
    expect(heading(phone, company)).to_be_visible()
    expect(phone.get_by_text("跟进中", exact=True)).to_be_visible()
    entry = phone.get_by_role("listitem").filter(has_text="有意向")
    expect(entry).to_contain_text("要 2000 件样品，月底前报价")
    for words in ("收到线索", "已分配"):
        expect(phone.get_by_role("listitem").filter(has_text=words)).to_be_visible()


def test_on_another_screen_a_notice_leads_to_the_lead(open_page: OpenPage, installation: Installation) -> None:
    company = a_company("自贡通知")
    page, website = open_page("phone", of="yangfan"), open_page("pc")
    enter(page, "yangfan", "/leads")
    fill_website_form(website, installation, company=company, phone=a_phone(), province="四川", city="自贡")
    send_website_form(website)
    arrived = page.get_by_role("alert").filter(has_text=f"新线索：{company}")
    expect(arrived).to_be_visible(timeout=AT_ONCE)
    arrived.get_by_role("button", name="查看").tap()
    expect(heading(page, company)).to_be_visible()


def test_the_form_waits_behind_the_call(open_page: OpenPage, api_of: ApiOf) -> None:
    """Who comes back from the call finds the form open: outcome, save."""
    lead = new_lead(api_of("yangfan"), "来电回访")
    phone = open_page("phone", of="yangfan")
    enter(phone, "yangfan")
    card(phone, lead["company"]).get_by_role("link", name="拨打").tap()
    sheet(phone).get_by_role("radio", name="没人接").check()
    sheet(phone).get_by_role("radio", name="明天上午").check()
    sheet(phone).get_by_role("button", name="保存跟进").tap()
    said(phone, "跟进已记录")
    kept = api_of("yangfan").get(f"/leads/{lead['id']}").json()
    assert (kept["state"], kept["next_step_at"] is not None) == ("following", True)


def test_a_follow_up_without_an_outcome_is_not_saved(open_page: OpenPage, api_of: ApiOf) -> None:
    lead = new_lead(api_of("yangfan"), "缺少结果")
    page = open_page("pc", of="yangfan")
    enter(page, "yangfan", f"/leads/{lead['id']}")
    page.get_by_role("button", name="记录跟进").click()
    sheet(page).get_by_role("button", name="保存跟进").click()
    expect(sheet(page).get_by_text("请选一个结果")).to_be_visible()
    assert api_of("yangfan").get(f"/leads/{lead['id']}").json()["state"] == "assigned"


def test_nothing_jumps_when_a_lead_arrives(open_page: OpenPage, installation: Installation) -> None:
    phone, website = open_page("phone", is_still=False), open_page("pc")
    phone.add_init_script(COUNT_SHIFTS)
    enter(phone, "yangfan")
    expect(phone.get_by_role("article").first).to_be_visible()
    phone.evaluate("window.shifted = 0")
    arrives(website, installation, phone, a_company("重庆两江轴承"), a_phone())
    assert phone.evaluate("window.shifted") < 0.1


def test_a_lead_that_arrives_twice_is_one(open_page: OpenPage, installation: Installation, api_of: ApiOf) -> None:
    """Two quick presses of the website's button, one lead."""
    company = a_company("绵阳双击")
    website = open_page("phone")
    fill_website_form(website, installation, company=company, phone=a_phone(), province="四川", city="绵阳")
    website.evaluate("form.requestSubmit(); form.requestSubmit()")
    expect(website.get_by_role("status")).to_be_visible()
    phone = open_page("phone", of="yangfan")
    enter(phone, "yangfan")
    expect(card(phone, company)).to_have_count(1)


def test_who_was_not_reached_is_called_again_tomorrow(open_page: OpenPage, api_of: ApiOf) -> None:
    """The proposal follows the outcome until the person chooses; without it the lead would leave every list."""
    api = api_of("yangfan")
    lead = new_lead(api, "再打一次")
    phone = open_page("phone", of="yangfan")
    enter(phone, "yangfan", f"/leads/{lead['id']}")
    phone.get_by_role("button", name="记录跟进").tap()
    outcomes, moments = sheet(phone).get_by_role("radiogroup", name="结果怎么样？"), sheet(phone).get_by_role("radiogroup", name="下一步")
    for outcome, moment in (("没人接", "明天上午"), ("已联系上", "不安排"), ("约好再联系", "明天上午")):
        outcomes.get_by_role("radio", name=outcome).check()
        expect(moments.get_by_role("radio", name=moment)).to_be_checked()
    moments.get_by_role("radio", name="下周一").check()
    outcomes.get_by_role("radio", name="没人接").check()
    expect(moments.get_by_role("radio", name="下周一")).to_be_checked()
    sheet(phone).get_by_role("button", name="保存跟进").tap()
    said(phone, "跟进已记录")
    assert api.get(f"/leads/{lead['id']}").json()["next_step_at"] is not None
