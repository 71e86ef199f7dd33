"""Working with many customers over HTTP: lists, counts, what a filter can offer, one action on many."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from backend.core.bulk import BulkResult
from backend.core.clock import Now
from backend.core.http import problems
from backend.core.idempotency import OnceDep
from backend.core.pagination import Cursor, Limit, ListCount, Page, Several
from backend.core.schemas import Line, When
from backend.customers import bulk, lists
from backend.customers.bulk_schemas import CustomersChange
from backend.customers.finding import CustomerFilter, Sort
from backend.customers.rules import CustomerState
from backend.customers.schemas import CustomerCard, Industries
from backend.identity.deps import CurrentActor, OwnedListSession, PersonSession
from backend.identity.rules import OwnedScope

router = APIRouter(tags=["customers"])
"""One router for the module: `api` adds what concerns one customer, after the paths here that would be taken for an id."""
SEARCHED = "Part of a company or contact name, of their pinyin or its initials, of a phone or a credit code; or a number"


async def customer_filter(
    q: Annotated[Line | None, Query(description=SEARCHED)] = None,
    state: Annotated[list[CustomerState] | None, Query(max_length=2, description="Active ones unless said otherwise")] = None,
    owner: Annotated[list[UUID] | None, Several] = None,
    region: Annotated[list[UUID] | None, Several] = None,
    industry: Annotated[list[Line] | None, Several] = None,
    source: Annotated[list[Line] | None, Several] = None,
    tag: Annotated[list[Line] | None, Several] = None,
    created_from: When | None = None,
    created_before: When | None = None,
    active_since: Annotated[When | None, Query(description="Worked on since")] = None,
    quiet_since: Annotated[When | None, Query(description="Not worked on since")] = None,
    is_key: bool | None = None,
    has_backup: bool | None = None,
    lacks_backup: Annotated[bool | None, Query(description="Key customers without a backup owner")] = None,
) -> CustomerFilter:
    """What narrows a list, as query parameters."""
    return CustomerFilter(
        q=q,
        states=[one.value for one in state or [CustomerState.ACTIVE]],
        owners=owner or [],
        regions=region or [],
        industries=industry or [],
        sources=source or [],
        tags=tag or [],
        created_from=created_from,
        created_before=created_before,
        active_since=active_since,
        quiet_since=quiet_since,
        is_key=is_key,
        has_backup=has_backup,
        lacks_backup=lacks_backup,
    )


Filter = Annotated[CustomerFilter, Depends(customer_filter)]


@router.get("/customers")
async def list_customers(
    session: OwnedListSession,
    wanted: Filter,
    cursor: Cursor = None,
    limit: Limit = 50,
    scope: OwnedScope = "own",
    sort: Sort = Sort.ACTIVITY,
) -> Page[CustomerCard]:
    """Filtered, searched and sorted, as far as the scope reaches."""
    return await lists.page(session, scope, wanted, sort, cursor, limit)


@router.get("/customer-count")
async def count_customers(session: OwnedListSession, wanted: Filter) -> ListCount:
    """How many customers the filter finds, counted up to 1,000."""
    return await lists.count(session, wanted)


@router.get("/customer-industries")
async def list_customer_industries(session: OwnedListSession) -> Industries:
    """Industries to choose from, the most frequent first."""
    return await lists.industries(session)


@router.post("/customer-changes", status_code=207, response_model=BulkResult, responses=problems(409))
async def change_customers(session: PersonSession, actor: CurrentActor, body: CustomersChange, once: OnceDep, now: Now) -> Any:
    """Archives, or asks for another owner or backup of, up to 200 customers; one that cannot be changed does not hold up the others."""
    return await once(session, lambda: bulk.apply(session, actor, body, now))
