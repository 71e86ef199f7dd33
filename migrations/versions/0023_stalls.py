"""Deals that stand still: who was told when; what goes out once on each working day; mail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

IS_OPEN = "state = 'open'"
CHANNEL_KINDS = "kind in ('dingtalk_robot', 'email')"


def upgrade() -> None:
    op.add_column("ladder", sa.Column("spares_planned", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "daily",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_daily")),
    )
    op.create_table(
        "daily_run",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "day", name=op.f("pk_daily_run")),
    )
    op.create_table(
        "daily_receipt",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_daily_receipt_person_id")),
        sa.PrimaryKeyConstraint("kind", "day", "person_id", name=op.f("pk_daily_receipt")),
    )
    op.create_index("ix_daily_receipt_person", "daily_receipt", ["person_id", "kind", "day"])
    op.drop_constraint(op.f("ck_channel_kind"), "channel", type_="check")
    op.create_check_constraint(op.f("ck_channel_kind"), "channel", CHANNEL_KINDS)
    op.create_table(
        "mail",
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("attachments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["notification_id"], ["notification.id"], name=op.f("fk_mail_notification_id")),
        sa.PrimaryKeyConstraint("notification_id", name=op.f("pk_mail")),
    )
    op.create_table(
        "opportunity_notice",
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("base_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind in ('stall', 'next_step')", name=op.f("ck_opportunity_notice_kind")),
        sa.ForeignKeyConstraint(["opportunity_id"], ["opportunity.id"], name=op.f("fk_opportunity_notice_opportunity_id")),
        sa.PrimaryKeyConstraint("opportunity_id", "kind", name=op.f("pk_opportunity_notice")),
    )
    op.create_index("ix_opportunity_quiet", "opportunity", ["last_activity_at", "id"], postgresql_where=sa.text(IS_OPEN))
    op.create_index(
        "ix_opportunity_next_step",
        "opportunity",
        ["next_step_at", "id"],
        postgresql_where=sa.text(f"{IS_OPEN} and next_step_at is not null"),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
