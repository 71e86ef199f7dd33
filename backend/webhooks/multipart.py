"""multipart/form-data as forms really send it: a part that is made wrongly is kept with its flaw, so that nothing else of the post is lost (pure)."""

import base64
import binascii
import logging
import quopri
import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

CHINESE_CHARSETS = ("gb18030", "gbk", "gb2312", "gb_2312", "x-gbk")
UNNAMED, UNDECODABLE = "unnamed_part", "undecodable_part"
EXTENDED_NAME = re.compile(rb"(;[ \t]*)filename\*[ \t]*=[ \t]*\"?([\w-]*)'[\w-]*'([^;\s\"]*)\"?", re.IGNORECASE)
"""The name of a file as RFC 5987 writes it."""
UNQUOTABLE = re.compile(rb'[\x00-\x1f"\\]')

logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
"""What a stranger sent wrongly is answered and kept, and is no fault of ours."""


class Part(NamedTuple):
    """A field, or a file by its name alone; a part without a name is called by its place."""

    name: bytes
    value: bytes
    flaw: str = ""


class Unfinished(ValueError):
    """The body breaks off."""


def read_parts(raw: bytes, content_type: str, most: int) -> list[Part]:
    """At most one more than `most`. Raises FormParserError, or `Unfinished`."""
    reader = _Reader(most)
    boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
    if not boundary:
        raise FormParserError("no boundary")
    parser = MultipartParser(
        boundary,
        {
            "on_part_begin": reader.begin,
            "on_header_field": reader.header_name,
            "on_header_value": reader.header_value,
            "on_header_end": reader.header_end,
            "on_part_data": reader.content,
            "on_part_end": reader.end,
            "on_end": reader.close,
        },
    )
    parser.write(raw)
    parser.finalize()
    if not reader.is_closed:
        raise Unfinished
    return reader.parts


class _Reader:
    def __init__(self, most: int) -> None:
        self.most = most
        self.parts: list[Part] = []
        self.is_closed = False

    def begin(self) -> None:
        if len(self.parts) > self.most:
            raise FormParserError("too many parts")
        self.headers: dict[bytes, bytes] = {}
        self.name, self.value, self.body = b"", b"", list[bytes]()

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self.name += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self.value += data[start:end]

    def header_end(self) -> None:
        self.headers[self.name.lower()] = self.value
        self.name, self.value = b"", b""

    def content(self, data: bytes, start: int, end: int) -> None:
        self.body.append(data[start:end])

    def end(self) -> None:
        said = parse_options_header(EXTENDED_NAME.sub(_plain_name, self.headers.get(b"content-disposition", b"")))[1]
        name, file_name = said.get(b"name"), said.get(b"filename")
        value, flaw = (file_name, "") if file_name is not None else self._decoded()
        if name is None:
            name, flaw = b"part_%d" % (len(self.parts) + 1), UNNAMED
        self.parts.append(Part(name, value, flaw))

    def _decoded(self) -> tuple[bytes, str]:
        body = b"".join(self.body)
        match self.headers.get(b"content-transfer-encoding", b"").strip().lower():
            case b"base64":
                try:
                    return base64.b64decode(b"".join(body.split()), validate=True), ""
                except binascii.Error:
                    return body, UNDECODABLE
            case b"quoted-printable":
                return quopri.decodestring(body), ""
        return body, ""

    def close(self) -> None:
        self.is_closed = True


def _plain_name(found: re.Match[bytes]) -> bytes:
    """`filename*=UTF-8''%E5..` as a plain `filename`: the parser of the header takes a part without one for a field."""
    name = unquote_to_bytes(found[3])
    charset = found[2].decode().lower()
    if charset in CHINESE_CHARSETS or charset == "iso-8859-1":
        name = name.decode(charset, "replace").encode()
    return found[1] + b'filename="' + UNQUOTABLE.sub(b"_", name) + b'"'
