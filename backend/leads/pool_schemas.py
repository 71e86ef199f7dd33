"""The pool's rules over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from backend.core.schemas import Flag, In, Line, Out
from backend.identity.schemas import PersonRef, RegionRef

Days = Annotated[int, Field(ge=1, le=3650, strict=True)]


class PoolRuleFields(In):
    """When leads return to the pool, and how claiming is bounded; cooling off keeps the former owner out for a while."""

    reclaim_after_days: Days
    cooling_off_days: Annotated[int, Field(ge=0, le=3650, strict=True)]
    claims_a_day: Annotated[int, Field(ge=1, le=10_000, strict=True)]
    is_active: Flag


class PoolRuleOut(Out):
    """The rule of a region; without a region the company's, for all regions that have none."""

    id: UUID
    region: RegionRef | None
    reclaim_after_days: int
    cooling_off_days: int
    claims_a_day: int
    is_active: bool
    version: int


class PoolRules(Out):
    items: list[PoolRuleOut]


class PoolPreviewIn(In):
    region_id: UUID | None = None
    reclaim_after_days: Days


class Returning(Out):
    """A lead that would return to the pool, and when."""

    id: UUID
    number: str
    company: str
    contact_name: str
    owner: PersonRef
    region_name: str | None
    untouched_since: datetime
    returns_at: datetime


class PoolPreview(Out):
    """What a rule would take at once and within a week, counted up to 1,000; the longest untouched are shown."""

    now: int
    within_a_week: int
    is_more: bool
    items: list[Returning]


class Protection(In):
    is_protected: Flag
    reason: Line = ""
