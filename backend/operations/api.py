"""Events that the relay has given up, over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path

from backend.core.clock import Now, RealNow
from backend.core.pagination import Cursor, Limit, Page, decode_cursor
from backend.identity.deps import CurrentActor, PersonSession
from backend.operations import service
from backend.operations.schemas import DeadEvent, Replayed

router = APIRouter(tags=["operations"])
EventId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/dead-events")
async def list_dead_events(session: PersonSession, actor: CurrentActor, cursor: Cursor = None, limit: Limit = 50) -> Page[DeadEvent]:
    """Events whose handlers failed too often; the last one to die first."""
    after = decode_cursor(cursor, (datetime, int), service.SHAPE)
    items, following = await service.list_dead(session, actor, after, limit)
    return Page(items=items, next_cursor=following)


@router.post("/dead-events/{event_id}/replay")
async def replay_dead_event(event_id: EventId, session: PersonSession, actor: CurrentActor, now: Now, real_now: RealNow) -> Replayed:
    """Tries one again; what it has already done is not done twice."""
    return await service.replay(session, actor, event_id, now, real_now)


@router.post("/dead-events/replay-all")
async def replay_all_dead_events(session: PersonSession, actor: CurrentActor, now: Now, real_now: RealNow) -> Replayed:
    """Tries all of them again."""
    return await service.replay_all(session, actor, now, real_now)
