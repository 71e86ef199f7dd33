"""How a stay ended, when the lead of an opportunity came, the funnel's figures, and its daily snapshot."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

KEYS = ("kind", "month", "region_id", "stage_id", "source", "currency", "bucket")


def _figures() -> list[sa.Column]:  # type: ignore[type-arg]
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=True),
        sa.Column("stage_id", sa.Uuid(), nullable=True),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("bucket", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("n", "ended", "advanced")),
        *(sa.Column(name, sa.Numeric(), nullable=False) for name in ("amount", "seconds")),
    ]


def upgrade() -> None:
    op.add_column("stage_stay", sa.Column("left_move", sa.String(), nullable=True))
    op.execute("alter table stage_stay disable trigger user")
    op.execute(
        "update stage_stay s set left_move = (select n.move from stage_stay n where n.opportunity_id = s.opportunity_id and n.id <> s.id"
        " and n.stage_id = s.left_to order by abs(extract(epoch from n.entered_at - s.left_at)) limit 1) where s.left_at is not null"
    )
    op.execute("alter table stage_stay enable trigger user")
    moves = "'created', 'forward', 'skip', 'back', 'won', 'lost', 'reopened'"
    op.create_check_constraint(op.f("ck_stage_stay_left_move"), "stage_stay", f"left_move in ({moves})")
    op.create_check_constraint(op.f("ck_stage_stay_left_how"), "stage_stay", "(left_at is null) = (left_move is null)")
    op.create_index(
        "ix_stage_stay_dwell",
        "stage_stay",
        ["stage_id", sa.text("(left_at - entered_at)"), "id"],
        postgresql_where=sa.text("left_at is not null"),
    )
    op.add_column("opportunity", sa.Column("lead_received_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("alter table opportunity disable trigger user")
    op.execute("update opportunity o set lead_received_at = l.received_at from lead l where l.id = o.lead_id")
    op.execute("alter table opportunity enable trigger user")
    op.create_index(
        "ix_opportunity_closed",
        "opportunity",
        ["closed_at"],
        postgresql_include=["region_id", "pipeline_id", "stage_id", "currency", "expected_amount", "state"],
        postgresql_where=sa.text("closed_at is not null"),
    )
    op.create_table("funnel_cell", *_figures(), sa.PrimaryKeyConstraint("id", name=op.f("pk_funnel_cell")))
    op.create_index("uq_funnel_cell", "funnel_cell", list(KEYS), unique=True, postgresql_nulls_not_distinct=True)
    op.create_table("funnel_delta", *_figures(), sa.PrimaryKeyConstraint("id", name=op.f("pk_funnel_delta")))
    op.create_table(
        "funnel_base", sa.Column("zone", sa.String(), nullable=False), sa.PrimaryKeyConstraint("zone", name=op.f("pk_funnel_base"))
    )
    op.create_table(
        "funnel_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_id", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_funnel_day")),
    )
    op.create_table(
        "funnel_snapshot",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("pipeline_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("expected_amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("expected_close_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["opportunity_id"], ["opportunity.id"], name=op.f("fk_funnel_snapshot_opportunity_id")),
        sa.PrimaryKeyConstraint("day", "opportunity_id", name=op.f("pk_funnel_snapshot")),
    )
    op.create_index("ix_funnel_snapshot_opportunity", "funnel_snapshot", ["opportunity_id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
