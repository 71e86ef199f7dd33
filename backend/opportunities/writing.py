"""Locks and writes of opportunities that all use cases share."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.errors import Forbidden, Refused
from backend.core.locking import require_version
from backend.identity.deps import Actor
from backend.opportunities import reading, rules
from backend.opportunities.models import Opportunity
from backend.opportunities.rules import OpportunityAction, OpportunityState
from backend.timeline.service import record


async def allowed(
    session: AsyncSession,
    actor: Actor,
    opportunity_id: UUID,
    action: OpportunityAction,
    version: int | None,
    now: datetime,
    seen: Any = None,
) -> Any:
    """The opportunity's row, locked, when this actor may do this now: 404 unseen, 403 not allowed, 412 changed meanwhile, 409 where its state
    forbids. `seen`: the row as it was just read.
    """
    row = seen or await reading.detail_row(session, actor, opportunity_id)
    actor.require(rules.PERMISSION[action])
    locked = await session.scalar(select(Opportunity.version).where(Opportunity.id == opportunity_id).with_for_update())
    if locked is not None and locked != row.version:
        row = await reading.detail_row(session, actor, opportunity_id)
    if version is not None and version != row.version:
        require_version(version, row.version, await reading.opportunity(session, actor, opportunity_id, now))
    standing = reading.standing(row, actor)
    if locked is not None and action in rules.actions_for(standing, OpportunityState(row.state)):
        return row
    if any(action in rules.actions_for(standing, state) for state in OpportunityState):
        raise Refused("opportunity_state_forbids", "The opportunity is won or lost already, or is open.", state=row.state)
    raise Forbidden("not_your_opportunity", "Only its owner, backup, their superior or regional manager may do this.", action=action.value)


async def write(session: AsyncSession, opportunity_id: UUID, values: Mapping[str, Any]) -> None:
    """Sets columns of an opportunity that is locked; its version rises."""
    changed = {**values, "version": Opportunity.version + 1}
    statement = update(Opportunity).where(Opportunity.id == opportunity_id).values(changed).returning(Opportunity.id)
    if await session.scalar(statement.execution_options(synchronize_session=False)) is None:
        raise Forbidden("outside_your_reach", "The record is outside what you may write.")


async def touch(session: AsyncSession, opportunity_id: UUID, **values: Any) -> None:
    """An activity that changes no fact: an open form stays good."""
    statement = update(Opportunity).where(Opportunity.id == opportunity_id).values(values)
    await session.execute(statement.execution_options(synchronize_session=False))


async def note(session: AsyncSession, opportunity_id: UUID, kind: str, actor_id: UUID | None, now: datetime, **body: Any) -> UUID:
    """An entry on the opportunity's timeline."""
    return await record(session, subject_type=rules.SUBJECT, subject_id=opportunity_id, kind=kind, now=now, actor_id=actor_id, body=body)
