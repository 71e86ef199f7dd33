"""By which keys and names records are known, how far the registration of old records has come, and merges."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Keyed, Moment
from backend.duplicates.rules import KeyKind


class IdentityKey(Base):
    """A key that only one firm has: a phone, an address, a credit code."""

    __tablename__ = "identity_key"
    __table_args__ = (
        CheckConstraint(f"kind in ({', '.join(repr(kind.value) for kind in KeyKind)})", name="kind"),
        Index("ix_identity_key_subject", "subject_id"),
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    subject_type: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)


class IdentityName(Base):
    """The firm's name as it is compared (`names.Signature`), and the keys under which near names find it."""

    __tablename__ = "identity_name"
    __table_args__ = (Index("ix_identity_name_grams", "grams", postgresql_using="gin"),)
    subject_type: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    core: Mapped[str]
    places: Mapped[list[str]] = mapped_column(ARRAY(String))
    grams: Mapped[list[int]] = mapped_column(ARRAY(Integer))


class IdentityProgress(Base):
    """How far the records of one type are registered under the present rules: up to `last_id`, or all."""

    __tablename__ = "identity_progress"
    subject_type: Mapped[str] = mapped_column(primary_key=True)
    rules_version: Mapped[int] = mapped_column(primary_key=True)
    last_id: Mapped[UUID | None]
    done_at: Mapped[datetime | None] = mapped_column(Moment)


class RecordMerge(Keyed, Base):
    """One record became part of another: what the survivor took over, what the loser was before, and what its children gave up meanwhile."""

    __tablename__ = "record_merge"
    __table_args__ = (
        Index("ix_record_merge_survivor", "survivor_id"),
        Index("uq_record_merge_loser", "loser_id", unique=True, postgresql_where=text("undone_at is null")),
        CheckConstraint("survivor_id <> loser_id", name="two_records"),
    )
    subject_type: Mapped[str]
    survivor_id: Mapped[UUID]
    loser_id: Mapped[UUID]
    reason: Mapped[str]
    taken: Mapped[dict[str, Any]]
    survivor_after: Mapped[dict[str, Any]]
    loser_before: Mapped[dict[str, Any]]
    set_aside: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    merged_at: Mapped[datetime] = mapped_column(Moment)
    merged_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
