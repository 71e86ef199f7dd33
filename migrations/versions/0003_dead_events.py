"""Dead events are listed and tried again by people."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_outbox_dead",
        "outbox",
        [sa.literal_column("dead_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_where=sa.text("dead_at is not null"),
    )
    op.create_table(
        "event_replay",
        sa.Column("outbox_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_event_replay_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_replay")),
    )
