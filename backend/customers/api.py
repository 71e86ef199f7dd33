"""Customers, contacts and change requests over HTTP."""

from typing import Any
from uuid import UUID

from fastapi import Response

from backend.core.clock import Now
from backend.core.http import problems
from backend.core.idempotency import OnceDep
from backend.core.locking import IfMatch, set_etag
from backend.core.pagination import Cursor, Limit, Page
from backend.customers import change_requests, contacts, merging, reading, service
from backend.customers.list_api import router
from backend.customers.reading import View
from backend.customers.schemas import (
    Archiving,
    ChangeRequestOut,
    ContactChangeOut,
    ContactFields,
    ContactOut,
    ContactPatch,
    CustomerChangeOut,
    CustomerCreate,
    CustomerOut,
    CustomerPatch,
    Decision,
)
from backend.duplicates import service as duplicates
from backend.duplicates.schemas import DuplicateHits, MergeCreate, Merges
from backend.identity.deps import CurrentActor, PersonSession
from backend.timeline import service as timeline
from backend.timeline.api import Kinds
from backend.timeline.schemas import FollowUpCreate, NoteCreate, TimelineEntryOut

__all__ = ["router"]
REFUSED = problems(409)
EDITS = problems(409, 412, 428)


@router.post("/customers", status_code=201, response_model=CustomerOut, responses=REFUSED)
async def create_customer(session: PersonSession, actor: CurrentActor, body: CustomerCreate, once: OnceDep, now: Now) -> Any:
    """A new customer with its contacts, owned by its author; needs no approval."""
    return await once(session, lambda: service.create(session, actor, body, now))


@router.get("/customers/{customer_id}")
async def get_customer(session: PersonSession, actor: CurrentActor, customer_id: UUID, response: Response) -> CustomerOut:
    customer = await reading.customer(session, actor, customer_id)
    set_etag(response, customer.version)
    return customer


@router.patch("/customers/{customer_id}", responses={202: {"model": CustomerChangeOut}, **EDITS})
async def change_customer(
    session: PersonSession, actor: CurrentActor, customer_id: UUID, body: CustomerPatch, response: Response, version: IfMatch, now: Now
) -> CustomerChangeOut:
    """Notes and tags at once (200); anything else waits for the owner's superior (202 with the request)."""
    changed = await service.change(session, actor, customer_id, body, version, now)
    set_etag(response, changed.customer.version)
    response.status_code = 202 if changed.change_request else 200
    return changed


@router.get("/customers/{customer_id}/timeline")
async def get_customer_timeline(
    session: PersonSession, actor: CurrentActor, customer_id: UUID, kind: Kinds = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[TimelineEntryOut]:
    """What happened with the customer, its leads and its opportunities, as far as one may see them."""
    await reading.detail_row(session, actor, customer_id)
    return await timeline.page(session, await duplicates.history(session, customer_id), cursor, limit, kind or ())


@router.post("/customers/{customer_id}/follow-ups", status_code=201, response_model=TimelineEntryOut, responses=problems(409, 413))
async def log_customer_follow_up(
    session: PersonSession, actor: CurrentActor, customer_id: UUID, body: FollowUpCreate, once: OnceDep, now: Now
) -> Any:
    """Logs a call, visit, meeting, message or e-mail with its outcome."""
    return await once(session, lambda: service.log_follow_up(session, actor, customer_id, body, now))


@router.post("/customers/{customer_id}/notes", status_code=201, response_model=TimelineEntryOut, responses=problems(409, 413))
async def log_customer_note(
    session: PersonSession, actor: CurrentActor, customer_id: UUID, body: NoteCreate, once: OnceDep, now: Now
) -> Any:
    """Keeps something to remember; no follow-up."""
    return await once(session, lambda: service.log_note(session, actor, customer_id, body, now))


@router.post("/customers/{customer_id}/contacts", status_code=201, response_model=ContactOut, responses=REFUSED)
async def add_contact(session: PersonSession, actor: CurrentActor, customer_id: UUID, body: ContactFields, once: OnceDep, now: Now) -> Any:
    """Somebody at the customer, with the part in the decision chain; needs no approval."""
    return await once(session, lambda: contacts.add(session, actor, customer_id, body, now))


@router.patch("/contacts/{contact_id}", responses={202: {"model": ContactChangeOut}, **EDITS})
async def change_contact(
    session: PersonSession, actor: CurrentActor, contact_id: UUID, body: ContactPatch, response: Response, version: IfMatch, now: Now
) -> ContactChangeOut:
    """Notes at once (200); anything else waits for the superior of the customer's owner (202 with the request)."""
    changed = await contacts.change(session, actor, contact_id, body, version, now)
    set_etag(response, changed.contact.version)
    response.status_code = 202 if changed.change_request else 200
    return changed


@router.get("/customers/{customer_id}/duplicates")
async def list_customer_duplicates(session: PersonSession, actor: CurrentActor, customer_id: UUID) -> DuplicateHits:
    """候选重复: other customers and leads that are probably the same firm; what the asker may not see says only whom to ask."""
    return await merging.candidates(session, actor, customer_id)


@router.get("/customers/{customer_id}/merges")
async def list_customer_merges(session: PersonSession, actor: CurrentActor, customer_id: UUID, now: Now) -> Merges:
    """What was merged with this customer, newest first."""
    return await merging.merges(session, actor, customer_id, now)


@router.post("/customers/{customer_id}/merges", status_code=201, responses=REFUSED)
async def merge_customers(session: PersonSession, actor: CurrentActor, customer_id: UUID, body: MergeCreate, now: Now) -> CustomerOut:
    """Another customer becomes part of this one, with all that belongs to it; it can be undone for 30 days."""
    return await merging.merge(session, actor, customer_id, body, now)


@router.post("/customers/{customer_id}/merges/{merge_id}/undo", responses=REFUSED)
async def undo_customer_merge(session: PersonSession, actor: CurrentActor, customer_id: UUID, merge_id: UUID, now: Now) -> CustomerOut:
    """Refused with `changes` when the surviving customer has been changed since."""
    return await merging.undo(session, actor, customer_id, merge_id, now)


@router.post("/customers/{customer_id}/archiving", responses=REFUSED)
async def archive_customer(session: PersonSession, actor: CurrentActor, customer_id: UUID, body: Archiving, now: Now) -> CustomerOut:
    """Takes the customer out of the lists; nothing is deleted."""
    return await service.archive(session, actor, customer_id, body.reason, now)


@router.post("/customers/{customer_id}/restoration", responses=REFUSED)
async def restore_customer(session: PersonSession, actor: CurrentActor, customer_id: UUID, body: Archiving, now: Now) -> CustomerOut:
    """Brings an archived customer back."""
    return await service.restore(session, actor, customer_id, body.reason, now)


@router.get("/change-requests")
async def list_change_requests(
    session: PersonSession, actor: CurrentActor, view: View = "to_decide", cursor: Cursor = None, limit: Limit = 50
) -> Page[ChangeRequestOut]:
    """What waits for one's own decision, or what one has asked for; the newest first."""
    return await reading.change_requests(session, actor, view, cursor, limit)


@router.get("/change-requests/{request_id}")
async def get_change_request(session: PersonSession, actor: CurrentActor, request_id: UUID) -> ChangeRequestOut:
    return await reading.change_request(session, actor, request_id)


@router.post("/change-requests/{request_id}/decision", responses=REFUSED)
async def decide_change_request(
    session: PersonSession, actor: CurrentActor, request_id: UUID, body: Decision, now: Now
) -> ChangeRequestOut:
    """Approves, which applies all fields at once, or rejects with a comment."""
    return await change_requests.decide(session, actor, request_id, body, now)


@router.post("/change-requests/{request_id}/withdrawal", responses=REFUSED)
async def withdraw_change_request(session: PersonSession, actor: CurrentActor, request_id: UUID, now: Now) -> ChangeRequestOut:
    """The author takes the request back."""
    return await change_requests.withdraw(session, actor, request_id, now)
