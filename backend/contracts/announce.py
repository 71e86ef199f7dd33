"""Who is told what about contracts: bell, channels and open screens."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.contracts import queries, rules
from backend.contracts.models import Contract
from backend.notifications.service import Notice, emit_live


async def current(session: AsyncSession, contract_id: UUID) -> Any:
    """The contract's card row as it now stands."""
    return (await session.execute(queries.cards().where(Contract.id == contract_id))).one()


def notice(people: Iterable[UUID], kind: str, row: Any, *, is_urgent: bool = False, **params: Any) -> Notice:
    """One about a contract; never with its amount."""
    named = {"number": rules.contract_number(row.number), "opportunity": row.opportunity_name, "customer": row.customer_name}
    return Notice(people, kind, named | {"owner": row.owner_name, **params}, rules.SUBJECT, row.id, is_urgent)


async def show(session: AsyncSession, row: Any, now: datetime, *more: UUID | None) -> None:
    """Open screens of those who work with it read it anew."""
    people = [person for person in (row.owner_id, row.backup_owner_id, row.supervisor_id, *more) if person is not None]
    payload = {"id": row.id, "opportunity_id": row.opportunity_id, "customer_id": row.customer_id, "state": row.state}
    await emit_live(session, people, "contract.changed", payload, now)
