"""How customers are listed and found: filters, sorts, search text (VIEW-6; pure)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from backend.core import search
from backend.customers.rules import CustomerState

NUMBERED = "kh"


def search_columns(
    names: Iterable[str | None], people: Iterable[str | None], phones: Iterable[str | None], codes: Iterable[str | None]
) -> dict[str, str]:
    """What the columns `search_text` and `name_sort` hold; the first name is the customer's own."""
    names = list(names)
    return {"search_text": search.search_text([*names, *people], phones, codes), "name_sort": search.sort_key(names[0])}


class Sort(StrEnum):
    """Sorts that an index serves; a minus stands for the newest first, what has no value comes last."""

    ACTIVITY = "-activity"
    ACTIVITY_FIRST = "activity"
    NAME = "name"
    CREATED = "-created"
    CREATED_FIRST = "created"
    NEXT_STEP = "next_step"


KEY_KINDS: dict[Sort, type] = dict.fromkeys(Sort, datetime) | {Sort.NAME: str}


@dataclass(frozen=True)
class CustomerFilter:
    """What a list is narrowed to; what is not given narrows nothing, but archived customers are shown only when asked for."""

    q: str | None = None
    states: list[str] = field(default_factory=lambda: [CustomerState.ACTIVE.value])
    owners: list[UUID] = field(default_factory=list)
    regions: list[UUID] = field(default_factory=list)
    industries: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    created_from: datetime | None = None
    created_before: datetime | None = None
    active_since: datetime | None = None
    quiet_since: datetime | None = None
    is_key: bool | None = None
    has_backup: bool | None = None
    lacks_backup: bool | None = None
