"""Contracts with their amounts and delivery milestones; the delivery stage of a pipeline says which are promised."""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

SHIPPED = "6c5b8a8e-9a34-5f5c-9f0e-2f3c6a1d7b90"
PROMISED = [
    {"title": "首件确认", "within_working_days": 15},
    {"title": "批量生产完成", "within_working_days": 30},
    {"title": "发货", "within_working_days": 33},
    {"title": "客户验收", "within_working_days": 40},
]
OPENED = """
insert into contract (id, opportunity_id, customer_id, title, opened_at)
select uuidv7(), id, customer_id, name, closed_at from opportunity where state = 'won'
"""
WORTH = """
insert into contract_amount (contract_id, amount, currency)
select c.id, o.expected_amount, o.currency from contract c join opportunity o on o.id = c.opportunity_id where o.expected_amount is not null
"""


def upgrade() -> None:
    op.add_column(
        "pipeline_stage",
        sa.Column("milestones", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False),
    )
    op.execute(
        sa.text(
            "update pipeline_stage set milestones = cast(:promised as jsonb) where pipeline_id = cast(:shipped as uuid) and key = 'delivery'"
        ).bindparams(promised=json.dumps(PROMISED, ensure_ascii=False), shipped=SHIPPED)
    )
    op.add_column("opportunity", sa.Column("contract_signed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "contract",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), server_default="signing", nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("state in ('signing', 'delivering', 'completed', 'void')", name=op.f("ck_contract_state")),
        sa.CheckConstraint("(state in ('delivering', 'completed')) = (signed_on is not null)", name=op.f("ck_contract_signed_has_day")),
        sa.CheckConstraint("(state = 'completed') = (completed_on is not null)", name=op.f("ck_contract_completed_has_day")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_contract_customer_id")),
        sa.ForeignKeyConstraint(["opportunity_id"], ["opportunity.id"], name=op.f("fk_contract_opportunity_id")),
        sa.ForeignKeyConstraint(["signed_by"], ["person.id"], name=op.f("fk_contract_signed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("number", name=op.f("uq_contract_number")),
        sa.UniqueConstraint("opportunity_id", name=op.f("uq_contract_opportunity_id")),
    )
    newest = [sa.text("opened_at desc"), sa.text("id desc")]
    op.create_index("ix_contract_opened", "contract", newest)
    op.create_index("ix_contract_state", "contract", ["state", *newest])
    op.create_index("ix_contract_customer", "contract", ["customer_id"])
    op.create_table(
        "contract_amount",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_contract_amount_amount")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_contract_amount_contract_id")),
        sa.PrimaryKeyConstraint("contract_id", name=op.f("pk_contract_amount")),
    )
    op.create_table(
        "delivery_milestone",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("done_on is null or cancelled_at is null", name=op.f("ck_delivery_milestone_one_end")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_delivery_milestone_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_milestone")),
    )
    op.create_index("ix_delivery_milestone_contract", "delivery_milestone", ["contract_id", "due_on", "id"])
    still_due = sa.text("done_on is null and cancelled_at is null")
    op.create_index("ix_delivery_milestone_due", "delivery_milestone", ["due_on", "contract_id"], postgresql_where=still_due)
    op.execute(OPENED)
    op.execute(WORTH)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
