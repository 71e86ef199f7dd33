"""An import remembers whom it took a customer from; who is reached without a name has none, instead of a word in one language."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_row", sa.Column("hands", postgresql.JSONB(), nullable=True))
    op.execute("update contact set name = '' where name = '联系人'")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
