"""A letter from its bytes, as strangers write them: nothing in it is trusted, and nothing in it is an error (pure)."""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import Compat32
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import PurePosixPath
from typing import Any, TypeVar

from backend.correspondence import bodies, rules
from backend.correspondence.charsets import clean, decode, decode_words, line, raw_text
from backend.duplicates.keys import email_key

MOST_PARTS = 200
MOST_NESTED = 100
"""A letter that names more multiparts is built to keep its reader busy: its headers are read, its parts are not."""
HARMFUL = (RecursionError, ValueError, LookupError, TypeError, AttributeError, AssertionError)
"""What the standard library says of headers and parts that no program writes by accident."""
DEEPEST = 20
MOST_FILES = 50
MOST_PEOPLE = 100
LONGEST_ID = 500
LONGEST_SUBJECT = 500
IDS = re.compile(r"<([^<>\s]+)>")
ENDINGS = {
    "text/plain": ".txt",
    "text/calendar": ".ics",
    "message/rfc822": ".eml",
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
}
DELIVERED = ("delivered-to", "x-original-to", "x-forwarded-to", "envelope-to", "x-envelope-to", "x-delivered-to")
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class Lenient(Compat32):
    """Headers as text, whatever bytes they hold."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        del name
        return raw_text(value)


LENIENT: Any = Lenient()


@dataclass(frozen=True)
class Person:
    """Somebody in a header; the address is in lower case."""

    address: str
    name: str


@dataclass(frozen=True)
class ParsedFile:
    name: str
    media_type: str
    data: bytes = field(repr=False)
    is_inline: bool


@dataclass(frozen=True)
class Parsed:
    """What a letter says; `message` is the tree of its parts, for whoever looks closer."""

    message_id: str
    in_reply_to: str | None
    references: Sequence[str]
    sender: Person
    reply_to: Sequence[Person]
    to: Sequence[Person]
    cc: Sequence[Person]
    subject: str
    sent_at: datetime | None
    text: str
    is_cut: bool
    files: Sequence[ParsedFile]
    delivered_to: Sequence[str]
    message: Message = field(repr=False, compare=False)

    @property
    def named(self) -> list[str]:
        """The letters that this one says it follows, the nearest last."""
        return rules.chain(self.references, self.in_reply_to)


def unread(raw: bytes) -> Parsed:
    """A letter of which nothing could be read: for people to look at, its source says all that there is."""
    nobody = Person("", "")
    return Parsed(f"{hashlib.sha256(raw).hexdigest()}@unnamed", None, (), nobody, (), (), (), "", None, "", True, (), (), Message())


def parse(raw: bytes) -> Parsed:
    message = _tree(raw)
    text, is_cut = bodies.cut(bodies.tidy(clean(_or("", lambda: _text_of(message, 0)))))
    ids = _ids(message, "in-reply-to")
    return Parsed(
        message_id=_message_id(message, raw),
        in_reply_to=ids[0] if ids else None,
        references=_ids(message, "references"),
        sender=next(iter(people(message, "from") or people(message, "sender")), Person("", "")),
        reply_to=people(message, "reply-to"),
        to=people(message, "to"),
        cc=people(message, "cc"),
        subject=line(decode_words(header(message, "subject")), LONGEST_SUBJECT),
        sent_at=_moment(header(message, "date")),
        text=text,
        is_cut=is_cut,
        files=_or([], lambda: list(_files(message))[:MOST_FILES]),
        delivered_to=[one.address for name in DELIVERED for one in people(message, name)],
        message=message,
    )


Made = TypeVar("Made")


def _or(otherwise: Made, make: Callable[[], Made]) -> Made:
    """What can be made of one part of the letter, or nothing of that part: the rest of the letter is as good as any."""
    try:
        return make()
    except HARMFUL:
        return otherwise


def _tree(raw: bytes) -> Message:
    """The parts; of a letter that is nested to do harm the headers alone."""
    is_sound = raw.lower().count(b"multipart/") <= MOST_NESTED
    whole: Message | None = _or(None, lambda: BytesParser(policy=LENIENT).parsebytes(raw)) if is_sound else None
    return whole or BytesHeaderParser(policy=LENIENT).parsebytes(raw)


def parameter(part: Message, name: str, of: str = "content-type") -> str | tuple[str | None, str | None, str] | None:
    """A parameter of a header; None where it is missing or nobody can read it."""
    found: str | tuple[str | None, str | None, str] | None = _or(None, lambda: part.get_param(name, None, of))
    return found


def headers(message: Message, name: str) -> list[str]:
    """Every value of a header, the topmost first, as text with its encoded words left as they are."""
    return [str(value) for value in message.get_all(name, [])]


def header(message: Message, name: str) -> str:
    return next(iter(headers(message, name)), "")


def _ids(message: Message, name: str) -> list[str]:
    found = [one for value in headers(message, name) for one in IDS.findall(clean(value)) if len(one) <= LONGEST_ID]
    return list(dict.fromkeys(found))


def _message_id(message: Message, raw: bytes) -> str:
    """The text inside the brackets; made of the bytes where there is none, so that the same letter always has the same."""
    value = clean(header(message, "message-id"))
    found = IDS.search(value)
    known = found[1] if found else "".join(value.split())
    return known if 0 < len(known) <= LONGEST_ID else f"{hashlib.sha256(raw).hexdigest()}@unnamed"


def people(message: Message, name: str) -> list[Person]:
    found = [person for value in headers(message, name) for person in _people(value)]
    return list({person.address: person for person in reversed(found)}.values())[::-1][:MOST_PEOPLE]


def _people(value: str) -> Iterator[Person]:
    pairs: list[tuple[str, str]] = _or([], lambda: getaddresses([value]))
    given = [(name, address) for name, address in pairs if "@" in address]
    for name, address in given or [("", one) for one in bodies.ADDRESS.findall(value)]:
        plain = line(address, 254).lower()
        yield Person(email_key(plain) or plain, line(decode_words(name), 200))


def _moment(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if EARLIEST < moment < LATEST else None


def parts(message: Message, depth: int = 0) -> Iterator[Message]:
    """The parts of a letter, but not those of letters inside it."""
    yield message
    if message.get_content_maintype() == "multipart" and depth < DEEPEST:
        for part in _children(message):
            yield from parts(part, depth + 1)


def _children(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)][:MOST_PARTS] if isinstance(payload, list) else []


def content(part: Message) -> bytes:
    """The bytes of a part."""
    try:
        data = part.get_payload(decode=True)
    except HARMFUL:
        return b""
    return data if isinstance(data, bytes) else b""


def _charset(part: Message) -> str | None:
    found = parameter(part, "charset")
    return found[2] if isinstance(found, tuple) else found


def _filename(part: Message) -> str:
    for name, of in (("filename", "content-disposition"), ("name", "content-type")):
        found = parameter(part, name, of)
        if isinstance(found, tuple):
            return decode(found[2].encode("raw-unicode-escape", "replace"), found[0])
        if found:
            return decode_words(found)
    return ""


def _is_file(part: Message) -> bool:
    return (
        part.get_content_disposition() == "attachment" or bool(_filename(part)) or part.get_content_maintype() not in ("text", "multipart")
    )


def _text_of(part: Message, depth: int) -> str:
    """What there is to read: of alternatives the plain one, of several parts all."""
    if part.get_content_maintype() == "multipart":
        if depth >= DEEPEST:
            return ""
        found = [(child.get_content_type(), _text_of(child, depth + 1)) for child in _children(part)]
        said = [(kind, text) for kind, text in found if text.strip()]
        if part.get_content_type() == "multipart/alternative":
            return next((text for kind, text in said if kind == "text/plain"), said[0][1] if said else "")
        return "\n\n".join(text for _, text in said)
    if part.get_content_maintype() != "text" or (_is_file(part) and depth > 0) or part.get_content_type() == "text/rfc822-headers":
        return ""
    text = decode(content(part), _charset(part))
    return bodies.from_html(text) if part.get_content_type() == "text/html" else text


def _files(message: Message) -> Iterator[ParsedFile]:
    for place, part in enumerate(parts(message)):
        kind = part.get_content_type()
        if place == 0 and part.get_content_maintype() == "text":
            continue
        if part.get_content_maintype() == "multipart" or not _is_file(part) or kind in ("message/delivery-status", "text/rfc822-headers"):
            continue
        data = _embedded(part) if part.get_content_maintype() == "message" else content(part)
        if data:
            is_inline = (
                part.get_content_maintype() == "image" and bool(part.get("content-id")) and part.get_content_disposition() != "attachment"
            )
            yield ParsedFile(_name(part, kind, place), kind, data, is_inline)


def _embedded(part: Message) -> bytes:
    """A letter inside the letter, as a file."""
    payload = part.get_payload()
    try:
        return payload[0].as_bytes() if isinstance(payload, list) and payload and isinstance(payload[0], Message) else content(part)
    except HARMFUL:
        return b""


def _name(part: Message, kind: str, place: int) -> str:
    given = line(_filename(part), 400).replace("\\", "/")
    name = PurePosixPath(given).name.strip(". ")
    if not name:
        return f"附件{place}{ENDINGS.get(kind, '')}"
    if len(name) <= 200:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: 199 - len(ending)]}{dot}{ending}" if dot and len(ending) <= 10 else name[:200]
