"""The main screens and how one gets to them, in either language."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.e2e.steps import enter, go, sheet

Opener = Callable[[Page, "Words"], None]


@dataclass(frozen=True)
class Words:
    """The names of the controls that these walks use."""

    script: str
    follow_up: str
    take_over: str
    reassign: str
    quick: str
    leave: str
    deputies: str
    region: str
    replay: str
    form: str
    mapping: str
    secrets: str
    code: str
    script_edit: str
    channel: str
    role: str
    new_customer: str
    edit_customer: str
    add_contact: str
    archive: str
    new_deal: str
    move: str
    edit_deal: str


ZH = Words(
    "看话术", "记录跟进", "接管", "改派", "快速录入", "休假", "代理人", "编辑 华东",
    "修正并生成线索", "编辑 官网询价表单", "字段映射", "密钥", "接入代码", "编辑 通用首次联系", "编辑 华东销售群（钉钉）", "编辑 人事",
    "新建客户", "修改资料", "添加联系人", "归档客户", "新建商机", "移动", "编辑",
)  # fmt: skip
EN = Words(
    "Script", "Log follow-up", "Take over", "Reassign", "Quick entry", "Leave", "Deputies", "Edit 华东",
    "Correct and make lead", "Edit 官网询价表单", "Mapping", "Secrets", "Code", "Edit 通用首次联系", "Edit 华东销售群（钉钉）", "Edit HR",
    "New customer", "Edit details", "Add contact", "Archive", "New opportunity", "Move", "Edit",
)  # fmt: skip


@dataclass(frozen=True)
class Screen:
    """A path, what marks that it is there, and a control that opens something on it."""

    name: str
    path: str
    ready: str
    opener: Opener | None = None


def _expand_script(page: Page, words: Words) -> None:
    page.get_by_role("article").get_by_role("button", name=words.script).first.click()


def _sheet(word: str) -> Opener:
    def opened(page: Page, words: Words) -> None:
        page.get_by_role("main").get_by_role("button", name=getattr(words, word), exact=True).first.click()
        expect(sheet(page)).to_be_visible()

    return opened


def _open_lead(page: Page, words: Words) -> None:
    page.get_by_role("main").get_by_role("link").first.click()
    expect(page.locator("main ol li").first).to_be_visible()


def _record(word: str | None = None) -> Opener:
    """The first record of the list, with a sheet of its own where one is named."""

    def opened(page: Page, words: Words) -> None:
        page.locator("main tbody a, main li a").first.click()
        expect(page.locator("main dl").first).to_be_visible()
        if word:
            page.get_by_role("main").get_by_role("button", name=getattr(words, word)).first.click()
            expect(sheet(page)).to_be_visible()

    return opened


def _deal(word: str | None = None) -> Opener:
    """The first card of the board, with a sheet of its own where one is named."""

    def opened(page: Page, words: Words) -> None:
        page.get_by_role("article").get_by_role("link").first.click()
        expect(page.locator("main ol li").first).to_be_visible()
        if word:
            page.get_by_role("main").get_by_role("button", name=getattr(words, word), exact=True).first.click()
            expect(sheet(page).get_by_role("textbox").or_(sheet(page).get_by_role("radio")).first).to_be_visible()

    return opened


def _person(tab: str | None = None) -> Opener:
    def opened(page: Page, words: Words) -> None:
        page.get_by_role("main").get_by_role("button", name="张磊", exact=True).click()
        expect(sheet(page)).to_be_visible()
        if tab:
            sheet(page).get_by_role("tab", name=getattr(words, tab)).click()

    return opened


def _form(tab: str) -> Opener:
    def opened(page: Page, words: Words) -> None:
        page.get_by_role("main").get_by_role("button", name=words.form).click()
        expect(sheet(page)).to_be_visible()
        sheet(page).get_by_role("tab", name=getattr(words, tab), exact=True).click()

    return opened


def _open_day(page: Page, words: Words) -> None:
    page.get_by_role("main").get_by_role("table").get_by_role("button").first.click()
    expect(sheet(page)).to_be_visible()


LIST_ITEM, ROW = "main article", "main tbody tr.ant-table-row, main ul:not([aria-label]) > li"
"""A record of a list: no placeholder of one that still loads, no chip of a filter, no tag."""
ROLES = f"{ROW}, main tbody th"
"""On the PC the roles are columns of a table."""
LOADED = f"{ROW}, main h2 ~ * h2"
"""A list below a heading that has come, be it empty."""
BETWEEN = "/me"
WALKS: dict[str, tuple[Screen, ...]] = {
    "zhanglei": (
        Screen("today", "/today", LIST_ITEM),
        Screen("today-script", "/today", LIST_ITEM, _expand_script),
        Screen("follow-up", "/today", LIST_ITEM, _sheet("follow_up")),
        Screen("leads", "/leads", ROW),
        Screen("lead", "/leads?state=following", ROW, _open_lead),
        Screen("pool", "/leads?scope=pool", f"{ROW}, main h2"),
        Screen("exports", "/exports", f"{ROW}, main h2"),
        Screen("quick-entry", "/leads", ROW, _sheet("quick")),
        Screen("board", "/board", LIST_ITEM),
        Screen("deal", "/board", LIST_ITEM, _deal()),
        Screen("deal-move", "/board", LIST_ITEM, _deal("move")),
        Screen("deal-edit", "/board", LIST_ITEM, _deal("edit_deal")),
        Screen("customers", "/customers", ROW),
        Screen("customer", "/customers", ROW, _record()),
        Screen("customer-edit", "/customers", ROW, _record("edit_customer")),
        Screen("contact-new", "/customers", ROW, _record("add_contact")),
        Screen("deal-new", "/customers", ROW, _record("new_deal")),
        Screen("customer-new", "/customers", ROW, _sheet("new_customer")),
        Screen("notifications", "/notifications", ROW),
        Screen("me", "/me", "main dl"),
    ),
    "wanghaiyan": (
        Screen("today-manager", "/today", LIST_ITEM),
        Screen("take-over", "/today", LIST_ITEM, _sheet("take_over")),
        Screen("reassign", "/today", LIST_ITEM, _sheet("reassign")),
        Screen("board-region", "/board?scope=region", LIST_ITEM),
        Screen("leads-region", "/leads?scope=region&state=assigned", ROW),
        Screen("customers-region", "/customers?scope=region", ROW),
        Screen("change-requests", "/change-requests", ROW),
        Screen("change-request", "/change-requests", ROW, _record()),
    ),
    "admin": (
        Screen("customers-archived", "/customers?only=archived", ROW),
        Screen("customer-archived", "/customers?only=archived", ROW, _record()),
        Screen("customer-archive", "/customers", ROW, _record("archive")),
        Screen("imports", "/imports", LOADED),
        Screen("exports-admin", "/exports", f"{ROW}, main h2"),
        Screen("pool-rules", "/admin/pool", "main section form, main section table"),
        Screen("people", "/admin/people", ROW),
        Screen("person", "/admin/people", ROW, _person()),
        Screen("person-leave", "/admin/people", ROW, _person("leave")),
        Screen("person-deputies", "/admin/people", ROW, _person("deputies")),
        Screen("regions", "/admin/regions", ROW),
        Screen("region", "/admin/regions", ROW, _sheet("region")),
        Screen("quarantine", "/admin/quarantine", ROW),
        Screen("quarantine-replay", "/admin/quarantine", ROW, _sheet("replay")),
        Screen("forms", "/admin/forms", ROW),
        Screen("form", "/admin/forms", ROW, _sheet("form")),
        Screen("form-mapping", "/admin/forms", ROW, _form("mapping")),
        Screen("form-secrets", "/admin/forms", ROW, _form("secrets")),
        Screen("form-code", "/admin/forms", ROW, _form("code")),
        Screen("scripts", "/admin/scripts", ROW),
        Screen("script", "/admin/scripts", ROW, _sheet("script_edit")),
        Screen("document-kinds", "/admin/document-kinds", ROW),
        Screen("ladders", "/admin/ladders", "main table tbody tr"),
        Screen("channels", "/admin/channels", ROW),
        Screen("channel", "/admin/channels", ROW, _sheet("channel")),
        Screen("roles", "/admin/roles", ROLES),
        Screen("role", "/admin/roles", ROLES, _sheet("role")),
        Screen("calendar", "/admin/calendar", "main table"),
        Screen("calendar-day", "/admin/calendar", "main table", _open_day),
        Screen("deliveries", "/admin/deliveries", "main h1"),
        Screen("dead-events", "/admin/events", "main h1"),
        Screen("me-admin", "/me", "main dl"),
    ),
    "wujianhua": (Screen("today-clear", "/today", "main h2"),),
}


def walk(page: Page, login: str, words: Words) -> Iterator[Screen]:
    """Yields at each screen of a person once it is there; what was opened on the screen before is gone."""
    enter(page, login, BETWEEN)
    for screen in WALKS[login]:
        go(page, screen.path)
        expect(page.locator(screen.ready).first).to_be_visible()
        if screen.opener:
            screen.opener(page, words)
        yield screen
        if screen.opener:
            _leave(page)


def _leave(page: Page) -> None:
    """Closes what is open and goes where none of these screens is."""
    if sheet(page).count():
        page.keyboard.press("Escape")
        expect(sheet(page)).to_have_count(0)
    go(page, BETWEEN)
    expect(page.locator("main dl").first).to_be_visible()
