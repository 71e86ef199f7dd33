"""Pipelines, their stages as they now stand, and every version that there was."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Keyed, Moment
from backend.core.locking import Versioned
from backend.pipelines.rules import Phase, StageKind


class PipelineRow(Keyed, Versioned, Base):
    """One kind of business; exactly one of them is what a new opportunity gets unless it is said otherwise."""

    __tablename__ = "pipeline"
    __table_args__ = (
        Index("uq_pipeline_default", "is_default", unique=True, postgresql_where=text("is_default")),
        CheckConstraint("is_active or not is_default", name="default_in_use"),
    )
    name_zh: Mapped[str]
    name_en: Mapped[str]
    is_default: Mapped[bool] = mapped_column(server_default=text("false"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))


class StageRow(Keyed, Base):
    """A stage, as `rules.Stage` reads it; `win_rate` follows from the baseline rates (`rules.win_rates`)."""

    __tablename__ = "pipeline_stage"
    __table_args__ = (
        UniqueConstraint("pipeline_id", "key"),
        CheckConstraint(f"kind in ({', '.join(repr(kind.value) for kind in StageKind)})", name="kind"),
        CheckConstraint(f"phase in ({', '.join(repr(phase.value) for phase in Phase)})", name="phase"),
        CheckConstraint("dwell_min_days <= dwell_max_days", name="dwell"),
    )
    pipeline_id: Mapped[UUID] = mapped_column(ForeignKey("pipeline.id"))
    key: Mapped[str]
    position: Mapped[int]
    kind: Mapped[str]
    phase: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    baseline_rate: Mapped[Decimal | None] = mapped_column(Numeric(5, 4))
    win_rate: Mapped[Decimal] = mapped_column(Numeric(6, 5))
    dwell_min_days: Mapped[int | None]
    dwell_max_days: Mapped[int | None]
    may_be_skipped: Mapped[bool]
    may_be_returned_to: Mapped[bool]
    next_step: Mapped[dict[str, Any] | None]
    entry: Mapped[list[dict[str, Any]]]
    exit: Mapped[list[dict[str, Any]]]
    milestones: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'::jsonb"))
    is_active: Mapped[bool]


class PipelineVersion(Keyed, Base):
    """A pipeline as somebody saved it; append-only. Moves name the version under which they were made."""

    __tablename__ = "pipeline_version"
    __table_args__ = (UniqueConstraint("pipeline_id", "number"),)
    pipeline_id: Mapped[UUID] = mapped_column(ForeignKey("pipeline.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(Moment)
