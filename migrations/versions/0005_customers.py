"""Customers, contacts and change requests."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customer",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("credit_code", sa.String(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("province", sa.String(), nullable=True),
        sa.Column("city", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("industry", sa.String(), nullable=True),
        sa.Column("website", sa.String(), nullable=True),
        sa.Column("payment_terms", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("is_key", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("backup_owner_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), server_default="active", nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_by", sa.Uuid(), nullable=True),
        sa.Column("archive_reason", sa.String(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("tags", sa.ARRAY(sa.String()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("custom", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_activity_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_step", sa.String(), nullable=True),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("(state = 'archived') = (archived_at is not null)", name=op.f("ck_customer_archived_has_moment")),
        sa.CheckConstraint("state in ('active', 'archived')", name=op.f("ck_customer_state")),
        sa.CheckConstraint("backup_owner_id <> owner_id", name=op.f("ck_customer_backup_is_another")),
        sa.CheckConstraint("merged_into_id <> id", name=op.f("ck_customer_not_merged_into_itself")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_customer_not_own_parent")),
        sa.ForeignKeyConstraint(["archived_by"], ["person.id"], name=op.f("fk_customer_archived_by")),
        sa.ForeignKeyConstraint(["backup_owner_id"], ["person.id"], name=op.f("fk_customer_backup_owner_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_customer_created_by")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["customer.id"], name=op.f("fk_customer_merged_into_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_customer_owner_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["customer.id"], name=op.f("fk_customer_parent_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_customer_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("number", name=op.f("uq_customer_number")),
    )
    op.create_index(
        "ix_customer_archived",
        "customer",
        [sa.literal_column("last_activity_at desc"), sa.literal_column("id desc")],
        unique=False,
        postgresql_where=sa.text("state = 'archived'"),
    )
    op.create_index(
        "ix_customer_backup", "customer", ["backup_owner_id"], unique=False, postgresql_where=sa.text("backup_owner_id is not null")
    )
    op.create_index(
        "ix_customer_key_newest",
        "customer",
        [sa.literal_column("last_activity_at desc"), sa.literal_column("id desc")],
        unique=False,
        postgresql_where=sa.text("is_key"),
    )
    op.create_index(
        "ix_customer_merged_into", "customer", ["merged_into_id"], unique=False, postgresql_where=sa.text("merged_into_id is not null")
    )
    op.create_index("ix_customer_name_key", "customer", ["name_key"], unique=False)
    op.create_index(
        "ix_customer_newest", "customer", [sa.literal_column("last_activity_at desc"), sa.literal_column("id desc")], unique=False
    )
    op.create_index(
        "ix_customer_owner_newest",
        "customer",
        ["owner_id", sa.literal_column("last_activity_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        "ix_customer_owner_next",
        "customer",
        ["owner_id", "next_step_at"],
        unique=False,
        postgresql_where=sa.text("next_step_at is not null"),
    )
    op.create_index("ix_customer_parent", "customer", ["parent_id"], unique=False, postgresql_where=sa.text("parent_id is not null"))
    op.create_index(
        "ix_customer_region_newest",
        "customer",
        ["region_id", sa.literal_column("last_activity_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        "uq_customer_credit_code",
        "customer",
        ["credit_code"],
        unique=True,
        postgresql_where=sa.text("credit_code is not null and state = 'active' and merged_into_id is null"),
    )
    op.create_table(
        "change_request",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("subject_version", sa.Integer(), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="pending", nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'pending') = (decided_at is null)", name=op.f("ck_change_request_decided_has_moment")),
        sa.CheckConstraint("state in ('pending', 'approved', 'rejected', 'withdrawn', 'expired')", name=op.f("ck_change_request_state")),
        sa.CheckConstraint(
            "state not in ('approved', 'rejected') or decided_by <> requested_by", name=op.f("ck_change_request_nobody_decides_their_own")
        ),
        sa.CheckConstraint("subject_type in ('customer', 'contact')", name=op.f("ck_change_request_subject_type")),
        sa.CheckConstraint("approver_id <> requested_by", name=op.f("ck_change_request_nobody_is_their_own_approver")),
        sa.ForeignKeyConstraint(["approver_id"], ["person.id"], name=op.f("fk_change_request_approver_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_change_request_customer_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_change_request_decided_by")),
        sa.ForeignKeyConstraint(["requested_by"], ["person.id"], name=op.f("fk_change_request_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
    )
    op.create_index(
        "ix_change_request_approver",
        "change_request",
        ["approver_id", sa.literal_column("requested_at desc"), sa.literal_column("id desc")],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_change_request_author",
        "change_request",
        ["requested_by", sa.literal_column("requested_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        "ix_change_request_customer", "change_request", ["customer_id"], unique=False, postgresql_where=sa.text("state = 'pending'")
    )
    op.create_table(
        "contact",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("phone_key", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("wechat", sa.String(), nullable=True),
        sa.Column("is_primary", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "role in ('decider', 'influencer', 'user', 'purchaser', 'technical', 'finance', 'gatekeeper')", name=op.f("ck_contact_role")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_contact_created_by")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_contact_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index("ix_contact_customer", "contact", ["customer_id"], unique=False)
    op.create_index("ix_contact_phone_key", "contact", ["phone_key"], unique=False, postgresql_where=sa.text("phone_key is not null"))
    op.create_index("uq_contact_primary", "contact", ["customer_id"], unique=True, postgresql_where=sa.text("is_primary and is_active"))
