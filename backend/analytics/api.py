"""The dashboard over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from backend.analytics import rules, service
from backend.analytics.queries import Narrowed
from backend.analytics.schemas import Dashboard
from backend.core.clock import Now
from backend.core.pagination import Several
from backend.core.schemas import Line
from backend.identity.deps import OwnedListSession
from backend.identity.rules import OwnedScope

router = APIRouter(tags=["dashboard"])
Month = Annotated[
    str | None,
    Query(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", description="The last month, such as 2026-03; the present one unless said otherwise"),
]
Many = Annotated[int, Query(ge=1, le=rules.MOST_MONTHS, description="How many months, the last one included")]


async def narrowed(
    owner: Annotated[list[UUID] | None, Several] = None,
    region: Annotated[list[UUID] | None, Several] = None,
    source: Annotated[list[Line] | None, Several] = None,
) -> Narrowed:
    return Narrowed(owner or [], region or [], source or [])


@router.get("/dashboard")
async def get_dashboard(
    session: OwnedListSession,
    wanted: Annotated[Narrowed, Depends(narrowed)],
    now: Now,
    scope: OwnedScope = "own",
    pipeline: Annotated[UUID | None, Query(description="The default one unless said otherwise")] = None,
    last_month: Month = None,
    months: Many = rules.USUAL_MONTHS,
) -> Dashboard:
    """仪表盘: amounts and dwell by stage with the bottleneck, conversion by month, quality of sources."""
    last = date.fromisoformat(f"{last_month}-01") if last_month else None
    return await service.dashboard(session, scope, pipeline, last, months, wanted, now)
