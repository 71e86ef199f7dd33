"""Which rows of a sheet are its header, and what the columns are called (pure)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backend.imports.cells import Cell, text

LOOK_AT = 15
Row = tuple[int, list[Cell]]
Known = Callable[[str], str | None]
"""The field that a column of this name means, None for names that mean nothing to us."""


@dataclass(frozen=True)
class Header:
    """`last_row` is the sheet's number of the lowest header row (0: none); data begins below it."""

    last_row: int
    rows: int
    labels: tuple[str, ...]


def find(rows: Sequence[Row], known: Known) -> Header:
    """The row, or pair of rows (groups above, names below), whose names say most; titles and blank rows above do not count."""
    head = list(rows[:LOOK_AT])
    width = max((len(row) for _, row in rows[:200]), default=0)
    candidates = [header for index in range(len(head)) for header in _candidates(head, index, width)]
    best = max(candidates, key=lambda header: (_known_columns(header, known), -header.rows, -header.last_row), default=None)
    if best is None or _known_columns(best, known) == 0:
        return _nameless(head, width)
    return best


def _candidates(head: Sequence[Row], index: int, width: int) -> list[Header]:
    number, row = head[index]
    if not _looks_like_names(row):
        return []
    found = [Header(number, 1, _labels([], row, width))]
    if index and head[index - 1][0] == number - 1 and _filled(head[index - 1][1]) > 1 and _looks_like_names(head[index - 1][1]):
        found.append(Header(number, 2, _labels(head[index - 1][1], row, width)))
    return found


def _known_columns(header: Header, known: Known) -> int:
    return len({field for label in header.labels if (field := known(label))})


def _looks_like_names(row: Sequence[Cell]) -> bool:
    """Short words, no figures: data rows nearly always hold a number or a date."""
    written = [value for value in row if value is not None]
    if not written or any(not isinstance(value, str) for value in written):
        return False
    words = [str(value) for value in written]
    return all(len(word) <= 40 for word in words) and sum(any(c.isdigit() for c in word) for word in words) * 4 <= len(words)


def _filled(row: Sequence[Cell]) -> int:
    return sum(value is not None for value in row)


def _labels(groups: Sequence[Cell], names: Sequence[Cell], width: int) -> tuple[str, ...]:
    """The name below, led by its group where several columns share one; a cell merged over both rows is its own name."""
    labels, group = [], ""
    for column in range(width):
        above = _label(groups[column]) if column < len(groups) else ""
        below = _label(names[column]) if column < len(names) else ""
        group = above or (group if below else "")
        labels.append(f"{group} / {below}" if group and below and group != below else below or above)
    return tuple(labels)


def _label(value: Cell) -> str:
    return " ".join(text(value).split())[:100]


def _nameless(head: Sequence[Row], width: int) -> Header:
    """No row says anything known: names if the first row looks like some, else the columns stay nameless and every row is data."""
    if head and _looks_like_names(head[0][1]) and _filled(head[0][1]) > 1 and len(head) > 1 and not _looks_like_names(head[1][1]):
        return Header(head[0][0], 1, _labels([], head[0][1], width))
    return Header(0, 0, ("",) * width)


def at(rows: Sequence[Row], last_row: int, count: int) -> Header:
    """The header that a person chose."""
    width = max((len(row) for _, row in rows[:200]), default=0)
    by_number = dict(rows)
    if count == 0:
        return Header(0, 0, ("",) * width)
    groups = by_number.get(last_row - 1, []) if count > 1 else []
    return Header(last_row, count, _labels(groups, by_number.get(last_row, []), width))
