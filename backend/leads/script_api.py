"""首次联系话术 over HTTP."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from backend.core.clock import Now
from backend.core.http import problems
from backend.core.idempotency import OnceDep
from backend.core.locking import IfMatch, set_etag
from backend.identity.deps import CurrentActor, PersonSession
from backend.leads import script_settings
from backend.leads.schemas import ScriptFields, ScriptOrder, ScriptPatch, ScriptPreview, ScriptTemplateOut, ScriptTemplates, ScriptTrial

router = APIRouter(tags=["scripts"])


@router.get("/script-templates")
async def list_script_templates(session: PersonSession, actor: CurrentActor) -> ScriptTemplates:
    """All of them, in their order."""
    return await script_settings.list_scripts(session, actor)


@router.post("/script-templates", status_code=201, response_model=ScriptTemplateOut, responses=problems(409))
async def create_script_template(body: ScriptFields, session: PersonSession, actor: CurrentActor, now: Now, once: OnceDep) -> Any:
    return await once(session, lambda: script_settings.create_script(session, actor, body, now))


@router.post("/script-previews")
async def preview_script_template(body: ScriptTrial, session: PersonSession, actor: CurrentActor) -> ScriptPreview:
    """The text for a real lead; nothing is stored."""
    return await script_settings.try_script(session, actor, body)


@router.put("/script-order", responses=problems(409))
async def order_script_templates(body: ScriptOrder, session: PersonSession, actor: CurrentActor, now: Now) -> ScriptTemplates:
    """All ids, in their new order: of two that fit equally well the earlier one is shown."""
    return await script_settings.order_scripts(session, actor, body.ids, now)


@router.patch("/script-templates/{script_id}", response_model=ScriptTemplateOut, responses=problems(409, 412, 428))
async def change_script_template(
    script_id: UUID, body: ScriptPatch, response: Response, session: PersonSession, actor: CurrentActor, version: IfMatch, now: Now
) -> Any:
    """Only the fields that are sent."""
    script = await script_settings.change_script(session, actor, script_id, body, version, now)
    set_etag(response, script.version)
    return script
