"""LEAD-4 for leads: which firm a lead is, and who has that firm already."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.duplicates import service as duplicates
from backend.duplicates.rules import Identity
from backend.duplicates.schemas import DuplicateHits
from backend.duplicates.service import OwnedHit
from backend.identity.deps import Actor
from backend.leads import queries, reading, rules
from backend.leads.models import Lead
from backend.leads.rules import Choice, ReasonCode


def identity_of(lead: Any) -> Identity:
    return Identity(lead.company, (lead.phone,), (lead.email,))


async def settle(session: AsyncSession, lead: Any, now: datetime) -> OwnedHit | None:
    """Makes the lead findable and says who owns its firm."""
    return await duplicates.settle(session, rules.SUBJECT, lead.id, identity_of(lead), now, region_id=lead.region_id)


def choice_of(hit: OwnedHit) -> Choice:
    """To the owner of the firm, and what it was known by."""
    return Choice(hit.owner_id, ReasonCode.DUPLICATE, _whose(hit))


def follows(hit: OwnedHit, is_here: bool) -> bool:
    """A customer's owner gets what comes in, always; a lead's owner while they are here."""
    return is_here or hit.subject_type != rules.SUBJECT


def despite(hit: OwnedHit, choice: Choice) -> Choice:
    """The usual choice, which says who has the firm and is away."""
    return replace(choice, params={**choice.params, "same_firm": _whose(hit)})


def _whose(hit: OwnedHit) -> dict[str, Any]:
    return {"person": hit.owner_name, "subject_type": hit.subject_type, "subject_id": str(hit.subject_id), "match": hit.kind}


async def candidates(session: AsyncSession, actor: Actor, lead_id: UUID) -> DuplicateHits:
    """候选重复 of a lead that the actor may see, and of what was merged into it."""
    row = await reading.detail_row(session, actor, lead_id)
    family = await duplicates.family(session, lead_id)
    rows = await session.execute(queries.firms().where(Lead.id.in_(family)))
    return DuplicateHits(items=await duplicates.find(session, *map(identity_of, rows), but=(*family, row.customer_id)))


async def unregistered(session: AsyncSession, after: UUID | None, limit: int) -> Sequence[tuple[UUID, Identity]]:
    """The next leads in the order of their ids, for `duplicates.backfill`."""
    query = queries.firms().order_by(Lead.id).limit(limit)
    rows = await session.execute(query if after is None else query.where(Lead.id > after))
    return [(row.id, identity_of(row)) for row in rows]
