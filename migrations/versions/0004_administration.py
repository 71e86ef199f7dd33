"""Administration: decisions on submissions, forms with origins and former mappings, channels of one person, roles that change."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("ck_submission_state", "submission")
    op.create_check_constraint("state", "submission", "state in ('accepted', 'quarantined', 'dismissed')")
    op.create_table(
        "submission_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("corrections", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('replayed', 'dismissed')", name=op.f("ck_submission_decision_kind")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_submission_decision_submission_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_submission_decision_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_decision")),
    )
    op.create_index("ix_submission_decision_submission", "submission_decision", ["submission_id", "at"])
    op.create_index(
        "uq_submission_decision_replayed",
        "submission_decision",
        ["submission_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'replayed'"),
    )
    op.add_column(
        "form", sa.Column("allowed_origins", postgresql.ARRAY(sa.String()), server_default=sa.text("'{}'::text[]"), nullable=False)
    )
    op.create_table(
        "form_mapping",
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["form.id"], name=op.f("fk_form_mapping_form_id")),
        sa.ForeignKeyConstraint(["replaced_by"], ["person.id"], name=op.f("fk_form_mapping_replaced_by")),
        sa.PrimaryKeyConstraint("form_id", "version", name=op.f("pk_form_mapping")),
    )
    op.add_column("form_secret", sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False))
    op.add_column("channel", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("channel", sa.Column("person_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_channel_person_id"), "channel", "person", ["person_id"], ["id"])
    op.create_index(op.f("ix_channel_person_id"), "channel", ["person_id"])
    op.create_check_constraint("serves_one", "channel", "region_id is null or person_id is null")
    op.add_column("role", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("role_permission", sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False))
