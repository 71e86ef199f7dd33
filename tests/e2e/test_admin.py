"""People, regions and deliveries: what an administrator does without help."""

import secrets

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.checks import overflow, picture, settle, violations
from tests.e2e.conftest import PASSWORD, ApiOf, OpenPage
from tests.e2e.steps import choose, enter, heading, said, sheet, sign_in_by_form

DELIVERY = {
    "id": "01890000-0000-7000-8000-000000000001",
    "channel": {"id": "01890000-0000-7000-8000-000000000002", "name": "华东销售群（钉钉）", "kind": "dingtalk_robot"},
    "person": {"id": "01890000-0000-7000-8000-000000000003", "name": "张磊"},
    "notification_id": "01890000-0000-7000-8000-000000000004",
    "state": "dead",
    "attempts": 12,
    "next_at": None,
    "last_error": "310000 keywords not in content",
    "created_at": "2026-03-10T02:00:00Z",
    "sent_at": None,
}


def a_person(admin: httpx.Client) -> dict[str, str]:
    """Somebody whom no other test knows."""
    login = f"e2e{secrets.token_hex(4)}"
    body = {"name": f"新人{login[-4:]}", "login": login, "password": PASSWORD, "roles": ["engineer"], "takes_leads": False}
    answer = admin.post("/people", json=body, headers={"Idempotency-Key": login})
    assert answer.status_code == 201, answer.text
    person: dict[str, str] = answer.json()
    return person


def open_person(page: Page, name: str) -> None:
    page.get_by_role("textbox", name="搜索姓名、账号、拼音").fill(name)
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
    expect(sheet(page).get_by_label("姓名")).to_have_value(name)


@pytest.mark.parametrize("device", ["phone", "pc"])
def test_a_new_colleague_can_sign_in_at_once(open_page: OpenPage, device: str) -> None:
    login = f"e2e{secrets.token_hex(4)}"
    page = open_page(device, of="admin")
    enter(page, "admin", "/admin/people")
    page.get_by_role("button", name="新增人员").click()
    sheet(page).get_by_role("button", name="新增人员").click()
    expect(sheet(page).get_by_text("这一项必填").first).to_be_visible()
    sheet(page).get_by_label("姓名").fill("马新来")
    sheet(page).get_by_label("账号").fill("zhanglei")
    sheet(page).get_by_label("初始密码").fill(PASSWORD)
    choose(page, "角色", "研发工程师")
    page.keyboard.press("Escape")
    sheet(page).get_by_role("button", name="新增人员").click()
    expect(sheet(page).get_by_text("已被使用")).to_be_visible()
    sheet(page).get_by_label("账号").fill(login)
    sheet(page).get_by_role("button", name="新增人员").click()
    said(page, "已新增 马新来")
    theirs = open_page("phone")
    theirs.goto("/sign-in")
    sign_in_by_form(theirs, login)
    expect(heading(theirs, "今日待办")).to_be_visible()


@pytest.mark.parametrize(("keeps", "mobile"), [("用我的覆盖", "15400000002"), ("载入最新", "15400000001")])
def test_two_who_edit_the_same_person_do_not_overwrite_each_other(open_page: OpenPage, api_of: ApiOf, keeps: str, mobile: str) -> None:
    admin = api_of("admin")
    person = a_person(admin)
    first, second = open_page("pc", of="admin"), open_page("pc", of="admin")
    for page in (first, second):
        enter(page, "admin", "/admin/people")
        open_person(page, person["name"])
    for page, number in ((first, "15400000001"), (second, "15400000002")):
        sheet(page).get_by_label("手机", exact=True).fill(number)
        sheet(page).get_by_role("button", name="保存", exact=True).click()
    said(first, "已保存")
    expect(sheet(second).get_by_text("的资料刚被别人改过")).to_be_visible()
    expect(sheet(second).get_by_text("不同的内容：手机")).to_be_visible()
    sheet(second).get_by_role("button", name=keeps).click()
    if keeps == "载入最新":
        expect(sheet(second).get_by_label("手机", exact=True)).to_have_value(mobile)
    else:
        said(second, "已保存")
    assert admin.get(f"/people/{person['id']}").json()["mobile"] == mobile


def test_a_leave_is_entered_and_cancelled(open_page: OpenPage, api_of: ApiOf) -> None:
    person = a_person(api_of("admin"))
    page = open_page("phone", of="admin")
    enter(page, "admin", "/admin/people")
    open_person(page, person["name"])
    sheet(page).get_by_role("tab", name="休假").tap()
    sheet(page).get_by_label("开始").fill("2027-05-04T09:00")
    sheet(page).get_by_label("结束").fill("2027-05-03T18:00")
    sheet(page).get_by_role("button", name="登记休假").tap()
    expect(sheet(page).get_by_text("结束要晚于开始")).to_be_visible()
    sheet(page).get_by_label("结束").fill("2027-05-06T18:00")
    sheet(page).get_by_role("button", name="登记休假").tap()
    row = sheet(page).get_by_role("listitem").filter(has_text="2027年5月4日 09:00")
    expect(row).to_contain_text("2027年5月6日 18:00")
    row.get_by_role("button", name="取消休假").tap()
    expect(row).to_contain_text("已取消")
    sheet(page).get_by_role("tab", name="变更记录").tap()
    change = sheet(page).get_by_role("listitem").filter(has_text="取消时间")
    expect(change).to_contain_text("周敏")
    expect(change).to_contain_text("2027-05-04 09:00:00")
    settle(page)
    picture(page, "phone-person-changes")
    assert [*overflow(page), *violations(page)] == []


def test_a_deactivated_person_is_out_at_once(open_page: OpenPage, api_of: ApiOf) -> None:
    person = a_person(api_of("admin"))
    theirs, page = open_page("phone"), open_page("pc", of="admin")
    enter(theirs, person["login"])
    enter(page, "admin", "/admin/people")
    open_person(page, person["name"])
    sheet(page).get_by_role("button", name="停用账号").click()
    page.get_by_role("dialog", name=f"停用 {person['name']} 的账号？").get_by_role("button", name="停用账号").click()
    said(page, "已停用")
    expect(heading(theirs, "登录")).to_be_visible()


def test_a_region_gets_a_province(open_page: OpenPage, api_of: ApiOf) -> None:
    code = f"e2e-{secrets.token_hex(3)}"
    name = f"海外 {code}"
    page = open_page("pc", of="admin")
    enter(page, "admin", "/admin/regions")
    page.get_by_role("button", name="新增区域").click()
    sheet(page).get_by_label("名称").fill(name)
    sheet(page).get_by_label("编码").fill(code)
    sheet(page).get_by_role("button", name="添加省份").click()
    choose(page, "省份", "香港")
    sheet(page).get_by_role("button", name="保存", exact=True).click()
    said(page, "已保存")
    row = page.get_by_role("listitem").filter(has_text=code)
    expect(row).to_contain_text("香港")
    row.get_by_role("button", name=f"编辑 {name}").click()
    sheet(page).get_by_role("button", name="移除 香港").click()
    sheet(page).get_by_role("button", name="保存", exact=True).click()
    expect(row).to_contain_text("还没有覆盖省市")
    areas = [one["areas"] for one in api_of("admin").get("/regions").json()["items"] if one["code"] == code]
    assert areas == [[]]
    row.get_by_role("button", name=f"编辑 {name}").click()
    sheet(page).get_by_role("button", name="变更记录").click()
    change = sheet(page).get_by_role("listitem").filter(has_text="香港")
    expect(change).to_have_count(2)
    expect(change.first).to_contain_text("周敏")


def test_a_province_of_another_region_is_refused_and_said(open_page: OpenPage) -> None:
    page = open_page("pc", of="admin")
    enter(page, "admin", "/admin/regions")
    page.get_by_role("button", name="编辑 华南").click()
    sheet(page).get_by_role("button", name="添加省份").click()
    sheet(page).get_by_role("combobox", name="省份", exact=True).last.click()
    page.keyboard.type("四川")
    page.locator(".ant-select-dropdown:visible").get_by_title("四川", exact=True).click()
    sheet(page).get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("省市已属于其他区域")).to_be_visible()


def test_a_push_that_was_given_up_is_shown_with_its_error_and_sent_again(open_page: OpenPage) -> None:
    """The demo talks to nobody outside, so the answers of the server are written here."""
    page = open_page("phone", of="admin")
    sent: list[str] = []
    page.route("**/api/v1/deliveries?*", lambda route: route.fulfill(json={"items": [DELIVERY], "next_cursor": None}))
    page.route(
        "**/api/v1/deliveries/*/replay", lambda route: (sent.append(route.request.url), route.fulfill(json=DELIVERY | {"state": "pending"}))
    )
    enter(page, "admin", "/me")
    page.get_by_role("link", name="推送记录").tap()
    expect(heading(page, "推送记录")).to_be_visible()
    row = page.get_by_role("listitem").filter(has_text="310000 keywords not in content")
    expect(row).to_contain_text("已放弃")
    row.get_by_role("button", name="重新发送").tap()
    said(page, "已重新排队")
    assert len(sent) == 1
