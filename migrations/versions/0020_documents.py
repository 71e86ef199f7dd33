"""Documents: kinds, documents with their versions, uploads that wait, small pictures."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def _bytes() -> "list[sa.Column[Any]]":
    return [
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "document_kind",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("max_megabytes", sa.Integer(), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("max_megabytes > 0", name=op.f("ck_document_kind_max_megabytes")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_document_kind")),
    )
    op.create_table(
        "document",
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("(withdrawn_at is null) = (withdrawn_reason is null)", name=op.f("ck_document_withdrawn_has_reason")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_document_created_by")),
        sa.ForeignKeyConstraint(["kind"], ["document_kind.key"], name=op.f("fk_document_kind")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name=op.f("fk_document_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index("ix_document_subject", "document", ["subject_id", sa.text("created_at desc"), sa.text("id desc")])
    op.create_table(
        "document_version",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_bytes(),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_version_document_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["person.id"], name=op.f("fk_document_version_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_version")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_document_version_document_id_number")),
    )
    op.create_index("ix_document_version_sha256", "document_version", ["sha256"])
    op.create_table(
        "document_upload",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_bytes(),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_document_upload_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_upload")),
    )
    op.create_index("ix_document_upload_at", "document_upload", ["at"])
    op.create_index("ix_document_upload_sha256", "document_upload", ["sha256"])
    op.create_table(
        "document_preview",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("is_made", sa.Boolean(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_document_preview")),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
