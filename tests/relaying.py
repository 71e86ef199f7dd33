"""The relay inside a test's transaction, which stands for the database: a savepoint is what a transaction is to the worker."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import relay
from tests.announced import NEXT_UNIT

FAR = datetime(9999, 1, 1, tzinfo=UTC)


async def step(session: AsyncSession, now: datetime, claim_at: datetime = FAR) -> bool:
    """One event as a lane of the worker handles it; False when there is none."""
    try:
        async with session.begin_nested():
            busy = await relay.handle(session, claim_at, now)
    except relay.Failed as failed:
        await relay.note_failure(session, failed)
        busy = True
    await session.execute(NEXT_UNIT)
    return busy


async def drain(session: AsyncSession, now: datetime, *, limit: int = 1000) -> int:
    """Handles all open events, those that wait for their next try too; returns how many."""
    for handled in range(limit):
        if not await step(session, now):
            return handled
    raise RuntimeError(f"more than {limit} events: do two handlers feed each other?")
