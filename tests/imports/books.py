"""Workbooks and text files as people really send them."""

import io
import struct
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook

PLAIN_HEADER = ("公司", "联系人", "手机", "省份", "城市", "需求")


def saved(book: Workbook) -> bytes:
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def workbook(rows: Iterable[Sequence[Any]], title: str = "Sheet1") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def plain(count: int = 3, start: int = 0) -> bytes:
    """Good rows from Suzhou, all different."""
    numbers = range(start, start + count)
    return workbook([PLAIN_HEADER, *([f"苏州精密{n}号有限公司", "王工", f"138{n:08d}", "江苏", "苏州", "询价"] for n in numbers)])


def merged_headers() -> bytes:
    """A title over everything, groups merged over names, a name merged over two rows, a total below."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2026年工博会客户登记表"])
    sheet.merge_cells("A1:G1")
    sheet.append(["序号", "客户信息", None, "联系方式", None, "所在地", "业务员"])
    sheet.append([None, "单位名称", "联系人", "手机", "E-mail", None, None])
    for area in ("A2:A3", "B2:C2", "D2:E2", "F2:F3", "G2:G3"):
        sheet.merge_cells(area)
    sheet.append([1, "昆山华创模具有限公司", "陆工", "１３９ ０００１ ０００１", "lu@huachuang.example", "江苏省苏州市", "张磊"])
    sheet.append([2, "无锡海达机械厂", "陈经理", "0510-85880001", None, "江苏 无锡", "ZHANGLEI"])
    sheet.append([3, "宁波锐进自动化", "", "", "", "浙江宁波", "查无此人"])
    sheet.append([None, None, None, None, None, None, None])
    sheet.append(["合计", 3])
    return saved(book)


def dates_and_floats() -> bytes:
    """Days in every spelling, phones that became numbers, blank rows between, a formula, an error value."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["B3"], sheet["C3"], sheet["D3"], sheet["E3"], sheet["F3"] = "日期", "客户名称", "电话", "预计金额", "备注"
    rows: list[Sequence[Any]] = [
        ("2026/3/1", "甲厂有限公司", 13812345678.0, "¥12,000.00", "首次询价"),
        ("2026年3月2日", "乙厂有限公司", "1.3812345679E10", "3.5万", None),
        (46084, "丙厂有限公司", 13812345680, 80000, None),
        (datetime(2026, 3, 4, 9, 30), "丁厂有限公司", "13812345681.0", "", "=1+1"),
        (date(2026, 3, 5), "戊厂有限公司", "1.38123E+10", None, None),
        ("下周三", "己厂有限公司", "138 1234 5682", "面议", None),
    ]
    place = 4
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.cell(place, 2 + column, value)
        place += 1 + number % 3
    return saved(book)


def gb18030_csv() -> bytes:
    lines = [
        "公司名称;联系人;手机号码;所在城市;来源",
        "东莞市智造科技有限公司;林小姐;137-0001-0001;东莞;展会",
        "深圳㐂盛电子;赵总;+86 137 0001 0002;深圳市;转介绍",
        "",
        '"佛山""金刚""机械;设备厂";何工;757-83330001;佛山;展会',
    ]
    return "\r\n".join(lines).encode("gb18030")


def old_workbook(names: Iterable[str]) -> bytes:
    """An OLE container that only says which streams it has."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in names)


def with_part(book: bytes, name: str, data: bytes) -> bytes:
    """The workbook with one more part."""
    held = io.BytesIO(book)
    with zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return held.getvalue()


def macro_workbook() -> bytes:
    return with_part(plain(), "xl/vbaProject.bin", b"Attribute VB_Name")


def zip_bomb(megabytes: int = 200) -> bytes:
    """A sheet of blanks: small to send, huge to open."""
    held = io.BytesIO(plain())
    with (
        zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("xl/worksheets/sheet2.xml", "w") as part,
    ):
        piece = b" " * 1024 * 1024
        for _ in range(megabytes):
            part.write(piece)
    return held.getvalue()


def lying_bomb(megabytes: int = 200) -> bytes:
    """The same, but the directory says that the sheet is one kilobyte."""
    whole = bytearray(zip_bomb(megabytes))
    true_size, said = struct.pack("<I", megabytes * 1024 * 1024), struct.pack("<I", 1024)
    place = whole.rfind(b"xl/worksheets/sheet2.xml") - 46
    assert whole[place : place + 4] == b"PK\x01\x02"
    assert bytes(whole[place + 24 : place + 28]) == true_size
    whole[place + 24 : place + 28] = said
    return bytes(whole)


def large(megabytes: int = 30) -> bytes:
    """A workbook of that size on the wire: few rows, long random notes."""
    import random

    dice = random.Random(3)
    notes = ["".join(chr(dice.randrange(0x4E00, 0x9FA5)) for _ in range(4000)) for _ in range(megabytes * 130)]
    rows = ([f"常州大件{n}号有限公司", "周工", f"139{n:08d}", "江苏", "常州", note] for n, note in enumerate(notes))
    return workbook([PLAIN_HEADER, *rows])
