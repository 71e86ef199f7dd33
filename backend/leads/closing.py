"""Disqualifying a lead with a reason, and taking that back (LEAD-7)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Invalid, field_error
from backend.core.locking import require_version
from backend.deadlines import service as deadlines
from backend.deadlines.rules import FIRST_CONTACT
from backend.identity.deps import Actor
from backend.leads import reading, rules, unowned
from backend.leads.events import LeadClosed, LeadReopened
from backend.leads.models import Lead
from backend.leads.rules import Action, DisqualifyReason, LeadState
from backend.leads.schemas import LeadOut
from backend.leads.service import allowed, record_by, watchers_of
from backend.leads.work_schemas import Disqualification, Reopening


async def disqualify(
    session: AsyncSession, actor: Actor, lead_id: UUID, body: Disqualification, version: int | None, now: datetime
) -> LeadOut:
    """The lead is closed with a reason; its ladder ends, its owner stays."""
    row = await allowed(session, actor, lead_id, Action.DISQUALIFY)
    if body.reason is DisqualifyReason.OTHER and not body.note:
        wrong = field_error("#/note", "Say in a note what the reason is.", "missing")
        raise Invalid("invalid_input", wrong["detail"], errors=[wrong])
    await _require(session, actor, row, version)
    said = {"reason": body.reason.value, "note": body.note}
    await record_by(session, lead_id, "lead.disqualified", actor, now, body=said)
    await deadlines.stop(session, FIRST_CONTACT, lead_id, now)
    await unowned.stop(session, lead_id, now)
    await outbox.add(session, LeadClosed(lead_id, body.reason.value, actor.id, watchers_of(row)), now)
    closed = {
        "state": LeadState.DISQUALIFIED.value,
        "disqualified_at": now,
        "disqualified_reason": body.reason.value,
        "escalation_level": 0,
        "last_activity_at": now,
        "next_step": None,
        "next_step_at": None,
    }
    return await _changed(session, actor, lead_id, closed)


async def reopen(session: AsyncSession, actor: Actor, lead_id: UUID, body: Reopening, version: int | None, now: datetime) -> LeadOut:
    """A superior takes a disqualification back: to its owner, whose clock starts anew, or to the pool."""
    row = await allowed(session, actor, lead_id, Action.REOPEN)
    await _require(session, actor, row, version)
    state = rules.reopened_state(row.owner_id, row.first_follow_up_at)
    await record_by(session, lead_id, "lead.reopened", actor, now, body={"note": body.note})
    opened: dict[str, Any] = {"state": state.value, "disqualified_at": None, "disqualified_reason": None, "last_activity_at": now}
    if state is LeadState.NEW:
        opened["pooled_at"] = now
        if row.reclaimed_at is None:
            await unowned.start(session, lead_id, now)
    if state is LeadState.ASSIGNED:
        opened["assigned_at"] = now
        await deadlines.arm(session, FIRST_CONTACT, rules.SUBJECT, lead_id, {"assigned": now, "first_assigned": now}, now)
    await outbox.add(session, LeadReopened(lead_id, actor.id, watchers_of(row)), now)
    return await _changed(session, actor, lead_id, opened)


async def _require(session: AsyncSession, actor: Actor, row: Any, version: int | None) -> None:
    if version is not None and version != row.version:
        require_version(version, row.version, await reading.lead(session, actor, row.id))


async def _changed(session: AsyncSession, actor: Actor, lead_id: UUID, values: dict[str, Any]) -> LeadOut:
    values |= {"version": Lead.version + 1}
    await session.execute(update(Lead).where(Lead.id == lead_id).values(values).execution_options(synchronize_session=False))
    return await reading.lead(session, actor, lead_id)
