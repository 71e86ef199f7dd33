"""Text with a delimiter: its encoding, and what separates its cells (pure but for the file it is given)."""

import codecs
import csv
import io
from typing import BinaryIO

from backend.imports.rules import Refusal, Unreadable

ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = (",", "\t", ";", "|", "，")
SEEN = 20
LONGEST_LINE = 100_000


def is_table(file: BinaryIO) -> bool:
    """Whether most of the first lines have the same number of cells, more than one; prose has not."""
    text, delimiter = open_text(file)
    try:
        widths = [len(row) for row in csv.reader(_first_lines(text), delimiter=delimiter) if row]
    except csv.Error:
        return False
    finally:
        text.detach()
    usual = max(set(widths), key=widths.count, default=1)
    return usual > 1 and 2 * widths.count(usual) > len(widths)


def open_text(file: BinaryIO) -> tuple[io.TextIOWrapper, str]:
    """The file as text with its delimiter: UTF-8 with or without a mark, UTF-16 with one, else GB18030."""
    file.seek(0)
    head = file.read(4)
    encoding = "utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else next((name for name in ENCODINGS if _decodes(file, name)), None)
    if encoding is None:
        raise Unreadable(Refusal.UNKNOWN_ENCODING)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        lines = _first_lines(text)
    except UnicodeDecodeError as error:
        raise Unreadable(Refusal.UNKNOWN_ENCODING) from error
    if sum(line.count("\0") for line in lines):
        raise Unreadable(Refusal.UNKNOWN_FORMAT)
    text.seek(0)
    return text, guess_delimiter(lines)


def _first_lines(text: io.TextIOWrapper) -> list[str]:
    return [line for line in (text.readline(LONGEST_LINE) for _ in range(SEEN)) if line]


def _decodes(file: BinaryIO, encoding: str) -> bool:
    """Whether the whole file is text in this encoding, looked at in pieces."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(1024 * 1024):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def guess_delimiter(lines: list[str]) -> str:
    """The one that splits most lines into the same number of cells, more than one."""

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        usual = max(set(widths), key=widths.count, default=1)
        return (widths.count(usual) if usual > 1 else 0, usual)

    return max(DELIMITERS, key=agreement)
