"""Where the header is, and what the columns mean."""

import io

import pytest

from backend.imports import headers, mapping, sheets
from backend.imports.targets.leads import FIELDS
from tests.imports import books


def known(label: str) -> str | None:
    return mapping.field_named(label, FIELDS)


def guessed(data: bytes) -> tuple[headers.Header, list[str]]:
    rows = list(sheets.read(io.BytesIO(data)))
    header = headers.find(rows, known)
    return header, mapping.guess(header.labels, [row for number, row in rows if number > header.last_row], FIELDS)


def test_two_header_rows_under_a_title_with_merged_groups() -> None:
    header, columns = guessed(books.merged_headers())
    assert (header.last_row, header.rows) == (3, 2)
    assert header.labels == ("序号", "客户信息 / 单位名称", "客户信息 / 联系人", "联系方式 / 手机", "联系方式 / E-mail", "所在地", "业务员")
    assert columns == ["extra", "company", "contact_name", "phone", "email", "location", "owner"]


def test_a_header_that_begins_lower_and_further_right() -> None:
    header, columns = guessed(books.dates_and_floats())
    assert (header.last_row, header.rows) == (3, 1)
    assert columns == ["received_at", "company", "phone", "expected_amount", "need"]


def test_a_text_file_of_gb18030() -> None:
    header, columns = guessed(books.gb18030_csv())
    assert (header.last_row, header.rows) == (1, 1)
    assert columns == ["company", "contact_name", "phone", "city", "source"]


def test_english_names() -> None:
    _, columns = guessed(books.workbook([["Company Name", "Contact", "Mobile", "E-Mail *", "Sales Rep", "Created At", "Budget"], ["A Ltd", "Bo", "13800000000", "a@b.example", "zhang", "2026/1/1", 5]]))  # fmt: skip
    assert columns == ["company", "contact_name", "phone", "email", "owner", "received_at", "expected_amount"]


def test_without_a_header_the_content_tells() -> None:
    rows = [[f"常州{n}号有限公司", f"1380000000{n}", f"a{n}@b.example", "江苏省常州市"] for n in range(6)]
    header, columns = guessed(books.workbook(rows))
    assert (header.last_row, header.rows) == (0, 0)
    assert columns == ["company", "phone", "email", "location"]


def test_two_phone_columns_both_fill_the_phone_and_one_company_only_one() -> None:
    _, columns = guessed(books.workbook([["公司", "客户", "手机", "座机"], ["甲厂", "x", "13800000000", "0512-65550001"]]))
    assert columns == ["company", "extra", "phone", "phone"]
    assert mapping.pick(["甲厂", "x", None, "0512-65550001"], {0: "company", 2: "phone", 3: "phone"})["phone"] == "0512-65550001"


def test_a_person_may_say_where_the_header_is() -> None:
    rows = list(sheets.read(io.BytesIO(books.merged_headers())))
    assert headers.at(rows, 3, 1).labels[1] == "单位名称"
    assert headers.at(rows, 3, 2).labels[1] == "客户信息 / 单位名称"
    assert headers.at(rows, 0, 0).labels == ("",) * 7


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("联系人手机", "phone"),
        ("客户联系人", "contact_name"),
        ("客户名称（必填）", "company"),
        ("公司地址", "location"),
        ("毫无关系", None),
        ("联系电话1", "phone"),
    ],
)
def test_the_longest_known_name_within_a_label_wins(label: str, field: str | None) -> None:
    assert known(label) == field


def test_files_with_the_same_columns_have_one_signature() -> None:
    assert mapping.signature(["公司 名称*", "手机"]) == mapping.signature(["公司名称", "手机 (必填)"])
    assert mapping.signature(["公司", "手机"]) != mapping.signature(["手机", "公司"])
