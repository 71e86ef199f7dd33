"""Visits that count, deep contacts, and entries that correct others."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("timeline_entry", sa.Column("is_effective", sa.Boolean(), nullable=True))
    op.add_column("timeline_entry", sa.Column("is_deep", sa.Boolean(), nullable=True))
    op.add_column("timeline_entry", sa.Column("corrects_id", sa.Uuid(), nullable=True))
    op.create_index(
        "uq_timeline_entry_corrects", "timeline_entry", ["corrects_id"], unique=True, postgresql_where=sa.text("corrects_id is not null")
    )
    op.create_foreign_key(op.f("fk_timeline_entry_corrects_id"), "timeline_entry", "timeline_entry", ["corrects_id"], ["id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
