"""LEAD-5: what happens when a rung of the first-contact ladder falls due."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.outbox import OutboxRow
from backend.deadlines.rules import Recipient
from backend.identity.queries import administrators
from backend.identity.superiors import superior_of
from backend.leads import announce, first_contact, rules
from backend.leads.cards import card, snapshot
from backend.leads.events import LeadEscalated
from backend.leads.models import Lead
from backend.leads.rules import LeadState
from backend.notifications.service import notify
from backend.timeline.service import record

LEVELS = {Recipient.SUPERVISOR: 1, Recipient.SUPERVISOR_OF_SUPERVISOR: 2}


async def climb(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    """Asks the owner or a superior; a lead followed up, taken over or given away meanwhile is left alone."""
    locked = (await session.execute(_locked(event.subject_id))).first()
    if locked is None or not _still_climbs(locked, datetime.fromisoformat(event.payload["base_at"])):
        return
    row = await announce.current(session, event.subject_id)
    who = Recipient(event.payload["who"])
    if who is Recipient.OWNER:
        base_at, due_at = (datetime.fromisoformat(event.payload[name]) for name in ("base_at", "due_at"))
        if not await first_contact.came_with_news(session, row.id, row.owner_id, base_at, due_at):
            await _hand_script(session, row, now)
    elif locked.escalation_level < LEVELS[who]:
        await _escalate(session, row, LEVELS[who], locked.escalated_to_id, now)


def _locked(lead_id: UUID) -> Any:
    clocks = (Lead.assigned_at, Lead.first_assigned_at, Lead.first_follow_up_at)
    fields = (Lead.state, Lead.owner_id, *clocks, Lead.escalation_level, Lead.escalated_to_id)
    return select(*fields).where(Lead.id == lead_id).with_for_update()


def _still_climbs(lead: Any, base_at: datetime) -> bool:
    if lead.assigned_at is None:
        return False
    bases = rules.ladder_bases(lead.assigned_at, lead.first_assigned_at, lead.first_follow_up_at)
    return rules.still_climbs(LeadState(lead.state), lead.owner_id, base_at, bases.values())


async def _hand_script(session: AsyncSession, row: Any, now: datetime) -> None:
    """首次联系话术 to the owner's bell."""
    params = snapshot(row) | await first_contact.script(session, row, row.owner_name)
    await notify(session, announce.notice([row.owner_id], "lead.script", row.id, params), now=now)


async def tell_of_absence(session: AsyncSession, lead_id: UUID, now: datetime) -> None:
    """A lead of somebody's customer came while they are away: it stays theirs, and their superior has it in sight at once."""
    row = await announce.current(session, lead_id)
    target = await superior_of(session, row.owner_id, row.region_id, 1, now)
    if target:
        changed = update(Lead).where(Lead.id == lead_id).values(escalated_to_id=target[0])
        await session.execute(changed.execution_options(synchronize_session=False))
    superiors = [target[0]] if target else list(await session.scalars(administrators(now)))
    shows = ("lead.changed", card(row).model_dump(mode="json"))
    params = {**snapshot(row), "owner": row.owner_name}
    await notify(session, announce.notice(superiors, "lead.owner_away", lead_id, params, is_urgent=True, shows=shows), now=now)


async def _escalate(session: AsyncSession, row: Any, level: int, previous_id: UUID | None, now: datetime) -> None:
    target = await superior_of(session, row.owner_id, row.region_id, level, now)
    target_id, target_name = target or (None, None)
    values = {"escalated_to_id": target_id, "escalation_level": level, "version": Lead.version + 1}
    await session.execute(update(Lead).where(Lead.id == row.id).values(values).execution_options(synchronize_session=False))
    to = {"id": str(target_id), "name": target_name} if target else None
    body = {"level": level, "to": to, "owner": {"id": str(row.owner_id), "name": row.owner_name}}
    await record(session, subject_type=rules.SUBJECT, subject_id=row.id, kind="lead.escalated", now=now, body=body)
    await outbox.add(session, LeadEscalated(row.id, level, target_id), now)
    risen = await announce.current(session, row.id)
    changed = ("lead.changed", card(risen).model_dump(mode="json"))
    if previous_id != target_id:
        await announce.show(session, [previous_id], "lead.changed", risen, now)
    params = {**snapshot(row), "level": level, "owner": row.owner_name, "to": target_name, "assigned_at": row.assigned_at.isoformat()}
    superiors = [target_id] if target_id else list(await session.scalars(administrators(now)))
    await notify(
        session,
        announce.notice([row.owner_id], "lead.escalation_notice", row.id, params, shows=changed),
        announce.notice(superiors, "lead.escalated", row.id, params, is_urgent=True, shows=changed if target_id else None),
        now=now,
    )
