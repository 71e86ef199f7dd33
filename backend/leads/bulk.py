"""One action on many leads: each succeeds or is refused by itself, and the answer says which."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.errors import Problem
from backend.identity.deps import Actor
from backend.leads import claiming, closing, service
from backend.leads.schemas import LeadOut, Reassignment
from backend.leads.work_schemas import BulkAction, BulkAssign, BulkClaim, BulkResult, BulkRow, Disqualification

Step = Callable[[UUID], Awaitable[LeadOut]]


async def apply(session: AsyncSession, actor: Actor, body: BulkAction, now: datetime) -> BulkResult:
    """Each lead in a savepoint of its own, in the order of their ids so that two such requests do not wait for each other in a circle."""
    step = _step(session, actor, body, now)
    rows = {lead_id: await _tried(session, step, lead_id) for lead_id in sorted(set(body.ids))}
    items = [rows[lead_id] for lead_id in dict.fromkeys(body.ids)]
    done = sum(row.code is None for row in items)
    return BulkResult(items=items, done=done, refused=len(items) - done)


def _step(session: AsyncSession, actor: Actor, body: BulkAction, now: datetime) -> Step:
    if isinstance(body, BulkAssign):
        given = Reassignment(person_id=body.person_id, reason=body.reason)
        return lambda lead_id: service.reassign(session, actor, lead_id, given, None, now)
    if isinstance(body, BulkClaim):
        return lambda lead_id: claiming.claim(session, actor, lead_id, now)
    why = Disqualification(reason=body.reason, note=body.note)
    return lambda lead_id: closing.disqualify(session, actor, lead_id, why, None, now)


async def _tried(session: AsyncSession, step: Step, lead_id: UUID) -> BulkRow:
    try:
        async with session.begin_nested():
            await step(lead_id)
    except Problem as problem:
        return BulkRow(id=lead_id, status=problem.status, code=problem.code, detail=problem.detail)
    return BulkRow(id=lead_id, status=200, code=None, detail=None)
