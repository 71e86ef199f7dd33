"""What people do in these tests, in their words."""

import secrets
import time
from collections.abc import Callable
from typing import Any

import httpx
from playwright.sync_api import FilePayload, Locator, Page, expect

from backend.demo import papers
from tests.e2e.conftest import PASSWORD, Installation

LIVE = "**/api/v1/live"
PDF: FilePayload = {"name": "技术要求.pdf", "mimeType": "application/pdf", "buffer": papers.drawing("HY-1", 150, 90)}


def a_company(about: str) -> str:
    """A name that no other test and no demo lead has."""
    return f"{about}{secrets.randbelow(10**6):06}有限公司"


def a_phone() -> str:
    """Well-formed, rings nowhere, and new."""
    return f"154{secrets.randbelow(10**8):08d}"


def enter(page: Page, login: str, path: str = "/today") -> None:
    """Signed in without the form, where the profile is not yet; at a screen whose live stream stands."""
    if not _is_signed_in(page):
        answer = page.request.post("/api/v1/auth/sign-in", data={"login": login, "password": PASSWORD})
        assert answer.status == 200, answer.text()
    with page.expect_response(LIVE):
        page.goto(path)


def _is_signed_in(page: Page) -> bool:
    return bool(page.context.cookies()) and page.request.post("/api/v1/auth/refresh").status == 200


def go(page: Page, path: str) -> None:
    """To another screen as a link leads there: the application stays loaded."""
    page.evaluate("(path) => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate')) }", path)


def sign_in_by_form(page: Page, login: str, password: str = PASSWORD) -> None:
    page.get_by_label("账号", exact=True).fill(login)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录", exact=True).click()


def heading(page: Page, name: str) -> Locator:
    return page.get_by_role("heading", level=1, name=name)


def card(where: Page | Locator, company: str) -> Locator:
    """A lead on Today, or in a part of it."""
    page = where if isinstance(where, Page) else where.page
    return where.get_by_role("article").filter(has=page.get_by_role("heading", name=company))


def section(page: Page, name: str) -> Locator:
    """A part of Today."""
    return page.get_by_role("region", name=name)


def notice(page: Page, company: str) -> Locator:
    """The entry under the bell that tells of a new lead."""
    return page.get_by_role("main").get_by_role("listitem").filter(has_text=f"新线索：{company}")


def sheet(page: Page) -> Locator:
    return page.get_by_role("dialog")


def upload_sheet(page: Page) -> Locator:
    """The sheet that files are chosen in, also above another one."""
    return sheet(page).filter(has=page.get_by_test_id("files"))


def attach(page: Page, *files: FilePayload) -> None:
    """Chooses files in the open sheet and sends them."""
    upload_sheet(page).get_by_test_id("files").set_input_files(list(files))
    upload_sheet(page).get_by_role("button", name=f"上传 {len(files)} 个文件").click()


def new_lead(api: httpx.Client, about: str, **fields: Any) -> dict[str, Any]:
    """A lead typed in by the person behind `api`, who keeps it unless the fields say otherwise."""
    body = {
        "company": a_company(about),
        "contact_name": "钱工",
        "phone": a_phone(),
        "province": "四川",
        "city": "宜宾",
        "assign_to_me": True,
    }
    answer = api.post("/leads", json=body | fields, headers={"Idempotency-Key": secrets.token_hex(8)})
    assert answer.status_code == 201, answer.text
    lead: dict[str, Any] = answer.json()
    return lead


def new_customer(api: httpx.Client, about: str, **fields: Any) -> dict[str, Any]:
    """A customer entered by the person behind `api`."""
    body = {
        "name": a_company(about),
        "province": "江苏",
        "city": "苏州",
        "contacts": [{"name": "钱总", "role": "decider", "phone": a_phone()}],
    }
    answer = api.post("/customers", json=body | fields, headers={"Idempotency-Key": secrets.token_hex(8)})
    assert answer.status_code == 201, answer.text
    customer: dict[str, Any] = answer.json()
    return customer


def fill_website_form(page: Page, installation: Installation, *, company: str, phone: str, province: str, city: str) -> None:
    """The form of the sample company's own site, up to the button."""
    page.goto(installation.website)
    page.locator("[name=company]").fill(company)
    page.locator("[name=contact_name]").fill("何工")
    page.locator("[name=phone]").fill(phone)
    page.locator("[name=province]").select_option(province)
    page.locator("[name=city]").fill(city)
    page.locator("[name=need]").fill("304 不锈钢法兰，月用量 2000 件，先要样品。")


def send_website_form(page: Page) -> None:
    with page.expect_response("**/inquiries") as sent:
        page.locator("form [type=submit], form button:not([type])").click()
    assert sent.value.status == 202


def choose(page: Page, label: str, option: str) -> None:
    """One option of a drop-down list."""
    page.get_by_label(label, exact=True).click()
    page.keyboard.type(option)
    page.locator(".ant-select-dropdown:visible").get_by_title(option, exact=True).click()


def eventually(look: Callable[[], object], what: str, within: float = 90) -> None:
    """Waits for what shows on no screen."""
    deadline = time.monotonic() + within
    while not look():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def said(page: Page, words: str) -> None:
    """A passing message told the person so."""
    expect(page.locator(".ant-message").get_by_text(words).last).to_be_visible()
