"""VIEW-1: what to do first, and why (pure)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from backend.contracts.rules import ContractState
from backend.leads.rules import LeadState, hours_without_owner
from backend.opportunities.rules import Clocks, OpportunityState, is_flagged

DUE_SOON = timedelta(hours=12)
AHEAD = timedelta(hours=16)
MILESTONE_AHEAD = timedelta(days=3)
MOST_ITEMS = 200


class TodayKind(StrEnum):
    """In the order in which they are worked off."""

    ESCALATION = "escalation"
    TO_ASSIGN = "to_assign"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    NEW_LEAD = "new_lead"
    APPROVAL = "approval"
    SUPPORT = "support"
    STALLED = "stalled"
    DELIVERY = "delivery"
    TO_FOLLOW = "to_follow"
    NO_BACKUP = "no_backup"


class NoticeCode(StrEnum):
    """What the installation asks of whoever looks after it."""

    CALENDAR_YEAR_MISSING = "calendar_year_missing"
    DEAD_EVENTS = "dead_events"


ORDER = {kind: place for place, kind in enumerate(TodayKind)}


@dataclass(frozen=True)
class Facts:
    """What decides about one lead, as seen by one person."""

    state: LeadState
    is_owner: bool
    is_backup: bool
    is_escalated_to: bool
    follow_up_due_at: datetime | None
    next_step_at: datetime | None
    is_pooled: bool = False
    may_give_out: bool = False


def classify(facts: Facts, now: datetime) -> TodayKind | None:
    """Where a lead stands on the list; None when there is nothing to do today (SQL twin: `queries.kind`)."""
    if facts.state is LeadState.ASSIGNED and facts.is_escalated_to:
        return TodayKind.ESCALATION
    if facts.state is LeadState.NEW:
        return TodayKind.TO_ASSIGN if facts.is_pooled and facts.may_give_out else None
    if not facts.is_owner and not facts.is_backup:
        return None
    if facts.state is LeadState.ASSIGNED:
        return _first_contact(facts.follow_up_due_at, now)
    if facts.state is LeadState.FOLLOWING and facts.next_step_at is not None and facts.next_step_at <= now + AHEAD:
        return TodayKind.TO_FOLLOW
    return None


@dataclass(frozen=True)
class CustomerFacts:
    """What decides about one active customer, as seen by one person."""

    is_owner: bool
    is_backup: bool
    lacks_backup: bool
    next_step_at: datetime | None


def classify_customer(facts: CustomerFacts, now: datetime) -> TodayKind | None:
    """An agreed next step is for owner and backup, a missing backup for the owner (SQL twin: `queries.customer_kind`)."""
    if (facts.is_owner or facts.is_backup) and facts.next_step_at is not None and facts.next_step_at <= now + AHEAD:
        return TodayKind.TO_FOLLOW
    return TodayKind.NO_BACKUP if facts.is_owner and facts.lacks_backup else None


@dataclass(frozen=True)
class DealFacts:
    """What decides about one opportunity, as seen by one person."""

    state: OpportunityState
    is_owner: bool
    is_backup: bool
    last_activity_at: datetime
    next_step_at: datetime | None


def classify_deal(facts: DealFacts, clocks: Clocks, now: datetime) -> TodayKind | None:
    """An open deal without an update, or else with an agreed next step, for owner and backup (SQL twin: `queries.deal_kind`)."""
    if facts.state is not OpportunityState.OPEN or not (facts.is_owner or facts.is_backup):
        return None
    if is_flagged(facts.state, facts.last_activity_at, facts.next_step_at, clocks, now):
        return TodayKind.STALLED
    is_due = facts.next_step_at is not None and facts.next_step_at <= now + AHEAD
    return TodayKind.TO_FOLLOW if is_due else None


@dataclass(frozen=True)
class ContractFacts:
    """What decides about one contract, as seen by one person."""

    state: ContractState
    is_owner: bool
    is_backup: bool
    next_due_on: date | None


def classify_contract(facts: ContractFacts, day: date) -> TodayKind | None:
    """A milestone that is late or due within three days, for owner and backup (SQL twin: `queries.contracts_of`)."""
    if facts.state is not ContractState.DELIVERING or not (facts.is_owner or facts.is_backup) or facts.next_due_on is None:
        return None
    return TodayKind.DELIVERY if facts.next_due_on <= day + MILESTONE_AHEAD else None


def contract_reason(row: Any, day: date) -> dict[str, Any]:
    """The same for a contract; `days` are those until the milestone, negative once it is late."""
    days = (row.next_due_on - day).days
    code = MILESTONE_LATE if days < 0 else CODES[TodayKind.DELIVERY]
    return {"code": code, "params": {"milestone": row.next_milestone, "days": abs(days), "due_on": row.next_due_on}}


def deal_reason(kind: TodayKind, row: Any, now: datetime) -> dict[str, Any]:
    """The same for an opportunity; `days` are whole ones since the last update."""
    if kind is TodayKind.STALLED:
        return {"code": CODES[kind], "params": {"days": (now - row.last_activity_at).days, "next_step": row.next_step}}
    return {"code": CODES[kind], "params": {"next_step": row.next_step, "is_late": row.next_step_at < now}}


def customer_reason(kind: TodayKind, row: Any, now: datetime) -> dict[str, Any]:
    """The same for a customer."""
    if kind is TodayKind.NO_BACKUP:
        return {"code": CODES[kind], "params": {}}
    return {"code": CODES[kind], "params": {"next_step": row.next_step, "is_late": row.next_step_at < now}}


def _first_contact(due_at: datetime | None, now: datetime) -> TodayKind:
    if due_at is None:
        return TodayKind.NEW_LEAD
    if due_at <= now:
        return TodayKind.OVERDUE
    return TodayKind.DUE_SOON if due_at <= now + DUE_SOON else TodayKind.NEW_LEAD


def reason(kind: TodayKind, row: Any, now: datetime) -> dict[str, Any]:
    """Why the lead is on the list: a stable code, and the figures of the sentence."""
    params: dict[str, Any] = {"since": row.received_at, "source": row.source}
    if kind is TodayKind.ESCALATION:
        params |= {"owner": row.owner_name, "level": row.escalation_level, "escalated_at": row.escalated_at}
        if row.escalation_level == 0:
            return {"code": OWNER_IS_AWAY, "params": params}
    elif kind is TodayKind.TO_ASSIGN:
        params |= {"hours": hours_without_owner(row.received_at, now)}
    elif kind is TodayKind.TO_FOLLOW:
        params |= {"next_step": row.next_step, "is_late": row.next_step_at < now}
    elif kind in (TodayKind.OVERDUE, TodayKind.DUE_SOON):
        params |= {"hours_left": round((row.follow_up_due_at - now).total_seconds() / 3600, 1)}
    return {"code": CODES[kind], "params": params}


MILESTONE_LATE = "milestone_late"
OWNER_IS_AWAY = "owner_is_away"
"""Nothing is late: the lead is of a customer whose owner is absent, and the superior knows at once."""

CODES = {
    TodayKind.ESCALATION: "escalated_to_you",
    TodayKind.TO_ASSIGN: "waits_for_owner",
    TodayKind.OVERDUE: "first_contact_overdue",
    TodayKind.DUE_SOON: "first_contact_due_soon",
    TodayKind.NEW_LEAD: "new_lead_waits",
    TodayKind.APPROVAL: "change_waits_for_you",
    TodayKind.SUPPORT: "proposal_waits_for_you",
    TodayKind.STALLED: "deal_without_update",
    TodayKind.DELIVERY: "milestone_due_soon",
    TodayKind.TO_FOLLOW: "next_step_due",
    TodayKind.NO_BACKUP: "key_customer_without_backup",
}
