"""Saved views over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from backend.core.clock import Now
from backend.core.http import problems
from backend.core.locking import IfMatch, set_etag
from backend.core.schemas import Name
from backend.identity.deps import CurrentActor, PersonSession
from backend.saved_views import service
from backend.saved_views.schemas import ViewCreate, ViewOut, ViewPatch, Views

router = APIRouter(tags=["saved views"])


@router.get("/views")
async def list_views(session: PersonSession, actor: CurrentActor, subject: Annotated[Name, Query()]) -> Views:
    """One's own views of a list and those shared with one's region or the company."""
    return await service.listed(session, actor, subject)


@router.post("/views", status_code=201, responses=problems(409))
async def create_view(session: PersonSession, actor: CurrentActor, body: ViewCreate, response: Response, now: Now) -> ViewOut:
    view = await service.create(session, actor, body, now)
    set_etag(response, view.version)
    return view


@router.patch("/views/{view_id}", responses=problems(409, 412, 428))
async def change_view(
    session: PersonSession, actor: CurrentActor, view_id: UUID, body: ViewPatch, version: IfMatch, response: Response, now: Now
) -> ViewOut:
    """Renames, refills, shares or makes default; only its owner."""
    view = await service.change(session, actor, view_id, body, version, now)
    set_etag(response, view.version)
    return view


@router.post("/views/{view_id}/removal", status_code=204)
async def remove_view(session: PersonSession, actor: CurrentActor, view_id: UUID, now: Now) -> None:
    """The view leaves every list."""
    await service.remove(session, actor, view_id, now)
