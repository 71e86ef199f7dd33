"""SELECTs over documents; row security adds the scope."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import aliased

from backend.core.hot import Hot
from backend.documents.models import Document, DocumentKind, DocumentPreview, DocumentVersion
from backend.documents.rules import MOST_VERSIONS
from backend.identity.models import Person

Creator, Withdrawer, Uploader = (aliased(Person, name=name) for name in ("creator", "withdrawer", "uploader"))
FILE_FIELDS = ("id", "name", "media_type", "family", "size", "sha256")


def documents() -> Select[Any]:
    """Rows for `DocumentOut`, without the versions."""
    table = Document
    own = (
        "id",
        "subject_type",
        "subject_id",
        "title",
        "created_by",
        "created_at",
        "withdrawn_at",
        "withdrawn_by",
        "withdrawn_reason",
        "version",
    )
    return (
        select(
            *(getattr(table, name) for name in own),
            DocumentKind.key,
            DocumentKind.name_zh,
            DocumentKind.name_en,
            Creator.name.label("creator_name"),
            Withdrawer.name.label("withdrawer_name"),
        )
        .join(DocumentKind, DocumentKind.key == table.kind)
        .outerjoin(Creator, Creator.id == table.created_by)
        .outerjoin(Withdrawer, Withdrawer.id == table.withdrawn_by)
    )


def page(subject_ids: Sequence[UUID], after: tuple[datetime, UUID] | None, limit: int) -> Select[Any]:
    """Of these records, newest first; one row more than the page."""
    table = Document
    query = documents().where(table.subject_id.in_(subject_ids)).order_by(table.created_at.desc(), table.id.desc()).limit(limit + 1)
    return query if after is None else query.where(tuple_(table.created_at, table.id) < after)


def versions(document_ids: Sequence[UUID]) -> Select[Any]:
    """Rows for `DocumentVersionOut`, the newest of each document first."""
    table = DocumentVersion
    return (
        select(
            table.document_id, *(getattr(table, name) for name in FILE_FIELDS), table.number, table.note, table.uploaded_by,
            table.uploaded_at, Uploader.name.label("uploader_name"), func.coalesce(DocumentPreview.is_made, False).label("has_thumbnail"),
        )
        .outerjoin(Uploader, Uploader.id == table.uploaded_by)
        .outerjoin(DocumentPreview, DocumentPreview.sha256 == table.sha256)
        .where(table.document_id.in_(document_ids))
        .order_by(table.document_id, table.number.desc())
        .limit(MOST_VERSIONS * len(document_ids))
    )  # fmt: skip


def kinds_of(subject_ids: Sequence[UUID]) -> Select[str]:
    """Kinds of documents that hang on these records and count."""
    return select(Document.kind).distinct().where(Document.subject_id.in_(subject_ids), Document.withdrawn_at.is_(None))


def all_kinds() -> Select[DocumentKind]:
    return select(DocumentKind).order_by(DocumentKind.sort, DocumentKind.key)


HOLD = Hot("select pg_advisory_xact_lock_shared(hashtextextended('file:' || cast(:wanted as text), 0))")
"""Until this transaction ends nobody sweeps these bytes away."""
TRY_TAKE = Hot("select pg_try_advisory_xact_lock(hashtextextended('file:' || cast(:wanted as text), 0)) as is_free")
NAMERS = ["select 1 from document_version v where v.sha256 = h", "select 1 from document_upload u where u.sha256 = h"]
"""Who names the bytes `h`; modules above add their own, before the sweep runs."""


def named() -> Hot:
    """Which of these bytes somebody still names."""
    either = " or ".join(f"exists ({one})" for one in NAMERS)
    return Hot(f"select h as sha256 from unnest(cast(:hashes as text[])) h where {either}")
