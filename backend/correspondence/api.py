"""E-mail over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from backend.core.clock import Now
from backend.core.http import problems
from backend.core.idempotency import OnceDep
from backend.core.pagination import Cursor, Limit, Page
from backend.core.storage.chosen import get_store
from backend.correspondence import addresses, reading, service, sorting, sources
from backend.correspondence.rules import TrayView
from backend.correspondence.schemas import (
    DropboxOut,
    DropboxRenewal,
    EmailCard,
    EmailCreate,
    EmailDiscard,
    EmailFiling,
    EmailOut,
    EmailThread,
    Mailing,
    TraySummary,
)
from backend.documents import content
from backend.documents.api import FILE
from backend.documents.schemas import Disposition, Subject
from backend.identity.deps import CurrentActor, PersonSession

router = APIRouter(tags=["e-mail"])
REFUSED = problems(409)


@router.get("/mailing")
async def get_mailing(session: PersonSession, actor: CurrentActor, now: Now) -> Mailing:
    """What e-mail can do in this installation, and for whom."""
    return await reading.mailing(session, actor, now)


@router.get("/emails")
async def list_emails(
    session: PersonSession,
    actor: CurrentActor,
    subject_type: Annotated[Subject, Query()],
    subject_id: Annotated[UUID, Query()],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[EmailCard]:
    """Of a record, the newest first; a customer's page also has those of its opportunities and leads, an opportunity's those of its lead."""
    return await reading.page(session, actor, subject_type, subject_id, cursor, limit)


@router.post("/emails", status_code=201, response_model=EmailOut, responses=problems(409, 413, 429))
async def send_email(session: PersonSession, actor: CurrentActor, body: EmailCreate, once: OnceDep, now: Now) -> Any:
    """Kept with the record at once and sent by itself; answers come back to the record where there is a drop-box."""
    return await once(session, lambda: service.send(session, actor, body, now))


@router.get("/emails/{email_id}")
async def get_email(session: PersonSession, actor: CurrentActor, email_id: UUID) -> EmailOut:
    """With its whole text as plain text, and its files."""
    return await reading.email(session, actor, email_id)


@router.get("/emails/{email_id}/source", response_class=StreamingResponse, responses=FILE)
async def download_email_source(session: PersonSession, email_id: UUID, request: Request) -> Response:
    """The letter as it travelled (RFC 5322); 404 where it was not sent yet."""
    return content.answer(get_store(), sources.of(await reading.row_of(session, email_id)), "attachment", request.headers)


@router.post("/emails/{email_id}/retry", response_model=EmailOut, responses=REFUSED)
async def retry_email(session: PersonSession, actor: CurrentActor, email_id: UUID, once: OnceDep, now: Now) -> Any:
    """A letter that failed is sent again as it was written."""
    return await once(session, lambda: service.retry(session, actor, email_id, now))


@router.post("/emails/{email_id}/filing", responses=REFUSED)
async def file_email(session: PersonSession, actor: CurrentActor, email_id: UUID, body: EmailFiling, now: Now) -> EmailOut:
    """With a record, out of the tray or from another record; what else of its thread waits in the tray follows."""
    return await sorting.file(session, actor, email_id, body, now)


@router.post("/emails/{email_id}/discarding", responses=REFUSED)
async def discard_email(session: PersonSession, actor: CurrentActor, email_id: UUID, body: EmailDiscard, now: Now) -> EmailOut:
    """Out of the tray, with a reason; nothing is deleted."""
    return await sorting.discard(session, actor, email_id, body, now)


@router.post("/emails/{email_id}/restoring", responses=REFUSED)
async def restore_email(session: PersonSession, actor: CurrentActor, email_id: UUID, now: Now) -> EmailOut:
    """Back into the tray: what was put aside, or filed with the wrong record."""
    return await sorting.restore(session, actor, email_id, now)


@router.get("/email-threads/{thread_id}")
async def get_email_thread(session: PersonSession, actor: CurrentActor, thread_id: UUID) -> EmailThread:
    """The letters of a conversation that one may see, the oldest first; of more than 100 the newest."""
    return await reading.thread(session, actor, thread_id)


@router.get("/email-files/{file_id}/content", response_class=StreamingResponse, responses=FILE)
async def download_email_file(session: PersonSession, file_id: UUID, request: Request, disposition: Disposition = "attachment") -> Response:
    """A file of a letter, whole or a range of it."""
    return content.answer(get_store(), await reading.file(session, file_id), disposition, request.headers)


@router.get("/email-tray")
async def list_email_tray(
    session: PersonSession, actor: CurrentActor, view: TrayView = TrayView.SORTING, cursor: Cursor = None, limit: Limit = 50
) -> Page[EmailCard]:
    """Letters that belong to no record, the newest first: all of them for who sorts the tray, else those that came by one's own address."""
    return await reading.tray(session, actor, view, cursor, limit)


@router.get("/email-tray/summary")
async def get_email_tray_summary(session: PersonSession, actor: CurrentActor) -> TraySummary:
    """The same of those that wait."""
    return await reading.summary(session, actor)


@router.get("/me/email-address")
async def get_my_email_address(session: PersonSession, actor: CurrentActor) -> DropboxOut:
    """Where one sends copies of one's own letters; they are filed by who they are for."""
    return await addresses.of_person(session, actor)


@router.post("/me/email-address", responses=REFUSED)
async def renew_my_email_address(session: PersonSession, actor: CurrentActor, now: Now) -> DropboxOut:
    """A new one; the one before no longer counts."""
    return await addresses.renew_own(session, actor, now)


@router.get("/email-address")
async def get_record_email_address(
    session: PersonSession, actor: CurrentActor, subject_type: Annotated[Subject, Query()], subject_id: Annotated[UUID, Query()]
) -> DropboxOut:
    """Whatever is sent there is filed with the record."""
    return await addresses.of_record(session, actor, subject_type, subject_id)


@router.post("/email-address", responses=REFUSED)
async def renew_record_email_address(session: PersonSession, actor: CurrentActor, body: DropboxRenewal, now: Now) -> DropboxOut:
    """A new one for the record; the one before no longer counts."""
    return await addresses.renew_of_record(session, actor, body.subject_type, body.subject_id, now)
