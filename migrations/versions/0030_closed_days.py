"""What was closed is counted by day too; all figures are made anew by the defaults."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("delete from funnel_base")  # what makes the defaults count everything again
    for table in ("funnel_delta", "funnel_cell", "funnel_dwell"):
        op.execute(f"delete from {table}")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
