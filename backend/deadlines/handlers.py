"""Due dates follow the rules."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.outbox import OutboxRow, handles
from backend.deadlines import service


@handles("calendar.changed")
async def recompute_working_time(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    del event
    await service.recompute(session, now)


@handles("ladder.changed")
async def recompute_ladder(session: AsyncSession, event: OutboxRow, now: datetime) -> None:
    await service.recompute(session, now, event.payload["ladder"])
