"""Opportunities, and every stay that one had in a stage."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Keyed, Moment
from backend.core.locking import Versioned
from backend.opportunities.rules import LossReason, OpportunityState
from backend.pipelines.rules import Move

OPEN = "state = 'open'"
NEWEST_IN_STAGE = (text("stage_entered_at desc"), text("id desc"))
NO_DAY = "coalesce(expected_close_on, 'infinity'::date)"
NO_AMOUNT = "coalesce(expected_amount, -1::numeric)"
DWELL = "(left_at - entered_at)"


def _one_of(column: str, values: type[OpportunityState | LossReason | Move]) -> str:
    return f"{column} in ({', '.join(repr(value.value) for value in values)})"


class Opportunity(Keyed, Versioned, Base):
    """A deal with a customer that may come about; a card of the board."""

    __tablename__ = "opportunity"
    __table_args__ = (
        CheckConstraint(_one_of("state", OpportunityState), name="state"),
        CheckConstraint(_one_of("loss_reason", LossReason), name="loss_reason"),
        CheckConstraint("(state = 'lost') = (loss_reason is not null)", name="lost_has_reason"),
        CheckConstraint("(state = 'open') = (closed_at is null)", name="closed_has_moment"),
        CheckConstraint("backup_owner_id <> owner_id", name="backup_is_another"),
        CheckConstraint("expected_amount >= 0", name="amount"),
        Index("ix_opportunity_owner_stage", "owner_id", "stage_id", *NEWEST_IN_STAGE),
        Index("ix_opportunity_region_stage", "region_id", "stage_id", *NEWEST_IN_STAGE),
        Index("ix_opportunity_stage", "stage_id", *NEWEST_IN_STAGE),
        Index("ix_opportunity_entered", *NEWEST_IN_STAGE),
        Index("ix_opportunity_backup", "backup_owner_id", postgresql_where=text("backup_owner_id is not null")),
        Index("ix_opportunity_customer", "customer_id"),
        Index("ix_opportunity_lead", "lead_id", unique=True, postgresql_where=text("lead_id is not null")),
        Index("ix_opportunity_owner_next", "owner_id", "next_step_at", postgresql_where=text(f"{OPEN} and next_step_at is not null")),
        Index("ix_opportunity_activity", "last_activity_at", "id"),
        Index("ix_opportunity_quiet", "last_activity_at", "id", postgresql_where=text(OPEN)),
        Index("ix_opportunity_next_step", "next_step_at", "id", postgresql_where=text(f"{OPEN} and next_step_at is not null")),
        Index(
            "ix_opportunity_closed",
            "closed_at",
            postgresql_include=["region_id", "pipeline_id", "stage_id", "currency", "expected_amount", "state"],
            postgresql_where=text("closed_at is not null"),
        ),
        Index("ix_opportunity_close", text(NO_DAY), "id"),
        Index("ix_opportunity_amount", text(NO_AMOUNT), "id"),
        Index("ix_opportunity_name_sort", "name_sort", "id"),
        Index("ix_opportunity_search", text("search_grams(search_text)"), postgresql_using="gin"),
    )
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    name: Mapped[str]
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact.id"))
    lead_id: Mapped[UUID | None] = mapped_column(ForeignKey("lead.id"))
    lead_received_at: Mapped[datetime | None] = mapped_column(Moment)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    backup_owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("region.id"))
    pipeline_id: Mapped[UUID] = mapped_column(ForeignKey("pipeline.id"))
    stage_id: Mapped[UUID] = mapped_column(ForeignKey("pipeline_stage.id"))
    state: Mapped[str] = mapped_column(server_default=OpportunityState.OPEN.value)
    expected_amount: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    currency: Mapped[str] = mapped_column(server_default="CNY")
    expected_close_on: Mapped[date | None]
    product_line: Mapped[str | None]
    need: Mapped[str | None]
    source: Mapped[str]
    needs_review: Mapped[bool] = mapped_column(server_default=text("false"))
    review_approved_at: Mapped[datetime | None] = mapped_column(Moment)
    custom: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_activity_at: Mapped[datetime] = mapped_column(Moment)
    stage_entered_at: Mapped[datetime] = mapped_column(Moment)
    advanced_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    loss_reason: Mapped[str | None]
    closing_note: Mapped[str | None]
    contract_signed_at: Mapped[datetime | None] = mapped_column(Moment)
    next_step: Mapped[str | None]
    next_step_at: Mapped[datetime | None] = mapped_column(Moment)
    search_text: Mapped[str] = mapped_column(server_default="")
    name_sort: Mapped[str] = mapped_column(server_default="")


class OpportunityNotice(Base):
    """The last time that the owner was told of one thing: the stall that began at `base_at`, or the next step that was due then. The key and
    the base make each be told once.
    """

    __tablename__ = "opportunity_notice"
    __table_args__ = (CheckConstraint("kind in ('stall', 'next_step')", name="kind"),)
    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey("opportunity.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    base_at: Mapped[datetime] = mapped_column(Moment)
    told_at: Mapped[datetime] = mapped_column(Moment)
    times: Mapped[int]


class StageStay(Keyed, Base):
    """From when to when an opportunity stood in a stage. Append-only: a row is written open and closed once, which a trigger holds to; an
    opportunity has exactly one open row, of the stage where it stands.
    """

    __tablename__ = "stage_stay"
    __table_args__ = (
        CheckConstraint(_one_of("move", Move), name="move"),
        CheckConstraint("left_at >= entered_at", name="in_order"),
        CheckConstraint(_one_of("left_move", Move), name="left_move"),
        CheckConstraint("(left_at is null) = (left_move is null)", name="left_how"),
        Index("uq_stage_stay_open", "opportunity_id", unique=True, postgresql_where=text("left_at is null")),
        Index("ix_stage_stay_opportunity", "opportunity_id", "entered_at"),
        Index("ix_stage_stay_stage", "stage_id", "entered_at"),
        Index("ix_stage_stay_dwell", "stage_id", text(DWELL), "id", postgresql_where=text("left_at is not null")),
    )
    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey("opportunity.id"))
    stage_id: Mapped[UUID] = mapped_column(ForeignKey("pipeline_stage.id"))
    move: Mapped[str]
    reason: Mapped[str | None]
    pipeline_version: Mapped[int]
    entered_at: Mapped[datetime] = mapped_column(Moment)
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    left_at: Mapped[datetime | None] = mapped_column(Moment)
    left_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    left_to: Mapped[UUID | None] = mapped_column(ForeignKey("pipeline_stage.id"))
    left_move: Mapped[str | None]
