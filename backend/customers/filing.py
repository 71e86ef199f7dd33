"""Documents of customers: who logs a follow-up may file, and a file is one of the customer's traces."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers import reading, rules, writing
from backend.customers.rules import CustomerAction, CustomerState
from backend.documents import subjects
from backend.documents.subjects import Subject
from backend.duplicates import service as duplicates
from backend.identity.deps import Actor


async def admit(session: AsyncSession, actor: Actor, customer_id: UUID, now: datetime) -> None:
    del now
    await writing.allowed(session, actor, customer_id, CustomerAction.LOG_FOLLOW_UP)


async def works(session: AsyncSession, actor: Actor, customer_id: UUID) -> bool:
    row = await reading.detail_row(session, actor, customer_id)
    is_merged = row.merged_into_id is not None
    return CustomerAction.LOG_FOLLOW_UP in rules.actions_for(reading.standing(row, actor), CustomerState(row.state), is_merged=is_merged)


async def family(session: AsyncSession, actor: Actor, customer_id: UUID) -> Sequence[UUID]:
    await reading.detail_row(session, actor, customer_id)
    return await duplicates.family(session, customer_id)


subjects.register(rules.SUBJECT, Subject(admit, works, family, writing.touch))
