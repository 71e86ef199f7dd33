"""Looking at events that were given up, and trying them again."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.db import after_commit
from backend.core.errors import NotFound
from backend.core.pagination import page_of
from backend.identity.deps import Actor
from backend.operations import queries
from backend.operations.events import EventsReplayed
from backend.operations.schemas import DeadEvent, Replayed

SHAPE = ("dead_events",)


async def list_dead(session: AsyncSession, actor: Actor, after: queries.Place | None, limit: int) -> tuple[list[DeadEvent], str | None]:
    actor.require("events.manage")
    rows = (await session.execute(queries.dead_events(after, limit))).all()
    page, following = page_of(rows, limit, lambda row: (row.dead_at, row.id), SHAPE)
    return [DeadEvent.model_validate(row) for row in page], following


async def count_dead(session: AsyncSession) -> int:
    """How many this person sees, up to a hundred."""
    return await session.scalar(queries.count_dead()) or 0


async def replay(session: AsyncSession, actor: Actor, event_id: int, now: datetime, real_now: datetime) -> Replayed:
    """404 for an event that is not dead, or not anymore, or not for this person to see."""
    if await session.scalar(select(outbox.Outbox.id).where(outbox.Outbox.id == event_id, outbox.Outbox.dead_at.is_not(None))) is None:
        raise NotFound
    return await _revive(session, actor, event_id, now, real_now)


async def replay_all(session: AsyncSession, actor: Actor, now: datetime, real_now: datetime) -> Replayed:
    actor.require("events.manage")
    return await _revive(session, actor, None, now, real_now)


async def _revive(session: AsyncSession, actor: Actor, event_id: int | None, now: datetime, real_now: datetime) -> Replayed:
    """Puts dead events back in front of the relay, and writes down who did."""
    count = await session.scalar(select(func.outbox_revive(event_id, real_now))) or 0
    if event_id is not None and count == 0:
        raise NotFound  # somebody else was first
    if count:
        await outbox.add(session, EventsReplayed(actor.id, event_id, count), now)
        after_commit(session, outbox.ring, key="relay")
    return Replayed(replayed=count)
