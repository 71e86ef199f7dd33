"""Whether two letters under one Message-ID are one: by what people see, as two ways to us leave different headers (pure)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.correspondence import bodies
from backend.correspondence.parsing import Parsed


@dataclass(frozen=True)
class Seen:
    """What people see of a letter; `files` are hashes in order, `is_whole` is whether more than its headers could be had."""

    sender: str
    subject: str
    sent_at: datetime | None
    text: str
    files: Sequence[str]
    is_whole: bool

    @property
    def digest(self) -> str:
        said = (self.sender, self.subject, self.sent_at.isoformat() if self.sent_at else "", self.text, *self.files)
        return hashlib.sha256("\0".join(said).encode()).hexdigest()


def came(parsed: Parsed, files: Sequence[str], *, is_beheaded: bool) -> Seen:
    """A letter as it comes in."""
    return Seen(parsed.sender.address, _words(parsed.subject), parsed.sent_at, _words(parsed.text), sorted(files), not is_beheaded)


def kept(row: Any, files: Sequence[str]) -> Seen:
    """A letter as it is kept; of one of ours we know better than its header when it was written."""
    is_ours = row.received_at is None
    sent_at = None if is_ours else row.sent_at
    is_whole = not row.is_cut or bool(row.text or files)
    return Seen(row.from_address.lower(), _words(row.subject), sent_at, _words(bodies.tidy(row.text)), sorted(files), is_whole)


def _words(text: str) -> str:
    """Without blanks: every way breaks lines in its own places."""
    return "".join(text.split())


def same(one: Seen, other: Seen) -> bool:
    """What one of them does not tell counts for both."""
    if (one.sender, one.subject) != (other.sender, other.subject):
        return False
    if one.sent_at and other.sent_at and one.sent_at != other.sent_at:
        return False
    return not (one.is_whole and other.is_whole) or (one.text == other.text and list(one.files) == list(other.files))
