"""Calendar, opening hours and ladders as shipped; what the company has changed is left alone."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.calendar import OFFICE_HOURS
from backend.core.ids import new_id
from backend.deadlines import queries
from backend.deadlines.models import Daily, LadderRow, WorkingWindow
from backend.deadlines.rules import DAILIES, DEFAULT_LADDERS, Source
from backend.deadlines.statutory import statutory_days


async def install(session: AsyncSession) -> None:
    """Idempotent; brings the days of a newer package, and new ladders."""
    days = [{"date": entry.day, "is_workday": entry.is_workday, "name": entry.name} for entry in statutory_days()]
    await session.execute(queries.put_days(days, Source.STATE_COUNCIL))
    if await session.scalar(select(WorkingWindow.id).limit(1)) is None:
        hours = [
            {"id": new_id(), "weekday": weekday, "opens": opens, "closes": closes}
            for weekday, windows in OFFICE_HOURS.items()
            for opens, closes in windows
        ]
        await session.execute(insert(WorkingWindow).values(hours))
    ladders = [
        {"kind": ladder.kind, "rungs": [rung.model_dump(mode="json") for rung in ladder.rungs]} for ladder in DEFAULT_LADDERS.values()
    ]
    await session.execute(insert(LadderRow).values(ladders).on_conflict_do_nothing())
    dailies = [{"kind": kind.value, "at": hours.at} for kind, hours in DAILIES.items()]
    await session.execute(insert(Daily).values(dailies).on_conflict_do_nothing())
