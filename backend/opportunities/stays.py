"""The list of stays in stages: what stands behind the figures of dwell and conversion."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Interval, Select, cast, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.listing import COUNTED
from backend.core.pagination import ListCount, Page, decode_cursor, page_of
from backend.opportunities import queries
from backend.opportunities.models import Opportunity, StageStay
from backend.opportunities.reading import card, clocks_of
from backend.opportunities.rules import Clocks
from backend.opportunities.schemas import StayRow
from backend.pipelines.models import StageRow
from backend.pipelines.rules import ADVANCES

ADVANCING = [move.value for move in ADVANCES]
DWELL = StageStay.left_at - StageStay.entered_at


class StaySort(StrEnum):
    """The longest first is of stays that have ended."""

    BEGAN = "-began"
    BEGAN_FIRST = "began"
    LONGEST = "-dwell"


class StayOutcome(StrEnum):
    STANDING = "standing"
    ENDED = "ended"
    ADVANCED = "advanced"


@dataclass(frozen=True)
class StayFilter:
    """What the list is narrowed to; what is not given narrows nothing."""

    stages: list[UUID] = field(default_factory=list)
    pipelines: list[UUID] = field(default_factory=list)
    owners: list[UUID] = field(default_factory=list)
    regions: list[UUID] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    began_from: datetime | None = None
    began_before: datetime | None = None
    ended_from: datetime | None = None
    ended_before: datetime | None = None
    outcome: StayOutcome | None = None


def narrowed(wanted: StayFilter) -> Iterator[ColumnElement[bool]]:
    several: tuple[tuple[Any, Sequence[Any]], ...] = (
        (StageStay.stage_id, wanted.stages),
        (Opportunity.pipeline_id, wanted.pipelines),
        (Opportunity.owner_id, wanted.owners),
        (Opportunity.region_id, wanted.regions),
        (Opportunity.source, wanted.sources),
    )
    yield from (column.in_(values) for column, values in several if values)
    compared = (
        (wanted.began_from, StageStay.entered_at.__ge__),
        (wanted.began_before, StageStay.entered_at.__lt__),
        (wanted.ended_from, StageStay.left_at.__ge__),
        (wanted.ended_before, StageStay.left_at.__lt__),
    )
    yield from (compare(value) for value, compare in compared if value is not None)
    outcomes = {
        StayOutcome.STANDING: StageStay.left_at.is_(None),
        StayOutcome.ENDED: StageStay.left_at.is_not(None),
        StayOutcome.ADVANCED: StageStay.left_move.in_(ADVANCING),
    }
    if wanted.outcome is not None:
        yield outcomes[wanted.outcome]


def rows(wanted: StayFilter, sort: StaySort, after: tuple[Any, ...] | None, most: int) -> Select[Any]:
    """Cards of opportunities, each with one of its stays."""
    key: Any = DWELL if sort is StaySort.LONGEST else StageStay.entered_at
    stay = (StageStay.id.label("stay_id"), StageStay.move, StageStay.entered_at, StageStay.left_at, StageStay.left_move)
    stage = (StageRow.id.label("stay_stage_id"), *queries.STAGE_FIELDS[1:])
    query = (
        queries.cards(*stay, *stage, DWELL.label("dwell"))
        .join(StageStay, StageStay.opportunity_id == Opportunity.id)
        .join(StageRow, StageRow.id == StageStay.stage_id)
        .where(*narrowed(wanted))
        .limit(most)
    )
    if sort is StaySort.LONGEST:
        query = query.where(StageStay.left_at.is_not(None))
    if sort is StaySort.BEGAN_FIRST:
        query = query.order_by(key, StageStay.id)
        return query if after is None else query.where(tuple_(key, StageStay.id) > after)
    query = query.order_by(key.desc(), StageStay.id.desc())
    if after is None:
        return query
    limit = cast(literal(timedelta(microseconds=after[0])), Interval) if sort is StaySort.LONGEST else after[0]
    return query.where(tuple_(key, StageStay.id) < tuple_(limit, after[1]))


async def page(
    session: AsyncSession, scope: str, wanted: StayFilter, sort: StaySort, cursor: str | None, limit: int, now: datetime
) -> Page[StayRow]:
    shape = ("stays", scope, sort.value, *(str(getattr(wanted, one.name)) for one in fields(wanted)))
    after = decode_cursor(cursor, (int if sort is StaySort.LONGEST else datetime, UUID), shape)
    found = (await session.execute(rows(wanted, sort, after, limit + 1))).all()
    clocks = await clocks_of(session)
    items, following = page_of(found, limit, lambda row: _key(row, sort), shape)
    return Page[StayRow](items=[_stay(row, clocks, now) for row in items], next_cursor=following)


def _key(row: Any, sort: StaySort) -> tuple[Any, UUID]:
    return row.dwell // timedelta(microseconds=1) if sort is StaySort.LONGEST else row.entered_at, row.stay_id


def _stay(row: Any, clocks: Clocks, now: datetime) -> StayRow:
    stage = {name: getattr(row, f"stage_{name}") for name in ("key", "name_zh", "name_en", "kind")} | {"id": row.stay_stage_id}
    named = {name: getattr(row, name) for name in ("move", "entered_at", "left_at", "left_move")}
    return StayRow.model_validate({**named, "id": row.stay_id, "stage": stage, "opportunity": card(row, clocks, now)})


async def count(session: AsyncSession, wanted: StayFilter) -> ListCount:
    """Up to a bound, as of every list."""
    some = (
        select(StageStay.id)
        .join(Opportunity, Opportunity.id == StageStay.opportunity_id)
        .where(*narrowed(wanted))
        .limit(COUNTED + 1)
        .subquery()
    )
    counted = int(await session.scalar(select(func.count()).select_from(some)) or 0)
    return ListCount(count=min(counted, COUNTED), is_more=counted > COUNTED)
