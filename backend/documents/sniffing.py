"""What a file is, told from its bytes; and what nobody should open (pure but for the file it is given)."""

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from backend.documents.rules import Family

OOXML = "application/vnd.openxmlformats-officedocument"
MOST_MEMBERS = 20_000


class Refused(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty_file"
    PROGRAM = "program_refused"
    MARKUP = "markup_refused"


class Dangerous(Exception):
    def __init__(self, why: Refused) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class Kind:
    """A format: what it is called on the wire, what can be done with it, and the endings that such files have."""

    media_type: str
    family: Family
    endings: tuple[str, ...] = ()


def _kind(media_type: str, family: Family, endings: str = "") -> Kind:
    return Kind(media_type, family, tuple(endings.split()))


UNKNOWN = _kind("application/octet-stream", Family.OTHER)
TEXT = _kind("text/plain", Family.TEXT)
ZIP = _kind("application/zip", Family.ARCHIVE, "zip")
OLE = _kind("application/x-ole-storage", Family.OTHER)
JPEG = _kind("image/jpeg", Family.PICTURE, "jpg jpeg jpe jfif")
MP3 = _kind("audio/mpeg", Family.AUDIO, "mp3")
AAC = _kind("audio/aac", Family.AUDIO, "aac")
BMP = _kind("image/bmp", Family.PICTURE, "bmp dib")
DXF = _kind("image/vnd.dxf", Family.DRAWING, "dxf")
M4A = _kind("audio/mp4", Family.AUDIO, "m4a m4b aac 3ga")
MP4 = _kind("video/mp4", Family.VIDEO, "mp4 m4v")
QUICKTIME = _kind("video/quicktime", Family.VIDEO, "mov qt")
THREE_GP = _kind("video/3gpp", Family.VIDEO, "3gp 3gpp 3g2")
HEIC = _kind("image/heic", Family.PICTURE, "heic heif hif")
AVIF = _kind("image/avif", Family.PICTURE, "avif")

BEGINNINGS: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", _kind("application/pdf", Family.PDF, "pdf ai")),
    (b"\x89PNG\r\n\x1a\n", _kind("image/png", Family.PICTURE, "png")),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", _kind("image/gif", Family.PICTURE, "gif")),
    (b"GIF89a", _kind("image/gif", Family.PICTURE, "gif")),
    (b"II*\0", _kind("image/tiff", Family.PICTURE, "tif tiff dng")),
    (b"MM\0*", _kind("image/tiff", Family.PICTURE, "tif tiff dng")),
    (b"#!AMR", _kind("audio/amr", Family.AUDIO, "amr awb")),
    (b"ID3", MP3),
    (b"OggS", _kind("audio/ogg", Family.AUDIO, "ogg oga opus spx ogv")),
    (b"fLaC", _kind("audio/flac", Family.AUDIO, "flac")),
    (b"\x1aE\xdf\xa3", _kind("video/webm", Family.VIDEO, "webm mkv weba")),
    (b"Rar!\x1a\x07", _kind("application/vnd.rar", Family.ARCHIVE, "rar")),
    (b"7z\xbc\xaf\x27\x1c", _kind("application/x-7z-compressed", Family.ARCHIVE, "7z")),
    (b"\x1f\x8b", _kind("application/gzip", Family.ARCHIVE, "gz tgz")),
    (b"ISO-10303-21;", _kind("model/step", Family.DRAWING, "stp step p21 ifc")),
    (b"AC10", _kind("image/vnd.dwg", Family.DRAWING, "dwg")),
    (b"AutoCAD Binary DXF", DXF),
    (b"{\\rtf", _kind("application/rtf", Family.OFFICE, "rtf doc")),
)
RIFF = {
    b"WAVE": _kind("audio/wav", Family.AUDIO, "wav wave"),
    b"WEBP": _kind("image/webp", Family.PICTURE, "webp"),
    b"AVI ": _kind("video/x-msvideo", Family.VIDEO, "avi"),
}
BRANDS = (
    ((b"heic", b"heix", b"heif", b"mif1", b"msf1", b"hevc"), HEIC),
    ((b"avif", b"avis"), AVIF),
    ((b"M4A ", b"M4B "), M4A),
    ((b"qt  ",), QUICKTIME),
    ((b"3gp", b"3g2"), THREE_GP),
)
"""The first name after `ftyp` in what is built like MPEG-4; any other is a film."""
PACKED = (
    ("word/", _kind(f"{OOXML}.wordprocessingml.document", Family.OFFICE, "docx docm dotx")),
    ("xl/", _kind(f"{OOXML}.spreadsheetml.sheet", Family.OFFICE, "xlsx xlsm xltx")),
    ("ppt/", _kind(f"{OOXML}.presentationml.presentation", Family.OFFICE, "pptx pptm ppsx")),
)
STREAMS = (
    ("WordDocument", _kind("application/msword", Family.OFFICE, "doc wps dot")),
    ("Workbook", _kind("application/vnd.ms-excel", Family.OFFICE, "xls et xlt")),
    ("Book", _kind("application/vnd.ms-excel", Family.OFFICE, "xls et xlt")),
    ("PowerPoint Document", _kind("application/vnd.ms-powerpoint", Family.OFFICE, "ppt dps pps")),
    ("EncryptedPackage", _kind("application/x-ole-storage", Family.OFFICE, "docx xlsx pptx")),
    ("__properties_version1.0", _kind("application/vnd.ms-outlook", Family.OFFICE, "msg")),
)
"""What an old Office file, or an encrypted new one, has inside."""
PROGRAMS = (b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!/",
            b"#! /", b"L\0\0\0\x01\x14\x02\0", b"dex\n")  # fmt: skip
PROGRAM_ENDINGS = frozenset(
    [
        "exe",
        "com",
        "scr",
        "pif",
        "msi",
        "msp",
        "bat",
        "cmd",
        "ps1",
        "psm1",
        "vbs",
        "vbe",
        "js",
        "jse",
        "mjs",
        "wsf",
        "wsh",
        "hta",
        "jar",
        "sh",
        "bash",
        "py",
        "pl",
        "rb",
        "php",
        "reg",
        "lnk",
        "url",
        "app",
        "apk",
        "dll",
        "sys",
        "cpl",
    ]
)
"""A text can be a program for whoever opens it: then its name alone tells."""
MARKUP_ENDINGS = frozenset(["html", "htm", "xhtml", "shtml", "mht", "mhtml", "svg", "svgz", "xml", "xsl", "xslt"])
MARKUP = re.compile(rb"\s*(<!doctype\s+html|<html|<head|<body|<script|<iframe|<svg|<\?xml|<!--|mime-version:)", re.IGNORECASE)
ANYWHERE = re.compile(rb"<(script|svg|html|iframe)[\s>/]", re.IGNORECASE)
TEXT_DXF = re.compile(rb"\s*(999\r?\n[^\n]*\n\s*)?0\r?\n\s*SECTION\r?\n")
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
PACKED_PROGRAMS = ("meta-inf/manifest.mf", "androidmanifest.xml")


def kind_of(file: BinaryIO, head: bytes, name: str) -> Kind:
    """The format by the bytes; raises `Dangerous` for programs, scripts and pages, which could act in whoever opens them."""
    if not head:
        raise Dangerous(Refused.EMPTY)
    if head.startswith(PROGRAMS) or ending(name) in PROGRAM_ENDINGS:
        raise Dangerous(Refused.PROGRAM)
    found = _by_beginning(file, head, name)
    if found is not None:
        return found
    plain = _plain(head)
    if MARKUP.match(plain) or ANYWHERE.search(plain[:1024]) or ending(name) in MARKUP_ENDINGS:
        raise Dangerous(Refused.MARKUP)
    if TEXT_DXF.match(plain):
        return DXF
    return TEXT if _is_text(plain) else UNKNOWN


def ending(name: str) -> str:
    """In small letters, without its dot; empty where there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def is_mismatched(kind: Kind, name: str) -> bool:
    """Told to whoever uploads: the ending is that of another format."""
    return ending(name) in ENDINGS and ending(name) not in kind.endings


def _by_beginning(file: BinaryIO, head: bytes, name: str) -> Kind | None:
    found = next((kind for beginning, kind in BEGINNINGS if head.startswith(beginning)), None) or _by_pattern(head)
    if found is not None:
        return found
    if head[4:8] == b"ftyp":
        return _in_mpeg4(head, name)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _in_zip(file)
    return _in_ole(file, head) if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") else None


def _by_pattern(head: bytes) -> Kind | None:
    """Formats whose beginning has gaps or bits."""
    second = head[1] if len(head) > 1 else 0
    patterns = (
        (head[:4] == b"RIFF", RIFF.get(head[8:12])),
        (head[0] == 0xFF and second & 0xE6 == 0xE2, MP3),
        (head[0] == 0xFF and second & 0xF6 == 0xF0, AAC),
        (head[:2] == b"BM" and head[6:10] == b"\0\0\0\0", BMP),
    )
    return next((kind for fits, kind in patterns if fits), None)


def _in_mpeg4(head: bytes, name: str) -> Kind:
    """Recorders write sound into what says it is a film: there the name decides between the two."""
    found = next((kind for brands, kind in BRANDS if head[8:12].startswith(brands)), MP4)
    return M4A if found in (MP4, THREE_GP) and ending(name) in M4A.endings else found


def _in_zip(file: BinaryIO) -> Kind:
    """By the directory alone; nothing is unpacked."""
    file.seek(0)
    try:
        names = [member.filename.lower() for member in zipfile.ZipFile(file).infolist()[:MOST_MEMBERS]]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return ZIP
    if any(name in PACKED_PROGRAMS for name in names):
        raise Dangerous(Refused.PROGRAM)
    is_office = "[content_types].xml" in names
    return next((kind for folder, kind in PACKED if is_office and _has(names, folder)), ZIP)


def _has(names: Iterable[str], folder: str) -> bool:
    return any(name.startswith(folder) for name in names)


def _in_ole(file: BinaryIO, head: bytes) -> Kind:
    """By the names in the first sector of its directory."""
    sector = 1 << min(int.from_bytes(head[30:32], "little"), 12)
    file.seek((int.from_bytes(head[48:52], "little") + 1) * sector)
    directory = file.read(4096)
    return next((kind for stream, kind in STREAMS if stream.encode("utf-16-le") in directory), OLE)


def _plain(head: bytes) -> bytes:
    """Text as bytes that can be searched, whichever way round its characters were written."""
    for mark in MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"") if head[1:2] == b"\0" or head[:1] == b"\0" else head


def _is_text(plain: bytes) -> bool:
    """No control characters but those of lines; in UTF-8 or GB 18030, cut anywhere."""
    if any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in plain):
        return False
    return any(_reads(plain, encoding) for encoding in ("utf-8", "gb18030"))


def _reads(plain: bytes, encoding: str) -> bool:
    try:
        plain.decode(encoding)
    except UnicodeDecodeError as error:
        return len(plain) - error.start < 4
    return True


ENDINGS = frozenset(
    ending
    for kind in (
        *(kind for _, kind in BEGINNINGS), *RIFF.values(), *(kind for _, kind in BRANDS), *(kind for _, kind in PACKED),
        *(kind for _, kind in STREAMS), MP4, AAC, BMP, ZIP,
    )
    for ending in kind.endings
)  # fmt: skip
"""Those that promise a format which its bytes tell."""
