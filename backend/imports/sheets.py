"""Rows of a workbook or a CSV file as plain values. Runs in a process of its own (`python -m backend.imports.sheets FILE`), so that
a file which breaks the parser or wants too much memory ends that process and nothing else.

Standard output: one JSON line [row number, [cells]] for each row that is not blank; {"refusal": …} where the file is refused.
"""

import csv
import json
import resource
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from backend.imports import rules
from backend.imports.archive import Kind, check_unpacked, kind_of
from backend.imports.plaintext import open_text
from backend.imports.rules import Refusal, Unreadable

MEMORY = 1536 * 1024 * 1024
CPU_SECONDS = 120
Cell = str | int | float | bool | None
Row = tuple[int, list[Cell]]


def read(file: BinaryIO) -> Iterator[Row]:
    """Numbered rows (as Excel numbers them) without the blank ones; raises `Unreadable`."""
    kind = kind_of(file)
    if kind is Kind.CSV:
        rows = _csv_rows(file)
    else:
        if kind is Kind.XLSX:
            check_unpacked(file)
        rows = _workbook_rows(file)
    yield from _bounded(rows)


def _bounded(rows: Iterable[Row]) -> Iterator[Row]:
    count = cells = 0
    for number, row in rows:
        while row and row[-1] is None:
            row.pop()
        if not row:
            continue
        count, cells = count + 1, cells + len(row)
        if len(row) > rules.MAX_COLUMNS:
            raise Unreadable(Refusal.TOO_MANY_COLUMNS)
        if count > rules.MAX_ROWS + 20:
            raise Unreadable(Refusal.TOO_MANY_ROWS)
        if cells > rules.MAX_CELLS:
            raise Unreadable(Refusal.TOO_MANY_CELLS)
        yield number, row
    if not count:
        raise Unreadable(Refusal.NO_ROWS)


def _workbook_rows(file: BinaryIO) -> Iterator[Row]:
    """The first visible sheet that has more than one row, else the first visible one."""
    file.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(file)
        sheets = [
            book.get_sheet_by_name(found.name)
            for found in book.sheets_metadata
            if found.typ is SheetTypeEnum.WorkSheet and found.visible is SheetVisibleEnum.Visible
        ]
        sheet = next((one for one in sheets if one.height > 1), sheets[0] if sheets else None)
        if sheet is None or sheet.start is None:
            raise Unreadable(Refusal.NO_ROWS)
        if sheet.width > rules.MAX_COLUMNS * 2:
            raise Unreadable(Refusal.TOO_MANY_COLUMNS)
        for number, row in enumerate(sheet.iter_rows(), 1):
            yield number, [_plain(value) for value in row]
    except PasswordError as error:
        raise Unreadable(Refusal.ENCRYPTED) from error
    except (CalamineError, ValueError, OSError) as error:
        raise Unreadable(Refusal.BROKEN) from error


def _plain(value: Any) -> Cell:
    """A cell as JSON holds it: dates as ISO text, whole numbers without their .0, blanks as None."""
    if isinstance(value, str):
        text = value.replace("\0", "").strip()
        return text[: rules.MAX_CELL_TEXT] or None
    if isinstance(value, bool | None):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else (value if value - value == 0 else None)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds").removesuffix(" 00:00:00")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else int(value)


def _csv_rows(file: BinaryIO) -> Iterator[Row]:
    text, delimiter = open_text(file)
    reader = csv.reader(text, delimiter=delimiter)
    try:
        for number, row in enumerate(reader, 1):
            yield number, [_plain(value) for value in row]
    except csv.Error as error:
        raise Unreadable(Refusal.BROKEN) from error
    except UnicodeDecodeError as error:
        raise Unreadable(Refusal.UNKNOWN_ENCODING) from error


def limit_this_process() -> None:
    """No parser needs more than this for what we accept."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def main() -> None:
    limit_this_process()
    out = sys.stdout
    csv.field_size_limit(1024 * 1024)
    try:
        with Path(sys.argv[1]).open("rb") as file:
            for number, row in read(file):
                out.write(json.dumps([number, row], ensure_ascii=False, separators=(",", ":")) + "\n")
    except Unreadable as error:
        out.write(json.dumps({"refusal": error.refusal.value}) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
