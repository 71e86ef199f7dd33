"""How leads are found and listed: search text, filters, sorts (VIEW-6; pure)."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from backend.core import search

NUMBER = re.compile(r"xs0*([0-9]{1,18})")
COUNTED = 1000
"""Counts stop here: a screen says "1000+"."""


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


def number_of(wanted: str) -> int | None:
    """A needle that is a lead's number, such as xs00000042."""
    found = NUMBER.fullmatch(wanted)
    return int(found[1]) if found else None


def is_too_short(filter_: LeadFilter) -> bool:
    """One character would find nearly everything."""
    return filter_.q is not None and 0 < len(search.needle(filter_.q)) < search.SHORTEST


def conditions(filter_: LeadFilter, now: datetime) -> dict[str, Any]:
    """The filter as `lead_find` reads it; only what narrows is in it."""
    wanted = search.needle(filter_.q)
    number = number_of(wanted)
    searched = {"number": number} if number is not None else {"needle": wanted, "grams": search.grams_of_needle(wanted)} if wanted else {}
    lists: dict[str, list[Any]] = {
        name: [str(one) for one in getattr(filter_, name)] for name in ("states", "sources", "regions", "owners", "product_lines")
    }
    moments: dict[str, datetime | None] = {name: getattr(filter_, name) for name in ("received_from", "received_before", "quiet_since")}
    flags: dict[str, bool | None] = {name: getattr(filter_, name) for name in ("is_overdue", "is_escalated", "has_phone", "has_owner")}
    return {
        **searched,
        **{name: values for name, values in lists.items() if values},
        **{name: moment.isoformat() for name, moment in moments.items() if moment is not None},
        **{name: flag for name, flag in flags.items() if flag is not None},
        **({"now": now.isoformat()} if filter_.is_overdue is not None else {}),
    }
