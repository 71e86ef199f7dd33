"""Texts of letters as they are met: GB18030 that calls itself gb2312, raw bytes in headers, encoded words cut inside a character (pure)."""

import base64
import binascii
import codecs
import quopri
import re

WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
CHINESE = frozenset(
    {"gb2312", "gb_2312-80", "gb_2312", "gbk", "cp936", "x-gbk", "ms936", "windows-936", "gb18030", "euc-cn", "hz-gb-2312x", "chinese"}
)
NAMES = {
    "utf8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "cn-big5": "big5",
    "x-big5": "big5",
    "ansi_x3.110-1983": "latin-1",
    "default": "utf-8",
}
TEXT_CODECS = (
    "utf", "ascii", "iso8859", "latin", "cp125", "cp437", "cp85", "cp86", "cp874", "gb", "hz", "big5", "euc", "shift_jis", "iso2022", "koi8",
    "cp932", "cp949", "cp950", "tis", "mac", "johab", "ptcp",
)  # fmt: skip
"""What letters may name; of Python's other codecs some take time in the square of the length."""
GUESSES = ("utf-8", "gb18030")


def codec_of(charset: str | None) -> str | None:
    """Python's name of what a letter calls its character set; None where it says nothing that helps."""
    name = (charset or "").strip().strip("\"'").partition("*")[0].lower()
    if name in CHINESE:
        return "gb18030"
    try:
        found = codecs.lookup(NAMES.get(name, name)).name if name else None
    except LookupError:
        return None
    return (
        found if found and found.replace("-", "").replace("_", "").startswith(tuple(one.replace("_", "") for one in TEXT_CODECS)) else None
    )


def decode(data: bytes, charset: str | None) -> str:
    """As its character set says, else as what the bytes look like; never an error."""
    named = codec_of(charset)
    tries = dict.fromkeys([*([named] if named and named != "ascii" else []), *GUESSES])
    for codec in tries:
        try:
            return data.decode(codec)
        except (UnicodeDecodeError, UnicodeError):
            continue
    return data.decode(named or "utf-8", errors="replace")


def raw_text(value: str) -> str:
    """A header as Python read it from bytes: raw bytes in it become what they look like, folded lines one."""
    unfolded = re.sub(r"\r?\n[ \t]?", " ", value) if "\n" in value else value
    return decode(unfolded.encode("utf-8", "surrogateescape"), None)


def decode_words(text: str) -> str:
    """RFC 2047 words become text; neighbours of one character set are joined first, as a character may be cut between them."""
    pieces: list[str] = []
    waiting: tuple[str, bytes] | None = None
    end = 0
    for found in WORD.finditer(text):
        between = text[end : found.start()]
        charset, data = found[1].lower(), _bytes_of(found[2], found[3])
        if waiting is not None and waiting[0] == charset and not between.strip():
            waiting = charset, waiting[1] + data
        else:
            pieces += [decode(waiting[1], waiting[0])] if waiting else []
            pieces += [between] if between.strip() or waiting is None else []
            waiting = charset, data
        end = found.end()
    pieces += [decode(waiting[1], waiting[0])] if waiting else []
    return "".join([*pieces, text[end:]])


def _bytes_of(encoding: str, text: str) -> bytes:
    if encoding in "qQ":
        return quopri.decodestring(text.replace(" ", "_").encode("utf-8", "replace"), header=True)
    plain = re.sub(r"[^A-Za-z0-9+/]", "", text)
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4))
    except (binascii.Error, ValueError):
        return base64.b64decode(plain[: len(plain) // 4 * 4])


UNSEEN = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))


def clean(text: str) -> str:
    """What a database can keep: no NUL, no half characters."""
    return text.translate(UNSEEN).encode("utf-8", "replace").decode()


def line(text: str, most: int) -> str:
    """A header's value as one line of at most so many characters."""
    return " ".join(clean(text).split())[:most]
