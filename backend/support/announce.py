"""Who is told what about technical support: bell, channels and open screens."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.notifications.service import Notice, emit_live
from backend.support import queries, rules
from backend.support.models import SupportRequest


async def current(session: AsyncSession, request_id: UUID) -> Any:
    return (await session.execute(queries.requests().where(SupportRequest.id == request_id))).one()


def notice(people: Iterable[UUID | None], kind: str, row: Any, *, is_urgent: bool = False, **params: Any) -> Notice:
    """One about a request."""
    snapshot = {
        "number": rules.request_number(row.number),
        "subject": row.opportunity_name or row.customer_name,
        "customer": row.customer_name,
        "by": row.asker_name,
        "engineer": row.engineer_name,
        "due_at": row.due_at.isoformat() if row.due_at else None,
        **params,
    }
    told = {person for person in people if person is not None}
    return Notice(told, kind, snapshot, rules.SUBJECT, row.id, is_urgent=is_urgent)


async def show(session: AsyncSession, row: Any, now: datetime, *more: UUID | None) -> None:
    """Open screens of those concerned read the request anew."""
    owner = row.opportunity_owner_id or row.customer_owner_id
    people = {person for person in (row.asked_by, row.engineer_id, row.engineer_supervisor_id, owner, *more) if person is not None}
    payload = {"id": row.id, "opportunity_id": row.opportunity_id, "customer_id": row.customer_id, "state": row.state}
    await emit_live(session, people, "support.changed", payload, now)
