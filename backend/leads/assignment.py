"""LEAD-3: a received lead gets its owner. The hot path: few statements, no ORM."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.hot import Value
from backend.core.ids import new_id
from backend.core.metrics import LEAD_ASSIGN_SECONDS
from backend.core.pausepoints import pause
from backend.deadlines import service as deadlines
from backend.deadlines.rules import FIRST_CONTACT
from backend.duplicates.service import OwnedHit
from backend.identity.superiors import manager_of, works_now
from backend.leads import announce, escalation, queries, rules, same_firm, unowned
from backend.leads.events import LeadAssigned, LeadPooled
from backend.leads.finding import search_columns
from backend.leads.rules import Candidate, Choice, LeadState, ReasonCode


async def assign(session: AsyncSession, lead_id: UUID, now: datetime) -> None:
    """Gives the lead to a rep, a manager or the pool; a lead that has an owner is left alone."""
    lead = await queries.RECEIVED.row(session, id=lead_id)
    if lead is None or lead.owner_id is not None or lead.state != LeadState.NEW:
        return
    hit = await same_firm.settle(session, lead, now)
    is_here = hit is None or await works_now(session, hit.owner_id, now)
    choice = await _decide(session, lead, hit, is_here, now)
    latency_ms = max(0, round((now - lead.received_at).total_seconds() * 1000))
    if choice.person_id is None:
        await _to_pool(session, lead, choice, latency_ms, now)
        return
    await _to_owner(session, lead, choice, choice.person_id, latency_ms, now)
    if not is_here and choice.code is ReasonCode.DUPLICATE:
        await escalation.tell_of_absence(session, lead.id, now)
    await pause("leads.assigned.before_commit")


async def _decide(session: AsyncSession, lead: Any, hit: OwnedHit | None, is_here: bool, now: datetime) -> Choice:
    """To the owner of the firm, in a region where they work; while who has only a lead of it is away, somebody present gets this one."""
    if hit is None:
        return await _choose(session, lead, now)
    if not same_firm.follows(hit, is_here):
        return same_firm.despite(hit, await _choose(session, lead, now))
    lead.region_id, lead.region_name = hit.region_id, hit.region_name
    return same_firm.choice_of(hit)


async def _choose(session: AsyncSession, lead: Any, now: datetime) -> Choice:
    if lead.region_id is None:
        return Choice(None, ReasonCode.POOL_NO_REGION, {"province": lead.province, "city": lead.city})
    candidates = await locked_candidates(session, lead.region_id, now)
    choice = rules.choose_assignee(candidates, product_line=lead.product_line, language=lead.language)
    if choice is not None:
        return Choice(choice.person_id, choice.code, {**choice.params, "region": lead.region_name})
    return await nearest_manager(session, lead.region_id, lead.region_name, now)


async def locked_candidates(session: AsyncSession, region_id: UUID, now: datetime) -> list[Candidate]:
    """The reps of a region; assignments there take turns until this transaction ends."""
    await queries.LOCK_REGION.rows(session, region=region_id)
    return [_candidate(row) for row in await queries.CANDIDATES.rows(session, region=region_id, now=now)]


async def nearest_manager(session: AsyncSession, region_id: UUID, region_name: str, now: datetime) -> Choice:
    """The nearest present manager up the tree where no rep is present, else the pool."""
    manager = await manager_of(session, region_id, now)
    if manager is None:
        return Choice(None, ReasonCode.POOL_NOBODY, {"region": region_name})
    return Choice(manager[0], ReasonCode.REGIONAL_MANAGER, {"person": manager[1], "region": region_name})


def _candidate(row: Any) -> Candidate:
    skills = frozenset(row.product_lines), frozenset(row.languages)
    return Candidate(row.id, row.name, row.open_leads, row.last_assigned_at, row.is_present, *skills)


async def _to_owner(session: AsyncSession, lead: Any, choice: Choice, owner_id: UUID, latency_ms: int, now: datetime) -> None:
    owner = {"id": str(owner_id), "name": choice.params["person"]}
    values: dict[str, Value] = {
        "lead": lead.id,
        "owner": owner_id,
        "region": lead.region_id,
        "now": now,
        "latency": latency_ms,
        "reason": json.dumps(choice.reason),
        "body": json.dumps({"owner": owner, "reason": choice.reason, "latency_ms": latency_ms}),
        "assignment": new_id(),
        "entry": new_id(),
        **_search(lead),
    }
    await queries.ASSIGN.rows(session, **values)
    await deadlines.arm(session, FIRST_CONTACT, rules.SUBJECT, lead.id, {"assigned": now, "first_assigned": now}, now, is_first=True)
    if lead.pooled_at is not None:
        await unowned.stop(session, lead.id, now)
    await announce.assigned(session, lead, owner_id, choice, now)
    await outbox.add(session, LeadAssigned(lead.id, owner_id, choice.code.value, left_pool=lead.pooled_at is not None), now)
    LEAD_ASSIGN_SECONDS.observe(latency_ms / 1000)


async def _to_pool(session: AsyncSession, lead: Any, choice: Choice, latency_ms: int, now: datetime) -> None:
    """The first time, the decision is kept and the administrators are told; a later look only notes that it looked."""
    is_first = lead.pooled_at is None
    values = {"lead": lead.id, "region": lead.region_id, "now": now, "latency": latency_ms, "is_first": is_first, **_search(lead)}
    await session.execute(queries.POOL, {**values, "reason": json.dumps(choice.reason), "assignment": new_id()})
    if is_first:
        await unowned.start(session, lead.id, now)
        await announce.pooled(session, lead, choice, now)
    if is_first or lead.region_id != lead.known_region_id:
        await outbox.add(session, LeadPooled(lead.id, lead.region_id, choice.code.value), now)


def _search(lead: Any) -> dict[str, str]:
    """A form stores a lead without it; the first look at the lead adds it."""
    return search_columns(lead.company, lead.contact_name, lead.phone, lead.phone_key)
