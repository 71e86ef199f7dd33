"""Reads a mailbox by IMAP (RFC 3501, RFC 2971) and changes nothing in it. Every call blocks: run it in a thread."""

import imaplib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.integrations.mailserver import Account, Security

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
IDENTITY = '("name" "Chengdan" "version" "1.0" "vendor" "Chengdan")'
UID = re.compile(rb"\bUID (\d+)")
SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
HEADERS = "BODY.PEEK[HEADER]"
WHOLE = "BODY.PEEK[]"
FAILURES = (imaplib.IMAP4.error, OSError, TimeoutError, ValueError)
"""What a server that is away, refuses or talks nonsense may raise."""


PORTS = {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143}


class Refused(ValueError):
    """The server said no; its words."""


@dataclass(frozen=True)
class Server(Account):
    """With the folder that is read."""

    folder: str = "INBOX"

    @property
    def name(self) -> str:
        """By which a folder is known over restarts."""
        return f"{self.user}@{self.host}/{self.folder}"


class Folder:
    """A folder that has been opened for reading."""

    def __init__(self, connection: imaplib.IMAP4, validity: int, newest: int) -> None:
        self._connection = connection
        self.validity = validity
        self.newest = newest
        """The highest number that was given out before now."""

    def after(self, uid: int) -> list[int]:
        """The numbers of letters that came after this one."""
        return [one for one in self._search(f"UID {uid + 1}:*") if one > uid]

    def since(self, day: date) -> list[int]:
        """The numbers of letters that came on this day or later."""
        return self._search(f"SINCE {day.day}-{MONTHS[day.month - 1]}-{day.year}")

    def _search(self, what: str) -> list[int]:
        found = _ok(self._connection.uid("SEARCH", what))
        return sorted({int(number) for line in found if isinstance(line, bytes) for number in line.split()})

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """How many bytes each of these letters has; what is gone meanwhile is left out."""
        found = _ok(self._connection.uid("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")) if uids else []
        sizes = {}
        for one in found:
            line = one[0] if isinstance(one, tuple) else one
            uid, size = (UID.search(line), SIZE.search(line)) if isinstance(line, bytes) else (None, None)
            if uid and size:
                sizes[int(uid[1])] = int(size[1])
        return sizes

    def fetch(self, uid: int, what: str = WHOLE) -> bytes | None:
        """The letter's bytes, or its headers; it stays unread. None where it is gone."""
        for one in _ok(self._connection.uid("FETCH", str(uid), f"(UID {what})")):
            if isinstance(one, tuple):
                found = UID.search(one[0])
                if found is None or int(found[1]) == uid:
                    return bytes(one[1])
        return None


@contextmanager
def opened(server: Server) -> Iterator[Folder]:
    """Signs in, says who we are where the server wants to know (163 and 126 refuse to open a folder before), and opens the folder read-only."""
    connection = _connect(server)
    try:
        if server.security is Security.STARTTLS:
            connection.starttls(server.context())
        connection.login(server.user, server.password)
        if b"ID" in _ok(connection.capability())[0].upper().split():
            with suppress(imaplib.IMAP4.error):
                connection.xatom("ID", IDENTITY)
        quoted = server.folder.replace("\\", "\\\\").replace('"', '\\"')
        _ok(connection.select(f'"{quoted}"', readonly=True))
        yield Folder(connection, _number(connection, "UIDVALIDITY"), _number(connection, "UIDNEXT") - 1)
    finally:
        with suppress(*FAILURES):
            connection.logout()
        with suppress(*FAILURES):
            connection.shutdown()  # where the goodbye was not heard


def _number(connection: imaplib.IMAP4, name: str) -> int:
    """What the server said when the folder was opened."""
    said: Any = connection.response(name)[1]
    if not said or not said[-1]:
        raise Refused(f"the server does not tell {name}")
    return int(said[-1])


def _connect(server: Server) -> imaplib.IMAP4:
    if server.security is Security.TLS:
        return imaplib.IMAP4_SSL(server.host, server.port, ssl_context=server.context(), timeout=server.timeout_seconds)
    return imaplib.IMAP4(server.host, server.port, timeout=server.timeout_seconds)


def _ok(answer: tuple[str, list[Any]]) -> list[Any]:
    kind, said = answer
    if kind != "OK":
        words = b" ".join(one for one in said if isinstance(one, bytes)).decode("utf-8", "replace")
        raise Refused(words[:200] or kind)
    return said
