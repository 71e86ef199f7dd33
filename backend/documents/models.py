"""Documents of a record, every version that there was, and files that came in and are not filed yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Keyed, Moment
from backend.core.locking import Versioned


class DocumentKind(Versioned, Base):
    """A sort of document as the company keeps them; `key` stays for good, conditions of stages name it."""

    __tablename__ = "document_kind"
    __table_args__ = (CheckConstraint("max_megabytes > 0", name="max_megabytes"),)
    key: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    max_megabytes: Mapped[int]
    sort: Mapped[int]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))


class Document(Keyed, Versioned, Base):
    """Hangs on one record; nobody deletes it, it is withdrawn with a reason."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("(withdrawn_at is null) = (withdrawn_reason is null)", name="withdrawn_has_reason"),
        Index("ix_document_subject", "subject_id", text("created_at desc"), text("id desc")),
    )
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(ForeignKey("document_kind.key"))
    title: Mapped[str]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_reason: Mapped[str | None]


class _Bytes:
    """A file by its bytes; `media_type` is what they are, whatever the name says."""

    name: Mapped[str]
    media_type: Mapped[str]
    family: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(index=True)


class DocumentVersion(Keyed, _Bytes, Base):
    """One file of a document. Append-only: a new version never replaces an old one."""

    __tablename__ = "document_version"
    __table_args__ = (UniqueConstraint("document_id", "number"),)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int]
    note: Mapped[str]
    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Moment)


class DocumentUpload(Keyed, _Bytes, Base):
    """A file that came in whole and waits a day for its document."""

    __tablename__ = "document_upload"
    __table_args__ = (Index("ix_document_upload_at", "at"),)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class DocumentPreview(Base):
    """Whether a small picture could be made of these bytes; it lies in the store beside them."""

    __tablename__ = "document_preview"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    is_made: Mapped[bool]
    width: Mapped[int | None]
    height: Mapped[int | None]
