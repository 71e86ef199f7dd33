"""SAFE-2 in the browser: getting in, staying in, getting out everywhere."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.steps import enter, heading, sign_in_by_form

# Nobody else in these tests is one of them: their sessions end and their account is locked.
LEAVES, LEAVES_ALONE, LOCKED = "wujianhua", "tangna", "xuhongmei"


def expect_sign_in(page: Page, notice: str) -> None:
    expect(heading(page, "登录")).to_be_visible()
    expect(page.get_by_text(notice)).to_be_visible()


def test_a_wrong_password_is_refused_and_the_right_one_leads_to_where_one_wanted_to_go(open_page: OpenPage) -> None:
    page = open_page("phone")
    page.goto("/leads?state=following")
    expect(heading(page, "登录")).to_be_visible()
    sign_in_by_form(page, LEAVES_ALONE, "not-the-password")
    expect(page.get_by_role("alert").get_by_text("账号或密码不对")).to_be_visible()
    expect(page.get_by_label("密码", exact=True)).to_be_focused()
    sign_in_by_form(page, LEAVES_ALONE)
    expect(heading(page, "线索")).to_be_visible()
    assert page.url.endswith("/leads?state=following")


def test_empty_fields_are_named(open_page: OpenPage) -> None:
    page = open_page("phone")
    page.goto("/sign-in")
    page.get_by_role("button", name="登录", exact=True).click()
    for words in ("请输入账号", "请输入密码"):
        expect(page.get_by_text(words)).to_be_visible()


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example/today", "/\\evil.example"])
def test_a_sign_in_never_leads_out_of_the_product(open_page: OpenPage, installation, elsewhere: str) -> None:
    page = open_page("pc")
    page.goto(f"/sign-in?next={elsewhere}")
    sign_in_by_form(page, LEAVES_ALONE)
    page.wait_for_url(f"{installation.url}/today")


def test_five_wrong_passwords_lock_the_account_and_the_screen_says_for_how_long(open_page: OpenPage) -> None:
    page = open_page("pc")
    page.goto("/sign-in")
    for _ in range(4):
        refused = page.request.post("/api/v1/auth/sign-in", data={"login": LOCKED, "password": "not-the-password"})
        assert refused.status == 401
    sign_in_by_form(page, LOCKED, "not-the-password")
    alert = page.get_by_role("alert")
    expect(alert.get_by_text("账号已暂时锁定")).to_be_visible()
    expect(alert).to_contain_text("秒 后再试")


def test_a_reload_keeps_the_session_and_signing_out_ends_it(open_page: OpenPage) -> None:
    page = open_page("phone")
    page.goto("/sign-in")
    sign_in_by_form(page, LEAVES)
    expect(heading(page, "今日待办")).to_be_visible()
    page.reload()
    expect(heading(page, "今日待办")).to_be_visible()
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies(f"{page.url}/../api/v1/auth")}
    assert (cookies["cd_refresh"]["httpOnly"], cookies["cd_refresh"]["sameSite"]) == (True, "Strict")
    assert page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)").find("eyJ") == -1
    page.get_by_role("link", name="我的", exact=True).click()
    page.get_by_role("button", name="退出登录", exact=True).click()
    expect_sign_in(page, "已退出登录。")
    page.goto("/today")
    expect(heading(page, "登录")).to_be_visible()


def test_signing_out_in_one_tab_signs_out_the_other(open_page: OpenPage) -> None:
    first = open_page("pc")
    enter(first, LEAVES)
    second = first.context.new_page()
    second.goto("/notifications")
    expect(heading(second, "通知")).to_be_visible()
    first.get_by_role("button", name="吴建华").click()
    first.get_by_role("menuitem", name="退出登录").click()
    expect_sign_in(first, "已退出登录。")
    expect_sign_in(second, "已在另一个窗口退出登录。")


def test_signing_out_everywhere_ends_the_other_device_at_once(open_page: OpenPage) -> None:
    phone, pc = open_page("phone"), open_page("pc")
    for page in (phone, pc):
        enter(page, LEAVES)
    phone.goto("/me")
    phone.get_by_role("button", name="退出所有设备").click()
    phone.get_by_role("dialog").get_by_role("button", name="退出所有设备").click()
    expect_sign_in(phone, "已退出登录。")
    expect_sign_in(pc, "登录已过期，请重新登录。")
    pc.reload()
    expect(heading(pc, "登录")).to_be_visible()
