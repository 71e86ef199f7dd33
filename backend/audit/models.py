"""Audit entries, written by triggers only, and the chain of hashes over batches of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Moment


class AuditEntry(Base):
    """One write to one row: who, when, from where, before, after (only what changed, on an update)."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_row", "table_name", "row_id", "id"),
        Index("ix_audit_entry_unsealed", "id", postgresql_where=text("batch is null")),
        Index("ix_audit_entry_batch", "batch", postgresql_where=text("batch is not null")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str]
    request_id: Mapped[str]
    ip: Mapped[str]
    table_name: Mapped[str]
    row_id: Mapped[str]
    action: Mapped[str]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    batch: Mapped[int | None] = mapped_column(BigInteger)


class AuditSeal(Base):
    """A sealed batch: its hash covers the hash before it, so that no earlier entry can change unseen."""

    __tablename__ = "audit_seal"
    batch: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entries: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_at: Mapped[datetime] = mapped_column(Moment)
