"""How opportunities are listed and found: filters, sorts, search text (VIEW-6; pure)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from backend.core import search

NUMBERED = "sj"


def search_columns(name: str, customers: Iterable[str]) -> dict[str, str]:
    """What the columns `search_text` and `name_sort` hold; `customers` are the names that its customer goes by."""
    return {"search_text": search.search_text([name, *customers]), "name_sort": search.sort_key(name)}


class Sort(StrEnum):
    """Sorts that an index serves; a minus stands for the newest or largest first."""

    ENTERED = "-entered"
    ENTERED_FIRST = "entered"
    ACTIVITY = "-activity"
    ACTIVITY_FIRST = "activity"
    CLOSE = "close"
    AMOUNT = "-amount"
    NAME = "name"


KEY_KINDS: dict[Sort, type] = dict.fromkeys(Sort, datetime) | {Sort.NAME: str, Sort.CLOSE: date, Sort.AMOUNT: Decimal}


@dataclass(frozen=True)
class OpportunityFilter:
    """What a list or board is narrowed to; what is not given narrows nothing."""

    q: str | None = None
    stages: list[UUID] = field(default_factory=list)
    pipelines: list[UUID] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    owners: list[UUID] = field(default_factory=list)
    regions: list[UUID] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    product_lines: list[str] = field(default_factory=list)
    customers: list[UUID] = field(default_factory=list)
    created_from: datetime | None = None
    created_before: datetime | None = None
    closes_from: date | None = None
    closes_before: date | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    entered_from: datetime | None = None
    entered_before: datetime | None = None
    """When it came into the stage where it stands."""
    closed_from: datetime | None = None
    closed_before: datetime | None = None
    lead_received_from: datetime | None = None
    lead_received_before: datetime | None = None
    """Of opportunities that came from a lead."""
    quiet_since: datetime | None = None
    loss_reasons: list[str] = field(default_factory=list)
    needs_review: bool | None = None
    has_backup: bool | None = None
    is_late: bool | None = None
    """Open, with a next step whose time has passed."""
    is_flagged: bool | None = None
    is_unadvanced: bool | None = None
    shown_since: datetime | None = None
    """Open, or closed since."""

    def of(self, stages: list[UUID], pipelines: list[UUID], states: list[str], since: datetime | None) -> "OpportunityFilter":
        """The same of these stages, pipelines and states."""
        return replace(self, stages=stages, pipelines=pipelines, states=states, shown_since=since)

    def in_stage(self, stage_id: UUID, since: datetime | None) -> "OpportunityFilter":
        """The same of one column of the board."""
        return replace(self, stages=[stage_id], shown_since=since)
