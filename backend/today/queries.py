"""One SELECT for Today; row security adds the scope."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, literal, or_, select, union

from backend.deadlines.models import Deadline
from backend.leads import queries as leads
from backend.leads.models import Lead
from backend.leads.rules import LeadState
from backend.today.rules import AHEAD, DUE_SOON, MOST_ITEMS, ORDER, TodayKind


def mine(actor_id: UUID, now: datetime) -> ColumnElement[bool]:
    """Leads that can be on the list, each part served by an index of its own."""
    waits = Lead.state == LeadState.ASSIGNED
    follows = and_(Lead.state == LeadState.FOLLOWING, Lead.next_step_at <= now + AHEAD)
    parts = [
        select(Lead.id).where(holder == actor_id, condition)
        for holder, condition in (
            (Lead.owner_id, waits),
            (Lead.owner_id, follows),
            (Lead.backup_owner_id, or_(waits, follows)),
            (Lead.escalated_to_id, waits),
        )
    ]
    return Lead.id.in_(union(*parts))


def kind(actor_id: UUID, now: datetime) -> ColumnElement[str | None]:
    """`rules.classify`, as the place in its order."""
    me = literal(actor_id)
    holds = or_(Lead.owner_id == me, Lead.backup_owner_id == me)
    waits = Lead.state == LeadState.ASSIGNED
    follows = and_(Lead.state == LeadState.FOLLOWING, Lead.next_step_at <= now + AHEAD)
    return case(
        (and_(waits, Lead.escalated_to_id == me), ORDER[TodayKind.ESCALATION]),
        (and_(waits, holds, Deadline.due_at <= now), ORDER[TodayKind.OVERDUE]),
        (and_(waits, holds, Deadline.due_at <= now + DUE_SOON), ORDER[TodayKind.DUE_SOON]),
        (and_(waits, holds), ORDER[TodayKind.NEW_LEAD]),
        (and_(follows, holds), ORDER[TodayKind.TO_FOLLOW]),
    )


def today(actor_id: UUID, now: datetime) -> Select[Any]:
    """The list in its order, with how the actor stands to each lead."""
    place = kind(actor_id, now).label("place")
    due = case((Lead.state == LeadState.ASSIGNED, Deadline.due_at), else_=Lead.next_step_at).label("due_at")
    return (
        leads.cards(place, due, *leads.standing_of(actor_id))
        .where(mine(actor_id, now), place.is_not(None))
        .order_by(place, due.nulls_last(), Lead.received_at, Lead.id)
        .limit(MOST_ITEMS)
    )
