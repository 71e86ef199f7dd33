"""The wizard of imports with ugly workbooks, and lists that leave as files, on both sizes."""

import io
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from tests.e2e.checks import overflow, picture, settle, violations
from tests.e2e.conftest import ApiOf, Installation, OpenPage
from tests.e2e.steps import a_company, a_phone, enter, go, heading, new_lead, said, sheet
from tests.imports import books

both_sizes = pytest.mark.parametrize("device", ["phone", "pc"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def upload(page: Page, name: str, data: bytes) -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": XLSX, "buffer": data})


def in_order(page: Page, name: str) -> None:
    settle(page)
    picture(page, name)
    assert list(violations(page)) == []
    assert list(overflow(page)) == []


def ugly(companies: list[str], known: str) -> bytes:
    """A title over merged cells, the header in two rows, phones as numbers, days as text, blank rows, one bad row, one known phone."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2026 年展会客户名单"])
    sheet.merge_cells("A1:E1")
    sheet.append(["客户信息", None, "联系方式", None, "登记"])
    sheet.merge_cells("A2:B2")
    sheet.merge_cells("C2:D2")
    sheet.append(["公司名称", "联系人", "手机", "邮箱", "登记日期"])
    for company in companies:
        sheet.append([company, "王经理", float(a_phone()), "", "2025.3.8"])
        sheet.append([None, None, None, None, None])
    sheet.append([a_company("坏号"), "李经理", "12", "", "2025/3/9"])
    sheet.append([a_company("已有"), "赵经理", known, "", "2025年3月10日"])
    return books.saved(book)


@both_sizes
def test_an_ugly_workbook_becomes_leads_once_and_can_be_undone(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    known = a_phone()
    api_of("linyue").post(
        "/leads", json={"company": a_company("旧"), "contact_name": "旧", "phone": known}, headers={"Idempotency-Key": known}
    ).raise_for_status()
    companies = [a_company("导入甲"), a_company("导入乙")]
    book = ugly(companies, known)
    page = open_page(device, of="linyue")
    enter(page, "linyue", "/imports")
    expect(heading(page, "导入")).to_be_visible()
    in_order(page, f"imports-{device}")
    upload(page, "展会名单.xlsx", book)
    expect(page.get_by_text("文件的列对应哪个字段")).to_be_visible()
    main = page.get_by_role("main")
    for word in ("公司", "联系人", "手机 / 电话", "邮箱", "创建时间"):
        expect(main.locator(".ant-select").filter(has_text=word).first).to_be_visible()
    in_order(page, f"import-columns-{device}")
    main.get_by_role("button", name="检查全部行").click()
    expect(main.get_by_role("heading", name="检查结果")).to_be_visible()
    expect(main.get_by_role("button", name="导入 2 行")).to_be_enabled()
    main.get_by_role("radio", name="有问题 1").check()
    expect(main.get_by_text("“12”不是电话号码")).to_be_visible()
    main.get_by_role("radio", name="重复 1").check()
    expect(main.get_by_text("电话与现有线索重复")).to_be_visible()
    in_order(page, f"import-checked-{device}")
    main.get_by_role("button", name="导入 2 行").click()
    expect(main.get_by_role("heading", name="已完成")).to_be_visible()
    for company in companies:
        expect(main.get_by_text(company)).to_be_visible()
    in_order(page, f"import-done-{device}")
    with page.expect_download() as taken:
        main.get_by_role("button", name="下载未导入的行").click()
    left_out = load_workbook(io.BytesIO(taken.value.path().read_bytes()), read_only=True).worksheets[0]
    rows = [row[:2] for row in left_out.iter_rows(min_row=2, values_only=True)]
    assert [number for number, _ in rows] == [8, 9]
    assert "不是电话号码" in str(rows[0][1])
    assert "重复" in str(rows[1][1])
    page.get_by_role("button", name="返回").click()
    upload(page, "又一次.xlsx", book)
    expect(page.get_by_text("这个文件导入过，当时新增了 2 条")).to_be_visible()
    main.get_by_role("button", name="检查全部行").click()
    expect(main.get_by_text("没有可以导入的行")).to_be_visible()
    main.get_by_role("button", name="放弃").click()
    expect(main.get_by_text("已放弃，没有写入任何数据")).to_be_visible()
    main.get_by_role("link", name="查看全部导入").click()
    main.get_by_role("link", name="展会名单.xlsx").first.click()
    main.get_by_role("button", name="撤销导入").click()
    sheet(page).get_by_label("原因").fill("选错了文件")
    in_order(page, f"import-undo-{device}")
    sheet(page).get_by_role("button", name="确认撤销").click()
    expect(main.get_by_role("heading", name="已撤销")).to_be_visible()
    expect(main.get_by_text("撤销原因：选错了文件")).to_be_visible()
    found = api_of("linyue").get("/leads", params={"scope": "company", "q": companies[0]}).json()["items"]
    assert [lead["state"] for lead in found] == ["disqualified"]


def of_customers(company: str, known: str) -> bytes:
    """Merged groups over the header, days as text; two people of one firm, one firm that exists, one wrong credit code."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["客户信息", None, None, "联系人", None, None, "业务员"])
    sheet.append(["公司名称", "统一社会信用代码", "建档日期", "姓名", "职务", "手机", None])
    for area in ("A1:C1", "D1:F1", "G1:G2"):
        sheet.merge_cells(area)
    sheet.append([company, "", "2019年3月8日", "王总", "总经理", float(a_phone()), "张磊"])
    sheet.append([company, "", "2019/3/8", "李工", "工程师", a_phone(), "张磊"])
    sheet.append([known, "", "2020.1.2", "旧人", "", a_phone(), "张磊"])
    sheet.append([a_company("错码"), "91320500MA1MQ4G7X0", "", "赵", "", a_phone(), "张磊"])
    return books.saved(book)


@both_sizes
def test_a_workbook_of_customers_becomes_customers_with_owner_and_contacts_and_can_be_undone(
    open_page: OpenPage, api_of: ApiOf, device: str
) -> None:
    known, company = a_company("老客户"), a_company("新客户")
    rep = api_of("zhanglei")
    rep.post("/customers", json={"name": known, "source": "展会"}, headers={"Idempotency-Key": a_phone()}).raise_for_status()
    page = open_page(device, of="wanghaiyan")
    main = page.get_by_role("main")
    enter(page, "wanghaiyan", "/imports")
    main.get_by_text("客户", exact=True).click()
    in_order(page, f"imports-customers-{device}")
    upload(page, "老客户表.xlsx", of_customers(company, known))
    for word in ("公司", "统一社会信用代码", "建档日期", "联系人", "职务", "手机 / 电话", "负责人"):
        expect(main.locator(".ant-select").filter(has_text=word).first).to_be_visible()
    expect(main.get_by_role("radio", name="文件里的负责人")).to_be_checked()
    in_order(page, f"import-customers-columns-{device}")
    main.get_by_role("button", name="检查全部行").click()
    expect(main.get_by_role("button", name="导入 2 行")).to_be_enabled()
    main.get_by_role("radio", name="有问题 1").check()
    expect(main.get_by_text("信用代码“91320500MA1MQ4G7X0”不正确")).to_be_visible()
    main.get_by_role("radio", name="重复 1").check()
    expect(main.get_by_text(f"公司与现有客户重复：{known}（KH")).to_be_visible()
    in_order(page, f"import-customers-checked-{device}")
    main.get_by_role("button", name="导入 2 行").click()
    expect(main.get_by_role("heading", name="已完成")).to_be_visible()
    main.get_by_role("radio", name="同一客户的联系人 1").check()
    expect(main.get_by_text(f"{company} · 李工")).to_be_visible()
    main.get_by_role("radio", name="新增 1").check()
    in_order(page, f"import-customers-done-{device}")
    run = page.url
    main.get_by_role("link", name="打开客户").click()
    expect(heading(page, company)).to_be_visible()
    for word in ("张磊", "王总", "李工", "总经理", "决策人"):
        expect(main.get_by_text(word, exact=True).first).to_be_visible()
    go(page, run[run.index("/imports/") :])
    main.get_by_role("button", name="撤销导入").click()
    expect(sheet(page).get_by_text("本次新增的 1 家客户会归档")).to_be_visible()
    sheet(page).get_by_label("原因").fill("选错了文件")
    sheet(page).get_by_role("button", name="确认撤销").click()
    expect(main.get_by_role("heading", name="已撤销")).to_be_visible()
    found = api_of("admin").get("/customers", params={"scope": "company", "q": company, "state": "archived"}).json()["items"]
    assert [(one["name"], one["state"]) for one in found] == [(company, "archived")]


@both_sizes
def test_a_file_updates_what_is_there_pauses_and_its_mapping_is_kept(
    open_page: OpenPage, api_of: ApiOf, installation: Installation, device: str
) -> None:
    lead, other = new_lead(api_of("zhanglei"), "更新"), a_company("另一")
    rows = [["公司", "手机", "需求", f"展位{device}"], [lead["company"], lead["phone"], "改为五台", "A1"], [other, a_phone(), "两台", "A2"]]
    page = open_page(device, of="wanghaiyan")
    main = page.get_by_role("main")
    enter(page, "wanghaiyan", "/imports")
    upload(page, "老客户.xlsx", books.workbook(rows))
    main.get_by_text("更新已有线索", exact=True).click()
    main.get_by_text("用文件覆盖", exact=True).click()
    main.get_by_label("没有对应线索时新增").click()
    in_order(page, f"import-update-{device}")
    main.get_by_role("button", name="检查全部行").click()
    main.get_by_role("button", name="保存对应关系").click()
    sheet(page).get_by_label("名称").fill(f"展会{device}")
    in_order(page, f"import-keep-mapping-{device}")
    sheet(page).get_by_role("button", name="保存", exact=True).click()
    said(page, "已保存，下次遇到同样的列会自动采用")
    expect(sheet(page)).to_have_count(0)
    with installation.worker_held():
        main.get_by_role("button", name="导入 2 行").click()
        expect(main.get_by_role("progressbar")).to_be_visible()
        in_order(page, f"import-running-{device}")
        main.get_by_role("button", name="暂停").click()
        expect(main.get_by_text("停在 0 / 2 行；继续时从这里开始，不会重复。")).to_be_visible()
        in_order(page, f"import-stopped-{device}")
    main.get_by_role("button", name="继续导入").click()
    expect(main.get_by_role("heading", name="已完成")).to_be_visible()
    expect(main.get_by_text(other)).to_be_visible()
    main.get_by_role("radio", name="更新 1").check()
    expect(main.get_by_text(f"对应现有线索：{lead['company']}（{lead['number']}），负责人 张磊")).to_be_visible()
    assert api_of("zhanglei").get(f"/leads/{lead['id']}").json()["need"] == "改为五台"
    page.get_by_role("button", name="返回").click()
    upload(page, "又一批.xlsx", books.workbook([rows[0], [a_company("再"), a_phone(), "一台", "A3"]]))
    expect(main.get_by_role("radio", name="更新已有线索")).to_be_checked()
    main.get_by_label("套用已保存的对应关系").click()
    expect(page.locator(".ant-select-dropdown:visible").get_by_title(f"展会{device}", exact=True)).to_be_visible()


@both_sizes
def test_files_that_nobody_should_open_are_refused_with_the_remedy(open_page: OpenPage, device: str) -> None:
    page = open_page(device, of="linyue")
    enter(page, "linyue", "/imports")
    for name, data, words in (
        ("宏.xlsx", books.macro_workbook(), "文件带有宏"),
        ("炸弹.xlsx", books.zip_bomb(), "文件展开后过大"),
        ("空.xlsx", b"", "文件是空的"),
        ("网页.xls", "<html><table><tr><td>公司</td></tr></table></html>".encode(), "只是名字像 Excel 的文件"),
    ):
        upload(page, name, data)
        said(page, words)


def test_a_file_of_30_mib_is_read(open_page: OpenPage, tmp_path: Path) -> None:
    file = tmp_path / "大文件.csv"
    row = f"{a_company('大')},{a_phone()},{'需' * 9000}\n"
    file.write_text("公司名称,手机,备注\n" + row * (30 * 2**20 // len(row.encode()) + 1))
    assert file.stat().st_size > 30 * 2**20
    page = open_page("pc", of="linyue")
    enter(page, "linyue", "/imports")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("文件的列对应哪个字段")).to_be_visible(timeout=60_000)


@both_sizes
def test_a_list_leaves_as_a_file_and_many_rows_wait_for_a_second_person(open_page: OpenPage, api_of: ApiOf, device: str) -> None:
    admin = api_of("admin")
    admin.put("/export-policy", json={"approval_above": 1}).raise_for_status()
    page = open_page(device, of="zhanglei")
    enter(page, "zhanglei", "/leads?scope=own")
    page.get_by_role("button", name="导出").click()
    expect(sheet(page).get_by_text("超过 1 行需要直属上级批准。")).to_be_visible()
    sheet(page).get_by_label("用途").fill("季度盘点")
    in_order(page, f"export-ask-{device}")
    sheet(page).get_by_role("button", name="导出", exact=True).click()
    expect(heading(page, "导出")).to_be_visible()
    expect(page.get_by_role("main").get_by_text("待批准").first).to_be_visible()
    boss = open_page(device, of="wanghaiyan")
    enter(boss, "wanghaiyan", "/exports")
    boss.get_by_role("button", name="处理申请").first.click()
    in_order(boss, f"export-decide-{device}")
    sheet(boss).get_by_role("button", name="批准", exact=False).first.click()
    said(boss, "已处理")
    with page.expect_download() as taken:
        page.get_by_role("main").get_by_role("button", name="下载").first.click()
    rows = list(load_workbook(io.BytesIO(taken.value.path().read_bytes()), read_only=True).worksheets[0].iter_rows(values_only=True))
    assert rows[0][:2] == ("线索编号", "公司")
    assert len(rows) > 2
    in_order(page, f"exports-{device}")
    admin.put("/export-policy", json={"approval_above": 2000}).raise_for_status()
