"""Documents of opportunities: who logs a follow-up may file, and a file is an update (7-day clock). Its page shows those of the lead
that it came from, and its customer's page shows them all.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers import writing as customers
from backend.customers.rules import SUBJECT as CUSTOMER
from backend.documents import subjects
from backend.documents.rules import MOST_PLACES
from backend.documents.subjects import Place, Subject
from backend.identity.deps import Actor
from backend.leads.models import Lead
from backend.leads.rules import lead_number
from backend.opportunities import reading, rules, writing
from backend.opportunities.models import Opportunity
from backend.opportunities.rules import OpportunityAction, OpportunityState


async def admit(session: AsyncSession, actor: Actor, opportunity_id: UUID, now: datetime) -> None:
    await writing.allowed(session, actor, opportunity_id, OpportunityAction.LOG_FOLLOW_UP, None, now)


async def works(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> bool:
    row = await reading.detail_row(session, actor, opportunity_id)
    return OpportunityAction.LOG_FOLLOW_UP in rules.actions_for(reading.standing(row, actor), OpportunityState(row.state))


async def family(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> Sequence[UUID]:
    return [(await reading.detail_row(session, actor, opportunity_id)).id]


async def stir(session: AsyncSession, opportunity_id: UUID, now: datetime) -> None:
    await writing.touch(session, opportunity_id, last_activity_at=func.greatest(Opportunity.last_activity_at, now))
    customer_id = await session.scalar(select(Opportunity.customer_id).where(Opportunity.id == opportunity_id))
    if customer_id is not None:
        await customers.touch(session, customer_id, now)


async def its_lead(session: AsyncSession, opportunity_ids: Sequence[UUID]) -> Sequence[Place]:
    query = select(Lead.id, Lead.number).join(Opportunity, Opportunity.lead_id == Lead.id).where(Opportunity.id.in_(opportunity_ids))
    return [Place(row.id, lead_number(row.number)) for row in await session.execute(query)]


async def of_customer(session: AsyncSession, customer_ids: Sequence[UUID]) -> Sequence[Place]:
    table = Opportunity
    query = select(table.id, table.name).where(table.customer_id.in_(customer_ids)).order_by(table.created_at.desc())
    return [Place(row.id, row.name) for row in await session.execute(query.limit(MOST_PLACES))]


subjects.register(rules.SUBJECT, Subject(admit, works, family, stir))
subjects.show_beside(rules.SUBJECT, its_lead)
subjects.show_beside(CUSTOMER, of_customer)
