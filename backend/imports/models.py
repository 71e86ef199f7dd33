"""Runs of imports and exports, the rows of a file on their way, and mappings that people keep."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Keyed, Moment
from backend.imports.rules import HOLDS_FILE, WORKING, ExportState, RowState, RunState


def _listed(states: Any) -> str:
    return ", ".join(f"'{state.value}'" for state in states)


class Leased:
    """The worker that has it in hand; a dead one's lease ends by itself."""

    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    lease: Mapped[UUID | None]


class ImportRun(Keyed, Leased, Base):
    """One file on its way into a register, from upload to undo."""

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint(f"state in ({_listed(RunState)})", name="state"),
        Index("ix_import_run_person", "person_id", text("created_at desc"), text("id desc")),
        Index("ix_import_run_newest", text("created_at desc"), text("id desc")),
        Index("ix_import_run_working", "created_at", postgresql_where=text(f"state in ({_listed(WORKING)})")),
        Index("ix_import_run_sha256", "sha256"),
        Index("uq_import_run_fingerprint", "fingerprint", unique=True, postgresql_where=text(f"state in ({_listed(HOLDS_FILE)})")),
    )
    target: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    file_name: Mapped[str]
    sha256: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=RunState.READING.value)
    refusal: Mapped[str | None]
    header_row: Mapped[int] = mapped_column(server_default="0")
    header_rows: Mapped[int] = mapped_column(server_default="0")
    labels: Mapped[list[str]] = mapped_column(ARRAY(String), server_default=text("'{}'"))
    settings: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    fingerprint: Mapped[str | None]
    cursor: Mapped[int] = mapped_column(server_default="0")
    total: Mapped[int] = mapped_column(server_default="0")
    done: Mapped[int] = mapped_column(server_default="0")
    problems: Mapped[int] = mapped_column(server_default="0")
    duplicates: Mapped[int] = mapped_column(server_default="0")
    created: Mapped[int] = mapped_column(server_default="0")
    updated: Mapped[int] = mapped_column(server_default="0")
    unchanged: Mapped[int] = mapped_column(server_default="0")
    joined: Mapped[int] = mapped_column(server_default="0")
    undone: Mapped[int] = mapped_column(server_default="0")
    problems_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    undo_reason: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    cleared_at: Mapped[datetime | None] = mapped_column(Moment)


class ImportRow(Base):
    """One row of the file: as read, as it will be stored, and what became of it."""

    __tablename__ = "import_row"
    __table_args__ = (
        CheckConstraint(f"state in ({_listed(RowState)})", name="state"),
        Index("ix_import_row_state", "run_id", "state", "number"),
        Index("ix_import_row_file_key", "run_id", "file_key", postgresql_where=text("file_key is not null")),
    )
    run_id: Mapped[UUID] = mapped_column(ForeignKey("import_run.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cells: Mapped[list[Any]] = mapped_column(JSONB)
    fields: Mapped[dict[str, Any] | None]
    file_key: Mapped[str | None]
    state: Mapped[str] = mapped_column(server_default=RowState.STAGED.value)
    problems: Mapped[list[dict[str, Any]] | None]
    match: Mapped[dict[str, Any] | None]
    subject_id: Mapped[UUID | None]
    subject_version: Mapped[int | None]
    hands: Mapped[dict[str, Any] | None]


class ImportMapping(Keyed, Base):
    """Settings that a person keeps for files with the same columns."""

    __tablename__ = "import_mapping"
    __table_args__ = (Index("uq_import_mapping_name", "person_id", "target", "name", unique=True, postgresql_where=text("is_active")),)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    target: Mapped[str]
    name: Mapped[str]
    signature: Mapped[str]
    settings: Mapped[dict[str, Any]]
    is_shared: Mapped[bool]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(Moment)


class ExportRun(Keyed, Leased, Base):
    """A list that somebody takes out, as far as they see it."""

    __tablename__ = "export_run"
    __table_args__ = (
        CheckConstraint(f"state in ({_listed(ExportState)})", name="state"),
        Index("ix_export_run_person", "person_id", text("created_at desc"), text("id desc")),
        Index("ix_export_run_newest", text("created_at desc"), text("id desc")),
        Index("ix_export_run_waiting", "created_at", postgresql_where=text("state in ('waiting', 'making')")),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    target: Mapped[str]
    scope: Mapped[str]
    filters: Mapped[dict[str, Any]]
    format: Mapped[str]
    state: Mapped[str]
    rows: Mapped[int]
    reason: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    comment: Mapped[str | None]
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)


class ExportDownload(Keyed, Base):
    """Somebody took a finished export. Append-only."""

    __tablename__ = "export_download"
    export_id: Mapped[UUID] = mapped_column(ForeignKey("export_run.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class ExportPolicy(Base):
    """From how many rows on an export waits for approval; one row."""

    __tablename__ = "export_policy"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), CheckConstraint("approval_above >= 0", name="not_negative"))
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    approval_above: Mapped[int]
