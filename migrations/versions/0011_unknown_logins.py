"""Failures at sign-in: when the last one was, and those of logins that nobody has."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("credential", sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "unknown_login",
        sa.Column("login_hash", sa.String(), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("login_hash", name=op.f("pk_unknown_login")),
    )
    op.create_index("ix_unknown_login_failed", "unknown_login", ["failed_at"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
