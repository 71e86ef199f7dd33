"""What people do with documents: file, add a version, correct, withdraw."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Invalid, Refused, field_error
from backend.core.ids import new_id
from backend.core.locking import require_version
from backend.core.storage.chosen import get_store
from backend.documents import kinds, queries, reading, rules, subjects
from backend.documents.events import DocumentAdded, DocumentChanged, DocumentVersionAdded, DocumentWithdrawn
from backend.documents.models import Document, DocumentKind, DocumentUpload, DocumentVersion
from backend.documents.schemas import DocumentCreate, DocumentOut, DocumentPatch, DocumentVersionCreate
from backend.identity.deps import Actor
from backend.timeline.schemas import EntryFile
from backend.timeline.service import record


async def attach(session: AsyncSession, actor: Actor, body: DocumentCreate, now: datetime) -> DocumentOut:
    """A file that was uploaded becomes the first version of a document: an entry on the record's timeline, and an update of it."""
    await subjects.of(body.subject_type).admit(session, actor, body.subject_id, now)
    kind, upload = await fitting(session, body.kind, body.upload_id, "#")
    document_id = await add(
        session, body.subject_type, body.subject_id, kind, upload, now, title=body.title, note=body.note, added_by=actor.id
    )
    return await reading.document(session, document_id)


async def add_own(
    session: AsyncSession, actor: Actor, subject_type: str, subject_id: UUID, files: Sequence[EntryFile], now: datetime
) -> list[dict[str, Any]]:
    """Uploads of one's own that come with an entry of a record's timeline: documents, as that entry names them. It tells of them itself, so
    that there is no entry for each. The caller has the record's lock and has asked who may; what is wrong is named as of `files`.
    """
    seen: set[UUID] = set()
    filed = []
    for place, file in enumerate(files):
        if file.upload_id in seen:
            said = "This upload is named twice; name it once."
            raise Invalid("invalid_input", said, errors=[field_error(f"#/files/{place}/upload_id", said, "doubled")])
        seen.add(file.upload_id)
        kind, upload = await fitting(session, file.kind, file.upload_id, f"#/files/{place}")
        document_id = await add(session, subject_type, subject_id, kind, upload, now, added_by=actor.id, is_told=False)
        filed.append(await _named(session, document_id))
    return filed


async def _named(session: AsyncSession, document_id: UUID) -> dict[str, Any]:
    document = await reading.document(session, document_id)
    (version,) = document.versions
    shown = {name: getattr(version, name) for name in ("name", "media_type", "size")}
    ids = {"document_id": str(document_id), "version_id": str(version.id)}
    return {**ids, "title": document.title, "family": version.family.value, **shown}


async def fitting(session: AsyncSession, kind_key: str, upload_id: UUID, pointer: str) -> tuple[DocumentKind, DocumentUpload]:
    """A kind in use and one's own upload, when they go together; what is wrong is named as a part of `pointer`."""
    kind = await kinds.usable(session, kind_key, f"{pointer}/kind")
    upload = await own_upload(session, upload_id, f"{pointer}/upload_id")
    kinds.refuse_larger(kind, upload.size, f"{pointer}/upload_id")
    return kind, upload


async def add(
    session: AsyncSession, subject_type: str, subject_id: UUID, kind: DocumentKind, upload: DocumentUpload, now: datetime, *,
    title: str = "", note: str = "", added_by: UUID | None, is_told: bool = True,
) -> UUID:  # fmt: skip
    """The document itself, without asking who may; its bytes are in the store. `is_told` is off where another entry tells of it."""
    document_id = new_id()
    values = {
        "id": document_id,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "kind": kind.key,
        "title": title or rules.titled(upload.name),
        "created_by": added_by,
        "created_at": now,
    }
    await session.execute(insert(Document).values(values).inline())
    version_id = await _add_version(session, document_id, 1, upload, note, added_by, now)
    if is_told:
        row = await reading.row_of(session, document_id)
        await _note(session, row, "document.added", added_by, now, **_told(upload, version_id, 1))
    await subjects.of(subject_type).stir(session, subject_id, now)
    await outbox.add(session, DocumentAdded(subject_id, subject_type, document_id, version_id, kind.key, added_by), now)
    return document_id


async def add_version(session: AsyncSession, actor: Actor, document_id: UUID, body: DocumentVersionCreate, now: datetime) -> DocumentOut:
    """A newer file of the same document; the older ones stay."""
    row = await _allowed(session, actor, document_id, now)
    kind = await session.get_one(DocumentKind, row.key)
    upload = await own_upload(session, body.upload_id)
    kinds.refuse_larger(kind, upload.size)
    of_document = DocumentVersion.document_id == document_id
    number = (await session.scalar(select(func.max(DocumentVersion.number)).where(of_document)) or 0) + 1
    if number > rules.MOST_VERSIONS:
        raise Refused("too_many_versions", f"A document has at most {rules.MOST_VERSIONS} versions; file a new one.")
    version_id = await _add_version(session, document_id, number, upload, body.note, actor.id, now)
    await _note(session, row, "document.version_added", actor.id, now, **_told(upload, version_id, number))
    await subjects.of(row.subject_type).stir(session, row.subject_id, now)
    await outbox.add(session, DocumentVersionAdded(row.subject_id, row.subject_type, document_id, version_id, actor.id), now)
    return await reading.document(session, document_id)


async def change(session: AsyncSession, actor: Actor, document_id: UUID, body: DocumentPatch, version: int, now: datetime) -> DocumentOut:
    """Another title or kind: which conditions of stages it meets may change with it."""
    row = await _allowed(session, actor, document_id, now)
    require_version(version, row.version, (await reading.document(session, document_id)).model_dump(mode="json"))
    wanted = body.model_dump(exclude_unset=True)
    if "kind" in wanted and wanted["kind"] != row.key:
        await kinds.usable(session, wanted["kind"])
    before = {"title": row.title, "kind": row.key}
    changes = {name: {"old": before[name], "new": value} for name, value in wanted.items() if before[name] != value}
    if changes:
        await _write(session, document_id, {name: wanted[name] for name in changes})
        await _note(session, await reading.row_of(session, document_id), "document.changed", actor.id, now, changes=changes)
        await outbox.add(session, DocumentChanged(row.subject_id, row.subject_type, document_id), now)
    return await reading.document(session, document_id)


async def withdraw(session: AsyncSession, actor: Actor, document_id: UUID, reason: str, now: datetime) -> DocumentOut:
    """It no longer counts for conditions; it stays to be seen, with who took it back and why."""
    await _allowed(session, actor, document_id, now)
    await take_back(session, document_id, actor.id, reason, now)
    return await reading.document(session, document_id)


async def take_back(session: AsyncSession, document_id: UUID, by: UUID | None, reason: str, now: datetime) -> None:
    """The withdrawal itself, without asking who may; nothing where it was withdrawn before."""
    row = await reading.row_of(session, document_id)
    if row.withdrawn_at is None:
        await _write(session, document_id, {"withdrawn_at": now, "withdrawn_by": by, "withdrawn_reason": reason})
        await _note(session, row, "document.withdrawn", by, now, reason=reason)
        await outbox.add(session, DocumentWithdrawn(row.subject_id, row.subject_type, document_id), now)


async def _allowed(session: AsyncSession, actor: Actor, document_id: UUID, now: datetime) -> Any:
    """The document's row under its lock, when this actor may file with its record and it has not been withdrawn."""
    row = await reading.row_of(session, document_id)
    await subjects.of(row.subject_type).admit(session, actor, row.subject_id, now)
    await session.execute(select(Document.id).where(Document.id == document_id).with_for_update())
    row = await reading.row_of(session, document_id)
    if row.withdrawn_at is not None:
        raise Refused("document_withdrawn", "The document was withdrawn; file a new one.")
    return row


async def own_upload(session: AsyncSession, upload_id: UUID, pointer: str = "#/upload_id") -> DocumentUpload:
    """One's own upload, whose bytes are there and stay until this transaction ends."""
    upload = await session.scalar(select(DocumentUpload).where(DocumentUpload.id == upload_id))
    if upload is not None:
        await queries.HOLD.rows(session, wanted=upload.sha256)
        if await get_store().holds(upload.sha256):
            return upload
    said = "There is no such upload of yours, or it was left for a day; upload the file again."
    raise Invalid("invalid_input", said, errors=[field_error(pointer, said, "unknown")])


async def _add_version(
    session: AsyncSession, document_id: UUID, number: int, upload: DocumentUpload, note: str, by: UUID | None, now: datetime
) -> UUID:
    version_id = new_id()
    values = {name: getattr(upload, name) for name in queries.FILE_FIELDS if name != "id"}
    values |= {"id": version_id, "document_id": document_id, "number": number, "note": note, "uploaded_by": by, "uploaded_at": now}
    await session.execute(insert(DocumentVersion).values(values).inline())
    return version_id


def _told(upload: DocumentUpload, version_id: UUID, number: int) -> dict[str, Any]:
    """A version as timelines name it."""
    file = {name: getattr(upload, name) for name in ("name", "media_type", "family", "size")}
    return {"version": {"id": str(version_id), "number": number, **file}}


async def _note(session: AsyncSession, row: Any, kind: str, by: UUID | None, now: datetime, **more: Any) -> None:
    """An entry on the timeline of the record, with the document as it is called at this moment."""
    document = {"id": str(row.id), "title": row.title, "kind": {"key": row.key, "name_zh": row.name_zh, "name_en": row.name_en}}
    body = {"document": document, **more}
    await record(session, subject_type=row.subject_type, subject_id=row.subject_id, kind=kind, now=now, actor_id=by, body=body)


async def _write(session: AsyncSession, document_id: UUID, values: dict[str, Any]) -> None:
    changed = {**values, "version": Document.version + 1}
    statement = update(Document).where(Document.id == document_id).values(changed)
    await session.execute(statement.execution_options(synchronize_session=False))
