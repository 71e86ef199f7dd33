"""Documents over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from backend.core.clock import Now, RealNow
from backend.core.errors import NotFound
from backend.core.http import API_PREFIX, problems
from backend.core.idempotency import OnceDep
from backend.core.locking import IfMatch, set_etag
from backend.core.pagination import Cursor, Limit, Page
from backend.core.schemas import Name
from backend.core.storage.chosen import get_store
from backend.documents import content, kinds, links, reading, receiving, rules, service, thumbnails
from backend.documents.links import LinkedSession
from backend.documents.models import DocumentPreview
from backend.documents.schemas import (
    Disposition,
    DocumentCreate,
    DocumentKindFields,
    DocumentKindOrder,
    DocumentKindOut,
    DocumentKindPatch,
    DocumentKinds,
    DocumentOut,
    DocumentPatch,
    DocumentVersionCreate,
    FileLink,
    KindKey,
    Subject,
    UploadOut,
    Withdrawal,
)
from backend.identity.deps import CurrentActor, CurrentClaims, PersonSession

router = APIRouter(tags=["documents"])
UPLOAD = "/uploads"
LARGER_BODIES = {f"{API_PREFIX}{UPLOAD}": rules.MOST_MEGABYTES * rules.MEGABYTE}
BINARY = {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
BYTES: dict[str, Any] = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
FILE: dict[int | str, dict[str, Any]] = {
    200: {**BYTES, "description": "The file"},
    206: {**BYTES, "description": "The range that was asked for"},
    304: {"description": "It is what If-None-Match names"},
    **problems(416),
}
EDITS = problems(409, 412, 428)


@router.get("/document-kinds")
async def list_document_kinds(session: PersonSession) -> DocumentKinds:
    """All of them, in their order."""
    return await kinds.list_kinds(session)


@router.post("/document-kinds", status_code=201, response_model=DocumentKindOut, responses=problems(409))
async def create_document_kind(session: PersonSession, actor: CurrentActor, body: DocumentKindFields, once: OnceDep, now: Now) -> Any:
    return await once(session, lambda: kinds.create(session, actor, body, now))


@router.put("/document-kind-order", responses=problems(409))
async def order_document_kinds(session: PersonSession, actor: CurrentActor, body: DocumentKindOrder, now: Now) -> DocumentKinds:
    """All keys, in their new order."""
    return await kinds.order(session, actor, body.keys, now)


@router.patch("/document-kinds/{key}", response_model=DocumentKindOut, responses=EDITS)
async def change_document_kind(
    session: PersonSession, actor: CurrentActor, key: KindKey, body: DocumentKindPatch, response: Response, version: IfMatch, now: Now
) -> Any:
    """Only the fields that are sent."""
    kind = await kinds.change(session, actor, key, body, version, now)
    set_etag(response, kind.version)
    return kind


@router.post(UPLOAD, status_code=201, responses=problems(413), openapi_extra={"requestBody": BINARY})
async def upload_file(
    session: PersonSession,
    actor: CurrentActor,
    request: Request,
    name: Annotated[Name, Query()],
    kind: Annotated[KindKey, Query(description="The kind of document that it will be; it says how large the file may be")],
    now: RealNow,
) -> UploadOut:
    """The file as the body; what it is is told from its bytes. It waits a day for the document that names it."""
    return await receiving.receive(session, actor, name, kind, request.stream(), now)


@router.get("/documents")
async def list_documents(
    session: PersonSession,
    actor: CurrentActor,
    subject_type: Annotated[Subject, Query()],
    subject_id: Annotated[UUID, Query()],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[DocumentOut]:
    """Of a record, newest first; a customer's page also has those of its opportunities and leads, an opportunity's those of its lead."""
    return await reading.page(session, actor, subject_type, subject_id, cursor, limit)


@router.post("/documents", status_code=201, response_model=DocumentOut, responses=problems(409, 413))
async def attach_document(session: PersonSession, actor: CurrentActor, body: DocumentCreate, once: OnceDep, now: Now) -> Any:
    """Files an upload with a record."""
    return await once(session, lambda: service.attach(session, actor, body, now))


@router.get("/documents/{document_id}")
async def get_document(session: PersonSession, document_id: UUID, response: Response) -> DocumentOut:
    found = await reading.document(session, document_id)
    set_etag(response, found.version)
    return found


@router.patch("/documents/{document_id}", responses=EDITS)
async def change_document(
    session: PersonSession, actor: CurrentActor, document_id: UUID, body: DocumentPatch, response: Response, version: IfMatch, now: Now
) -> DocumentOut:
    """Another title or kind; only the fields that are sent."""
    changed = await service.change(session, actor, document_id, body, version, now)
    set_etag(response, changed.version)
    return changed


@router.post("/documents/{document_id}/versions", status_code=201, response_model=DocumentOut, responses=problems(409, 413))
async def add_document_version(
    session: PersonSession, actor: CurrentActor, document_id: UUID, body: DocumentVersionCreate, once: OnceDep, now: Now
) -> Any:
    """A newer file; the older ones stay."""
    return await once(session, lambda: service.add_version(session, actor, document_id, body, now))


@router.post("/documents/{document_id}/withdrawal", responses=problems(409))
async def withdraw_document(session: PersonSession, actor: CurrentActor, document_id: UUID, body: Withdrawal, now: Now) -> DocumentOut:
    """It no longer counts; nothing is deleted."""
    return await service.withdraw(session, actor, document_id, body.reason, now)


@router.post("/document-versions/{version_id}/links")
async def link_document_version(
    session: PersonSession, claims: CurrentClaims, version_id: UUID, real_now: RealNow, disposition: Disposition = "attachment"
) -> FileLink:
    """An address that a browser can open by itself for some minutes: for players, pictures and large downloads."""
    return await links.make(session, claims, version_id, disposition, real_now)


@router.get("/document-versions/{version_id}/content", response_class=StreamingResponse, responses=FILE)
async def download_document_version(
    session: LinkedSession, version_id: UUID, request: Request, disposition: Disposition = "attachment"
) -> Response:
    """The file, whole or a range of it, by access token or by the signature of a link."""
    return content.answer(get_store(), await reading.version(session, version_id), disposition, request.headers)


@router.get("/document-versions/{version_id}/thumbnail", response_class=StreamingResponse, responses={200: FILE[200]})
async def get_document_thumbnail(session: PersonSession, version_id: UUID) -> Response:
    """A small picture, turned the right way; 404 where there is none (yet)."""
    version = await reading.version(session, version_id)
    preview = await session.get(DocumentPreview, version.sha256)
    if preview is None or not preview.is_made:
        raise NotFound
    return await thumbnails.answer(get_store(), version.sha256)
