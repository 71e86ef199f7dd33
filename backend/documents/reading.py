"""What people read of documents."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.errors import NotFound
from backend.core.pagination import Page, decode_cursor, page_of
from backend.core.schemas import named
from backend.documents import queries, rules, subjects
from backend.documents.models import Document, DocumentVersion
from backend.documents.rules import Family
from backend.documents.schemas import DocumentOut, DocumentVersionOut
from backend.identity.deps import Actor


def file_fields(row: Any) -> dict[str, Any]:
    """A row of a version or an upload as the fields of `FileOut`."""
    fields = {name: getattr(row, name) for name in queries.FILE_FIELDS}
    return {**fields, "may_be_shown": rules.may_be_shown(row.media_type, Family(row.family))}


def _version(row: Any) -> DocumentVersionOut:
    more = {name: getattr(row, name) for name in ("number", "note", "uploaded_at", "has_thumbnail")}
    return DocumentVersionOut.model_validate(file_fields(row) | more | {"uploaded_by": named(row.uploaded_by, row.uploader_name)})


def _document(row: Any, versions: Sequence[DocumentVersionOut], of: str | None) -> DocumentOut:
    own = ("id", "subject_type", "subject_id", "title", "created_at", "version")
    withdrawn = {"at": row.withdrawn_at, "by": named(row.withdrawn_by, row.withdrawer_name), "reason": row.withdrawn_reason}
    return DocumentOut.model_validate(
        {
            **{name: getattr(row, name) for name in own},
            "of": of,
            "kind": {"key": row.key, "name_zh": row.name_zh, "name_en": row.name_en},
            "created_by": named(row.created_by, row.creator_name),
            "withdrawn": withdrawn if row.withdrawn_at else None,
            "versions": versions,
        }
    )


async def _with_versions(session: AsyncSession, rows: Sequence[Any], names: Mapping[UUID, str | None]) -> list[DocumentOut]:
    found: dict[UUID, list[DocumentVersionOut]] = {row.id: [] for row in rows}
    if rows:
        for one in await session.execute(queries.versions(list(found))):
            found[one.document_id].append(_version(one))
    return [_document(row, found[row.id], names.get(row.subject_id)) for row in rows]


async def page(
    session: AsyncSession, actor: Actor, subject_type: str, subject_id: UUID, cursor: str | None, limit: int
) -> Page[DocumentOut]:
    """Of a record and of those whose documents belong on its page (marked with their names), newest first."""
    places = await subjects.places(session, actor, subject_type, subject_id)
    shape = ("documents", subject_type, subject_id)
    after = decode_cursor(cursor, (datetime, UUID), shape)
    names = {place.id: place.name for place in places[: rules.MOST_PLACES]}
    rows = (await session.execute(queries.page(list(names), after, limit))).all()
    shown, next_cursor = page_of(rows, limit, lambda row: (row.created_at, row.id), shape)
    return Page[DocumentOut](items=await _with_versions(session, shown, names), next_cursor=next_cursor)


async def row_of(session: AsyncSession, document_id: UUID) -> Any:
    """404 when the document is not visible."""
    row = (await session.execute(queries.documents().where(Document.id == document_id))).first()
    if row is None:
        raise NotFound
    return row


async def document(session: AsyncSession, document_id: UUID) -> DocumentOut:
    row = await row_of(session, document_id)
    return (await _with_versions(session, [row], {}))[0]


async def version(session: AsyncSession, version_id: UUID) -> DocumentVersion:
    """404 when it is not visible."""
    found = await session.scalar(select(DocumentVersion).where(DocumentVersion.id == version_id))
    if found is None:
        raise NotFound
    return found


async def kinds_of(session: AsyncSession, subject_ids: Sequence[UUID]) -> frozenset[str]:
    """Kinds of documents that hang on these records and have not been withdrawn (FLOW-1)."""
    return frozenset(await session.scalars(queries.kinds_of(subject_ids)))
