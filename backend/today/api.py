"""Today over HTTP."""

from fastapi import APIRouter

from backend.core.clock import Now
from backend.identity.deps import CurrentActor, PersonSession
from backend.today import service
from backend.today.rules import TodayKind
from backend.today.schemas import Today

router = APIRouter(tags=["today"])


@router.get("/today", response_model_exclude_unset=True)
async def get_today(session: PersonSession, actor: CurrentActor, now: Now, kind: TodayKind | None = None) -> Today:
    """今日待办: escalations, leads to give out, overdue and coming first contacts, new leads, agreed next steps; `kind` lists one of them."""
    return await service.today(session, actor, now, kind)
