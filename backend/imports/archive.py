"""Looks at a file before anything reads it: what it is, whether it is safe to open (pure but for the file it is given)."""

import re
import zipfile
import zlib
from enum import StrEnum
from typing import BinaryIO

from backend.imports import plaintext, rules
from backend.imports.rules import Refusal, Unreadable

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
WORKBOOK = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
VBA = "_VBA_PROJECT".encode("utf-16-le")
CHUNK = 1024 * 1024
OTHER_FORMATS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\x7fELF", b"MZ")


MARKUP = re.compile(rb"(\xff\xfe|\xfe\xff|\xef\xbb\xbf)?\s*(<[a-z!?]|mime-version:|\{\\rtf)", re.IGNORECASE)
"""A web page, XML or RTF: many systems save such a thing under the name of a workbook."""
WORKBOOK_NAMES = (".xlsx", ".xls", ".et")


class Kind(StrEnum):
    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"


def kind_of(file: BinaryIO, name: str = "") -> Kind:
    """What the bytes are, whatever the file is called; raises `Unreadable` for what we do not open, and for text that is called a workbook
    and is no table.
    """
    file.seek(0)
    head = file.read(512)
    if not head:
        raise Unreadable(Refusal.EMPTY_FILE)
    if head.startswith(OLE):
        return _old_workbook(file)
    if head.startswith(ZIP):
        _check_zip(file)
        return Kind.XLSX
    if head.startswith(OTHER_FORMATS):
        raise Unreadable(Refusal.UNKNOWN_FORMAT)
    if MARKUP.match(head.replace(b"\0", b"")):
        raise Unreadable(Refusal.DISGUISED)
    if name.lower().endswith(WORKBOOK_NAMES) and not plaintext.is_table(file):
        raise Unreadable(Refusal.DISGUISED)
    return Kind.CSV


def _old_workbook(file: BinaryIO) -> Kind:
    """An OLE container is a workbook of before 2007 or an encrypted one of today."""
    file.seek(0)
    whole = file.read(rules.MAX_BYTES + 1)
    if ENCRYPTED in whole:
        raise Unreadable(Refusal.ENCRYPTED)
    if not any(name in whole for name in WORKBOOK):
        raise Unreadable(Refusal.UNKNOWN_FORMAT)
    if VBA in whole:
        raise Unreadable(Refusal.MACROS)
    return Kind.XLS


def _check_zip(file: BinaryIO) -> None:
    """By the directory alone: nothing is unpacked that says it is too large, packed too well, or carries code."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable(Refusal.BROKEN) from error
    members = archive.infolist()
    names = {member.filename.lower() for member in members}
    if len(members) > rules.MAX_MEMBERS or sum(member.file_size for member in members) > rules.MAX_UNPACKED:
        raise Unreadable(Refusal.ZIP_BOMB)
    if any(_is_packed_too_well(member) for member in members):
        raise Unreadable(Refusal.ZIP_BOMB)
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise Unreadable(Refusal.MACROS)
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable(Refusal.ENCRYPTED)
    if not any(name.startswith("xl/workbook.") for name in names):
        raise Unreadable(Refusal.UNKNOWN_FORMAT)


def _is_packed_too_well(member: zipfile.ZipInfo) -> bool:
    return member.file_size > rules.RATIO_COUNTS_FROM and member.file_size > rules.MAX_RATIO * max(1, member.compress_size)


def check_unpacked(file: BinaryIO) -> None:
    """Unpacks every part in small pieces and throws them away: a directory that lied about its sizes is found before a parser believes it."""
    left = rules.MAX_UNPACKED
    try:
        archive = zipfile.ZipFile(file)
        for member in archive.infolist():
            left -= _unpacked(file, archive, member, left)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise Unreadable(Refusal.BROKEN) from error


def _unpacked(file: BinaryIO, archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> int:
    """The real size of one part; the sizes of the directory are not believed."""
    if member.compress_type == zipfile.ZIP_STORED:
        return member.compress_size
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise Unreadable(Refusal.BROKEN)
    file.seek(member.header_offset)
    header = file.read(30)
    file.seek(member.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"))
    unpack, size, packed = zlib.decompressobj(-15), 0, archive.start_dir - file.tell()
    while packed > 0 and not unpack.eof:
        piece = unpack.unconsumed_tail or file.read(min(64 * 1024, packed))
        if not piece:
            break
        packed -= 0 if unpack.unconsumed_tail else len(piece)
        size += len(unpack.decompress(piece, CHUNK))
        if size > min(most, max(member.file_size, 1)):
            raise Unreadable(Refusal.ZIP_BOMB)
    return size
