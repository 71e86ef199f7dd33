"""What a list must offer so that it can leave as a file: the same rows, in the same order, as its route shows them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import finding
from backend.core.config import get_settings
from backend.core.listing import Listing

PAGE = 1000


@dataclass(frozen=True)
class Column:
    """A column of an exported list: its name in both languages and its value of a row; a pair of words is a value in both languages."""

    zh: str
    en: str
    value: Callable[[Any], Any]

    def read(self, row: Any, side: int) -> Any:
        """The value in Chinese (0) or English (1)."""
        value = self.value(row)
        return value[side] if isinstance(value, tuple) else value


@dataclass(frozen=True)
class Leaving:
    """One list as it leaves: `titles` in both languages, `more` columns that the list itself does not read."""

    titles: tuple[str, str]
    listing: Listing
    columns: Sequence[Column]
    more: Sequence[Any]
    filters: Callable[[AsyncSession, dict[str, Any], datetime], Awaitable[dict[str, Any]]]
    """The list's own filters, checked; raises ValueError that names the wrong one."""

    async def count(self, session: AsyncSession, given: dict[str, Any], most: int) -> int:
        """Rows of a list with these filters as the session sees it, at most the given number."""
        return await self.listing.count_up_to(session, given, most)

    async def pages(self, session: AsyncSession, given: dict[str, Any]) -> AsyncIterator[Sequence[Any]]:
        """The rows in the order of the list, a page at a time."""
        after = None
        while True:
            rows = await self.listing.batch(session, given, after, PAGE + 1, *self.more)
            yield rows[:PAGE]
            if len(rows) <= PAGE:
                return
            after = rows[PAGE - 1].sort_value, rows[PAGE - 1].id


def local(moment: datetime | None) -> datetime | None:
    """As the company's clock shows it; spreadsheets know no zones."""
    return moment.astimezone(ZoneInfo(get_settings().company_zone)).replace(tzinfo=None, microsecond=0) if moment else None


def ago(now: datetime, days: int | None) -> datetime | None:
    return now - timedelta(days=days) if days else None


def refuse_short(q: str | None) -> None:
    if finding.is_too_short(q):
        raise ValueError("enter at least two characters")
