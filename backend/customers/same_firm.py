"""LEAD-4 for customers: what a customer and its contacts are found by, and that a firm never gets a second owner."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers import queries, rules
from backend.customers.models import Customer
from backend.duplicates import service as duplicates
from backend.duplicates.rules import Identity
from backend.duplicates.schemas import DuplicateHits


def _identity(row: Any) -> Identity:
    return Identity(row.name, tuple(row.phones or ()), tuple(row.emails or ()), row.credit_code)


async def settle(session: AsyncSession, customer_id: UUID, actor_id: UUID, now: datetime) -> None:
    """Makes a new customer findable; refused with 409 when somebody else owns the same firm."""
    row = (await session.execute(queries.firms().where(Customer.id == customer_id))).one()
    hit = await duplicates.settle(session, rules.SUBJECT, customer_id, _identity(row), now)
    await duplicates.refuse_second_owner(session, hit, actor_id, now)


async def register(session: AsyncSession, customer_id: UUID) -> None:
    """After a change of the customer or of a contact."""
    row = (await session.execute(queries.firms().where(Customer.id == customer_id))).one()
    await duplicates.register(session, rules.SUBJECT, [(customer_id, _identity(row))])


async def unregistered(session: AsyncSession, after: UUID | None, limit: int) -> Sequence[tuple[UUID, Identity]]:
    """The next customers in the order of their ids, for `duplicates.backfill`."""
    query = queries.firms().order_by(Customer.id).limit(limit)
    rows = await session.execute(query if after is None else query.where(Customer.id > after))
    return [(row.id, _identity(row)) for row in rows]


async def candidates(session: AsyncSession, customer_id: UUID) -> DuplicateHits:
    """What is probably the same firm as the customer or what was merged into it, but for what belongs to it already."""
    family = await duplicates.family(session, customer_id)
    rows = await session.execute(queries.firms().where(Customer.id.in_(family)))
    mine = await duplicates.history(session, customer_id)
    return DuplicateHits(items=await duplicates.find(session, *(_identity(row) for row in rows), but=mine))
