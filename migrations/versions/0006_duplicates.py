"""Keys and names by which duplicates are found, merges, and the state `merged` of leads."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identity_key",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind in ('credit_code', 'phone', 'email')", name=op.f("ck_identity_key_kind")),
        sa.PrimaryKeyConstraint("kind", "key", "subject_type", "subject_id", name=op.f("pk_identity_key")),
    )
    op.create_index("ix_identity_key_subject", "identity_key", ["subject_id"], unique=False)
    op.create_table(
        "identity_name",
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("core", sa.String(), nullable=False),
        sa.Column("places", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("grams", sa.ARRAY(sa.Integer()), nullable=False),
        sa.PrimaryKeyConstraint("subject_type", "subject_id", name=op.f("pk_identity_name")),
    )
    op.create_index("ix_identity_name_grams", "identity_name", ["grams"], unique=False, postgresql_using="gin")
    op.create_table(
        "identity_progress",
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("rules_version", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Uuid(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("subject_type", "rules_version", name=op.f("pk_identity_progress")),
    )
    op.create_table(
        "record_merge",
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("survivor_id", sa.Uuid(), nullable=False),
        sa.Column("loser_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("taken", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("survivor_after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("loser_before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by", sa.Uuid(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("survivor_id <> loser_id", name=op.f("ck_record_merge_two_records")),
        sa.ForeignKeyConstraint(["merged_by"], ["person.id"], name=op.f("fk_record_merge_merged_by")),
        sa.ForeignKeyConstraint(["undone_by"], ["person.id"], name=op.f("fk_record_merge_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_merge")),
    )
    op.create_index("ix_record_merge_survivor", "record_merge", ["survivor_id"], unique=False)
    op.create_index("uq_record_merge_loser", "record_merge", ["loser_id"], unique=True, postgresql_where=sa.text("undone_at is null"))
    op.add_column("lead", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_lead_merged_into_id"), "lead", "lead", ["merged_into_id"], ["id"])
    op.create_index("ix_lead_merged_into", "lead", ["merged_into_id"], unique=False, postgresql_where=sa.text("merged_into_id is not null"))
    op.drop_constraint(op.f("ck_lead_state"), "lead")
    op.create_check_constraint(op.f("ck_lead_state"), "lead", "state in ('new', 'assigned', 'following', 'disqualified', 'merged')")
    op.create_check_constraint(op.f("ck_lead_merged_has_survivor"), "lead", "(state = 'merged') = (merged_into_id is not null)")
    op.create_check_constraint(op.f("ck_lead_not_merged_into_itself"), "lead", "merged_into_id <> id")
