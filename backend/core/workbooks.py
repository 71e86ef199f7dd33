"""Writes a table as a workbook or CSV file. Runs in a process of its own (`python -m backend.core.workbooks FORMAT FILE`): the first
line on standard input is {"title", "widths"}, each further one a JSON array, a row; the first row is the header.
"""

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
LONGEST = 32_000
MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def safe(value: Any) -> Any:
    """Text that a spreadsheet might run as a formula gets an apostrophe before it; figures stay figures."""
    if not isinstance(value, str):
        return value
    plain = CONTROL.sub("", value)[:LONGEST]
    return f"'{plain}" if plain.startswith(FORMULA) or plain.lstrip().startswith(FORMULA) else plain


def encode(value: Any) -> Any:
    """A value as one line of JSON carries it to the writing process."""
    if isinstance(value, datetime):
        return {"at": value.isoformat(" ")}
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _decode(value: Any) -> Any:
    return datetime.fromisoformat(value["at"]) if isinstance(value, dict) else safe(value)


def write_workbook(path: Path, title: str, widths: list[int], rows: Iterable[list[Any]]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for index, width in enumerate(widths):
        sheet.column_dimensions[_letters(index)].width = width
    bold = Font(bold=True)
    for number, row in enumerate(rows):
        sheet.append([_heading(sheet, value, bold) if number == 0 else value for value in row])
    book.save(path)


def _heading(sheet: Any, value: Any, font: Font) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value)
    cell.font = font
    return cell


def _letters(index: int) -> str:
    return (chr(64 + index // 26) if index >= 26 else "") + chr(65 + index % 26)


def write_csv(path: Path, rows: Iterable[list[Any]]) -> None:
    """UTF-8 with a mark, as Excel wants it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerows(rows)


def _rows() -> Iterator[list[Any]]:
    for line in sys.stdin:
        yield [_decode(value) for value in json.loads(line)]


def main() -> None:
    kind, path = sys.argv[1], Path(sys.argv[2])
    about = json.loads(sys.stdin.readline())
    if kind == "csv":
        write_csv(path, _rows())
    else:
        write_workbook(path, about["title"], about["widths"], _rows())


if __name__ == "__main__":
    main()
