"""Saved views of lists."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Keyed, Moment
from backend.core.locking import Versioned
from backend.saved_views.rules import Sharing


class SavedView(Keyed, Versioned, Base):
    """A list's filter, sort and columns under a name; removed ones stay as rows."""

    __tablename__ = "saved_view"
    __table_args__ = (
        CheckConstraint(f"sharing in ({', '.join(repr(one.value) for one in Sharing)})", name="sharing"),
        CheckConstraint("sharing <> 'region' or region_id is not null", name="region_is_known"),
        Index("ix_saved_view_owner", "owner_id", "subject"),
        Index("ix_saved_view_shared", "subject", "sharing", postgresql_where=text("sharing <> 'own'")),
        Index("uq_saved_view_default", "owner_id", "subject", unique=True, postgresql_where=text("is_default and removed_at is null")),
    )
    subject: Mapped[str]
    name: Mapped[str]
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("region.id"))
    sharing: Mapped[str] = mapped_column(server_default=Sharing.OWN.value)
    settings: Mapped[dict[str, Any]]
    is_default: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
