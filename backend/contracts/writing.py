"""Locks and writes of contracts that all use cases share."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.contracts import reading, rules
from backend.contracts.models import Contract, DeliveryMilestone
from backend.contracts.rules import ContractAction, ContractState, Milestone
from backend.core.clock import company_zone
from backend.core.errors import Forbidden, Refused
from backend.core.locking import require_version
from backend.deadlines import service as deadlines
from backend.deadlines.rules import MILESTONE_LATE
from backend.identity.deps import Actor
from backend.opportunities import reading as opportunities
from backend.opportunities import writing as opportunity_writing

CHANGES = "contract.change"


async def allowed(
    session: AsyncSession, actor: Actor, contract_id: UUID, action: ContractAction, version: int, now: datetime
) -> tuple[Any, Any]:
    """The contract's row, locked, and the row of its opportunity, when this actor may do this now: 404 unseen, 403 not allowed, 412 changed
    meanwhile, 409 where its state forbids.
    """
    row = await reading.detail_row(session, contract_id)
    actor.require(CHANGES)
    deal = await opportunities.detail_row(session, actor, row.opportunity_id)
    if not opportunities.standing(deal, actor).works_with:
        raise Forbidden(
            "not_your_opportunity", "Only its owner, backup, their superior or regional manager may do this.", action=action.value
        )
    locked = await session.scalar(select(Contract.version).where(Contract.id == contract_id).with_for_update())
    if locked != row.version:
        row = await reading.detail_row(session, contract_id)
    if version != row.version:
        require_version(version, row.version, await reading.contract(session, actor, contract_id, now))
    if action not in rules.actions_for(may_change=True, works_with=True, state=ContractState(row.state)):
        raise Refused("contract_state_forbids", "The contract is not in the state for this; see `state`.", state=row.state)
    return row, deal


async def write(session: AsyncSession, contract_id: UUID, **values: Any) -> None:
    """Sets columns of a contract that is locked; its version rises."""
    statement = update(Contract).where(Contract.id == contract_id).values(**values, version=Contract.version + 1)
    await session.execute(statement.execution_options(synchronize_session=False))


async def write_milestone(session: AsyncSession, milestone_id: UUID, values: Mapping[str, Any]) -> None:
    statement = update(DeliveryMilestone).where(DeliveryMilestone.id == milestone_id).values(values)
    await session.execute(statement.execution_options(synchronize_session=False))


async def note(session: AsyncSession, row: Any, kind: str, actor_id: UUID | None, now: datetime, **body: Any) -> None:
    """An entry on the timeline of the contract's opportunity: one history for the deal."""
    named = {"contract": rules.contract_number(row.number), "contract_id": str(row.id)}
    await opportunity_writing.note(session, row.opportunity_id, kind, actor_id, now, **named, **body)


async def watch(session: AsyncSession, milestone_id: UUID, milestone: Milestone, now: datetime, done_at: datetime | None = None) -> None:
    """Its clock runs to the day that now counts, or not at all; what was said to be done at that moment runs on as if it had not been."""
    if milestone.is_cancelled or milestone.done_on is not None:
        await deadlines.stop(session, MILESTONE_LATE, milestone_id, now)
    else:
        due = rules.falls_due(milestone.due_on, company_zone())
        if done_at is not None:
            await deadlines.resume(session, MILESTONE_LATE, milestone_id, done_at, due)
        await deadlines.arm(session, MILESTONE_LATE, rules.MILESTONE, milestone_id, {"due": due}, now)


def day_text(day: date | None) -> str | None:
    return day.isoformat() if day else None
