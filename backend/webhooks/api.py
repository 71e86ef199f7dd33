"""The inbound webhook, and what marketing does with forms and submissions."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse

from backend.core.clock import Now, RealNow
from backend.core.db import trace_var
from backend.core.http import problems
from backend.core.idempotency import OnceDep
from backend.core.limiting import Limiter, get_limiter
from backend.core.locking import IfMatch, set_etag
from backend.core.pagination import Cursor, Limit, Page
from backend.identity.deps import CurrentActor, PersonSession
from backend.webhooks import form_settings, intake, quarantine, trial
from backend.webhooks.rules import SubmissionState
from backend.webhooks.schemas import (
    CodeZero,
    Corrections,
    Dismissal,
    DryRun,
    FormCreate,
    FormMappings,
    FormOut,
    FormPatch,
    Forms,
    LeadPreview,
    NewSecret,
    Received,
    SecretCreate,
    Secrets,
    SubmissionOut,
    SubmissionSummary,
)
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
            "multipart/form-data": {"schema": {"type": "object"}},
            "text/plain": {"schema": {"type": "string"}},
        },
    }
}


TAKEN = problems(413, 429) | {200: {"model": Received | CodeZero, "description": "Kept for good; the form asks for this answer"}}


@router.post("/inbound/forms/{form_key}", status_code=202, response_model=Received, responses=TAKEN, openapi_extra=BODY)
async def receive_form(form_key: FormKey, request: Request, store: Store, limiter: LimiterDep, now: Now, real_now: RealNow) -> JSONResponse:
    """Takes a form's post: signed by Standard Webhooks or with the form's token. 202 means that it is kept for good; so does 200, for a form whose
    `answer_style` asks for it.

    A repeat with the same `webhook-id` gets the first answer. What is authentic but does not fit the mapping waits in quarantine.
    """
    trace = trace_var.get()
    post = intake.Post(dict(request.headers), await request.body(), trace.ip, trace.request_id)
    taken = await intake.receive(store, limiter, form_key, post, now, real_now)
    return JSONResponse(taken.body, taken.style.status)


@router.get("/forms")
async def list_forms(session: PersonSession, actor: CurrentActor) -> Forms:
    return await form_settings.list_forms(session, actor)


@router.post("/forms", status_code=201, response_model=FormOut, responses=problems(409))
async def create_form(body: FormCreate, session: PersonSession, actor: CurrentActor, now: Now, once: OnceDep) -> Any:
    """A form without a secret: its posts are refused until it has one."""
    return await once(session, lambda: form_settings.create_form(session, actor, body, now))


@router.post("/form-dry-runs")
async def try_mapping(body: DryRun, session: PersonSession, actor: CurrentActor) -> LeadPreview:
    """The lead that a payload would become, and every fault; nothing is stored."""
    del session
    actor.require("forms.read")
    return trial.try_payload(body.payload.encode(), body.content_type, body.mapping, body.token_member)


@router.get("/forms/{form_id}")
async def get_form(form_id: UUID, response: Response, session: PersonSession, actor: CurrentActor) -> FormOut:
    form = await form_settings.form_by_id(session, actor, form_id)
    set_etag(response, form.version)
    return form


@router.patch("/forms/{form_id}", responses=problems(409, 412, 428))
async def change_form(
    form_id: UUID, body: FormPatch, response: Response, session: PersonSession, actor: CurrentActor, version: IfMatch, now: Now
) -> FormOut:
    """Only the fields that are sent; the intake follows within seconds."""
    form = await form_settings.change_form(session, actor, form_id, body, version, now)
    set_etag(response, form.version)
    return form


@router.get("/forms/{form_id}/mappings")
async def list_form_mappings(form_id: UUID, session: PersonSession, actor: CurrentActor) -> FormMappings:
    """What the mapping was before, newest first."""
    return await form_settings.list_mappings(session, actor, form_id)


@router.get("/forms/{form_id}/secrets")
async def list_form_secrets(form_id: UUID, session: PersonSession, actor: CurrentActor, real_now: RealNow) -> Secrets:
    """Never the secrets themselves."""
    return await form_settings.list_secrets(session, actor, form_id, real_now)


@router.post("/forms/{form_id}/secrets", status_code=201)
async def rotate_form_secret(
    form_id: UUID, body: SecretCreate, session: PersonSession, actor: CurrentActor, now: Now, real_now: RealNow
) -> NewSecret:
    """A new secret, shown this once; older ones of its kind end after the overlap."""
    return await form_settings.rotate_secret(session, actor, form_id, body, now, real_now)


@router.post("/forms/{form_id}/secrets/{secret_id}/end", responses=problems(409))
async def end_form_secret(
    form_id: UUID, secret_id: UUID, session: PersonSession, actor: CurrentActor, now: Now, real_now: RealNow
) -> Secrets:
    """The secret counts no more, at once."""
    return await form_settings.end_secret(session, actor, form_id, secret_id, now, real_now)


@router.get("/submissions")
async def list_submissions(
    session: PersonSession,
    actor: CurrentActor,
    state: SubmissionState | None = None,
    form_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[SubmissionOut]:
    """Newest first."""
    return await quarantine.list_submissions(session, actor, state, form_id, cursor, limit)


@router.get("/submissions/summary")
async def get_submission_summary(session: PersonSession, actor: CurrentActor) -> SubmissionSummary:
    """The number at the quarantine."""
    return await quarantine.summary(session, actor)


@router.get("/submissions/{submission_id}")
async def get_submission(submission_id: UUID, session: PersonSession, actor: CurrentActor) -> SubmissionOut:
    return await quarantine.submission(session, actor, submission_id)


@router.post("/submissions/{submission_id}/preview")
async def preview_submission(submission_id: UUID, body: Corrections, session: PersonSession, actor: CurrentActor) -> LeadPreview:
    """The lead that a replay would make now; nothing is stored."""
    return await quarantine.preview(session, actor, submission_id, body.corrections)


@router.post("/submissions/{submission_id}/replay", responses=problems(409))
async def replay_submission(submission_id: UUID, body: Corrections, session: PersonSession, actor: CurrentActor, now: Now) -> SubmissionOut:
    """Makes the lead, once: received when the post was. Again, it answers with the lead of the first time."""
    return await quarantine.replay(session, actor, submission_id, body.corrections, now)


@router.post("/submissions/{submission_id}/dismissal", responses=problems(409))
async def dismiss_submission(submission_id: UUID, body: Dismissal, session: PersonSession, actor: CurrentActor, now: Now) -> SubmissionOut:
    """It will be no lead, for a reason."""
    return await quarantine.dismiss(session, actor, submission_id, body.reason, now)
