"""Done events are found by the moment of their end, to be pruned."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outbox_done", "outbox", ["done_at"], unique=False, postgresql_where=sa.text("done_at is not null"))
