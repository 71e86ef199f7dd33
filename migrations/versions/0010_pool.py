"""The pool: when leads return to it, who held them, and which stay out of it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

HELD = "state in ('assigned', 'following') and protected_at is null"


def upgrade() -> None:
    op.create_table(
        "pool_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("reclaim_after_days", sa.Integer(), nullable=False),
        sa.Column("cooling_off_days", sa.Integer(), nullable=False),
        sa.Column("claims_a_day", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("reclaim_after_days > 0 and cooling_off_days >= 0 and claims_a_day > 0", name=op.f("ck_pool_rule_amounts")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_pool_rule_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_rule")),
        sa.UniqueConstraint("region_id", name=op.f("uq_pool_rule_region_id"), postgresql_nulls_not_distinct=True),
    )
    op.add_column("lead", sa.Column("reclaimed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("lead", sa.Column("former_owner_id", sa.Uuid(), nullable=True))
    op.add_column("lead", sa.Column("protected_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("lead", sa.Column("protected_reason", sa.String(), nullable=True))
    op.create_foreign_key(op.f("fk_lead_former_owner_id"), "lead", "person", ["former_owner_id"], ["id"])
    op.create_index("ix_lead_untouched", "lead", [sa.text("greatest(assigned_at, last_activity_at)"), "id"], postgresql_where=sa.text(HELD))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
