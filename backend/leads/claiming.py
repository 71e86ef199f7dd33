"""Claiming a lead from the pool of one's region (LEAD-6): of several at once exactly one gets it."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.config import get_settings
from backend.core.errors import Forbidden, Refused
from backend.deadlines import service as deadlines
from backend.deadlines.rules import FIRST_CONTACT
from backend.duplicates import service as duplicates
from backend.identity.deps import Actor
from backend.leads import pool_queries, pool_rules, reading, rules, same_firm, unowned
from backend.leads.cards import standing
from backend.leads.events import LeadAssigned
from backend.leads.pool_rules import PoolRule
from backend.leads.rules import Action, LeadState, ReasonCode
from backend.leads.schemas import LeadOut
from backend.leads.service import record_by


class ClaimLimit(NamedTuple):
    """At most so many claims of one person since this moment."""

    most: int
    since: datetime


async def claim(session: AsyncSession, actor: Actor, lead_id: UUID, now: datetime) -> LeadOut:
    """404 unseen, 403 not allowed, 409 when it is no longer in the pool, cools off, the day's limit is reached, or a colleague has the firm."""
    row = await reading.detail_row(session, actor, lead_id)
    actor.require("lead.claim")
    if row.owner_id is not None or row.state != LeadState.NEW:
        raise Refused("already_claimed", "This lead is not in the pool: it has an owner.", owner=row.owner_name)
    if Action.CLAIM not in rules.actions_for(standing(row, actor), LeadState(row.state)):
        raise Forbidden("not_your_pool", "This lead is not in the pool of your region.")
    reason = {"code": ReasonCode.CLAIMED.value, "params": {"person": actor.name}}
    limit = await _limit(session, actor, row, now)
    # Before the lead itself is locked, as whoever assigns does.
    await duplicates.refuse_second_owner(session, await same_firm.settle(session, row, now), actor.id, now)
    _raise_unless_claimed(await session.scalar(select(func.lead_claim(lead_id, cast(reason, JSONB), now, *limit))), limit)
    owner = {"id": str(actor.id), "name": actor.name}
    await record_by(session, lead_id, "lead.claimed", actor, now, body={"owner": owner})
    bases = rules.ladder_bases(now, row.first_assigned_at or now, row.first_follow_up_at)
    await deadlines.arm(session, FIRST_CONTACT, rules.SUBJECT, lead_id, bases, now)
    await unowned.stop(session, lead_id, now)
    await outbox.add(session, LeadAssigned(lead_id, actor.id, ReasonCode.CLAIMED.value, left_pool=True), now)
    return await reading.lead(session, actor, lead_id)


async def _limit(session: AsyncSession, actor: Actor, row: Any, now: datetime) -> ClaimLimit:
    """How many this person may take today; 409 while the lead that was taken from them cools off."""
    rule = await rule_of(session, row.region_id)
    until = pool_rules.cools_off(row.former_owner_id, row.reclaimed_at, actor.id, rule, now)
    if until is not None:
        raise Refused("cooling_off", "You held this lead before; until then others may claim it.", until=until.isoformat())
    return ClaimLimit(rule.claims_a_day, pool_rules.start_of_day(now, get_settings().company_zone))


async def rule_of(session: AsyncSession, region_id: UUID | None) -> PoolRule:
    """The rule in force for a region."""
    row = await session.scalar(pool_queries.rule_of(region_id))
    if row is None:
        return pool_rules.DEFAULT_RULE
    return PoolRule(row.reclaim_after_days, row.cooling_off_days, row.claims_a_day, row.is_active)


def _raise_unless_claimed(result: str | None, limit: ClaimLimit) -> None:
    if result == "taken":
        raise Refused("already_claimed", "Somebody else claimed this lead at this moment.")
    if result == "limit_reached":
        raise Refused("claim_limit_reached", "You have claimed as many leads as one may in a day; go on tomorrow.", most=limit.most)
    if result != "changed":
        raise Forbidden("not_your_pool", "This lead is not in the pool of your region.")
