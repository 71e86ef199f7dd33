"""Claiming a lead from the pool of one's region (LEAD-6): of several at once exactly one gets it."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Forbidden, Refused
from backend.deadlines import service as deadlines
from backend.deadlines.rules import FIRST_CONTACT
from backend.identity.deps import Actor
from backend.leads import reading, rules
from backend.leads.cards import standing
from backend.leads.events import LeadAssigned
from backend.leads.rules import Action, LeadState, ReasonCode
from backend.leads.schemas import LeadOut
from backend.leads.service import record_by


class ClaimLimit(NamedTuple):
    """At most so many claims of one person since this moment."""

    most: int
    since: datetime


async def claim(session: AsyncSession, actor: Actor, lead_id: UUID, now: datetime, limit: ClaimLimit | None = None) -> LeadOut:
    """404 unseen, 403 not allowed, 409 when it is no longer in the pool or the limit is reached."""
    row = await reading.detail_row(session, actor, lead_id)
    actor.require("lead.claim")
    if row.owner_id is not None or row.state != LeadState.NEW:
        raise Refused("already_claimed", "This lead is not in the pool: it has an owner.", owner=row.owner_name)
    if Action.CLAIM not in rules.actions_for(standing(row, actor), LeadState(row.state)):
        raise Forbidden("not_your_pool", "This lead is not in the pool of your region.")
    reason = {"code": ReasonCode.CLAIMED.value, "params": {"person": actor.name}}
    most, since = limit or (None, None)
    _raise_unless_claimed(await session.scalar(select(func.lead_claim(lead_id, cast(reason, JSONB), now, most, since))), limit)
    owner = {"id": str(actor.id), "name": actor.name}
    await record_by(session, lead_id, "lead.claimed", actor, now, body={"owner": owner})
    bases = rules.ladder_bases(now, row.first_assigned_at or now, row.first_follow_up_at)
    await deadlines.arm(session, FIRST_CONTACT, rules.SUBJECT, lead_id, bases, now)
    await outbox.add(session, LeadAssigned(lead_id, actor.id, ReasonCode.CLAIMED.value, left_pool=True), now)
    return await reading.lead(session, actor, lead_id)


def _raise_unless_claimed(result: str | None, limit: ClaimLimit | None) -> None:
    if result == "taken":
        raise Refused("already_claimed", "Somebody else claimed this lead at this moment.")
    if result == "limit_reached" and limit:
        raise Refused("claim_limit_reached", "You have claimed as many leads as one may; try again later.", most=limit.most)
    if result != "changed":
        raise Forbidden("not_your_pool", "This lead is not in the pool of your region.")
