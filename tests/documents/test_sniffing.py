"""What a file is, is told from its bytes; what could act in whoever opens it is refused, whatever it is called."""

import io

import pytest

from backend.documents.sniffing import Dangerous, Refused, is_mismatched, kind_of
from tests.documents.samples import DOCX, FORMATS, JPEG, PAGES, PDF, PROGRAMS


def look(data: bytes, name: str):
    return kind_of(io.BytesIO(data), data[:65536], name)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_told_by_its_bytes_alone(name: str) -> None:
    data, media_type, family = FORMATS[name]
    found = look(data, name)
    assert (found.media_type, found.family.value, is_mismatched(found, name)) == (media_type, family, False)
    if name != "手机录音.m4a":
        assert look(data, "ohne").media_type == media_type, "no name is needed"


@pytest.mark.parametrize(("name", "data"), [*PROGRAMS.items(), *PAGES.items(), ("a.pdf", b"")])
def test_what_could_do_harm_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(Dangerous) as refused:
        look(data, name)
    wanted = Refused.EMPTY if not data else Refused.PROGRAM if name in PROGRAMS and PROGRAMS[name] == data else Refused.MARKUP
    assert refused.value.why is wanted


@pytest.mark.parametrize(
    ("name", "data", "is_told"),
    [("a.pdf", JPEG, True), ("a.docx", PDF, True), ("a.xlsx", DOCX, True), ("a.JPG", JPEG, False), ("无后缀", PDF, False),
     ("a.pdf", b"just words", True), ("a.ipt", PDF, False)],
)  # fmt: skip
def test_an_ending_of_another_format_is_told(name: str, data: bytes, is_told: bool) -> None:
    assert is_mismatched(look(data, name), name) is is_told


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff", b"RIFF", b"\0\0\0\x18ftyp", b"\xff\xfe"]
)
def test_a_broken_file_is_some_file(data: bytes) -> None:
    assert look(data, "x").media_type
