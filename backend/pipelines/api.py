"""Pipelines over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Response

from backend.core.clock import Now
from backend.core.http import problems
from backend.core.locking import IfMatch, set_etag
from backend.identity.deps import CurrentActor, PersonSession
from backend.pipelines import service
from backend.pipelines.rules import Pipeline
from backend.pipelines.schemas import PipelineOut, PipelinesOut, PipelineVersions

router = APIRouter(tags=["pipelines"])


@router.get("/pipelines")
async def list_pipelines(session: PersonSession) -> PipelinesOut:
    """Those in use, the default one first, with their stages and what each asks for."""
    return await service.pipelines(session)


@router.post("/pipelines", status_code=201, responses=problems(409))
async def create_pipeline(session: PersonSession, actor: CurrentActor, body: Pipeline, response: Response, now: Now) -> PipelineOut:
    """A further kind of business."""
    made = await service.create(session, actor, body, now)
    set_etag(response, made.version)
    return made


@router.get("/pipelines/{pipeline_id}")
async def get_pipeline(session: PersonSession, pipeline_id: UUID, response: Response) -> PipelineOut:
    found = await service.pipeline(session, pipeline_id)
    set_etag(response, found.version)
    return found


@router.put("/pipelines/{pipeline_id}", responses=problems(409, 412, 428))
async def change_pipeline(
    session: PersonSession, actor: CurrentActor, pipeline_id: UUID, body: Pipeline, response: Response, version: IfMatch, now: Now
) -> PipelineOut:
    """Replaces names and stages by a new version; opportunities stay in their stages, and every stage that there was is named again."""
    changed = await service.change(session, actor, pipeline_id, body, version, now)
    set_etag(response, changed.version)
    return changed


@router.get("/pipelines/{pipeline_id}/versions")
async def list_pipeline_versions(session: PersonSession, pipeline_id: UUID) -> PipelineVersions:
    """Who saved which version, the newest first."""
    return await service.versions(session, pipeline_id)
