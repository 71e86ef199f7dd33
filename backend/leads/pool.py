"""LEAD-6: untouched leads return to the pool; the rules by which they do."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Forbidden, Invalid, NotFound, PreconditionRequired, field_error
from backend.core.ids import new_id
from backend.core.locking import require_version
from backend.deadlines import service as deadlines
from backend.deadlines.rules import FIRST_CONTACT
from backend.identity.deps import Actor
from backend.identity.models import Region
from backend.leads import pool_queries, reading, rules
from backend.leads.cards import standing
from backend.leads.events import LeadProtected, LeadReclaimed, PoolRuleChanged
from backend.leads.models import Lead, PoolRuleRow
from backend.leads.pool_rules import COUNTED, DAY, PREVIEWED
from backend.leads.pool_schemas import PoolPreview, PoolPreviewIn, PoolRuleFields, PoolRuleOut, PoolRules, Protection, Returning
from backend.leads.rules import ReasonCode
from backend.leads.schemas import LeadOut
from backend.leads.service import record_by
from backend.timeline.service import record


async def reclaim(session: AsyncSession, now: datetime, limit: int) -> int:
    """Returns one batch of untouched leads to their pools; each says so to its former owner. Returns how many it took."""
    rows = (await session.execute(pool_queries.reclaimable(now, limit))).all()
    for row in rows:
        params = {"untouched_since": row.untouched_since.isoformat(), "days": (now - row.untouched_since).days}
        reason = {"code": ReasonCode.RECLAIMED.value, "params": params}
        values = {"lead": row.id, "assignment": new_id(), "reason": json.dumps(reason), "now": now}
        await session.execute(pool_queries.RETURN, values)
        await record(session, subject_type=rules.SUBJECT, subject_id=row.id, kind="lead.reclaimed", now=now, body=params)
        await deadlines.stop(session, FIRST_CONTACT, row.id, now)
        await outbox.add(session, LeadReclaimed(row.id, row.owner_id), now)
    return len(rows)


async def list_rules(session: AsyncSession) -> PoolRules:
    return PoolRules(items=[_rule_out(row) for row in await session.execute(pool_queries.rules())])


def _rule_out(row: Any) -> PoolRuleOut:
    stored, name = row
    region = {"id": stored.region_id, "name": name} if stored.region_id else None
    fields = {name: getattr(stored, name) for name in PoolRuleFields.model_fields}
    return PoolRuleOut.model_validate({**fields, "id": stored.id, "region": region, "version": stored.version})


async def change_rule(
    session: AsyncSession, actor: Actor, region_id: UUID | None, body: PoolRuleFields, version: int | None, now: datetime
) -> PoolRuleOut:
    """Sets the rule of a region, or of the company; leads that are overdue by it return with the next sweep."""
    actor.require("settings.manage")
    if region_id is not None and await session.scalar(select(Region.id).where(Region.id == region_id)) is None:
        raise NotFound
    row = await session.scalar(select(PoolRuleRow).where(PoolRuleRow.region_id.is_not_distinct_from(region_id)).with_for_update())
    if row is None:
        row = PoolRuleRow(region_id=region_id, **body.model_dump())
        session.add(row)
    else:
        await _require(session, region_id, version, row.version)
        for name, value in body.model_dump().items():
            setattr(row, name, value)
    await session.flush()
    await outbox.add(session, PoolRuleChanged(row.id, region_id), now)
    return await _rule_of(session, region_id)


async def _require(session: AsyncSession, region_id: UUID | None, version: int | None, actual: int) -> None:
    """A rule that exists is changed by whoever has seen it."""
    if version is None:
        raise PreconditionRequired("if_match_required", "Send If-Match with the ETag of the rule that you edited.")
    require_version(version, actual, (await _rule_of(session, region_id)).model_dump(mode="json"))


async def _rule_of(session: AsyncSession, region_id: UUID | None) -> PoolRuleOut:
    return next(rule for rule in (await list_rules(session)).items if (rule.region.id if rule.region else None) == region_id)


async def preview(session: AsyncSession, actor: Actor, body: PoolPreviewIn, now: datetime) -> PoolPreview:
    """Dry run: what a rule would take at once, and what within a week, before anybody loses a lead by it."""
    actor.require("settings.manage")
    others = [rule.region.id for rule in (await list_rules(session)).items if rule.region]
    query = pool_queries.would_return(body.region_id, others, body.reclaim_after_days, now + 7 * DAY, COUNTED + 1)
    rows = (await session.execute(query)).all()
    due = [row for row in rows[:COUNTED] if row.untouched_since + body.reclaim_after_days * DAY <= now]
    shown = [_returning(row, body.reclaim_after_days) for row in rows[:PREVIEWED]]
    return PoolPreview(now=len(due), within_a_week=min(len(rows), COUNTED), is_more=len(rows) > COUNTED, items=shown)


def _returning(row: Any, days: int) -> Returning:
    fields = dict(row._mapping)
    owner = {"id": row.owner_id, "name": row.owner_name}
    return Returning.model_validate(
        {**fields, "number": rules.lead_number(row.number), "owner": owner, "returns_at": row.untouched_since + days * DAY}
    )


async def protect(session: AsyncSession, actor: Actor, lead_id: UUID, body: Protection, version: int | None, now: datetime) -> LeadOut:
    """A superior keeps a long negotiation out of the pool, or ends that; a reason is asked for."""
    row = await reading.detail_row(session, actor, lead_id)
    actor.require("lead.reassign")
    stands = standing(row, actor)
    if not (stands.leads_owner or stands.sees_company):
        raise Forbidden("not_your_lead", "Only its superior or regional manager may do this.")
    if body.is_protected and not body.reason:
        wrong = field_error("#/reason", "Say why this lead stays out of the pool.", "missing")
        raise Invalid("invalid_input", wrong["detail"], errors=[wrong])
    if version is not None and version != row.version:
        require_version(version, row.version, await reading.lead(session, actor, lead_id))
    values = {"protected_at": now if body.is_protected else None, "protected_reason": body.reason or None, "version": Lead.version + 1}
    await session.execute(update(Lead).where(Lead.id == lead_id).values(values).execution_options(synchronize_session=False))
    kind = "lead.protected" if body.is_protected else "lead.unprotected"
    await record_by(session, lead_id, kind, actor, now, body={"reason": body.reason})
    await outbox.add(session, LeadProtected(lead_id, body.is_protected), now)
    return await reading.lead(session, actor, lead_id)
