"""Opportunities over HTTP."""

from typing import Any
from uuid import UUID

from fastapi import Response

from backend.core.clock import Now
from backend.core.http import problems
from backend.core.idempotency import OnceDep
from backend.core.locking import IfMatch, MaybeIfMatch, set_etag
from backend.core.pagination import Cursor, Limit, Page
from backend.identity.deps import CurrentActor, PersonSession
from backend.leads.schemas import LeadOut
from backend.opportunities import conversion, moving, reading, service
from backend.opportunities.list_api import router
from backend.opportunities.schemas import (
    CustomerOpportunities,
    LeadConversion,
    MoveTo,
    OpportunityCreate,
    OpportunityOut,
    OpportunityPatch,
)
from backend.timeline import service as timeline
from backend.timeline.api import Kinds
from backend.timeline.schemas import FollowUpCreate, NoteCreate, TimelineEntryOut

__all__ = ["router"]
EDITS = problems(409, 412, 428)


@router.post("/opportunities", status_code=201, response_model=OpportunityOut, responses=problems(409))
async def create_opportunity(session: PersonSession, actor: CurrentActor, body: OpportunityCreate, once: OnceDep, now: Now) -> Any:
    """A deal with a customer that one works with; it belongs to the customer's owner."""
    return await once(session, lambda: service.create(session, actor, body, now))


@router.get("/opportunities/{opportunity_id}")
async def get_opportunity(
    session: PersonSession, actor: CurrentActor, opportunity_id: UUID, response: Response, now: Now
) -> OpportunityOut:
    """With its history of stages, the stages that it can reach, and what stands between."""
    found = await reading.opportunity(session, actor, opportunity_id, now)
    set_etag(response, found.version)
    return found


@router.patch("/opportunities/{opportunity_id}", responses=EDITS)
async def change_opportunity(
    session: PersonSession,
    actor: CurrentActor,
    opportunity_id: UUID,
    body: OpportunityPatch,
    response: Response,
    version: IfMatch,
    now: Now,
) -> OpportunityOut:
    changed = await service.change(session, actor, opportunity_id, body, version, now)
    set_etag(response, changed.version)
    return changed


@router.post("/opportunities/{opportunity_id}/moves", responses=EDITS)
async def move_opportunity(
    session: PersonSession, actor: CurrentActor, opportunity_id: UUID, body: MoveTo, response: Response, version: IfMatch, now: Now
) -> OpportunityOut:
    """To another stage: forward, back, past a stage, won, lost or reopened; 409 `conditions_missing` says what is missing."""
    moved = await moving.move(session, actor, opportunity_id, body, version, now)
    set_etag(response, moved.version)
    return moved


@router.get("/opportunities/{opportunity_id}/timeline")
async def get_opportunity_timeline(
    session: PersonSession, actor: CurrentActor, opportunity_id: UUID, kind: Kinds = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[TimelineEntryOut]:
    """What happened with it, and with the lead that it came from."""
    row = await reading.detail_row(session, actor, opportunity_id)
    return await timeline.page(session, [opportunity_id, *([row.lead_id] if row.lead_id else [])], cursor, limit, kind or ())


@router.post("/opportunities/{opportunity_id}/follow-ups", status_code=201, response_model=TimelineEntryOut, responses=problems(409, 413))
async def log_opportunity_follow_up(
    session: PersonSession, actor: CurrentActor, opportunity_id: UUID, body: FollowUpCreate, once: OnceDep, now: Now
) -> Any:
    """Logs a call, visit, meeting, message or e-mail with its outcome."""
    return await once(session, lambda: service.log_follow_up(session, actor, opportunity_id, body, now))


@router.post("/opportunities/{opportunity_id}/notes", status_code=201, response_model=TimelineEntryOut, responses=problems(409, 413))
async def log_opportunity_note(
    session: PersonSession, actor: CurrentActor, opportunity_id: UUID, body: NoteCreate, once: OnceDep, now: Now
) -> Any:
    """Keeps something to remember; no follow-up."""
    return await once(session, lambda: service.log_note(session, actor, opportunity_id, body, now))


@router.get("/customers/{customer_id}/opportunities")
async def list_customer_opportunities(session: PersonSession, actor: CurrentActor, customer_id: UUID, now: Now) -> CustomerOpportunities:
    """The opportunities of a customer that one may see."""
    return await reading.of_customer(session, actor, customer_id, now)


@router.post("/leads/{lead_id}/conversion", responses=problems(409, 412))
async def convert_lead(
    session: PersonSession, actor: CurrentActor, lead_id: UUID, body: LeadConversion, response: Response, version: MaybeIfMatch, now: Now
) -> LeadOut:
    """The lead becomes a customer with a contact, or belongs to one that exists, and opens an opportunity if asked to; asked twice, it
    answers with the same.
    """
    lead = await conversion.convert(session, actor, lead_id, body, version, now)
    set_etag(response, lead.version)
    return lead
