"""Who held a request for technical support when its promise passed, where it was handed over after that."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("support_request", sa.Column("missed_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_support_request_missed_by"), "support_request", "person", ["missed_by"], ["id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
