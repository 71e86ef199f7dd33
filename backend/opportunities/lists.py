"""The list of opportunities, and the board."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import company_day, company_zone
from backend.core.errors import NotFound
from backend.core.listing import Listing
from backend.core.pagination import ListCount, Page
from backend.opportunities import funnel, queries
from backend.opportunities.finding import KEY_KINDS, NUMBERED, OpportunityFilter, Sort
from backend.opportunities.models import Opportunity
from backend.opportunities.reading import card, clocks_of
from backend.opportunities.rules import Clocks
from backend.opportunities.schemas import Board, BoardColumn, OpportunityCard, Sums
from backend.pipelines import service as pipelines
from backend.pipelines.rules import StageKind
from backend.pipelines.schemas import StageOut, StageRef

OPPORTUNITIES = Listing("opportunities", Opportunity, queries.cards, KEY_KINDS, NUMBERED)
CLOSED_SHOWN = timedelta(days=30)
FIRST_CARDS = 30


def conditions(wanted: OpportunityFilter, clocks: Clocks, now: datetime) -> dict[str, Any]:
    """What narrows the list at this moment; 422 when the search is too short."""
    given = OPPORTUNITIES.conditions(wanted)
    if wanted.is_flagged is not None:
        planned_until = now.isoformat() if clocks.spares_planned else "infinity"
        given |= {"stale_before": clocks.stale_before(now).isoformat(), "planned_until": planned_until}
    if wanted.is_unadvanced is not None:
        given |= {"advance_before": clocks.advance_before(now).isoformat()}
    if wanted.is_late is not None:
        given |= {"now": now.isoformat()}
    return given


async def page(
    session: AsyncSession, scope: str, wanted: OpportunityFilter, sort: Sort, cursor: str | None, limit: int, now: datetime
) -> Page[OpportunityCard]:
    clocks = await clocks_of(session)
    rows, next_cursor = await OPPORTUNITIES.page(session, scope, conditions(wanted, clocks, now), sort, cursor, limit)
    return Page[OpportunityCard](items=[card(row, clocks, now) for row in rows], next_cursor=next_cursor)


async def count(session: AsyncSession, wanted: OpportunityFilter, now: datetime) -> ListCount:
    return await OPPORTUNITIES.count(session, conditions(wanted, await clocks_of(session), now))


async def board(session: AsyncSession, scope: str, pipeline_id: UUID | None, wanted: OpportunityFilter, sort: Sort, now: datetime) -> Board:
    """The columns of a pipeline (the default one) with sums over all that the filter finds and the first cards of each."""
    shown = (await pipelines.pipelines(session)).items
    pipeline = next((one for one in shown if pipeline_id in (None, one.id)), None)
    if pipeline is None:
        raise NotFound
    since = shown_since(now)
    found = await _sums(session, scope, pipeline.id, wanted, since, now)
    columns = []
    for stage in pipeline.stages:
        sums = found.get(stage.id, [])
        if _is_column(stage, sums):
            columns.append(await _column(session, scope, stage, sums, wanted, sort, now))
    return Board(pipeline_id=pipeline.id, generated_at=now, columns=columns)


def shown_since(now: datetime) -> datetime:
    """The board shows what was closed since the beginning of this day, as the house counts its days."""
    return datetime.combine(company_day(now - CLOSED_SHOWN), time(), company_zone())


def _is_column(stage: StageOut, sums: Sequence[Sums]) -> bool:
    """Stages of the board; one out of use while something stands in it."""
    return stage.kind in (StageKind.OPEN, StageKind.CLOSED) and (stage.is_active or bool(sums))


async def _column(
    session: AsyncSession, scope: str, stage: StageOut, sums: list[Sums], wanted: OpportunityFilter, sort: Sort, now: datetime
) -> BoardColumn:
    in_stage = wanted.in_stage(stage.id, shown_since(now) if stage.kind is StageKind.CLOSED else None)
    many = sum(one.count for one in sums)
    cards = (
        await page(session, scope, in_stage, sort, None, FIRST_CARDS, now) if many else Page[OpportunityCard](items=[], next_cursor=None)
    )
    ref = StageRef.model_validate(stage, from_attributes=True)
    return BoardColumn(stage=ref, is_active=stage.is_active, count=many, sums=sums, cards=cards.items, next_cursor=cards.next_cursor)


async def _sums(
    session: AsyncSession, scope: str, pipeline_id: UUID, wanted: OpportunityFilter, since: datetime, now: datetime
) -> dict[UUID, list[Sums]]:
    if scope != "own" and replace(wanted, regions=[]) == OpportunityFilter():
        regions = wanted.regions or None
        return _by_stage(await funnel.BOARD.rows(session, pipeline=pipeline_id, since=company_day(since), regions=regions))
    clocks = await clocks_of(session)
    narrowed: list[ColumnElement[bool]] = list(queries.narrowed(wanted, clocks, now))
    if wanted.q:
        narrowed.append(queries.found(conditions(wanted, clocks, now), Sort.ENTERED.value))
    return _by_stage(await session.execute(queries.sums(pipeline_id, since, *narrowed)))


def _by_stage(rows: Iterable[Any]) -> dict[UUID, list[Sums]]:
    found: dict[UUID, list[Sums]] = {}
    for row in rows:
        found.setdefault(row.stage_id, []).append(Sums.model_validate(row))
    return found
