"""Search text and sort key of leads, saved views, the pool as a way of looking, closing a lead with a reason."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from backend.core.search import GRAMS, search_text, sort_key

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BATCH = 5000
CLAIMING_ROLES = "('sales_rep', 'senior_consultant', 'regional_manager', 'area_director')"


def upgrade() -> None:
    op.execute(GRAMS)
    op.add_column("lead", sa.Column("disqualified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("lead", sa.Column("disqualified_reason", sa.String(), nullable=True))
    op.add_column("lead", sa.Column("search_text", sa.String(), server_default="", nullable=False))
    op.add_column("lead", sa.Column("company_sort", sa.String(), server_default="", nullable=False))
    op.create_check_constraint(
        op.f("ck_lead_reason_of_disqualified"), "lead", "state in ('disqualified', 'merged') or disqualified_reason is null"
    )
    _fill_search()
    op.create_index("ix_lead_search", "lead", [sa.text("search_grams(search_text)")], postgresql_using="gin")
    op.create_index("ix_lead_activity", "lead", ["last_activity_at", "id"])
    op.create_index("ix_lead_next_step", "lead", [sa.text("coalesce(next_step_at, '9999-12-31 00:00:00+00'::timestamptz)"), "id"])
    op.create_index("ix_lead_amount", "lead", [sa.text("coalesce(expected_amount, -1::numeric)"), "id"])
    op.create_index("ix_lead_company_sort", "lead", ["company_sort", "id"])
    op.create_index(
        "ix_lead_pool", "lead", ["region_id", "pooled_at"],
        postgresql_where=sa.text("owner_id is null and state = 'new' and pooled_at is not null"),
    )  # fmt: skip
    op.create_index(
        "ix_lead_assignment_claimed", "lead_assignment", ["assigned_by", "assigned_at"],
        postgresql_where=sa.text("reason ->> 'code' = 'claimed'"),
    )  # fmt: skip
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("sharing", sa.String(), server_default="own", nullable=False),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_default", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("sharing in ('own', 'region', 'company')", name=op.f("ck_saved_view_sharing")),
        sa.CheckConstraint("sharing <> 'region' or region_id is not null", name=op.f("ck_saved_view_region_is_known")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_saved_view_owner_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_saved_view_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index("ix_saved_view_owner", "saved_view", ["owner_id", "subject"])
    op.create_index("ix_saved_view_shared", "saved_view", ["subject", "sharing"], postgresql_where=sa.text("sharing <> 'own'"))
    op.create_index(
        "uq_saved_view_default", "saved_view", ["owner_id", "subject"], unique=True,
        postgresql_where=sa.text("is_default and removed_at is null"),
    )  # fmt: skip
    op.execute(f"update role set reaches = reaches || '{{pool}}' where code in {CLAIMING_ROLES} and not 'pool' = any(reaches)")


def _fill_search() -> None:
    """The search text of the leads that are there; it repeats other columns, so the audit does not speak of it."""
    connection = op.get_bind()
    op.execute("alter table lead disable trigger user")
    rows = connection.execute(sa.text("select id, company, contact_name, phone, phone_key from lead")).all()
    fill = sa.text("update lead set search_text = :text, company_sort = :sort where id = :id")
    for start in range(0, len(rows), BATCH):
        found = [
            {
                "id": row.id,
                "text": search_text((row.company, row.contact_name), (row.phone, row.phone_key)),
                "sort": sort_key(row.company),
            }
            for row in rows[start : start + BATCH]
        ]
        connection.execute(fill, found)
    op.execute("alter table lead enable trigger user")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
