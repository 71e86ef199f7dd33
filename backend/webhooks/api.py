"""The inbound webhook, and what marketing reads of forms and submissions."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request

from backend.core.clock import Now, RealNow
from backend.core.db import trace_var
from backend.core.http import problems
from backend.core.limiting import Limiter, get_limiter
from backend.core.pagination import Cursor, Limit, Page
from backend.identity.deps import CurrentActor, PersonSession
from backend.webhooks import intake, service
from backend.webhooks.rules import SubmissionState
from backend.webhooks.schemas import Forms, Received, SubmissionOut
from backend.webhooks.store import IntakeStore, get_store

router = APIRouter(tags=["webhooks"])
Store = Annotated[IntakeStore, Depends(get_store)]
LimiterDep = Annotated[Limiter, Depends(get_limiter)]
FormKey = Annotated[str, Path(min_length=1, max_length=100)]
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "application/x-www-form-urlencoded": {"schema": {"type": "object"}},
            "text/plain": {"schema": {"type": "string"}},
        },
    }
}


@router.post("/inbound/forms/{form_key}", status_code=202, response_model=Received, responses=problems(413, 429), openapi_extra=BODY)
async def receive_form(
    form_key: FormKey, request: Request, store: Store, limiter: LimiterDep, now: Now, real_now: RealNow
) -> dict[str, Any]:
    """Takes a form's post: signed by Standard Webhooks or with the form's token. 202 means that it is kept for good.

    A repeat with the same `webhook-id` gets the first answer. What is authentic but does not fit the mapping waits in quarantine.
    """
    trace = trace_var.get()
    post = intake.Post(dict(request.headers), await request.body(), trace.ip, trace.request_id)
    return await intake.receive(store, limiter, form_key, post, now, real_now)


@router.get("/forms")
async def list_forms(session: PersonSession, actor: CurrentActor) -> Forms:
    return await service.list_forms(session, actor)


@router.get("/submissions")
async def list_submissions(
    session: PersonSession, actor: CurrentActor, state: SubmissionState | None = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[SubmissionOut]:
    """Newest first."""
    return await service.list_submissions(session, actor, state, cursor, limit)
