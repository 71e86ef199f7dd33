"""E-mail in and out: letters, their files, what is on its way, drop-box addresses, mailboxes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "email_message",
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("in_reply_to", sa.String(), nullable=True),
        sa.Column("references_ids", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("from_address", sa.String(), nullable=False),
        sa.Column("from_name", sa.String(), nullable=False),
        sa.Column("to_people", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cc_people", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("excerpt", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("is_cut", sa.Boolean(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("raw_sha256", sa.String(), nullable=True),
        sa.Column("raw_size", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("subject_type", sa.String(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("filed_by", sa.Uuid(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("direction in ('in', 'out')", name=op.f("ck_email_message_direction")),
        sa.CheckConstraint(
            "state in ('pending', 'sent', 'failed', 'filed', 'sorting', 'discarded', 'automatic')", name=op.f("ck_email_message_state")
        ),
        sa.CheckConstraint(
            "state not in ('pending', 'sent', 'failed') or (direction = 'out' and person_id is not null)",
            name=op.f("ck_email_message_ours_has_sender"),
        ),
        sa.CheckConstraint(
            "state not in ('pending', 'sent', 'failed', 'filed') or subject_id is not null", name=op.f("ck_email_message_filed_has_record")
        ),
        sa.CheckConstraint("state not in ('sorting', 'discarded') or subject_id is null", name=op.f("ck_email_message_tray_has_no_record")),
        sa.CheckConstraint("(subject_id is null) = (subject_type is null)", name=op.f("ck_email_message_record_has_type")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_email_message_contact_id")),
        sa.ForeignKeyConstraint(["filed_by"], ["person.id"], name=op.f("fk_email_message_filed_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_email_message_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_message")),
        sa.UniqueConstraint("message_id", name=op.f("uq_email_message_message_id")),
    )
    op.create_index(
        "ix_email_message_own_tray",
        "email_message",
        ["person_id", "state", sa.text("at desc"), sa.text("id desc")],
        unique=False,
        postgresql_where=sa.text("subject_id is null and person_id is not null"),
    )
    op.create_index(
        "ix_email_message_raw", "email_message", ["raw_sha256"], unique=False, postgresql_where=sa.text("raw_sha256 is not null")
    )
    op.create_index("ix_email_message_references", "email_message", ["references_ids"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_email_message_sender",
        "email_message",
        ["from_address", "at"],
        unique=False,
        postgresql_where=sa.text("received_at is not null"),
    )
    op.create_index(
        "ix_email_message_subject",
        "email_message",
        ["subject_id", sa.text("at desc"), sa.text("id desc")],
        unique=False,
        postgresql_where=sa.text("subject_id is not null"),
    )
    op.create_index("ix_email_message_thread", "email_message", ["thread_id", "at", "id"], unique=False)
    op.create_index(
        "ix_email_message_tray",
        "email_message",
        ["state", sa.text("at desc"), sa.text("id desc")],
        unique=False,
        postgresql_where=sa.text("subject_id is null"),
    )
    op.create_index(
        "ix_email_message_written", "email_message", ["person_id", "at"], unique=False, postgresql_where=sa.text("received_at is null")
    )
    op.create_table(
        "email_file",
        sa.Column("email_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("is_inline", sa.Boolean(), nullable=False),
        sa.Column("refused", sa.String(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_email_file_document_id")),
        sa.ForeignKeyConstraint(["email_id"], ["email_message.id"], name=op.f("fk_email_file_email_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_file")),
    )
    op.create_index("ix_email_file_email", "email_file", ["email_id", "place"], unique=False)
    op.create_index("ix_email_file_sha256", "email_file", ["sha256"], unique=False)
    op.create_table(
        "email_delivery",
        sa.Column("email_id", sa.Uuid(), nullable=False),
        sa.Column("is_open", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("taken", sa.ARRAY(sa.String()), server_default=sa.text("'{}'"), nullable=False),
        sa.ForeignKeyConstraint(["email_id"], ["email_message.id"], name=op.f("fk_email_delivery_email_id")),
        sa.PrimaryKeyConstraint("email_id", name=op.f("pk_email_delivery")),
    )
    op.create_index("ix_email_delivery_due", "email_delivery", ["next_at"], unique=False, postgresql_where=sa.text("is_open"))
    op.create_table(
        "dropbox_address",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("subject_type", sa.String(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(person_id is null) <> (subject_id is null)", name=op.f("ck_dropbox_address_of_one")),
        sa.CheckConstraint("(subject_id is null) = (subject_type is null)", name=op.f("ck_dropbox_address_record_has_type")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_dropbox_address_created_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dropbox_address_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dropbox_address")),
        sa.UniqueConstraint("token", name=op.f("uq_dropbox_address_token")),
    )
    op.create_index(
        "uq_dropbox_address_person",
        "dropbox_address",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at is null and person_id is not null"),
    )
    op.create_index(
        "uq_dropbox_address_subject",
        "dropbox_address",
        ["subject_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at is null and subject_id is not null"),
    )
    op.create_table(
        "mailbox",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mailbox")),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
