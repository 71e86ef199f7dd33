"""Leads over HTTP."""

from typing import Any
from uuid import UUID

from fastapi import Response

from backend.core.clock import Now
from backend.core.http import problems
from backend.core.idempotency import OnceDep
from backend.core.locking import IfMatch, set_etag
from backend.core.pagination import Cursor, Limit, Page
from backend.duplicates import service as duplicates
from backend.duplicates.schemas import DuplicateHits, MergeCreate, Merges
from backend.identity.deps import CurrentActor, PersonSession
from backend.leads import conversion, merging, reading, same_firm, service
from backend.leads.schemas import (
    Candidates,
    CustomerLeads,
    LeadCreate,
    LeadOut,
    Reassignment,
    TakeOver,
)
from backend.leads.work_api import router
from backend.timeline import service as timeline
from backend.timeline.api import Kinds
from backend.timeline.schemas import FollowUpCreate, NoteCreate, TimelineEntryOut

__all__ = ["router"]

CHANGES_HANDS = problems(409, 412, 428)
"""Of two superiors at once the second learns what the first did: the version that they saw is asked for."""


@router.post("/leads", status_code=201, response_model=LeadOut, responses=problems(409))
async def create_lead(session: PersonSession, actor: CurrentActor, body: LeadCreate, once: OnceDep, now: Now) -> Any:
    """Manual quick entry: kept by its author, or routed like a lead from the website."""
    return await once(session, lambda: service.create(session, actor, body, now))


@router.get("/leads/{lead_id}")
async def get_lead(session: PersonSession, actor: CurrentActor, lead_id: UUID, response: Response) -> LeadOut:
    lead = await reading.lead(session, actor, lead_id)
    set_etag(response, lead.version)
    return lead


@router.get("/leads/{lead_id}/timeline")
async def get_lead_timeline(
    session: PersonSession, actor: CurrentActor, lead_id: UUID, kind: Kinds = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[TimelineEntryOut]:
    await reading.detail_row(session, actor, lead_id)
    return await timeline.page(session, await duplicates.family(session, lead_id), cursor, limit, kind or ())


@router.get("/leads/{lead_id}/duplicates")
async def list_lead_duplicates(session: PersonSession, actor: CurrentActor, lead_id: UUID) -> DuplicateHits:
    """候选重复: other leads and customers that are probably the same firm; what the asker may not see says only whom to ask."""
    return await same_firm.candidates(session, actor, lead_id)


@router.get("/leads/{lead_id}/merges")
async def list_lead_merges(session: PersonSession, actor: CurrentActor, lead_id: UUID, now: Now) -> Merges:
    """What was merged with this lead, newest first."""
    return await merging.merges(session, actor, lead_id, now)


@router.post("/leads/{lead_id}/merges", status_code=201, responses=problems(409))
async def merge_leads(session: PersonSession, actor: CurrentActor, lead_id: UUID, body: MergeCreate, now: Now) -> LeadOut:
    """Another lead becomes part of this one; both histories are kept, and it can be undone for 30 days."""
    return await merging.merge(session, actor, lead_id, body, now)


@router.post("/leads/{lead_id}/merges/{merge_id}/undo", responses=problems(409))
async def undo_lead_merge(session: PersonSession, actor: CurrentActor, lead_id: UUID, merge_id: UUID, now: Now) -> LeadOut:
    """Refused with `changes` when the surviving lead has been changed since."""
    return await merging.undo(session, actor, lead_id, merge_id, now)


@router.get("/leads/{lead_id}/candidates")
async def list_lead_candidates(session: PersonSession, actor: CurrentActor, lead_id: UUID, now: Now) -> Candidates:
    """Whom the lead could be given to, the present and least loaded first."""
    return await reading.candidates(session, actor, lead_id, now)


@router.get("/customers/{customer_id}/leads")
async def list_customer_leads(session: PersonSession, actor: CurrentActor, customer_id: UUID) -> CustomerLeads:
    """The leads that belong to a customer."""
    return await conversion.leads_of(session, actor, customer_id)


@router.post("/leads/{lead_id}/follow-ups", status_code=201, response_model=TimelineEntryOut, responses=problems(409, 412, 413))
async def log_follow_up(session: PersonSession, actor: CurrentActor, lead_id: UUID, body: FollowUpCreate, once: OnceDep, now: Now) -> Any:
    """Logs a real follow-up: it stops the escalation ladder."""
    return await once(session, lambda: service.log_follow_up(session, actor, lead_id, body, now))


@router.post("/leads/{lead_id}/notes", status_code=201, response_model=TimelineEntryOut, responses=problems(409, 412, 413))
async def log_lead_note(session: PersonSession, actor: CurrentActor, lead_id: UUID, body: NoteCreate, once: OnceDep, now: Now) -> Any:
    """Keeps something to remember; no follow-up, the ladder runs on."""
    return await once(session, lambda: service.log_note(session, actor, lead_id, body, now))


@router.post("/leads/{lead_id}/take-over", responses=CHANGES_HANDS)
async def take_over_lead(
    session: PersonSession, actor: CurrentActor, lead_id: UUID, body: TakeOver, response: Response, version: IfMatch, now: Now
) -> LeadOut:
    """A superior makes the lead their own, unless another one was quicker."""
    lead = await service.take_over(session, actor, lead_id, body, version, now)
    set_etag(response, lead.version)
    return lead


@router.post("/leads/{lead_id}/reassignment", responses=CHANGES_HANDS)
async def reassign_lead(
    session: PersonSession, actor: CurrentActor, lead_id: UUID, body: Reassignment, response: Response, version: IfMatch, now: Now
) -> LeadOut:
    """A superior gives the lead to somebody else, unless another one was quicker."""
    lead = await service.reassign(session, actor, lead_id, body, version, now)
    set_etag(response, lead.version)
    return lead
