"""The bytes of a letter as they travelled, kept by their hash."""

from dataclasses import dataclass
from typing import Any

from backend.core.errors import NotFound
from backend.documents.rules import Family


@dataclass(frozen=True)
class Source:
    """A letter as a file that one can save."""

    name: str
    size: int
    sha256: str
    media_type: str = "message/rfc822"
    family: str = Family.OTHER.value


def of(row: Any) -> Source:
    """404 where there is none (yet)."""
    if row.raw_sha256 is None:
        raise NotFound
    return Source(f"{row.id}.eml", row.raw_size, row.raw_sha256)
