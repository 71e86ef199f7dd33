"""Exports over HTTP."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from backend.core.clock import Now
from backend.core.http import problems
from backend.core.idempotency import OnceDep
from backend.core.pagination import Cursor, Limit, Page
from backend.identity.deps import CurrentActor, PersonSession
from backend.imports import exports
from backend.imports.api import FILE, file_answer
from backend.imports.schemas import Decision, ExportCreate, ExportOut, ExportPolicyIn, ExportPolicyOut

router = APIRouter(tags=["exports"])


@router.post("/exports", status_code=201, response_model=ExportOut, responses=problems(409))
async def create_export(session: PersonSession, actor: CurrentActor, body: ExportCreate, once: OnceDep, now: Now) -> Any:
    """A list as its requester sees it. Short ones are ready at once, longer ones are made in the background, the largest wait for approval."""
    return await once(session, lambda: exports.ask(session, actor, body, now))


@router.get("/exports")
async def list_exports(session: PersonSession, actor: CurrentActor, cursor: Cursor = None, limit: Limit = 50) -> Page[ExportOut]:
    """One's own and those that one may decide on, newest first."""
    return await exports.page(session, actor, cursor, limit)


@router.get("/exports/{export_id}")
async def get_export(session: PersonSession, actor: CurrentActor, export_id: UUID) -> ExportOut:
    return await exports.one(session, actor, export_id)


@router.post("/exports/{export_id}/approval", responses=problems(409))
async def approve_export(session: PersonSession, actor: CurrentActor, export_id: UUID, body: Decision, now: Now) -> ExportOut:
    """By the requester's supervisor or an administrator."""
    return await exports.decide(session, actor, export_id, body.comment, now, is_approved=True)


@router.post("/exports/{export_id}/rejection", responses=problems(409))
async def reject_export(session: PersonSession, actor: CurrentActor, export_id: UUID, body: Decision, now: Now) -> ExportOut:
    return await exports.decide(session, actor, export_id, body.comment, now, is_approved=False)


@router.get("/exports/{export_id}/file", response_class=StreamingResponse, responses={**FILE, **problems(409)})
async def download_export(session: PersonSession, actor: CurrentActor, export_id: UUID, now: Now) -> StreamingResponse:
    """For its requester alone, until it expires; every download is written down."""
    return file_answer(await exports.take(session, actor, export_id, now), actor.id)


@router.get("/export-policy")
async def get_export_policy(session: PersonSession) -> ExportPolicyOut:
    """From how many rows on an export waits for approval."""
    return await exports.policy(session)


@router.put("/export-policy")
async def set_export_policy(session: PersonSession, actor: CurrentActor, body: ExportPolicyIn, now: Now) -> ExportPolicyOut:
    return await exports.set_policy(session, actor, body.approval_above, now)
