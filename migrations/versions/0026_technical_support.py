"""Technical support requests, their rounds, and the performance ledger of the engineers."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "support_request",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("engineer_id", sa.Uuid(), nullable=False),
        sa.Column("handed_by", sa.Uuid(), nullable=True),
        sa.Column("chosen", sa.String(), nullable=False),
        sa.Column("need", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="asked", nullable=False),
        sa.Column("round", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_note", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("chosen in ('by_name', 'least_load', 'deputy')", name=op.f("ck_support_request_chosen")),
        sa.CheckConstraint("state in ('asked', 'answered', 'accepted', 'withdrawn')", name=op.f("ck_support_request_state")),
        sa.CheckConstraint("engineer_id <> asked_by", name=op.f("ck_support_request_asks_another")),
        sa.CheckConstraint("round >= 1", name=op.f("ck_support_request_round")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_support_request_asked_by")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_support_request_customer_id")),
        sa.ForeignKeyConstraint(["engineer_id"], ["person.id"], name=op.f("fk_support_request_engineer_id")),
        sa.ForeignKeyConstraint(["handed_by"], ["person.id"], name=op.f("fk_support_request_handed_by")),
        sa.ForeignKeyConstraint(["opportunity_id"], ["opportunity.id"], name=op.f("fk_support_request_opportunity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_request")),
        sa.UniqueConstraint("number", name=op.f("uq_support_request_number")),
    )
    op.create_index("ix_support_request_asker", "support_request", ["asked_by", "asked_at", "id"], unique=False)
    op.create_index("ix_support_request_customer", "support_request", ["customer_id"], unique=False)
    op.create_index("ix_support_request_engineer", "support_request", ["engineer_id", "state", "asked_at", "id"], unique=False)
    op.create_index(
        "ix_support_request_opportunity",
        "support_request",
        ["opportunity_id"],
        unique=False,
        postgresql_where=sa.text("opportunity_id is not null"),
    )
    op.create_table(
        "support_record",
        sa.Column("engineer_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_minutes", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(kind = 'late') = (late_minutes is not null)", name=op.f("ck_support_record_late_has_minutes")),
        sa.CheckConstraint("kind in ('kept', 'missed', 'late')", name=op.f("ck_support_record_kind")),
        sa.ForeignKeyConstraint(["engineer_id"], ["person.id"], name=op.f("fk_support_record_engineer_id")),
        sa.ForeignKeyConstraint(["request_id"], ["support_request.id"], name=op.f("fk_support_record_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_record")),
        sa.UniqueConstraint("request_id", "round", "kind", name=op.f("uq_support_record_request_id_round_kind")),
    )
    op.create_index("ix_support_record_engineer", "support_record", ["engineer_id", "due_at", "id"], unique=False)
    op.create_table(
        "support_round",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("need", sa.String(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_support_round_answered_by")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_support_round_asked_by")),
        sa.ForeignKeyConstraint(["request_id"], ["support_request.id"], name=op.f("fk_support_round_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_round")),
        sa.UniqueConstraint("request_id", "number", name=op.f("uq_support_round_request_id_number")),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
