"""The customer that a lead became or belongs to, and what a merged record set aside."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lead", sa.Column("customer_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_lead_customer_id"), "lead", "customer", ["customer_id"], ["id"])
    op.create_index("ix_lead_customer", "lead", ["customer_id"], unique=False, postgresql_where=sa.text("customer_id is not null"))
    op.drop_constraint(op.f("ck_lead_state"), "lead")
    op.create_check_constraint(
        op.f("ck_lead_state"), "lead", "state in ('new', 'assigned', 'following', 'disqualified', 'merged', 'converted')"
    )
    op.create_check_constraint(op.f("ck_lead_converted_has_customer"), "lead", "state <> 'converted' or customer_id is not null")
    op.add_column(
        "record_merge",
        sa.Column("set_aside", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False),
    )
    op.execute("drop function if exists identity_hits(jsonb, integer[], uuid)")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
