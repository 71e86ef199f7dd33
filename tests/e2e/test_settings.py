"""What marketing and administrators change without code: quarantine, forms, scripts, deadlines, channels, roles."""

import json
import re
import secrets
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ApiOf, Installation, OpenPage
from tests.e2e.steps import a_company, a_phone, enter, heading, said, sheet

DEVICES = ("phone", "pc")
both_sizes = pytest.mark.parametrize("device", DEVICES)


def a_form(admin: httpx.Client, **mapping: Any) -> dict[str, Any]:
    """A form that proves itself by a token; its `token` goes with each post."""
    key = f"e2e-{secrets.token_hex(4)}"
    body = {"key": key, "name": f"表单 {key}", "source": "website", "mapping": mapping, "verification": {"by": "token"}}
    form: dict[str, Any] = admin.post("/forms", json=body, headers={"Idempotency-Key": key}).raise_for_status().json()
    form["token"] = admin.post(f"/forms/{form['id']}/secrets", json={"kind": "token"}).raise_for_status().json()["secret"]
    return form


def post(installation: Installation, form: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    answer = httpx.post(installation.url + form["path"], json=body, headers={"X-Form-Token": form["token"]}, trust_env=False)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ladder_of_first_contact(admin: httpx.Client) -> dict[str, Any]:
    items: list[dict[str, Any]] = admin.get("/ladders").raise_for_status().json()["items"]
    return next(item for item in items if item["kind"] == "lead.first_contact")


def card_of(page: Page, text: str) -> Any:
    return page.get_by_role("main").get_by_role("listitem").filter(has_text=text)


@both_sizes
def test_a_submission_is_corrected_and_becomes_one_lead(
    open_page: OpenPage, api_of: ApiOf, installation: Installation, device: str
) -> None:
    admin, company, phone = api_of("admin"), a_company("隔离"), a_phone()
    form = a_form(admin, company="company", phone="phone")
    sent = post(installation, form, {"company": company, "phone": "见微信"})
    assert sent["state"] == "quarantined"
    page = open_page(device, of="linyue")
    enter(page, "linyue", "/admin/quarantine")
    card = card_of(page, company)
    expect(card).to_contain_text("电话的内容不能用")
    expect(card).to_contain_text("见微信")
    card.get_by_role("button", name="修正并生成线索").click()
    expect(sheet(page).get_by_label("公司", exact=True)).to_have_value(company)
    expect(sheet(page).get_by_role("button", name="生成线索", exact=True)).to_be_disabled()
    sheet(page).get_by_label("电话", exact=True).fill(phone)
    expect(sheet(page).get_by_text("可以生成线索")).to_be_visible()
    sheet(page).get_by_role("button", name="生成线索", exact=True).click()
    said(page, "线索已生成，正在分配")
    expect(card).to_have_count(0)
    page.get_by_role("radio", name="已成线索").check()
    expect(card).to_contain_text("林悦 已生成线索")
    card.get_by_role("link", name="查看线索").click()
    expect(page.get_by_text("原在隔离区，核对后生成线索")).to_be_visible()
    again = admin.post(f"/submissions/{sent['submission_id']}/replay", json={}).json()
    assert page.url.endswith(again["lead_id"])


@both_sizes
def test_a_submission_is_dismissed_with_a_reason(open_page: OpenPage, api_of: ApiOf, installation: Installation, device: str) -> None:
    admin, company = api_of("admin"), a_company("广告")
    post(installation, a_form(admin, company="company"), {"company": company})
    page = open_page(device, of="linyue")
    enter(page, "linyue", "/admin/quarantine")
    card = card_of(page, company)
    card.get_by_role("button", name="忽略", exact=True).click()
    sheet(page).get_by_role("button", name="忽略", exact=True).click()
    expect(sheet(page).get_by_text("这一项必填")).to_be_visible()
    sheet(page).get_by_label("原因").fill("推销广告")
    sheet(page).get_by_role("button", name="忽略", exact=True).click()
    said(page, "已忽略")
    expect(card).to_have_count(0)
    page.get_by_role("radio", name="已忽略").check()
    expect(card).to_contain_text("原因：推销广告")


@both_sizes
def test_a_form_is_made_mapped_with_a_live_test_and_given_a_secret(
    open_page: OpenPage, api_of: ApiOf, installation: Installation, device: str
) -> None:
    admin, key = api_of("admin"), f"e2e-{secrets.token_hex(4)}"
    page = open_page(device, of="linyue")
    enter(page, "linyue", "/admin/forms")
    page.get_by_role("button", name="新增表单").click()
    sheet(page).get_by_label("名称").fill(f"展会 {key}")
    sheet(page).get_by_label("标识").fill(key)
    sheet(page).get_by_role("button", name="新增表单").click()
    said(page, "已保存")
    sheet(page).get_by_role("button", name="添加一行").click()
    sheet(page).get_by_label("来源路径").fill("lead.tel")
    sheet(page).get_by_role("combobox", name="线索字段").click()
    page.keyboard.type("电话")
    page.keyboard.press("Enter")
    sheet(page).get_by_label("提交内容").fill(json.dumps({"lead": {"tel": "不是电话"}}))
    expect(sheet(page).get_by_text("电话的内容不能用")).to_be_visible()
    sheet(page).get_by_label("提交内容").fill(json.dumps({"lead": {"tel": "13812345678"}}))
    expect(sheet(page).get_by_text("可以生成线索")).to_be_visible()
    sheet(page).get_by_role("button", name="保存映射").click()
    said(page, "映射已保存")
    sheet(page).get_by_role("tab", name="密钥").click()
    sheet(page).get_by_role("button", name="生成新密钥").click()
    secret = sheet(page).get_by_text(re.compile("^whsec_"))
    expect(secret).to_be_visible()
    sheet(page).get_by_role("tab", name="接入代码").click()
    expect(sheet(page).get_by_text(f"/api/v1/inbound/forms/{key}").first).to_be_visible()
    sheet(page).get_by_role("tab", name="变更记录").click()
    log = sheet(page).get_by_role("tabpanel")
    expect(log.get_by_text("林悦").first).to_be_visible()
    expect(log.get_by_text(re.compile("hidden "))).to_be_visible()
    (form,) = [one for one in admin.get("/forms").json()["items"] if one["key"] == key]
    assert form["mapping"] == {"phone": ["lead.tel"]}


def test_two_who_edit_the_same_mapping_do_not_overwrite_each_other(open_page: OpenPage, api_of: ApiOf) -> None:
    admin = api_of("admin")
    form = a_form(admin, phone="phone")
    first, second = open_page("pc", of="linyue"), open_page("pc", of="admin")
    for page, login in ((first, "linyue"), (second, "admin")):
        enter(page, login, "/admin/forms")
        page.get_by_role("button", name=f"编辑 {form['name']}").click()
        sheet(page).get_by_role("tab", name="字段映射").click()
        expect(sheet(page).get_by_label("来源路径")).to_have_value("phone")
    for page, path in ((first, "tel"), (second, "mobile")):
        sheet(page).get_by_label("来源路径").fill(path)
        sheet(page).get_by_role("button", name="保存映射").click()
    said(first, "映射已保存")
    expect(sheet(second).get_by_text("内容刚被别人改过")).to_be_visible()
    sheet(second).get_by_role("button", name="载入最新").click()
    expect(sheet(second).get_by_label("来源路径")).to_have_value("tel")
    expect(sheet(first).get_by_text("第 1 版")).to_be_visible()
    assert admin.get(f"/forms/{form['id']}").json()["mapping"] == {"phone": ["tel"]}


@both_sizes
def test_a_script_is_written_with_variables_tried_on_a_lead_and_switched_off(open_page: OpenPage, device: str) -> None:
    title = f"e2e {secrets.token_hex(3)}"
    page = open_page(device, of="linyue")
    enter(page, "linyue", "/admin/scripts")
    page.get_by_role("button", name="新增话术").click()
    sheet(page).get_by_label("标题").fill(title)
    sheet(page).get_by_role("textbox", name="内容").fill("您好，")
    sheet(page).get_by_role("button", name="公司", exact=True).click()
    expect(sheet(page).get_by_role("textbox", name="内容")).to_have_value("您好，{company}")
    expect(sheet(page).get_by_role("status").get_by_text("您好，")).not_to_contain_text("{company}")
    sheet(page).get_by_role("textbox", name="内容").fill("您好，{boss}")
    sheet(page).get_by_role("button", name="新增话术").click()
    expect(sheet(page).get_by_text("有不认识的变量", exact=True)).to_be_visible()
    sheet(page).get_by_role("textbox", name="内容").fill("您好，{company}")
    sheet(page).get_by_role("button", name="新增话术").click()
    said(page, "已保存")
    card_of(page, title).get_by_role("button", name=f"上移 {title}").click()
    card_of(page, title).get_by_role("button", name=f"编辑 {title}").click()
    sheet(page).get_by_label("启用").click()
    sheet(page).get_by_role("button", name="保存", exact=True).click()
    expect(card_of(page, title)).to_contain_text("已停用")


@both_sizes
def test_a_deadline_is_tried_before_it_counts(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    admin = api_of("admin")
    before = ladder_of_first_contact(admin)
    page = open_page(device, of="admin")
    enter(page, "admin", "/admin/ladders")
    unowned = page.get_by_role("region", name="线索没有负责人")
    for name, who in (("提醒分配", "可分配线索的人"), ("上报总监", "上级总监和管理员"), ("每天再提醒", "上级总监和管理员")):
        expect(unowned.get_by_role("group", name=name)).to_contain_text(who)
    ladder = page.get_by_role("region", name="线索首次联系")
    row = ladder.get_by_role("table").get_by_role("row").filter(has_text="上报主管")
    expect(row).to_be_visible()
    ladder.get_by_role("group", name="上报主管").get_by_label("数值").fill("96")
    body = {"rungs": [rung | ({"amount": 96} if rung["key"] == "supervisor" else {}) for rung in before["rungs"]]}
    tried = admin.post(f"/ladders/{before['kind']}/dry-run", json=body).json()
    wanted = next(one for one in tried["rungs"] if one["rung"] == "supervisor")
    expect(row.get_by_role("cell").nth(2)).to_have_text(str(wanted["due_now"]))
    assert ladder_of_first_contact(admin) == before
    ladder.get_by_role("button", name="保存并生效").click()
    said(page, "已生效")
    after = ladder_of_first_contact(admin)
    assert after["rungs"] == body["rungs"]
    back = admin.put(f"/ladders/{before['kind']}", json={"rungs": before["rungs"]}, headers={"If-Match": f'"v{after["version"]}"'})
    assert back.status_code == 200


@both_sizes
def test_a_channel_is_made_given_credentials_and_paused(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    """The demo talks to nobody outside: the test message itself is answered here, its way is tested against the robot's simulator."""
    name = f"群 {secrets.token_hex(3)}"
    delivery = {"id": "01890000-0000-7000-8000-000000000001", "channel": {"id": "01890000-0000-7000-8000-000000000002", "name": name},
                "person": {"id": "01890000-0000-7000-8000-000000000003", "name": "管理员"}, "kind": "channel.test", "state": "pending",
                "attempts": 0, "created_at": "2026-03-10T02:00:00Z", "next_at": None, "last_error": None, "sent_at": None}  # fmt: skip
    page = open_page(device, of="admin")
    page.route("**/api/v1/channels/*/test", lambda route: route.fulfill(status=202, json=delivery))
    page.route("**/api/v1/deliveries/01890000*", lambda route: route.fulfill(json=delivery | {"state": "sent"}))
    enter(page, "admin", "/admin/channels")
    page.get_by_role("button", name="新增通道").click()
    sheet(page).get_by_label("名称").fill(name)
    sheet(page).get_by_role("button", name="新增通道").click()
    said(page, "已保存")
    expect(sheet(page).get_by_role("button", name="发送测试消息")).to_be_disabled()
    sheet(page).get_by_label("Webhook 地址或 access_token").fill("https://oapi.dingtalk.com/robot/send?access_token=abcdef0123456789")
    sheet(page).get_by_role("button", name="保存凭据").click()
    said(page, "凭据已保存")
    expect(sheet(page).get_by_label("Webhook 地址或 access_token")).to_have_value("")
    sheet(page).get_by_role("button", name="发送测试消息").click()
    expect(sheet(page).get_by_text("测试消息已送达")).to_be_visible()
    sheet(page).get_by_role("tab", name="设置", exact=True).click()
    sheet(page).get_by_label("启用").click()
    sheet(page).get_by_role("button", name="保存", exact=True).click()
    sheet(page).get_by_role("button", name="关闭").click()
    expect(card_of(page, name)).to_contain_text("已暂停")
    (channel,) = [one for one in api_of("admin").get("/channels").json()["items"] if one["name"] == name]
    assert (channel["has_credentials"], channel["is_active"]) == (True, False)


@both_sizes
def test_a_role_changes_and_the_last_key_stays(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    admin = api_of("admin")
    page = open_page(device, of="admin")
    enter(page, "admin", "/admin/roles")
    expect(heading(page, "角色权限")).to_be_visible()
    page.get_by_role("button", name="编辑 人事").click()
    sheet(page).get_by_label("查看审计").click()
    sheet(page).get_by_role("button", name="保存", exact=True).click()
    said(page, "已保存")
    page.get_by_role("button", name="编辑 销售员").click()
    expect(sheet(page).get_by_label("公海", exact=True)).to_be_checked()
    sheet(page).get_by_role("button", name="保存", exact=True).click()
    expect(sheet(page)).to_be_hidden()
    page.get_by_role("button", name="编辑 管理员").click()
    sheet(page).get_by_label("管理人员和角色").click()
    sheet(page).get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("不能去掉最后的管理权限")).to_be_visible()
    sheet(page).get_by_role("tab", name="变更记录").click()
    expect(sheet(page).get_by_text("权限").first).to_be_visible()
    roles = {one["code"]: one for one in admin.get("/roles").json()["items"]}
    assert "people.manage" in roles["administrator"]["permissions"]
    assert (roles["sales_rep"]["reaches"], "lead.claim" in roles["sales_rep"]["permissions"]) == (["own", "pool"], True)
    has_audit = "audit.read" in roles["hr"]["permissions"]
    assert has_audit is (device == "phone"), "each size turns it over once"
