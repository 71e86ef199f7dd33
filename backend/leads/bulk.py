"""One action on many leads."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import bulk
from backend.core.bulk import BulkResult
from backend.identity.deps import Actor
from backend.leads import claiming, closing, service
from backend.leads.schemas import LeadOut, Reassignment
from backend.leads.work_schemas import BulkAction, BulkAssign, BulkClaim, Disqualification

Step = Callable[[UUID], Awaitable[LeadOut]]


async def apply(session: AsyncSession, actor: Actor, body: BulkAction, now: datetime) -> BulkResult:
    """Each lead is changed or refused by itself."""
    return await bulk.apply(session, body.ids, _step(session, actor, body, now))


def _step(session: AsyncSession, actor: Actor, body: BulkAction, now: datetime) -> Step:
    if isinstance(body, BulkAssign):
        given = Reassignment(person_id=body.person_id, reason=body.reason)
        return lambda lead_id: service.reassign(session, actor, lead_id, given, None, now)
    if isinstance(body, BulkClaim):
        return lambda lead_id: claiming.claim(session, actor, lead_id, now)
    why = Disqualification(reason=body.reason, note=body.note)
    return lambda lead_id: closing.disqualify(session, actor, lead_id, why, None, now)
