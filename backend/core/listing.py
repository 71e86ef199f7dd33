"""Pages, counts and batches of a long list: found by `<table>_find` (`core.finding`), read under row security."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, Uuid, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import finding
from backend.core.errors import Invalid, field_error
from backend.core.hot import Hot
from backend.core.pagination import ListCount, decode_cursor, page_of

COUNTED = 1000
"""Counts stop here: a screen says "1000+"."""


@dataclass(frozen=True)
class Listing:
    """One register's list. The first of `kinds` (sort -> type of its values) is the order in which it leaves the house."""

    name: str
    table: Any
    cards: Callable[..., Select[Any]]
    kinds: Mapping[Any, type]
    prefix: str

    @cached_property
    def statement(self) -> Hot:
        return Hot.of(self._rows())

    @cached_property
    def _count(self) -> Hot:
        return Hot.of(select(func.count().label("count")).select_from(self._found()))

    def _found(self) -> Any:
        """Ids in the order of the list, with the sort value of each."""
        call = getattr(func, f"{self.table.__tablename__}_find")(
            cast(bindparam("given", type_=Text()), JSONB),
            bindparam("sort", type_=Text()),
            bindparam("after_key", type_=Text()),
            bindparam("after_id", type_=Uuid()),
            bindparam("most"),
        )
        return call.table_valued("place", "id", "key").render_derived("found")

    def _rows(self, *more: Any) -> Select[Any]:
        found = self._found()
        return self.cards(found.c.key.label("sort_value"), *more).join(found, found.c.id == self.table.id).order_by(found.c.place)

    def conditions(self, wanted: Any) -> dict[str, Any]:
        """What narrows the list, as the database reads it; 422 when the search is too short."""
        if finding.is_too_short(wanted.q):
            wrong = field_error("query/q", "Enter at least two characters.", "too_short")
            raise Invalid("search_too_short", wrong["detail"], errors=[wrong])
        return finding.conditions(wanted, self.prefix)

    async def page(
        self, session: AsyncSession, scope: str, given: dict[str, Any], sort: Any, cursor: str | None, limit: int
    ) -> tuple[Sequence[Any], str | None]:
        """The rows of one page in the order of `sort`, as far as the session's lens sees, and the cursor of the next."""
        shape = (self.name, scope, sort.value, {name: value for name, value in given.items() if name != "now"})
        after = decode_cursor(cursor, (self.kinds[sort], UUID), shape)
        rows: Sequence[Any] = await self.statement.rows(session, **_arguments(given, sort, after, limit + 1))
        return page_of(rows, limit, lambda row: (row.sort_value, row.id), shape)

    async def batch(
        self, session: AsyncSession, given: dict[str, Any], after: tuple[Any, ...] | None, most: int, *more: Any
    ) -> Sequence[Any]:
        """The next rows of a list that was narrowed by `conditions`, with further columns."""
        found: Sequence[Any] = (await session.execute(self._rows(*more), _arguments(given, next(iter(self.kinds)), after, most))).all()
        return found

    async def count_up_to(self, session: AsyncSession, given: dict[str, Any], most: int) -> int:
        """How many such a list has, counted no further than asked."""
        return int((await self._count.row(session, **_arguments(given, next(iter(self.kinds)), None, most))).count)

    async def count(self, session: AsyncSession, given: dict[str, Any]) -> ListCount:
        """How many there are, up to a bound: nobody waits for a million to be counted."""
        counted = await self.count_up_to(session, given, COUNTED + 1)
        return ListCount(count=min(counted, COUNTED), is_more=counted > COUNTED)


def _arguments(given: dict[str, Any], sort: Any, after: tuple[Any, ...] | None, most: int) -> dict[str, Any]:
    key, after_id = after or (None, None)
    return {
        "given": json.dumps(given),
        "sort": sort.value,
        "after_key": None if key is None else str(key),
        "after_id": after_id,
        "most": most,
    }
