"""How long stays took is kept as one row of counts for each region, month and stage; all figures are made anew by the defaults."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("delete from funnel_base")  # what makes the defaults count everything again
    op.execute("delete from funnel_delta")
    op.execute("delete from funnel_cell")
    op.drop_index("uq_funnel_cell", "funnel_cell")
    op.drop_column("funnel_cell", "bucket")
    keys = ["region_id", "kind", "month", "stage_id", "source", "currency"]
    op.create_index("uq_funnel_cell", "funnel_cell", keys, unique=True, postgresql_nulls_not_distinct=True)
    op.create_table(
        "funnel_dwell",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("counts", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funnel_dwell")),
    )
    op.create_index("uq_funnel_dwell", "funnel_dwell", ["region_id", "month", "stage_id"], unique=True, postgresql_nulls_not_distinct=True)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
