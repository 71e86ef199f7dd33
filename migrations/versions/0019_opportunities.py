"""Pipelines with their stages and versions; opportunities and their stays in stages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pipeline",
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("is_default", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipeline")),
    )
    op.create_index("uq_pipeline_default", "pipeline", ["is_default"], unique=True, postgresql_where=sa.text("is_default"))
    op.create_table(
        "pipeline_stage",
        sa.Column("pipeline_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("baseline_rate", sa.Numeric(precision=5, scale=4), nullable=True),
        sa.Column("win_rate", sa.Numeric(precision=6, scale=5), nullable=False),
        sa.Column("dwell_min_days", sa.Integer(), nullable=True),
        sa.Column("dwell_max_days", sa.Integer(), nullable=True),
        sa.Column("may_be_skipped", sa.Boolean(), nullable=False),
        sa.Column("may_be_returned_to", sa.Boolean(), nullable=False),
        sa.Column("next_step", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("entry", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("exit", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind in ('open', 'closed', 'contract', 'delivery')", name=op.f("ck_pipeline_stage_kind")),
        sa.CheckConstraint("phase in ('capture', 'needs', 'proposal', 'contract', 'delivery')", name=op.f("ck_pipeline_stage_phase")),
        sa.CheckConstraint("dwell_min_days <= dwell_max_days", name=op.f("ck_pipeline_stage_dwell")),
        sa.ForeignKeyConstraint(["pipeline_id"], ["pipeline.id"], name=op.f("fk_pipeline_stage_pipeline_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipeline_stage")),
        sa.UniqueConstraint("pipeline_id", "key", name=op.f("uq_pipeline_stage_pipeline_id_key")),
    )
    op.create_table(
        "pipeline_version",
        sa.Column("pipeline_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_pipeline_version_changed_by")),
        sa.ForeignKeyConstraint(["pipeline_id"], ["pipeline.id"], name=op.f("fk_pipeline_version_pipeline_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipeline_version")),
        sa.UniqueConstraint("pipeline_id", "number", name=op.f("uq_pipeline_version_pipeline_id_number")),
    )
    op.create_table(
        "opportunity",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("backup_owner_id", sa.Uuid(), nullable=True),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("pipeline_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("expected_amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("currency", sa.String(), server_default="CNY", nullable=False),
        sa.Column("expected_close_on", sa.Date(), nullable=True),
        sa.Column("product_line", sa.String(), nullable=True),
        sa.Column("need", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("needs_review", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("review_approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("custom", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_activity_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage_entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("advanced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("loss_reason", sa.String(), nullable=True),
        sa.Column("closing_note", sa.String(), nullable=True),
        sa.Column("next_step", sa.String(), nullable=True),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.String(), server_default="", nullable=False),
        sa.Column("name_sort", sa.String(), server_default="", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("(state = 'lost') = (loss_reason is not null)", name=op.f("ck_opportunity_lost_has_reason")),
        sa.CheckConstraint("(state = 'open') = (closed_at is null)", name=op.f("ck_opportunity_closed_has_moment")),
        sa.CheckConstraint(
            "loss_reason in ('price', 'delivery_time', 'technical', 'competitor', 'no_budget', 'no_answer', 'cancelled', 'other')",
            name=op.f("ck_opportunity_loss_reason"),
        ),
        sa.CheckConstraint("state in ('open', 'won', 'lost')", name=op.f("ck_opportunity_state")),
        sa.CheckConstraint("backup_owner_id <> owner_id", name=op.f("ck_opportunity_backup_is_another")),
        sa.CheckConstraint("expected_amount >= 0", name=op.f("ck_opportunity_amount")),
        sa.ForeignKeyConstraint(["backup_owner_id"], ["person.id"], name=op.f("fk_opportunity_backup_owner_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_opportunity_contact_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_opportunity_created_by")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_opportunity_customer_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_opportunity_lead_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_opportunity_owner_id")),
        sa.ForeignKeyConstraint(["pipeline_id"], ["pipeline.id"], name=op.f("fk_opportunity_pipeline_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_opportunity_region_id")),
        sa.ForeignKeyConstraint(["stage_id"], ["pipeline_stage.id"], name=op.f("fk_opportunity_stage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunity")),
        sa.UniqueConstraint("number", name=op.f("uq_opportunity_number")),
    )
    op.create_index("ix_opportunity_activity", "opportunity", ["last_activity_at", "id"], unique=False)
    op.create_index("ix_opportunity_amount", "opportunity", [sa.text("coalesce(expected_amount, -1::numeric)"), "id"], unique=False)
    op.create_index(
        "ix_opportunity_backup", "opportunity", ["backup_owner_id"], unique=False, postgresql_where=sa.text("backup_owner_id is not null")
    )
    op.create_index("ix_opportunity_close", "opportunity", [sa.text("coalesce(expected_close_on, 'infinity'::date)"), "id"], unique=False)
    op.create_index("ix_opportunity_customer", "opportunity", ["customer_id"], unique=False)
    op.create_index("ix_opportunity_entered", "opportunity", [sa.text("stage_entered_at desc"), sa.text("id desc")], unique=False)
    op.create_index("ix_opportunity_lead", "opportunity", ["lead_id"], unique=True, postgresql_where=sa.text("lead_id is not null"))
    op.create_index("ix_opportunity_name_sort", "opportunity", ["name_sort", "id"], unique=False)
    op.create_index(
        "ix_opportunity_owner_next",
        "opportunity",
        ["owner_id", "next_step_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open' and next_step_at is not null"),
    )
    op.create_index(
        "ix_opportunity_owner_stage",
        "opportunity",
        ["owner_id", "stage_id", sa.text("stage_entered_at desc"), sa.text("id desc")],
        unique=False,
    )
    op.create_index(
        "ix_opportunity_region_stage",
        "opportunity",
        ["region_id", "stage_id", sa.text("stage_entered_at desc"), sa.text("id desc")],
        unique=False,
    )
    op.create_index("ix_opportunity_search", "opportunity", [sa.text("search_grams(search_text)")], unique=False, postgresql_using="gin")
    op.create_index("ix_opportunity_stage", "opportunity", ["stage_id", sa.text("stage_entered_at desc"), sa.text("id desc")], unique=False)
    op.create_table(
        "stage_stay",
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("move", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("pipeline_version", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_by", sa.Uuid(), nullable=True),
        sa.Column("left_to", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("move in ('created', 'forward', 'skip', 'back', 'won', 'lost', 'reopened')", name=op.f("ck_stage_stay_move")),
        sa.CheckConstraint("left_at >= entered_at", name=op.f("ck_stage_stay_in_order")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_stage_stay_entered_by")),
        sa.ForeignKeyConstraint(["left_by"], ["person.id"], name=op.f("fk_stage_stay_left_by")),
        sa.ForeignKeyConstraint(["left_to"], ["pipeline_stage.id"], name=op.f("fk_stage_stay_left_to")),
        sa.ForeignKeyConstraint(["opportunity_id"], ["opportunity.id"], name=op.f("fk_stage_stay_opportunity_id")),
        sa.ForeignKeyConstraint(["stage_id"], ["pipeline_stage.id"], name=op.f("fk_stage_stay_stage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_stay")),
    )
    op.create_index("ix_stage_stay_opportunity", "stage_stay", ["opportunity_id", "entered_at"], unique=False)
    op.create_index("ix_stage_stay_stage", "stage_stay", ["stage_id", "entered_at"], unique=False)
    op.create_index("uq_stage_stay_open", "stage_stay", ["opportunity_id"], unique=True, postgresql_where=sa.text("left_at is null"))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
