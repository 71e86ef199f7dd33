"""Product families, products with their price floors, and how both are made."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from backend.core.db import Base, Keyed, Moment
from backend.core.locking import Versioned

STANDS = text("removed_at is null")


class Archivable:
    """Taken out of the catalogue by somebody, for a reason, and put back; nobody deletes (HAND-2)."""

    archived_at: Mapped[datetime | None] = mapped_column(Moment)
    archive_reason: Mapped[str | None]

    @declared_attr
    def archived_by(cls) -> Mapped[UUID | None]:  # noqa: N805
        return mapped_column(ForeignKey("person.id"))


class ProductFamily(Keyed, Versioned, Archivable, Base):
    """Products that are made alike: what they share unless a product says otherwise."""

    __tablename__ = "product_family"
    __table_args__ = (
        CheckConstraint("standard_lead_days >= 0", name="standard_lead_days"),
        CheckConstraint("(archived_at is null) = (archive_reason is null)", name="archived_has_reason"),
    )
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    standard_lead_days: Mapped[int]
    search_text: Mapped[str] = mapped_column(server_default="")


class Product(Keyed, Versioned, Archivable, Base):
    """Something that the house makes to its own standard; `standard_lead_days` is null where its family's counts."""

    __tablename__ = "product"
    __table_args__ = (
        CheckConstraint("standard_lead_days >= 0", name="standard_lead_days"),
        CheckConstraint("(archived_at is null) = (archive_reason is null)", name="archived_has_reason"),
        CheckConstraint("drawing_revision is null or drawing_no is not null", name="revision_of_drawing"),
        Index("ix_product_family", "family_id", "code"),
        Index("ix_product_search", text("search_grams(search_text)"), postgresql_using="gin"),
    )
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    family_id: Mapped[UUID] = mapped_column(ForeignKey("product_family.id"))
    specification: Mapped[str | None]
    unit: Mapped[str]
    standard_lead_days: Mapped[int | None]
    drawing_no: Mapped[str | None]
    drawing_revision: Mapped[str | None]
    search_text: Mapped[str] = mapped_column(server_default="")


class ProductFloor(Base):
    """The least that a product is sold for: a table of its own, since not everybody who sells it may see it (SAFE-1). Null where it was
    taken back.
    """

    __tablename__ = "product_floor"
    __table_args__ = (CheckConstraint("amount >= 0", name="amount"),)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"), primary_key=True)
    amount: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    currency: Mapped[str]


class RoutingOperation(Keyed, Base):
    """A step of how a product is made, or of how all of its family are that have no routing of their own."""

    __tablename__ = "routing_operation"
    __table_args__ = (
        CheckConstraint("num_nonnulls(product_id, family_id) = 1", name="one_owner"),
        CheckConstraint("sequence > 0", name="sequence"),
        CheckConstraint("set_up_hours >= 0 and run_hours_per_unit >= 0", name="hours"),
        Index("uq_routing_operation_product", "product_id", "sequence", unique=True, postgresql_where=STANDS),
        Index("uq_routing_operation_family", "family_id", "sequence", unique=True, postgresql_where=STANDS),
    )
    product_id: Mapped[UUID | None] = mapped_column(ForeignKey("product.id"))
    family_id: Mapped[UUID | None] = mapped_column(ForeignKey("product_family.id"))
    sequence: Mapped[int]
    work_centre_code: Mapped[str]
    name: Mapped[str]
    set_up_hours: Mapped[Decimal] = mapped_column(Numeric(9, 2))
    run_hours_per_unit: Mapped[Decimal] = mapped_column(Numeric(12, 6))
    overlaps_previous: Mapped[bool]
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


OPERATION_FIELDS = ("sequence", "work_centre_code", "name", "set_up_hours", "run_hours_per_unit", "overlaps_previous")
Row = dict[str, Any]
