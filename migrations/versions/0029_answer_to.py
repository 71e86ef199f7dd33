"""A letter keeps whom an answer to it is for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kept = sa.Column("answer_to", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False)
    op.add_column("email_message", kept)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
