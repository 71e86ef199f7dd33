"""What a form's sender takes for success."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("form", sa.Column("answer_style", sa.String(), server_default="accepted", nullable=False))
    op.create_check_constraint("answer_style", "form", "answer_style in ('accepted', 'ok', 'code_zero')")
