"""The dry run of a pipeline over HTTP: it counts opportunities, so it stands with them."""

from uuid import UUID

from fastapi import APIRouter

from backend.core.clock import Now
from backend.identity.deps import Actor, OwnedListSession
from backend.identity.rules import OwnedScope
from backend.opportunities import trial
from backend.opportunities.trial_schemas import PipelineTrial
from backend.pipelines.rules import Pipeline

router = APIRouter(tags=["pipelines"])


@router.post("/pipelines/{pipeline_id}/dry-run")
async def try_pipeline(session: OwnedListSession, pipeline_id: UUID, body: Pipeline, now: Now, scope: OwnedScope = "own") -> PipelineTrial:
    """What these stages would mean for the open opportunities as far as the scope reaches; nothing is stored."""
    actor: Actor = session.info["actor"]
    return await trial.trial(session, actor, scope, pipeline_id, body, now)
