"""Working with many leads over HTTP: lists, counts, bulk actions, claiming and closing."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from backend.core.bulk import BulkResult
from backend.core.clock import Now
from backend.core.http import problems
from backend.core.idempotency import OnceDep
from backend.core.locking import MaybeIfMatch, set_etag
from backend.core.pagination import Cursor, Limit, ListCount, Page, Several
from backend.core.schemas import Line, When
from backend.identity.deps import CurrentActor, ListSession, PersonSession
from backend.identity.rules import ScopeName
from backend.leads import bulk, claiming, closing, lists
from backend.leads.finding import LeadFilter, ListedState, Sort
from backend.leads.schemas import LeadCard, LeadOut
from backend.leads.work_schemas import BulkAction, Disqualification, Reopening

router = APIRouter(tags=["leads"])
"""One router for the module: `api` adds what concerns one lead, after the paths here that would be taken for an id."""
RACES = problems(409, 412)
SEARCHED = "Part of a company or contact name, of their pinyin or its initials, of a phone; or a number"


async def lead_filter(
    q: Annotated[Line | None, Query(description=SEARCHED)] = None,
    state: Annotated[list[ListedState] | None, Query(max_length=5)] = None,
    source: Annotated[list[Line] | None, Several] = None,
    region: Annotated[list[UUID] | None, Several] = None,
    owner: Annotated[list[UUID] | None, Several] = None,
    product_line: Annotated[list[Line] | None, Several] = None,
    received_from: When | None = None,
    received_before: When | None = None,
    quiet_since: Annotated[When | None, Query(description="Open, and not followed up since")] = None,
    is_overdue: Annotated[bool | None, Query(description="The first contact is past its limit")] = None,
    is_escalated: bool | None = None,
    has_phone: bool | None = None,
    has_owner: bool | None = None,
) -> LeadFilter:
    """What narrows a list, as query parameters."""
    return LeadFilter(
        q=q,
        states=list(state or ()),
        sources=source or [],
        regions=region or [],
        owners=owner or [],
        product_lines=product_line or [],
        received_from=received_from,
        received_before=received_before,
        quiet_since=quiet_since,
        is_overdue=is_overdue,
        is_escalated=is_escalated,
        has_phone=has_phone,
        has_owner=has_owner,
    )


Filter = Annotated[LeadFilter, Depends(lead_filter)]


@router.get("/leads")
async def list_leads(
    session: ListSession,
    wanted: Filter,
    now: Now,
    cursor: Cursor = None,
    limit: Limit = 50,
    scope: ScopeName = "own",
    sort: Sort = Sort.RECEIVED,
) -> Page[LeadCard]:
    """Filtered, searched and sorted, as far as the scope reaches."""
    return await lists.page(session, scope, wanted, sort, cursor, limit, now)


@router.get("/leads/count")
async def count_leads(session: ListSession, wanted: Filter, now: Now) -> ListCount:
    """How many leads the filter finds, counted up to 1,000."""
    return await lists.count(session, wanted, now)


@router.post("/lead-changes", status_code=207, response_model=BulkResult, responses=problems(409))
async def change_leads(session: PersonSession, actor: CurrentActor, body: BulkAction, once: OnceDep, now: Now) -> Any:
    """Assigns, claims or disqualifies up to 200 leads; one that cannot be changed does not hold up the others."""
    return await once(session, lambda: bulk.apply(session, actor, body, now))


@router.post("/leads/{lead_id}/claim", responses=RACES)
async def claim_lead(session: PersonSession, actor: CurrentActor, lead_id: UUID, response: Response, now: Now) -> LeadOut:
    """Takes a lead from the pool of one's region; of several at once one gets it."""
    lead = await claiming.claim(session, actor, lead_id, now)
    set_etag(response, lead.version)
    return lead


@router.post("/leads/{lead_id}/disqualification", responses=RACES)
async def disqualify_lead(
    session: PersonSession, actor: CurrentActor, lead_id: UUID, body: Disqualification, response: Response, version: MaybeIfMatch, now: Now
) -> LeadOut:
    """Closes a lead that will not become business; with If-Match only if nobody changed it since."""
    lead = await closing.disqualify(session, actor, lead_id, body, version, now)
    set_etag(response, lead.version)
    return lead


@router.post("/leads/{lead_id}/reopening", responses=RACES)
async def reopen_lead(
    session: PersonSession, actor: CurrentActor, lead_id: UUID, body: Reopening, response: Response, version: MaybeIfMatch, now: Now
) -> LeadOut:
    """A superior takes a disqualification back; with If-Match only if nobody changed it since."""
    lead = await closing.reopen(session, actor, lead_id, body, version, now)
    set_etag(response, lead.version)
    return lead
