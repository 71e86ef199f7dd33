"""Files on the screens: several at once with their kinds, what is refused says why, looked at inside the page, versions, taken back."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from backend.demo import papers
from tests.e2e.checks import healthy, picture
from tests.e2e.conftest import ApiOf, OpenPage
from tests.e2e.steps import PDF, attach, enter, go, new_customer, said, sheet, upload_sheet

PHOTO: FilePayload = {"name": "样件.jpg", "mimeType": "image/jpeg", "buffer": papers.photo(20)}
CALL: FilePayload = {"name": "录音0310.wav", "mimeType": "audio/wav", "buffer": papers.recording(2)}
PAGE: FilePayload = {"name": "网页.png", "mimeType": "image/png", "buffer": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}


MINUTES: FilePayload = {"name": "会议纪要0310.pdf", "mimeType": "application/pdf", "buffer": PDF["buffer"]}


def open_file(page: Page, title: str) -> None:
    page.get_by_role("region", name="文件").get_by_role("button", name=title).click()


@pytest.mark.parametrize("device", ["phone", "pc"])
def test_files_are_kept_looked_at_and_taken_back(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    api = api_of("zhanglei")
    customer = new_customer(api, "存档")
    deal = api.post("/opportunities", json={"name": "支架存档", "customer_id": customer["id"]}).raise_for_status().json()
    page = open_page(device, of="zhanglei")
    enter(page, "zhanglei", f"/opportunities/{deal['id']}")
    files = page.get_by_role("region", name="文件")
    expect(files).to_contain_text("还没有文件")
    files.get_by_role("button", name="上传文件").click()
    chooser = upload_sheet(page)
    chooser.get_by_test_id("files").set_input_files([PDF, PHOTO, CALL, PAGE])
    rows = chooser.get_by_role("list", name="要上传的文件").get_by_role("listitem")
    for name, kind in (("技术要求.pdf", "需求文档"), ("样件.jpg", "照片"), ("录音0310.wav", "录音")):
        expect(rows.filter(has_text=name)).to_contain_text(kind)
    assert healthy(page, f"{device}-files-chosen") == []
    chooser.get_by_role("button", name="上传 4 个文件").click()
    expect(rows.filter(has_text="网页.png")).to_contain_text("不收网页和 SVG")
    chooser.get_by_role("button", name="不上传 网页.png").click()
    page.keyboard.press("Escape")
    expect(files.get_by_role("listitem")).to_have_count(3)
    expect(files.get_by_role("listitem").filter(has_text="样件").locator("img")).to_be_visible()
    assert healthy(page, f"{device}-files") == []

    open_file(page, "技术要求")
    expect(sheet(page).get_by_role("img", name="第 1 页，共 1 页")).to_be_visible()
    picture(page, f"{device}-pdf")
    with page.expect_download() as taken:
        sheet(page).get_by_role("button", name="下载", exact=True).click()
    assert taken.value.suggested_filename == "技术要求.pdf"
    sheet(page).get_by_role("button", name="上传新版本").click()
    attach(page, {**PDF, "name": "技术要求B.pdf", "buffer": papers.drawing("HY-2", 180, 90)})
    said(page, "新版本已上传，旧版本还在")
    expect(sheet(page).get_by_role("list", name="版本").get_by_role("listitem")).to_have_count(2)
    assert healthy(page, f"{device}-document") == []
    page.keyboard.press("Escape")

    open_file(page, "样件")
    expect(sheet(page).get_by_role("img", name="样件.jpg")).to_have_js_property("naturalWidth", 960)
    page.keyboard.press("Escape")
    open_file(page, "录音0310")
    expect(sheet(page).get_by_label("录音0310.wav", exact=True)).to_have_js_property("duration", 2)
    sheet(page).get_by_role("button", name="撤回").click()
    sheet(page).get_by_label("为什么撤回").fill("不是这家客户")
    sheet(page).get_by_role("button", name="撤回").click()
    said(page, "已撤回，历史里还能看到")
    page.keyboard.press("Escape")
    expect(files.get_by_role("listitem")).to_have_count(2)
    files.get_by_role("button", name="已撤回 1 份").click()
    expect(files).to_contain_text("已撤回：不是这家客户")

    go(page, f"/customers/{customer['id']}")
    expect(page.get_by_role("region", name="文件")).to_contain_text("来自 支架存档")
    expect(page.get_by_role("region", name="动态")).to_contain_text("撤回文件")


@pytest.mark.parametrize("device", ["phone", "pc"])
def test_files_that_come_with_a_meeting_are_shown_where_it_is_told(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    api = api_of("zhanglei")
    customer = new_customer(api, "纪要")
    page = open_page(device, of="zhanglei")
    enter(page, "zhanglei", f"/customers/{customer['id']}")
    page.get_by_role("main").get_by_role("button", name="记录跟进").last.click()
    sheet(page).get_by_text("会议", exact=True).click()
    sheet(page).get_by_label("会议纪要", exact=True).fill("样件尺寸和公差定了")
    given = sheet(page).get_by_role("region", name="附件")
    given.get_by_test_id("files").set_input_files([MINUTES, PHOTO, CALL])
    rows = given.get_by_role("listitem")
    for name, kind in (("会议纪要0310.pdf", "会议纪要"), ("样件.jpg", "照片"), ("录音0310.wav", "录音")):
        expect(rows.filter(has_text=name)).to_contain_text(kind)
    given.get_by_role("button", name="不上传 录音0310.wav").click()
    expect(rows).to_have_count(2)
    given.scroll_into_view_if_needed()
    assert healthy(page, f"{device}-meeting-files") == []
    sheet(page).get_by_role("button", name="保存跟进").click()
    said(page, "跟进已记录")
    entry = page.get_by_role("region", name="动态").get_by_role("listitem").filter(has_text="样件尺寸和公差定了")
    shown = entry.get_by_role("list", name="附件")
    expect(shown.get_by_role("listitem")).to_have_text(["会议纪要0310", "样件"])
    expect(shown.locator("img")).to_be_visible()
    expect(page.get_by_role("region", name="文件").get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_role("region", name="动态")).not_to_contain_text("上传文件")
    assert healthy(page, f"{device}-entry-files") == []
    shown.get_by_role("button", name="会议纪要0310").click()
    expect(sheet(page).get_by_role("img", name="第 1 页，共 1 页")).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet(page)).to_have_count(0)
    entry.get_by_role("button", name="更正").click()
    sheet(page).get_by_role("button", name="去掉附件 样件").click()
    sheet(page).get_by_role("button", name="保存跟进").click()
    said(page, "已更正")
    corrected = (
        page.get_by_role("region", name="动态")
        .get_by_role("listitem")
        .filter(has_text="样件尺寸和公差定了")
        .filter(has_not_text="已被更正")
    )
    expect(corrected.get_by_role("list", name="附件").get_by_role("listitem")).to_have_text(["会议纪要0310"])
    page.get_by_role("region", name="技术支持").get_by_role("button", name="请求技术支持").click()
    sheet(page).get_by_label("需要什么").fill("公差能不能做到 0.05 mm？")
    sheet(page).get_by_role("button", name="请求技术支持").click()
    expect(page.get_by_role("region", name="技术支持")).to_contain_text("公差能不能做到 0.05 mm？")
