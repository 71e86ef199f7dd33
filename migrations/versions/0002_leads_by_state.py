"""Lists of one state that is rare within a wide reach."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    newest = [sa.literal_column("received_at desc"), sa.literal_column("id desc")]
    op.create_index("ix_lead_state_received", "lead", ["state", *newest], unique=False)
