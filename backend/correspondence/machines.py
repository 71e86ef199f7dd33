"""Letters that no person wrote: automatic answers, lists, and our own letters that came back (RFC 3834, RFC 3464; pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from enum import StrEnum

from backend.correspondence.charsets import clean, line
from backend.correspondence.parsing import IDS, LENIENT, Parsed, content, header, headers, parameter, parts

DAEMONS = ("mailer-daemon@", "postmaster@", "mail-daemon@")
CODE = re.compile(r"\b5\d\d[ -]|\b5\.\d{1,3}\.\d{1,3}\b")


class Author(StrEnum):
    """Who wrote a letter; `list` is somebody, but not to us alone: a mailing, or the group address of a customer's department."""

    PERSON = "person"
    LIST = "list"
    MACHINE = "machine"
    SERVER = "server"


@dataclass(frozen=True)
class Bounce:
    """A letter that came back: the ids that it may have had, for whom, and what was said."""

    message_ids: Sequence[str]
    recipients: Sequence[str]
    said: str


def author_of(parsed: Parsed, mail_from: str | None) -> Author:
    """`mail_from` is the sender on the envelope, empty for the null path, None where it is not known."""
    message = parsed.message
    if _is_report(message) or (parsed.sender.address.startswith(DAEMONS) and not _path(message, mail_from)):
        return Author.SERVER
    submitted = header(message, "auto-submitted").partition(";")[0].strip().lower()
    says_so = submitted not in ("", "no")
    replies = any(header(message, name).strip().lower() not in ("", "no") for name in ("x-autoreply", "x-autorespond"))
    precedence = header(message, "precedence").strip().lower()
    if says_so or replies or precedence in ("bulk", "junk", "auto_reply") or _path(message, mail_from) == "":
        return Author.MACHINE
    return Author.LIST if precedence == "list" or header(message, "list-id") else Author.PERSON


def _path(message: Message, mail_from: str | None) -> str | None:
    """The return path: of the envelope, else what the mail server wrote down; None where nobody knows it."""
    if mail_from is not None:
        return mail_from
    written = headers(message, "return-path")
    return written[0].strip().strip("<>").strip() if written else None


def _is_report(message: Message) -> bool:
    kind = parameter(message, "report-type")
    return message.get_content_type() == "multipart/report" and kind == "delivery-status"


def bounce_of(parsed: Parsed) -> Bounce | None:
    """What a mail server says of a letter that it will not deliver; None where it only waits, or was delivered."""
    statuses = [status for part in parts(parsed.message) for status in _statuses(part)]
    failed = [status for status in statuses if header(status, "action").strip().lower() == "failed"]
    if statuses and not failed:
        return None
    ids = list(dict.fromkeys([*returned_ids(parsed.message), *parsed.named[::-1]]))
    said = [_said(status) for status in failed] or [_first_words(parsed.text)]
    people = [_recipient(status) for status in failed]
    return Bounce(ids, [one for one in people if one], line("; ".join(dict.fromkeys(one for one in said if one)), 300))


def _statuses(part: Message) -> Iterator[Message]:
    """The groups of a delivery status that speak of a recipient."""
    if part.get_content_type() == "message/delivery-status":
        payload = part.get_payload()
        for group in payload if isinstance(payload, list) else []:
            if isinstance(group, Message) and header(group, "action"):
                yield group


def _recipient(status: Message) -> str:
    return line(header(status, "final-recipient").rpartition(";")[2], 254).lower()


def _said(status: Message) -> str:
    told = header(status, "diagnostic-code").rpartition(";")[2] or header(status, "status")
    who = _recipient(status)
    return line(f"{who}: {told}" if who else told, 250)


def _first_words(text: str) -> str:
    """The line with the server's code, else the beginning."""
    lines = [one for one in text.splitlines() if one.strip()]
    return next((one for one in lines if CODE.search(one)), lines[0] if lines else "")


def returned_ids(message: Message) -> Iterator[str]:
    """The ids of letters that are inside this one, whole or with their headers only."""
    for part in parts(message):
        if part.get_content_type() == "text/rfc822-headers":
            inner: Message | None = BytesHeaderParser(policy=LENIENT).parsebytes(content(part))
        elif part.get_content_type() in ("message/rfc822", "message/rfc822-headers"):
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload and isinstance(payload[0], Message) else None
        else:
            inner = None
        if inner is not None:
            yield from IDS.findall(clean(header(inner, "message-id")))


def is_vouched_for(parsed: Parsed, authserv: str) -> bool:
    """Whether our own mail server (`authserv`, as it names itself) found that the sender's domain did send this (RFC 8601)."""
    return _found(parsed, authserv).get("dmarc") == "pass"


def is_forged(parsed: Parsed, authserv: str) -> bool:
    """Whether it found that the sender's domain did not."""
    said = _found(parsed, authserv)
    return said.get("dmarc") == "fail" or ("dmarc" not in said and said.get("spf") == "fail" and said.get("dkim") != "pass")


def _found(parsed: Parsed, authserv: str) -> dict[str, str]:
    """What the topmost header of our own server says: what stands below may be the sender's own work, as is that of other servers."""
    for value in headers(parsed.message, "authentication-results") if authserv else []:
        server, _, results = value.partition(";")
        if server.split()[:1] == [authserv]:
            return dict(re.findall(r"\b(dmarc|spf|dkim)\s*=\s*([a-z]+)", results.lower()))
    return {}
