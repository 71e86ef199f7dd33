"""Locks and writes of technical support requests that all use cases share."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.errors import Forbidden, Refused
from backend.customers import rules as customer_rules
from backend.identity.deps import Actor
from backend.opportunities import rules as opportunity_rules
from backend.support import reading, rules
from backend.support.models import SupportRequest
from backend.support.rules import SupportAction, SupportState
from backend.timeline.service import record


async def allowed(session: AsyncSession, actor: Actor, request_id: UUID, action: SupportAction) -> Any:
    """The request's row, locked, when this actor may do this now: 404 unseen, 403 not allowed, 409 where its state forbids."""
    row = await reading.request_row(session, request_id)
    standing = await reading.standing(session, actor, row)
    if not any(action in rules.actions_for(standing, state) for state in SupportState):
        raise Forbidden("not_your_support", "The engineer answers, who asked accepts; others may not do this.", action=action.value)
    state = await session.scalar(select(SupportRequest.state).where(SupportRequest.id == request_id).with_for_update())
    if state is None or action not in rules.actions_for(standing, SupportState(state)):
        raise Refused("support_state_forbids", "This request has been answered, accepted or withdrawn meanwhile.", state=state)
    return await reading.request_row(session, request_id)


async def write(session: AsyncSession, request_id: UUID, values: Mapping[str, Any]) -> None:
    """Sets columns of a request that is locked; its version rises."""
    changed = {**values, "version": SupportRequest.version + 1}
    await session.execute(
        update(SupportRequest).where(SupportRequest.id == request_id).values(changed).execution_options(synchronize_session=False)
    )


async def note(session: AsyncSession, row: Any, kind: str, actor_id: UUID | None, now: datetime, **body: Any) -> UUID:
    """An entry on the timeline of the record behind the request of this row."""
    is_of_deal = row.opportunity_id is not None
    subject_type = opportunity_rules.SUBJECT if is_of_deal else customer_rules.SUBJECT
    subject_id = row.opportunity_id if is_of_deal else row.customer_id
    support = {"id": str(row.id), "number": rules.request_number(row.number), "round": row.round}
    said = {"support": support, **body}
    return await record(session, subject_type=subject_type, subject_id=subject_id, kind=kind, now=now, actor_id=actor_id, body=said)
