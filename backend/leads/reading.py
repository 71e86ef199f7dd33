"""What people read of leads."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, literal_column, or_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.errors import NotFound
from backend.identity.deps import Actor
from backend.identity.models import Person
from backend.leads import queries
from backend.leads.cards import lead_out, load_scripts
from backend.leads.schemas import CandidateOut, Candidates, LeadOut


async def detail_row(session: AsyncSession, actor: Actor, lead_id: UUID) -> Any:
    """404 when the lead is not visible."""
    row = (await session.execute(queries.detail(lead_id, actor.id))).first()
    if row is None:
        raise NotFound
    return row


async def lead(session: AsyncSession, actor: Actor, lead_id: UUID) -> LeadOut:
    row = await detail_row(session, actor, lead_id)
    return lead_out(row, actor, await load_scripts(session))


async def candidates(session: AsyncSession, actor: Actor, lead_id: UUID, now: datetime) -> Candidates:
    """Whom the lead could go to: its region, the actor's regions, and for those who see the company everybody."""
    row = await detail_row(session, actor, lead_id)
    actor.require("lead.reassign")
    mine: ColumnElement[bool] = literal_column("person.region_id = any((select app_regions())::uuid[])")
    near = literal_column("true") if "company" in actor.reaches else or_(Person.region_id == row.region_id, mine)
    rows = await session.execute(queries.people_who_may_own(near, now))
    return Candidates(items=[_candidate(found) for found in rows if found.id != row.owner_id])


def _candidate(row: Any) -> CandidateOut:
    region = {"id": row.region_id, "name": row.region_name} if row.region_id else None
    person = {"id": row.id, "name": row.name}
    fields = {"person": person, "region": region, "open_leads": row.open_leads, "is_present": row.is_present}
    return CandidateOut.model_validate(fields)
