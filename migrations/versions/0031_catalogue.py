"""The catalogue: product families, products, their price floors and routings."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def _archivable() -> list[sa.Column[Any]]:
    return [
        sa.Column("search_text", sa.String(), server_default="", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archive_reason", sa.String(), nullable=True),
        sa.Column("archived_by", sa.Uuid(), nullable=True),
    ]


def upgrade() -> None:
    op.create_table(
        "product_family",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("standard_lead_days", sa.Integer(), nullable=False),
        *_archivable(),
        sa.CheckConstraint("standard_lead_days >= 0", name=op.f("ck_product_family_standard_lead_days")),
        sa.CheckConstraint("(archived_at is null) = (archive_reason is null)", name=op.f("ck_product_family_archived_has_reason")),
        sa.ForeignKeyConstraint(["archived_by"], ["person.id"], name=op.f("fk_product_family_archived_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_family")),
        sa.UniqueConstraint("code", name=op.f("uq_product_family_code")),
    )
    op.create_table(
        "product",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("specification", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("standard_lead_days", sa.Integer(), nullable=True),
        sa.Column("drawing_no", sa.String(), nullable=True),
        sa.Column("drawing_revision", sa.String(), nullable=True),
        *_archivable(),
        sa.CheckConstraint("standard_lead_days >= 0", name=op.f("ck_product_standard_lead_days")),
        sa.CheckConstraint("(archived_at is null) = (archive_reason is null)", name=op.f("ck_product_archived_has_reason")),
        sa.CheckConstraint("drawing_revision is null or drawing_no is not null", name=op.f("ck_product_revision_of_drawing")),
        sa.ForeignKeyConstraint(["archived_by"], ["person.id"], name=op.f("fk_product_archived_by")),
        sa.ForeignKeyConstraint(["family_id"], ["product_family.id"], name=op.f("fk_product_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("code", name=op.f("uq_product_code")),
    )
    op.create_index("ix_product_family", "product", ["family_id", "code"])
    op.create_index("ix_product_search", "product", [sa.text("search_grams(search_text)")], postgresql_using="gin")
    op.create_table(
        "product_floor",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_product_floor_amount")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_floor_product_id")),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_product_floor")),
    )
    op.create_table(
        "routing_operation",
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("family_id", sa.Uuid(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("work_centre_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("set_up_hours", sa.Numeric(precision=9, scale=2), nullable=False),
        sa.Column("run_hours_per_unit", sa.Numeric(precision=12, scale=6), nullable=False),
        sa.Column("overlaps_previous", sa.Boolean(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("num_nonnulls(product_id, family_id) = 1", name=op.f("ck_routing_operation_one_owner")),
        sa.CheckConstraint("sequence > 0", name=op.f("ck_routing_operation_sequence")),
        sa.CheckConstraint("set_up_hours >= 0 and run_hours_per_unit >= 0", name=op.f("ck_routing_operation_hours")),
        sa.ForeignKeyConstraint(["family_id"], ["product_family.id"], name=op.f("fk_routing_operation_family_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_routing_operation_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_operation")),
    )
    stands = sa.text("removed_at is null")
    for owner in ("product", "family"):
        columns = [f"{owner}_id", "sequence"]
        op.create_index(f"uq_routing_operation_{owner}", "routing_operation", columns, unique=True, postgresql_where=stands)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
