"""The State Council's day stays under the company's own word; years whose holidays the company has confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("calendar_day", sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.drop_constraint("pk_calendar_day", "calendar_day", type_="primary")
    op.create_primary_key("pk_calendar_day", "calendar_day", ["date", "source"])
    op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_year")),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
