"""The calendar and the ladders as they stand, kept in memory for a few seconds.

A process may set a due date by a rule that was changed moments ago; `service.recompute` runs hourly and puts that right.
"""

import time
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.calendar import OFFICE_HOURS, Window, WorkingCalendar
from backend.core.config import get_settings
from backend.deadlines import queries
from backend.deadlines.rules import DEFAULT_LADDERS, Ladder, known_years

FRESH_SECONDS = 5.0


@dataclass(frozen=True)
class Rulebook:
    """What due dates are computed from."""

    calendar: WorkingCalendar
    ladders: dict[str, Ladder]


_kept: tuple[float, Rulebook] | None = None


async def load(session: AsyncSession) -> Rulebook:
    """The rulebook, at most a few seconds old."""
    global _kept  # noqa: PLW0603
    if _kept is None or time.monotonic() - _kept[0] > FRESH_SECONDS:
        _kept = (time.monotonic(), await read(session))
    return _kept[1]


def forget() -> None:
    """Makes the next `load` read; called by whoever changes a rule."""
    global _kept  # noqa: PLW0603
    _kept = None


async def read(session: AsyncSession) -> Rulebook:
    """The rulebook as this transaction sees it."""
    stored = [
        Ladder(kind=row.kind, rungs=tuple(row.rungs), spares_planned=row.spares_planned) for row in await session.scalars(queries.ladders())
    ]
    return Rulebook(await _read_calendar(session), DEFAULT_LADDERS | {ladder.kind: ladder for ladder in stored})


async def _read_calendar(session: AsyncSession) -> WorkingCalendar:
    days = [(row.date, row.is_workday, row.source) for row in await session.execute(queries.all_days())]
    windows: dict[int | None, list[Window]] = {}
    for row in await session.scalars(queries.active_windows()):
        windows.setdefault(row.weekday, []).append((row.opens, row.closes))
    worked = {day: is_workday for day, is_workday, _ in days}
    years = known_years(((day, source) for day, _, source in days), await session.scalars(queries.confirmed_years()))
    return WorkingCalendar(worked, windows or OFFICE_HOURS, get_settings().company_zone, years)
