"""The grams of a search text are found in half the time; they are the same, so the indexes on them stand."""

from alembic import op

from backend.core.search import GRAMS

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(GRAMS)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
