"""A lead that nobody could be given, by lack of a region or of people: who gives leads out is asked again until it has an owner.

What a person put into the pool waits there to be claimed, and climbs no ladder: what was reclaimed, and what a file brought, whose
report counts it.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.outbox import OutboxRow
from backend.deadlines import service as deadlines
from backend.deadlines.rules import UNOWNED, Recipient
from backend.identity.queries import administrators
from backend.leads import announce, queries, rules
from backend.leads.cards import snapshot
from backend.leads.models import Lead
from backend.leads.rules import LeadState
from backend.notifications.service import notify


async def start(session: AsyncSession, lead_id: UUID, now: datetime) -> None:
    """From now on the lead has no owner; the caller holds its lock."""
    await deadlines.arm(session, UNOWNED, rules.SUBJECT, lead_id, {"unowned": now}, now)


async def stop(session: AsyncSession, lead_id: UUID, now: datetime) -> None:
    """Somebody has it, or nobody needs to."""
    await deadlines.stop(session, UNOWNED, lead_id, now)


async def climb(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """Asks whoever can name an owner, and starts the clock of the next time; a lead that got one meanwhile is left alone."""
    lead = (await session.execute(_locked(event.subject_id))).first()
    if lead is None or not rules.waits_for_owner(LeadState(lead.state), lead.owner_id, lead.pooled_at, lead.reclaimed_at):
        return
    row = await announce.current(session, event.subject_id)
    asked = await _asked(session, Recipient(event.payload["who"]), row.region_id, now)
    params = {**snapshot(row), "hours": rules.hours_without_owner(row.received_at, now)}
    is_urgent = event.payload["is_urgent"]
    await notify(session, announce.notice(asked, "lead.unowned", row.id, params, is_urgent=is_urgent), now=now)
    await deadlines.arm(session, UNOWNED, rules.SUBJECT, row.id, {"last_asked": now}, now)


def _locked(lead_id: UUID) -> Any:
    return select(Lead.state, Lead.owner_id, Lead.pooled_at, Lead.reclaimed_at).where(Lead.id == lead_id).with_for_update()


async def _asked(session: AsyncSession, who: Recipient, region_id: UUID | None, now: datetime) -> list[UUID]:
    """Never nobody: the administrators, where the region has no one."""
    wanted = queries.DIRECTING if who is Recipient.DIRECTORS else queries.GIVING_OUT
    found = list(await session.scalars(wanted, {"region": region_id, "now": now}))
    return found or list(await session.scalars(administrators(now)))
