"""Lists of leads: found by one function of the database, read under row security."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, Uuid, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.errors import Invalid, field_error
from backend.core.hot import Hot
from backend.core.pagination import Page, decode_cursor, page_of
from backend.leads import finding, queries
from backend.leads.cards import card
from backend.leads.finding import COUNTED, KEY_KINDS, LeadFilter, Sort
from backend.leads.models import Lead
from backend.leads.schemas import LeadCard, LeadCount


def _found() -> Any:
    """Ids in the order of the list, with the sort value of each."""
    given = cast(bindparam("given", type_=Text()), JSONB)
    call = func.lead_find(
        given, bindparam("sort", type_=Text()), bindparam("after_key", type_=Text()), bindparam("after_id", type_=Uuid()), bindparam("most")
    )
    return call.table_valued("place", "id", "key").render_derived("found")


def _page() -> Select[Any]:
    found = _found()
    return queries.cards(found.c.key.label("sort_value")).join(found, found.c.id == Lead.id).order_by(found.c.place)


PAGE = Hot.of(_page())
COUNT = Hot.of(select(func.count().label("count")).select_from(_found()))


async def page(
    session: AsyncSession, scope: str, wanted: LeadFilter, sort: Sort, cursor: str | None, limit: int, now: datetime
) -> Page[LeadCard]:
    """One page in the order of `sort`, as far as the session's lens sees."""
    given = _conditions(wanted, now)
    shape = ("leads", scope, sort.value, {name: value for name, value in given.items() if name != "now"})
    after = decode_cursor(cursor, (KEY_KINDS[sort], UUID), shape)
    rows: Sequence[Any] = await PAGE.rows(session, **_arguments(given, sort, after, limit + 1))
    shown, next_cursor = page_of(rows, limit, lambda row: (row.sort_value, row.id), shape)
    return Page[LeadCard](items=[card(row) for row in shown], next_cursor=next_cursor)


async def batch(session: AsyncSession, given: dict[str, Any], after: tuple[Any, ...] | None, most: int, *more: Any) -> Sequence[Any]:
    """The next rows of a list that was narrowed by `finding.conditions`, newest first, with further columns."""
    found = _found()
    query = queries.cards(found.c.key.label("sort_value"), *more).join(found, found.c.id == Lead.id).order_by(found.c.place)
    found_rows: Sequence[Any] = (await session.execute(query, _arguments(given, Sort.RECEIVED, after, most))).all()
    return found_rows


async def count_up_to(session: AsyncSession, given: dict[str, Any], most: int) -> int:
    """How many such a list has, counted no further than asked."""
    return int((await COUNT.row(session, **_arguments(given, Sort.RECEIVED, None, most))).count)


async def count(session: AsyncSession, wanted: LeadFilter, now: datetime) -> LeadCount:
    """How many there are, up to a bound: nobody waits for a million to be counted."""
    row = await COUNT.row(session, **_arguments(_conditions(wanted, now), Sort.RECEIVED, None, COUNTED + 1))
    return LeadCount(count=min(row.count, COUNTED), is_more=row.count > COUNTED)


def _conditions(wanted: LeadFilter, now: datetime) -> dict[str, Any]:
    if finding.is_too_short(wanted):
        wrong = field_error("query/q", "Enter at least two characters.", "too_short")
        raise Invalid("search_too_short", wrong["detail"], errors=[wrong])
    return finding.conditions(wanted, now)


def _arguments(given: dict[str, Any], sort: Sort, after: tuple[Any, ...] | None, most: int) -> dict[str, Any]:
    key, after_id = after or (None, None)
    return {
        "given": json.dumps(given),
        "sort": sort.value,
        "after_key": None if key is None else str(key),
        "after_id": after_id,
        "most": most,
    }
