"""Working with many opportunities over HTTP: the board, lists, counts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from backend.core.clock import Now
from backend.core.pagination import Cursor, Limit, ListCount, Page, Several
from backend.core.schemas import MONEY_DIGITS, MONEY_PLACES, Line, When, Written
from backend.identity.deps import OwnedListSession
from backend.identity.rules import OwnedScope
from backend.opportunities import lists, stays
from backend.opportunities.finding import OpportunityFilter, Sort
from backend.opportunities.rules import LossReason, OpportunityState
from backend.opportunities.schemas import Board, OpportunityCard, StayRow
from backend.opportunities.stays import StayFilter, StayOutcome, StaySort

router = APIRouter(tags=["opportunities"])
"""One router for the module: `api` adds what concerns one opportunity, after the paths here that would be taken for an id."""
SEARCHED = "Part of the name of the opportunity or its customer, of their pinyin or its initials; or a number"
Day = Annotated[date | None, Written, Query()]
Sum = Annotated[Decimal | None, Query(ge=0, max_digits=MONEY_DIGITS, decimal_places=MONEY_PLACES)]


async def opportunity_filter(
    q: Annotated[Line | None, Query(description=SEARCHED)] = None,
    owner: Annotated[list[UUID] | None, Several] = None,
    region: Annotated[list[UUID] | None, Several] = None,
    source: Annotated[list[Line] | None, Several] = None,
    product_line: Annotated[list[Line] | None, Several] = None,
    customer: Annotated[list[UUID] | None, Several] = None,
    created_from: When | None = None,
    created_before: When | None = None,
    closes_from: Annotated[Day, Query(description="First day of the expected closing")] = None,
    closes_before: Annotated[Day, Query(description="The day after the last one")] = None,
    amount_from: Sum = None,
    amount_to: Sum = None,
    entered_from: Annotated[When | None, Query(description="Into the stage where it stands")] = None,
    entered_before: When | None = None,
    lead_received_from: Annotated[When | None, Query(description="Of those that came from a lead: when that was received")] = None,
    lead_received_before: When | None = None,
    quiet_since: Annotated[When | None, Query(description="Without an update since")] = None,
    needs_review: bool | None = None,
    has_backup: bool | None = None,
    is_late: Annotated[bool | None, Query(description="Open, with a next step whose time has passed")] = None,
    is_flagged: Annotated[bool | None, Query(description="Open and without an update for too long")] = None,
    is_unadvanced: Annotated[bool | None, Query(description="Open and in no later stage for too long")] = None,
) -> OpportunityFilter:
    """What narrows board and list, as query parameters."""
    return OpportunityFilter(
        q=q,
        owners=owner or [],
        regions=region or [],
        sources=source or [],
        product_lines=product_line or [],
        customers=customer or [],
        created_from=created_from,
        created_before=created_before,
        closes_from=closes_from,
        closes_before=closes_before,
        amount_from=amount_from,
        amount_to=amount_to,
        entered_from=entered_from,
        entered_before=entered_before,
        lead_received_from=lead_received_from,
        lead_received_before=lead_received_before,
        quiet_since=quiet_since,
        needs_review=needs_review,
        has_backup=has_backup,
        is_late=is_late,
        is_flagged=is_flagged,
        is_unadvanced=is_unadvanced,
    )


Filter = Annotated[OpportunityFilter, Depends(opportunity_filter)]


async def list_filter(
    wanted: Filter,
    stage: Annotated[list[UUID] | None, Several] = None,
    pipeline: Annotated[list[UUID] | None, Several] = None,
    state: Annotated[list[OpportunityState] | None, Query(max_length=3)] = None,
    shown_since: Annotated[When | None, Query(description="Open, or closed since")] = None,
    closed_from: When | None = None,
    closed_before: When | None = None,
    loss_reason: Annotated[list[LossReason] | None, Query(max_length=len(LossReason))] = None,
) -> OpportunityFilter:
    """What narrows the list alone."""
    found = wanted.of(stage or [], pipeline or [], [one.value for one in state or []], shown_since)
    losses = [one.value for one in loss_reason or []]
    return replace(found, closed_from=closed_from, closed_before=closed_before, loss_reasons=losses)


ListFilter = Annotated[OpportunityFilter, Depends(list_filter)]


@router.get("/board")
async def get_board(
    session: OwnedListSession,
    wanted: Filter,
    now: Now,
    pipeline: Annotated[UUID | None, Query(description="The default one unless said otherwise")] = None,
    scope: OwnedScope = "own",
    sort: Sort = Sort.ENTERED,
) -> Board:
    """项目进度看板: each stage with how many, plain and weighted amounts, and its first cards."""
    return await lists.board(session, scope, pipeline, wanted, sort, now)


@router.get("/opportunities")
async def list_opportunities(
    session: OwnedListSession,
    wanted: ListFilter,
    now: Now,
    cursor: Cursor = None,
    limit: Limit = 50,
    scope: OwnedScope = "own",
    sort: Sort = Sort.ENTERED,
) -> Page[OpportunityCard]:
    """Filtered, searched and sorted, as far as the scope reaches."""
    return await lists.page(session, scope, wanted, sort, cursor, limit, now)


@router.get("/opportunity-count")
async def count_opportunities(session: OwnedListSession, wanted: ListFilter, now: Now) -> ListCount:
    """How many opportunities the filter finds, counted up to 1,000."""
    return await lists.count(session, wanted, now)


async def stay_filter(
    stage: Annotated[list[UUID] | None, Several] = None,
    pipeline: Annotated[list[UUID] | None, Several] = None,
    owner: Annotated[list[UUID] | None, Several] = None,
    region: Annotated[list[UUID] | None, Several] = None,
    source: Annotated[list[Line] | None, Several] = None,
    began_from: When | None = None,
    began_before: When | None = None,
    ended_from: When | None = None,
    ended_before: When | None = None,
    outcome: Annotated[StayOutcome | None, Query(description="Goes on, has ended, or has ended in a later stage")] = None,
) -> StayFilter:
    """What narrows the list of stays, as query parameters; owner, region and source are the present ones of the opportunity."""
    return StayFilter(
        stages=stage or [],
        pipelines=pipeline or [],
        owners=owner or [],
        regions=region or [],
        sources=source or [],
        began_from=began_from,
        began_before=began_before,
        ended_from=ended_from,
        ended_before=ended_before,
        outcome=outcome,
    )


OfStays = Annotated[StayFilter, Depends(stay_filter)]


@router.get("/stays")
async def list_stays(
    session: OwnedListSession,
    wanted: OfStays,
    now: Now,
    cursor: Cursor = None,
    limit: Limit = 50,
    scope: OwnedScope = "own",
    sort: StaySort = StaySort.BEGAN,
) -> Page[StayRow]:
    """Stays of opportunities in stages: what stands behind the figures of dwell and conversion."""
    return await stays.page(session, scope, wanted, sort, cursor, limit, now)


@router.get("/stay-count")
async def count_stays(session: OwnedListSession, wanted: OfStays) -> ListCount:
    """How many stays the filter finds, counted up to 1,000."""
    return await stays.count(session, wanted)
