"""Today over HTTP."""

from fastapi import APIRouter

from backend.core.clock import Now
from backend.identity.deps import CurrentActor, PersonSession
from backend.today import service
from backend.today.schemas import Today

router = APIRouter(tags=["today"])


@router.get("/today")
async def get_today(session: PersonSession, actor: CurrentActor, now: Now) -> Today:
    """今日待办: escalations, overdue and coming first contacts, new leads, agreed next steps."""
    return await service.today(session, actor, now)
