"""LEAD-6: when an untouched lead returns to the pool of its region, and who may claim it (pure)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.leads.rules import OPEN_STATES, LeadState

DAY = timedelta(days=1)
RECLAIM_BATCH = 200
PREVIEWED = 50
COUNTED = 1000


@dataclass(frozen=True)
class PoolRule:
    """The rule of a region, or of the company where a region has none."""

    reclaim_after_days: int
    cooling_off_days: int
    claims_a_day: int
    is_active: bool


DEFAULT_RULE = PoolRule(reclaim_after_days=30, cooling_off_days=7, claims_a_day=20, is_active=True)


@dataclass(frozen=True)
class Held:
    """What decides whether a lead stays with its owner."""

    state: LeadState
    assigned_at: datetime | None
    last_activity_at: datetime
    is_protected: bool


def reclaim_at(lead: Held, rule: PoolRule) -> datetime | None:
    """When the lead returns to the pool; None when it does not: nobody holds it, it is protected, or the rule is off.

    Untouched counts from the last follow-up, and for a new owner from the day of the lead's arrival (SQL twin: `pool_queries.RECLAIM_AT`).
    """
    if lead.state not in OPEN_STATES or lead.assigned_at is None or lead.is_protected or not rule.is_active:
        return None
    return max(lead.assigned_at, lead.last_activity_at) + rule.reclaim_after_days * DAY


def is_due(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now


def cools_off(
    former_owner_id: UUID | None, reclaimed_at: datetime | None, person_id: UUID, rule: PoolRule, now: datetime
) -> datetime | None:
    """Until when this person may not take back what the pool has just taken from them."""
    if reclaimed_at is None or former_owner_id != person_id:
        return None
    until = reclaimed_at + rule.cooling_off_days * DAY
    return until if until > now else None


def start_of_day(now: datetime, zone: str) -> datetime:
    """Claims are counted by the company's own day."""
    return datetime.combine(now.astimezone(ZoneInfo(zone)).date(), time(), ZoneInfo(zone))
