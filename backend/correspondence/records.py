"""Leads, customers and opportunities as e-mail knows them: whose they are, and where a letter of them belongs now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, TextClause, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers import announce as customers
from backend.customers.models import Customer
from backend.customers.rules import SUBJECT as CUSTOMER
from backend.customers.rules import CustomerState
from backend.duplicates import service as duplicates
from backend.leads import announce as leads
from backend.leads.models import Lead
from backend.leads.rules import SUBJECT as LEAD
from backend.leads.rules import LeadState
from backend.leads.service import watchers_of
from backend.opportunities import announce as opportunities
from backend.opportunities.models import Opportunity
from backend.opportunities.rules import SUBJECT as OPPORTUNITY
from backend.opportunities.rules import OpportunityState

FACTS: TextClause = text("""
select 'XS' || lpad(s.number::text, 8, '0') as number, coalesce(nullif(s.company, ''), s.contact_name) as name, s.owner_id, s.backup_owner_id
from lead s where :type = 'lead' and s.id = :id
union all select 'KH' || lpad(s.number::text, 8, '0'), s.name, s.owner_id, s.backup_owner_id from customer s where :type = 'customer' and s.id = :id
union all select 'SJ' || lpad(s.number::text, 8, '0'), s.name, s.owner_id, s.backup_owner_id
from opportunity s where :type = 'opportunity' and s.id = :id
""")
PLACES = {LEAD: "leads", CUSTOMER: "customers", OPPORTUNITY: "opportunities"}
"""Where the screens have a record."""


@dataclass(frozen=True)
class Ref:
    """A record by type and id."""

    type: str
    id: UUID


async def facts(session: AsyncSession, ref: Ref) -> Any:
    """Number, name and owners."""
    return (await session.execute(FACTS, {"type": ref.type, "id": ref.id})).one()


async def show(session: AsyncSession, ref: Ref, now: datetime) -> None:
    """The record's card on the open screens of those who work with it."""
    if ref.type == OPPORTUNITY:
        await opportunities.show(session, await opportunities.current(session, ref.id), now)
    elif ref.type == CUSTOMER:
        await customers.show(session, await customers.current(session, ref.id), now)
    else:
        row = await leads.with_watchers(session, ref.id)
        await leads.show(session, watchers_of(row), "lead.changed", row, now)


async def standing_for(session: AsyncSession, ref: Ref) -> Ref:
    """The record that stands for this one now: of a merge the survivor, of a converted lead its deal or its customer."""
    if ref.type == OPPORTUNITY:
        return ref
    survivor = await duplicates.survivor(session, ref.id)
    if ref.type == CUSTOMER:
        return Ref(CUSTOMER, survivor)
    lead = (await session.execute(select(Lead.state, Lead.customer_id).where(Lead.id == survivor))).first()
    if lead is None or lead.state != LeadState.CONVERTED:
        return Ref(LEAD, survivor)
    deals = list(await session.scalars(_open_deals().where(Opportunity.lead_id == survivor)))
    return Ref(OPPORTUNITY, deals[0]) if len(deals) == 1 else await deal_of(session, lead.customer_id)


async def deal_of(session: AsyncSession, customer_id: UUID) -> Ref:
    """The only open deal of a customer, else the customer."""
    family = await duplicates.firm(session, customer_id)
    deals = list(await session.scalars(_open_deals().where(Opportunity.customer_id.in_(family))))
    return Ref(OPPORTUNITY, deals[0]) if len(deals) == 1 else Ref(CUSTOMER, family[0])


def _open_deals() -> Select[UUID]:
    return select(Opportunity.id).where(Opportunity.state == OpportunityState.OPEN).limit(2)


async def firm_of(session: AsyncSession, ref: Ref) -> UUID:
    """The customer, or the lead that is none yet, whom a record is about, as what stands for them now."""
    now = await standing_for(session, ref)
    if now.type == LEAD:
        return now.id
    whose = select(Opportunity.customer_id).where(Opportunity.id == now.id)
    customer_id = now.id if now.type == CUSTOMER else (await session.scalars(whose)).one()
    return (await duplicates.firm(session, customer_id))[0]


async def active_customers(session: AsyncSession, ids: list[UUID]) -> list[UUID]:
    query = select(Customer.id).where(Customer.id.in_(ids), Customer.state == CustomerState.ACTIVE).order_by(Customer.id)
    return list(await session.scalars(query))


async def leads_of(session: AsyncSession, ids: list[UUID]) -> list[Any]:
    """State and customer of these leads."""
    return list(await session.execute(select(Lead.id, Lead.state, Lead.customer_id).where(Lead.id.in_(ids)).order_by(Lead.id)))
