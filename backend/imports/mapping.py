"""Which column fills which field: by the column's name in Chinese or English, else by what stands in it (pure)."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from backend.core.texts import half_width
from backend.imports.cells import Cell, Wrong, text

SAMPLES = 200
DECORATION = re.compile(r"[\s()\[\]【】:：*＊_\-./?？!！]|必填|选填")
IGNORED = ""
EXTRA = "extra"
"""The column is kept under its own name beside the known fields."""


@dataclass(frozen=True)
class Field:
    """What a column can fill; `names` are how people call it; `sniff` says whether a value looks like one."""

    key: str
    names: tuple[str, ...]
    sniff: Callable[[Cell], bool] | None = None
    takes_many: bool = False
    """Several columns may fill it: the first that is not empty counts."""


def plain(label: str) -> str:
    return DECORATION.sub("", half_width(label).casefold())


def field_named(label: str, fields: Sequence[Field]) -> str | None:
    """By the exact name, then by the known name that ends last (联系人手机 is a phone), the longest of several; in `group / name` the name first."""
    parts = [plain(part) for part in (label.rpartition(" / ")[2], label) if part]
    names = [(plain(name), field.key) for field in fields for name in field.names]
    for part in parts:
        exact = next((key for name, key in names if name == part), None)
        if exact:
            return exact
    for part in parts:
        within = [(part.rfind(name) + len(name), len(name), key) for name, key in names if len(name) >= 2 and name in part]
        if within:
            return max(within)[2]
    return None


def guess(labels: Sequence[str], rows: Iterable[Sequence[Cell]], fields: Sequence[Field]) -> list[str]:
    """The field of each column, `IGNORED` where nothing fits; each field once unless it takes many."""
    samples = [list(row) for _, row in zip(range(SAMPLES), rows, strict=False)]
    taken: set[str] = set()
    many = {field.key for field in fields if field.takes_many}
    found = [IGNORED] * len(labels)

    def give(column: int, key: str | None) -> None:
        if key and (key not in taken or key in many):
            found[column] = key
            taken.add(key)

    exact = {column: field_named(label, fields) for column, label in enumerate(labels) if label}
    for column, key in exact.items():
        give(column, key)
    for column, label in enumerate(labels):
        written = [row[column] for row in samples if column < len(row) and row[column] is not None]
        if found[column] == IGNORED and exact.get(column) is None:
            give(column, sniffed(written, fields, taken - many))
        if found[column] == IGNORED and label and written:
            found[column] = EXTRA
    return found


def sniffed(values: Sequence[Cell], fields: Sequence[Field], taken: Iterable[str]) -> str | None:
    """The field that at least two thirds of the written values look like."""
    written = [value for value in values if text(value)]
    if not written:
        return None
    for field in fields:
        if field.sniff is not None and field.key not in taken and sum(map(field.sniff, written)) * 3 >= len(written) * 2:
            return field.key
    return None


def reads(read: Callable[[Cell], object]) -> Callable[[Cell], bool]:
    """Whether a reader accepts a value."""

    def accepts(value: Cell) -> bool:
        try:
            return read(value) is not None
        except Wrong:
            return False

    return accepts


def signature(labels: Iterable[str]) -> str:
    """Equal for two files with the same columns in the same order."""
    return "|".join(plain(label) for label in labels)


def pick(row: Sequence[Cell], columns: Mapping[int, str]) -> dict[str, Cell]:
    """The first written cell for each field of a row."""
    found: dict[str, Cell] = {}
    for column, key in columns.items():
        if column < len(row) and key not in found and text(row[column]):
            found[key] = row[column]
    return found
