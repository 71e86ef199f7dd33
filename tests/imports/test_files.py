"""What is opened, what is refused, and what is read."""

import csv
import io
from collections.abc import Callable

import pytest

from backend.imports import archive, rules, sheets
from backend.imports.archive import Kind
from backend.imports.rules import Refusal, Unreadable
from tests.imports import books


def read(data: bytes) -> list[sheets.Row]:
    return list(sheets.read(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (lambda: b"", Refusal.EMPTY_FILE),
        (books.macro_workbook, Refusal.MACROS),
        (books.zip_bomb, Refusal.ZIP_BOMB),
        (lambda: books.old_workbook(["EncryptionInfo", "EncryptedPackage"]), Refusal.ENCRYPTED),
        (lambda: books.old_workbook(["Workbook", "_VBA_PROJECT"]), Refusal.MACROS),
        (lambda: books.old_workbook(["WordDocument"]), Refusal.UNKNOWN_FORMAT),
        (lambda: b"%PDF-1.7", Refusal.UNKNOWN_FORMAT),
        (lambda: b"PK\x03\x04 cut short", Refusal.BROKEN),
        (lambda: "\r\n<html><table><tr><td>公司</td></tr></table>".encode("utf-8-sig"), Refusal.DISGUISED),
        (lambda: '<?xml version="1.0"?><Workbook/>'.encode("utf-16"), Refusal.DISGUISED),
        (lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related", Refusal.DISGUISED),
        (lambda: books.with_part(books.plain(), "xl/macrosheets/sheet1.xml", b"<x/>"), Refusal.MACROS),
    ],
)
def test_what_nobody_should_open_is_refused_before_it_is_read(data: Callable[[], bytes], refusal: Refusal) -> None:
    with pytest.raises(Unreadable) as caught:
        archive.kind_of(io.BytesIO(data()))
    assert caught.value.refusal is refusal


def test_the_kind_is_told_from_the_bytes() -> None:
    assert archive.kind_of(io.BytesIO(books.plain())) is Kind.XLSX
    assert archive.kind_of(io.BytesIO(books.old_workbook(["Workbook"]))) is Kind.XLS
    assert archive.kind_of(io.BytesIO(books.gb18030_csv())) is Kind.CSV


@pytest.mark.parametrize("name", ["客户.xlsx", "客户.XLS", "客户.et"])
def test_text_that_is_called_a_workbook_is_read_as_the_table_it_is_or_refused(name: str) -> None:
    table = "公司\t电话\r\n" + "甲厂\t13800000000\r\n" * 5000
    assert archive.kind_of(io.BytesIO(table.encode("gb18030")), name) is Kind.CSV
    assert archive.kind_of(io.BytesIO(f"2026 年客户登记\r\n{table}".encode("utf-16")), name) is Kind.CSV
    for prose in ("今天拜访了甲厂，王工很满意。\r\n下周再去，带样品，还有报价。\r\n到时候再说", "公司\r\n甲厂\r\n乙厂", "一句话"):
        assert archive.kind_of(io.BytesIO(prose.encode()), "客户.csv") is Kind.CSV
        with pytest.raises(Unreadable) as caught:
            archive.kind_of(io.BytesIO(prose.encode()), name)
        assert caught.value.refusal is Refusal.DISGUISED


def test_a_directory_that_lies_about_its_sizes_is_found() -> None:
    bomb = books.lying_bomb()
    assert archive.kind_of(io.BytesIO(bomb)) is Kind.XLSX, "by its directory it is harmless"
    with pytest.raises(Unreadable) as caught:
        read(bomb)
    assert caught.value.refusal is Refusal.ZIP_BOMB


def test_an_honest_workbook_passes_the_closer_look() -> None:
    archive.check_unpacked(io.BytesIO(books.plain(200)))


def test_rows_keep_the_numbers_that_excel_shows() -> None:
    rows = read(books.dates_and_floats())
    assert rows[0] == (3, ["日期", "客户名称", "电话", "预计金额", "备注"])
    assert rows[1] == (4, ["2026/3/1", "甲厂有限公司", 13812345678, "¥12,000.00", "首次询价"])
    assert [number for number, _ in rows] == [3, 4, 5, 7, 10, 11, 13]
    assert rows[4][1][0] == "2026-03-04 09:30:00"
    assert rows[5][1][0] == "2026-03-05"


def test_gb18030_with_its_own_delimiter_and_quotes() -> None:
    rows = read(books.gb18030_csv())
    assert [number for number, _ in rows] == [1, 2, 3, 5]
    assert rows[2][1][0] == "深圳㐂盛电子"
    assert rows[3][1] == ['佛山"金刚"机械;设备厂', "何工", "757-83330001", "佛山", "展会"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_text_in_every_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    table = [["公司", "电话"], ["甲厂", "13800000000"], ["乙,厂" if delimiter != "," else "乙;厂", "13800000001"]]
    held = io.StringIO()
    csv.writer(held, delimiter=delimiter).writerows(table)
    assert [row for _, row in read(held.getvalue().encode(encoding))] == table


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(Unreadable) as caught:
        read(bytes([0x81, 0xFF, 0x00]) * 50)
    assert caught.value.refusal is Refusal.UNKNOWN_ENCODING


def test_limits_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MAX_ROWS", 10)
    with pytest.raises(Unreadable) as caught:
        read("\n".join(f"a{n},b" for n in range(31)).encode())
    assert caught.value.refusal is Refusal.TOO_MANY_ROWS
    with pytest.raises(Unreadable) as caught:
        read(books.workbook([["x"] * 201]))
    assert caught.value.refusal is Refusal.TOO_MANY_COLUMNS
    monkeypatch.setattr(rules, "MAX_CELLS", 5)
    with pytest.raises(Unreadable) as caught:
        read(b"a,b,c\nd,e,f")
    assert caught.value.refusal is Refusal.TOO_MANY_CELLS
    with pytest.raises(Unreadable) as caught:
        read(b"\r\n \r\n")
    assert caught.value.refusal is Refusal.NO_ROWS


def test_a_hidden_first_sheet_and_an_empty_one_are_passed_over() -> None:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.active.append(["secret", "hidden"])
    book.active.append(["1", "2"])
    book.active.sheet_state = "hidden"
    book.create_sheet("空")
    shown = book.create_sheet("客户")
    shown.append(["公司", "电话"])
    shown.append(["甲厂", "13800000000"])
    assert [row for _, row in read(books.saved(book))] == [["公司", "电话"], ["甲厂", "13800000000"]]
