"""The default pipeline is one in use."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_check_constraint(op.f("ck_pipeline_default_in_use"), "pipeline", "is_active or not is_default")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
