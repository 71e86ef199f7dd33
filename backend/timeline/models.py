"""Append-only evidence of what happened with a record (FLOW-6)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Keyed, Moment


class TimelineEntry(Keyed, Base):
    """`at` is when it happened, `recorded_at` when we learned of it. A correction is a new entry that stands for the one it `corrects`; there is
    at most one. `is_effective` is known of visits, `is_deep` of follow-ups.
    """

    __tablename__ = "timeline_entry"
    __table_args__ = (
        Index("ix_timeline_entry_subject", "subject_id", "at", "id"),
        Index("uq_timeline_entry_corrects", "corrects_id", unique=True, postgresql_where=text("corrects_id is not null")),
    )
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str | None]
    is_effective: Mapped[bool | None]
    is_deep: Mapped[bool | None]
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("timeline_entry.id"))
    body: Mapped[dict[str, Any]]
