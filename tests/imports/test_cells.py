"""What people write into cells."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.imports import cells
from backend.imports.cells import Wrong
from tests.conftest import NOW

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        (13812345678, "13812345678"), (13812345678.0, "13812345678"), ("13812345678.0", "13812345678"), ("1.3812345678E10", "13812345678"),
        ("1.3812345678e+10", "13812345678"), ("１３８１２３４５６７８", "13812345678"), ("'13812345678", "13812345678"),
        ("138-1234-5678", "138-1234-5678"), ("13812345678 / 13912345678", "13812345678"), ("13812345678；0512-65550001", "13812345678"),
        ("'+86 138 1234 5678", "+86 138 1234 5678"), ("张工 13812345678", "13812345678"), ("0512-65550001转808", "0512-65550001转808"),
        (51265550001, "051265550001"), ("757-83330001", "0757-83330001"), (2165550001, "02165550001"), (107655501, "0107655501"),
    ],
)  # fmt: skip
def test_a_phone_is_found_however_the_spreadsheet_bent_it(cell: str | float, wanted: str) -> None:
    assert cells.phone(cell) == wanted


@pytest.mark.parametrize(("cell", "code"), [("1.38E+10", "phone_digits_lost"), ("1.38123E+10", "phone_digits_lost"), ("138", "not_a_phone"), ("12812345678", "not_a_phone"), ("待补", "not_a_phone")])  # fmt: skip
def test_a_phone_that_is_none_says_why(cell: str, code: str) -> None:
    with pytest.raises(Wrong) as caught:
        cells.phone(cell)
    assert caught.value.code == code


@pytest.mark.parametrize("cell", [None, "", "  ", "-", "无", "N/A", "—"])
def test_nothing_is_nothing(cell: str | None) -> None:
    assert cells.phone(cell) is None
    assert cells.email(cell) is None
    assert cells.amount(cell) is None
    assert cells.line(cell) is None
    assert cells.moment(cell, ZONE, NOW) is None


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("2026/3/1", (2026, 2, 28, 16, 0)), ("2026-03-01", (2026, 2, 28, 16, 0)), ("2026年3月1日", (2026, 2, 28, 16, 0)),
        ("2026.3.1", (2026, 2, 28, 16, 0)), ("20260301", (2026, 2, 28, 16, 0)), (46082, (2026, 2, 28, 16, 0)), ("46082.5", (2026, 3, 1, 4, 0)),
        ("2026/3/1 9:30", (2026, 3, 1, 1, 30)), ("2026年3月1日 下午3:05", (2026, 3, 1, 7, 5)), ("2026-03-01T09:30:15", (2026, 3, 1, 1, 30, 15)),
        ("２０２６／３／１", (2026, 2, 28, 16, 0)), ("2026年3月1日星期日", (2026, 2, 28, 16, 0)), ("2026-03-01 08:30:00", (2026, 3, 1, 0, 30)),
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_spelling(cell: str | int, wanted: tuple[int, ...]) -> None:
    assert cells.moment(cell, ZONE, NOW) == datetime(*wanted, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(("cell", "code"), [("下周三", "not_a_date"), ("2026/13/1", "not_a_date"), ("3", "not_a_date"), ("2026/2/30", "not_a_date"), ("2027/1/1", "date_in_future")])  # fmt: skip
def test_a_day_that_is_none_says_why(cell: str, code: str) -> None:
    with pytest.raises(Wrong) as caught:
        cells.moment(cell, ZONE, NOW)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("¥12,000.00", "12000.00"),
        ("3.5万", "35000.00"),
        (80000, "80000.00"),
        ("约 2 万元", "20000.00"),
        ("１００", "100.00"),
        (0.1, "0.10"),
    ],
)
def test_an_amount_is_read(cell: str | float, wanted: str) -> None:
    assert cells.amount(cell) == Decimal(wanted)


@pytest.mark.parametrize("cell", ["面议", "-5", "1e40", "12.3.4", "万"])
def test_an_amount_that_is_none(cell: str) -> None:
    with pytest.raises(Wrong):
        cells.amount(cell)


def test_our_own_guard_is_taken_off_again() -> None:
    assert cells.text("'=SUM(A1)") == "=SUM(A1)"
    assert cells.text("'quoted") == "'quoted"


def reason_of(read: Callable[[Any], object], cell: object) -> str | None:
    """None where the cell can be stored; anything but `Wrong` fails the test."""
    try:
        read(cell)
    except Wrong as error:
        return error.code
    return None


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()))
def test_no_cell_raises_anything_but_a_reason(cell: object) -> None:
    readers = (cells.line, cells.paragraph, cells.phone, cells.email, cells.amount, lambda value: cells.moment(value, ZONE, NOW))
    assert all(reason_of(read, cell) != "" for read in readers)
