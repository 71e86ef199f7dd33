"""How leads are found and listed: search text, filters, sorts (VIEW-6; pure)."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from uuid import UUID

from backend.core import search

NUMBERED = "xs"
ListedState = Literal["new", "assigned", "following", "disqualified", "converted"]
"""What was merged away is in no list (`rules.LeadState`)."""


def search_columns(company: str | None, contact_name: str | None, phone: str | None, phone_key: str | None) -> dict[str, str]:
    """What the columns `search_text` and `company_sort` hold; whoever writes the fields they come from writes these too."""
    text = search.search_text((company, contact_name), (phone, phone_key))
    return {"search_text": text, "company_sort": search.sort_key(company)}


class Sort(StrEnum):
    """Sorts that an index serves; a minus stands for the largest or newest first, what has no value comes last."""

    RECEIVED = "-received"
    RECEIVED_FIRST = "received"
    ACTIVITY = "-activity"
    ACTIVITY_FIRST = "activity"
    NEXT_STEP = "next_step"
    AMOUNT = "-amount"
    COMPANY = "company"


KEY_KINDS: dict[Sort, type] = dict.fromkeys(Sort, datetime) | {Sort.AMOUNT: Decimal, Sort.COMPANY: str}


@dataclass(frozen=True)
class LeadFilter:
    """What a list is narrowed to; what is not given narrows nothing. `q` is what a person typed into the search box."""

    q: str | None = None
    states: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    regions: list[UUID] = field(default_factory=list)
    owners: list[UUID] = field(default_factory=list)
    product_lines: list[str] = field(default_factory=list)
    received_from: datetime | None = None
    received_before: datetime | None = None
    quiet_since: datetime | None = None
    is_overdue: bool | None = None
    is_escalated: bool | None = None
    has_phone: bool | None = None
    has_owner: bool | None = None
