"""Pipelines over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from backend.core.clock import Now
from backend.core.http import problems
from backend.core.locking import IfMatch, set_etag
from backend.identity.deps import CurrentActor, PersonSession
from backend.pipelines import service
from backend.pipelines.rules import Pipeline
from backend.pipelines.schemas import PipelineChange, PipelineOut, PipelinesOut, PipelineUse, PipelineVersionDetail, PipelineVersions

router = APIRouter(tags=["pipelines"])
VersionNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/pipelines")
async def list_pipelines(session: PersonSession) -> PipelinesOut:
    """With their stages and what each asks for: the default one first, those out of use last."""
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
    session: PersonSession, actor: CurrentActor, pipeline_id: UUID, body: PipelineChange, response: Response, version: IfMatch, now: Now
) -> PipelineOut:
    """Replaces names and stages by a new version; opportunities stay in their stages, and every stage that there was is named again."""
    changed = await service.change(session, actor, pipeline_id, body, version, now)
    set_etag(response, changed.version)
    return changed


@router.put("/pipelines/{pipeline_id}/default", responses=problems(409))
async def make_pipeline_default(session: PersonSession, actor: CurrentActor, pipeline_id: UUID, now: Now) -> PipelineOut:
    """What a new opportunity gets from now on unless another is chosen; the one before is an ordinary one again."""
    return await service.make_default(session, actor, pipeline_id, now)


@router.put("/pipelines/{pipeline_id}/use", responses=problems(409))
async def set_pipeline_use(session: PersonSession, actor: CurrentActor, pipeline_id: UUID, body: PipelineUse, now: Now) -> PipelineOut:
    """Takes it out of use, or into use again; 409 for the default one."""
    return await service.set_use(session, actor, pipeline_id, is_active=body.is_active, now=now)


@router.get("/pipelines/{pipeline_id}/versions")
async def list_pipeline_versions(session: PersonSession, pipeline_id: UUID) -> PipelineVersions:
    """Who saved which version, the newest first."""
    return await service.versions(session, pipeline_id)


@router.get("/pipelines/{pipeline_id}/versions/{number}")
async def get_pipeline_version(session: PersonSession, pipeline_id: UUID, number: VersionNumber) -> PipelineVersionDetail:
    """The pipeline as it was saved then."""
    return await service.version(session, pipeline_id, number)
