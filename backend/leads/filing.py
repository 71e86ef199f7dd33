"""Documents of leads: who logs a follow-up may file; a customer's page shows those of the leads that it came from."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers.rules import SUBJECT as CUSTOMER
from backend.documents import subjects
from backend.documents.rules import MOST_PLACES
from backend.documents.subjects import Place, Subject
from backend.duplicates import service as duplicates
from backend.identity.deps import Actor
from backend.leads import reading, rules, service
from backend.leads.cards import standing
from backend.leads.models import Lead
from backend.leads.rules import Action, LeadState


async def admit(session: AsyncSession, actor: Actor, lead_id: UUID, now: datetime) -> None:
    del now
    await service.allowed(session, actor, lead_id, Action.LOG_FOLLOW_UP)


async def works(session: AsyncSession, actor: Actor, lead_id: UUID) -> bool:
    row = await reading.detail_row(session, actor, lead_id)
    return Action.LOG_FOLLOW_UP in rules.actions_for(standing(row, actor), LeadState(row.state))


async def family(session: AsyncSession, actor: Actor, lead_id: UUID) -> Sequence[UUID]:
    await reading.detail_row(session, actor, lead_id)
    return await duplicates.family(session, lead_id)


async def stir(session: AsyncSession, lead_id: UUID, now: datetime) -> None:
    statement = update(Lead).where(Lead.id == lead_id).values(last_activity_at=func.greatest(Lead.last_activity_at, now))
    await session.execute(statement.execution_options(synchronize_session=False))


async def of_customer(session: AsyncSession, customer_ids: Sequence[UUID]) -> Sequence[Place]:
    query = select(Lead.id, Lead.number).where(Lead.customer_id.in_(customer_ids)).order_by(Lead.received_at.desc())
    return [Place(row.id, rules.lead_number(row.number)) for row in await session.execute(query.limit(MOST_PLACES))]


subjects.register(rules.SUBJECT, Subject(admit, works, family, stir))
subjects.show_beside(CUSTOMER, of_customer)
