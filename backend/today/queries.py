"""The SELECTs of Today; row security adds the scope."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, or_, select, text, true, union

from backend.contracts import queries as contracts
from backend.contracts.models import Contract, DeliveryMilestone
from backend.contracts.rules import ContractState
from backend.customers import queries as customers
from backend.customers.models import Customer
from backend.customers.rules import CustomerState
from backend.deadlines.models import Deadline
from backend.leads import queries as leads
from backend.leads.models import Lead
from backend.leads.rules import LeadState
from backend.opportunities import queries as opportunities
from backend.opportunities.models import Opportunity
from backend.opportunities.rules import Clocks, OpportunityState
from backend.timeline.models import TimelineEntry
from backend.today.rules import AHEAD, DUE_SOON, MILESTONE_AHEAD, MOST_ITEMS, ORDER, TodayKind

POOLED = and_(Lead.owner_id.is_(None), Lead.state == LeadState.NEW, Lead.pooled_at.is_not(None), Lead.reclaimed_at.is_(None))
"""Nobody could be found for it; what returned to the pool waits for colleagues to claim it, not for somebody to give it out."""

ESCALATED_AT = (
    select(func.max(TimelineEntry.at))
    .where(TimelineEntry.subject_id == Lead.id, TimelineEntry.kind == "lead.escalated", TimelineEntry.at >= Lead.assigned_at)
    .scalar_subquery()
)
"""When the lead last rose to a superior while it was its owner's."""


def gives_out(may_reassign: bool, sees_company: bool) -> ColumnElement[bool]:
    """Which leads without an owner somebody may give to a colleague: all, those of one's regions, or none."""
    if not may_reassign:
        return false()
    return true() if sees_company else leads.MANAGES_REGION


def mine(actor_id: UUID, now: datetime, gives: ColumnElement[bool]) -> ColumnElement[bool]:
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
    return Lead.id.in_(union(*parts, select(Lead.id).where(POOLED, gives)))


def kind(actor_id: UUID, now: datetime, gives: ColumnElement[bool]) -> ColumnElement[int | None]:
    """`rules.classify`, as the place in its order."""
    me = literal(actor_id)
    holds = or_(Lead.owner_id == me, Lead.backup_owner_id == me)
    waits = Lead.state == LeadState.ASSIGNED
    follows = and_(Lead.state == LeadState.FOLLOWING, Lead.next_step_at <= now + AHEAD)
    return case(
        (and_(waits, Lead.escalated_to_id == me), ORDER[TodayKind.ESCALATION]),
        (and_(POOLED, gives), ORDER[TodayKind.TO_ASSIGN]),
        (and_(waits, holds, Deadline.due_at <= now), ORDER[TodayKind.OVERDUE]),
        (and_(waits, holds, Deadline.due_at <= now + DUE_SOON), ORDER[TodayKind.DUE_SOON]),
        (and_(waits, holds), ORDER[TodayKind.NEW_LEAD]),
        (and_(follows, holds), ORDER[TodayKind.TO_FOLLOW]),
    )


def today(actor_id: UUID, now: datetime, gives: ColumnElement[bool], only: TodayKind | None = None) -> Select[Any]:
    """The list in its order, with how the actor stands to each lead."""
    at = kind(actor_id, now, gives)
    due = case((Lead.state == LeadState.ASSIGNED, Deadline.due_at), else_=Lead.next_step_at).label("due_at")
    rose = case((at == ORDER[TodayKind.ESCALATION], ESCALATED_AT)).label("escalated_at")
    return (
        leads.cards(at.label("place"), due, rose, *leads.standing_of(actor_id))
        .where(mine(actor_id, now, gives), at.is_not(None) if only is None else at == ORDER[only])
        .order_by(at, due.nulls_last(), Lead.received_at, Lead.id)
        .limit(MOST_ITEMS)
    )


def counts(actor_id: UUID, now: datetime, gives: ColumnElement[bool]) -> Select[int | None, int]:
    """How many leads stand at each place of the list, however long it is."""
    placed = (
        select(kind(actor_id, now, gives).label("place"))
        .select_from(Lead)
        .outerjoin(Deadline, leads.DUE)
        .where(mine(actor_id, now, gives))
        .subquery()
    )
    return select(placed.c.place, func.count()).where(placed.c.place.is_not(None)).group_by(placed.c.place)


def customer_kind(actor_id: UUID, now: datetime) -> ColumnElement[int | None]:
    """`rules.classify_customer`, as the place in its order."""
    me = literal(actor_id)
    holds = or_(Customer.owner_id == me, Customer.backup_owner_id == me)
    return case(
        (and_(holds, Customer.next_step_at <= now + AHEAD), ORDER[TodayKind.TO_FOLLOW]),
        (and_(Customer.owner_id == me, customers.LACKS_BACKUP), ORDER[TodayKind.NO_BACKUP]),
    )


def customers_of(actor_id: UUID, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Customers that can be on the list, each part served by an index of its own."""
    due = Customer.next_step_at <= now + AHEAD
    parts = [
        select(Customer.id).where(holder == actor_id, condition)
        for holder, condition in (
            (Customer.owner_id, due),
            (Customer.backup_owner_id, due),
            (Customer.owner_id, customers.LACKS_BACKUP),
        )
    ]
    return (Customer.id.in_(union(*parts)), Customer.state == CustomerState.ACTIVE, Customer.merged_into_id.is_(None))


def todays_customers(actor_id: UUID, now: datetime, only: TodayKind | None = None) -> Select[Any]:
    """Those with an agreed next step, and key customers without a backup."""
    place = customer_kind(actor_id, now).label("place")
    wanted = place.is_not(None) if only is None else place == ORDER[only]
    return (
        customers.cards(place)
        .where(*customers_of(actor_id, now), wanted)
        .order_by(place, Customer.next_step_at.nulls_last(), Customer.id)
        .limit(MOST_ITEMS)
    )


def customer_counts(actor_id: UUID, now: datetime) -> Select[int | None, int]:
    """How many customers stand at each place of the list."""
    placed = select(customer_kind(actor_id, now).label("place")).where(*customers_of(actor_id, now)).subquery()
    return select(placed.c.place, func.count()).where(placed.c.place.is_not(None)).group_by(placed.c.place)


def deal_kind(clocks: Clocks, now: datetime) -> ColumnElement[int | None]:
    """`rules.classify_deal`, as the place in its order; of the rows that `deals_of` finds."""
    return case(
        (opportunities.flagged(clocks, now), ORDER[TodayKind.STALLED]),
        (Opportunity.next_step_at <= now + AHEAD, ORDER[TodayKind.TO_FOLLOW]),
    )


def deals_of(actor_id: UUID, clocks: Clocks, now: datetime) -> ColumnElement[bool]:
    """Opportunities that can be on the list, each part served by an index of its own."""
    wanted = or_(opportunities.flagged(clocks, now), Opportunity.next_step_at <= now + AHEAD)
    is_open = Opportunity.state == OpportunityState.OPEN
    parts = [
        select(Opportunity.id).where(holder == actor_id, is_open, wanted) for holder in (Opportunity.owner_id, Opportunity.backup_owner_id)
    ]
    return Opportunity.id.in_(union(*parts))


def todays_deals(actor_id: UUID, clocks: Clocks, now: datetime, only: TodayKind | None = None) -> Select[Any]:
    """Those without an update for a week, and those with an agreed next step."""
    place = deal_kind(clocks, now).label("place")
    wanted = place.is_not(None) if only is None else place == ORDER[only]
    return (
        opportunities.cards(place)
        .where(deals_of(actor_id, clocks, now), wanted)
        .order_by(place, Opportunity.next_step_at.nulls_last(), Opportunity.id)
        .limit(MOST_ITEMS)
    )


def contracts_of(actor_id: UUID, day: date) -> tuple[ColumnElement[bool], ...]:
    """Contracts in delivery of which a milestone is late or near, of deals that the person owns or backs up."""
    near = select(DeliveryMilestone.contract_id).where(contracts.IS_DUE, DeliveryMilestone.due_on <= day + MILESTONE_AHEAD)
    holds = or_(Opportunity.owner_id == actor_id, Opportunity.backup_owner_id == actor_id)
    return (Contract.state == ContractState.DELIVERING, Contract.id.in_(near), holds)


def todays_contracts(actor_id: UUID, day: date) -> Select[Any]:
    """The latest first."""
    return contracts.cards().where(*contracts_of(actor_id, day)).order_by(text("next_due_on"), Contract.id).limit(MOST_ITEMS)


def contract_count(actor_id: UUID, day: date) -> Select[int]:
    """How many contracts stand on the list."""
    joined = select(func.count()).select_from(Contract).join(Opportunity, Opportunity.id == Contract.opportunity_id)
    return joined.where(*contracts_of(actor_id, day))


def deal_counts(actor_id: UUID, clocks: Clocks, now: datetime) -> Select[int | None, int]:
    """How many opportunities stand at each place of the list."""
    placed = select(deal_kind(clocks, now).label("place")).where(deals_of(actor_id, clocks, now)).subquery()
    return select(placed.c.place, func.count()).where(placed.c.place.is_not(None)).group_by(placed.c.place)
