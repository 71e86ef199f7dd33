"""Rows of a file that add a contact to a customer which an earlier row has made."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATES = "'staged', 'ready', 'problem', 'duplicate', 'created', 'joined', 'updated', 'unchanged', 'undone'"


def upgrade() -> None:
    op.add_column("import_run", sa.Column("joined", sa.Integer(), server_default="0", nullable=False))
    op.drop_constraint(op.f("ck_import_row_state"), "import_row")
    op.create_check_constraint(op.f("ck_import_row_state"), "import_row", f"state in ({STATES})")
    op.execute("drop function if exists identity_held(jsonb)")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
