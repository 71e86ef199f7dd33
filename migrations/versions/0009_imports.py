"""Imports and exports: files in parts, runs and their rows, kept mappings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "export_policy",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("approval_above", sa.Integer(), nullable=False),
        sa.CheckConstraint("approval_above >= 0", name=op.f("ck_export_policy_not_negative")),
        sa.CheckConstraint("id = 1", name=op.f("ck_export_policy_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_policy")),
    )
    op.create_table(
        "stored_file",
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    op.create_table(
        "file_part",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_file_part_file_id")),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_file_part")),
    )
    op.create_table(
        "export_run",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("filters", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.CheckConstraint("state in ('waiting', 'rejected', 'making', 'ready', 'failed', 'expired')", name=op.f("ck_export_run_state")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_export_run_decided_by")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_export_run_file_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_export_run_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_run")),
    )
    op.create_index(
        "ix_export_run_newest", "export_run", [sa.literal_column("created_at desc"), sa.literal_column("id desc")], unique=False
    )
    op.create_index(
        "ix_export_run_person",
        "export_run",
        ["person_id", sa.literal_column("created_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        "ix_export_run_waiting", "export_run", ["created_at"], unique=False, postgresql_where=sa.text("state in ('waiting', 'making')")
    )
    op.create_table(
        "import_mapping",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_import_mapping_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mapping")),
    )
    op.create_index(
        "uq_import_mapping_name", "import_mapping", ["person_id", "target", "name"], unique=True, postgresql_where=sa.text("is_active")
    )
    op.create_table(
        "import_run",
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="reading", nullable=False),
        sa.Column("refusal", sa.String(), nullable=True),
        sa.Column("header_row", sa.Integer(), server_default="0", nullable=False),
        sa.Column("header_rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("labels", sa.ARRAY(sa.String()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=True),
        sa.Column("cursor", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problems", sa.Integer(), server_default="0", nullable=False),
        sa.Column("duplicates", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created", sa.Integer(), server_default="0", nullable=False),
        sa.Column("updated", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unchanged", sa.Integer(), server_default="0", nullable=False),
        sa.Column("undone", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problems_file_id", sa.Uuid(), nullable=True),
        sa.Column("undo_reason", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state in ('reading', 'unreadable', 'mapping', 'checking', 'ready', 'running', 'stopped', 'done', 'undoing', 'undone', 'discarded')",
            name=op.f("ck_import_run_state"),
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_import_run_file_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_import_run_person_id")),
        sa.ForeignKeyConstraint(["problems_file_id"], ["stored_file.id"], name=op.f("fk_import_run_problems_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_index(
        "ix_import_run_newest", "import_run", [sa.literal_column("created_at desc"), sa.literal_column("id desc")], unique=False
    )
    op.create_index(
        "ix_import_run_person",
        "import_run",
        ["person_id", sa.literal_column("created_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index("ix_import_run_sha256", "import_run", ["sha256"], unique=False)
    op.create_index(
        "ix_import_run_working",
        "import_run",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("state in ('reading', 'checking', 'running', 'undoing')"),
    )
    op.create_index(
        "uq_import_run_fingerprint",
        "import_run",
        ["fingerprint"],
        unique=True,
        postgresql_where=sa.text("state in ('running', 'stopped', 'done', 'undoing')"),
    )
    op.create_table(
        "export_download",
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["export_id"], ["export_run.id"], name=op.f("fk_export_download_export_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_export_download_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_download")),
    )
    op.create_index(op.f("ix_export_download_export_id"), "export_download", ["export_id"], unique=False)
    op.create_table(
        "import_row",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cells", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("file_key", sa.String(), nullable=True),
        sa.Column("state", sa.String(), server_default="staged", nullable=False),
        sa.Column("problems", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("match", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("subject_version", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state in ('staged', 'ready', 'problem', 'duplicate', 'created', 'updated', 'unchanged', 'undone')",
            name=op.f("ck_import_row_state"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_import_row_run_id")),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_import_row")),
    )
    op.create_index(
        "ix_import_row_file_key", "import_row", ["run_id", "file_key"], unique=False, postgresql_where=sa.text("file_key is not null")
    )
    op.create_index("ix_import_row_state", "import_row", ["run_id", "state", "number"], unique=False)
    op.execute("alter table file_part alter column data set storage external")
