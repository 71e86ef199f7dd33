"""Leads, who got them and why, whose turn it is, and what to say first."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Keyed, Moment
from backend.core.locking import Versioned
from backend.leads.rules import LeadState

OPEN = "state in ('assigned', 'following')"
UNHANDLED = "owner_id is null and state = 'new'"
HELD = f"{OPEN} and protected_at is null"
POOLED = "owner_id is null and state = 'new' and pooled_at is not null"


class Lead(Keyed, Versioned, Base):
    """Somebody who may buy: from a form, a person or a system."""

    __tablename__ = "lead"
    __table_args__ = (
        CheckConstraint(f"state in ({', '.join(repr(state.value) for state in LeadState)})", name="state"),
        CheckConstraint("(owner_id is null) = (assigned_at is null)", name="owner_has_moment"),
        CheckConstraint("(state = 'merged') = (merged_into_id is not null)", name="merged_has_survivor"),
        CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
        CheckConstraint("state <> 'converted' or customer_id is not null", name="converted_has_customer"),
        CheckConstraint("state in ('disqualified', 'merged') or disqualified_reason is null", name="reason_of_disqualified"),
        Index("ix_lead_owner_received", "owner_id", text("received_at desc"), text("id desc")),
        Index("ix_lead_region_received", "region_id", text("received_at desc"), text("id desc")),
        Index("ix_lead_received", text("received_at desc"), text("id desc")),
        Index("ix_lead_state_received", "state", text("received_at desc"), text("id desc")),
        Index("ix_lead_backup", "backup_owner_id", postgresql_where=text("backup_owner_id is not null")),
        Index("ix_lead_escalated", "escalated_to_id", postgresql_where=text("escalated_to_id is not null")),
        Index("ix_lead_open_owner", "owner_id", postgresql_where=text(OPEN)),
        Index("ix_lead_owner_next", "owner_id", "next_step_at", postgresql_where=text("state = 'following' and next_step_at is not null")),
        Index("ix_lead_unhandled", "received_at", postgresql_where=text(UNHANDLED)),
        Index("ix_lead_created_by", "created_by", postgresql_where=text("created_by is not null and owner_id is null")),
        Index("ix_lead_phone_key", "phone_key", postgresql_where=text("phone_key is not null")),
        Index("ix_lead_merged_into", "merged_into_id", postgresql_where=text("merged_into_id is not null")),
        Index("ix_lead_customer", "customer_id", postgresql_where=text("customer_id is not null")),
        Index("ix_lead_company_key", "company_key", postgresql_where=text("company_key <> ''")),
        Index("ix_lead_search", text("search_grams(search_text)"), postgresql_using="gin"),
        Index("ix_lead_activity", "last_activity_at", "id"),
        Index("ix_lead_next_step", text("coalesce(next_step_at, '9999-12-31 00:00:00+00'::timestamptz)"), "id"),
        Index("ix_lead_amount", text("coalesce(expected_amount, -1::numeric)"), "id"),
        Index("ix_lead_company_sort", "company_sort", "id"),
        Index("ix_lead_untouched", text("greatest(assigned_at, last_activity_at)"), "id", postgresql_where=text(HELD)),
        Index("ix_lead_pool", "region_id", "pooled_at", postgresql_where=text(POOLED)),
    )
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    company: Mapped[str]
    company_key: Mapped[str]
    contact_name: Mapped[str]
    phone: Mapped[str | None]
    phone_key: Mapped[str | None]
    email: Mapped[str | None]
    wechat: Mapped[str | None]
    province: Mapped[str | None]
    city: Mapped[str | None]
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("region.id"))
    source: Mapped[str]
    form_id: Mapped[UUID | None]
    form_name: Mapped[str | None]
    campaign: Mapped[str | None]
    product_line: Mapped[str | None]
    language: Mapped[str | None]
    need: Mapped[str | None]
    expected_amount: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    currency: Mapped[str] = mapped_column(server_default="CNY")
    custom: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    is_test: Mapped[bool] = mapped_column(server_default=text("false"))
    state: Mapped[str] = mapped_column(server_default=LeadState.NEW.value)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    backup_owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    escalated_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    escalation_level: Mapped[int] = mapped_column(server_default="0")
    received_at: Mapped[datetime] = mapped_column(Moment)
    pooled_at: Mapped[datetime | None] = mapped_column(Moment)
    assigned_at: Mapped[datetime | None] = mapped_column(Moment)
    first_assigned_at: Mapped[datetime | None] = mapped_column(Moment)
    first_follow_up_at: Mapped[datetime | None] = mapped_column(Moment)
    last_follow_up_at: Mapped[datetime | None] = mapped_column(Moment)
    last_activity_at: Mapped[datetime] = mapped_column(Moment)
    next_step: Mapped[str | None]
    next_step_at: Mapped[datetime | None] = mapped_column(Moment)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    submission_id: Mapped[UUID | None]
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("lead.id"))
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customer.id"))
    assign_latency_ms: Mapped[int | None] = mapped_column(BigInteger)
    disqualified_at: Mapped[datetime | None] = mapped_column(Moment)
    disqualified_reason: Mapped[str | None]
    reclaimed_at: Mapped[datetime | None] = mapped_column(Moment)
    former_owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    protected_at: Mapped[datetime | None] = mapped_column(Moment)
    protected_reason: Mapped[str | None]
    search_text: Mapped[str] = mapped_column(server_default="")
    company_sort: Mapped[str] = mapped_column(server_default="")


class LeadAssignment(Keyed, Base):
    """One decision: who got the lead (nobody: the pool), why, and how long after receipt. Append-only."""

    __tablename__ = "lead_assignment"
    __table_args__ = (
        Index("ix_lead_assignment_lead", "lead_id", "assigned_at"),
        Index("ix_lead_assignment_claimed", "assigned_by", "assigned_at", postgresql_where=text("reason ->> 'code' = 'claimed'")),
    )
    lead_id: Mapped[UUID] = mapped_column(ForeignKey("lead.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("region.id"))
    reason: Mapped[dict[str, Any]]
    assigned_at: Mapped[datetime] = mapped_column(Moment)
    assigned_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    latency_ms: Mapped[int | None] = mapped_column(BigInteger)


class AssignmentPointer(Base):
    """When a rep last got a lead of a region: the fair rotation. Written under the region's row lock."""

    __tablename__ = "assignment_pointer"
    region_id: Mapped[UUID] = mapped_column(ForeignKey("region.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    last_assigned_at: Mapped[datetime] = mapped_column(Moment)


class PoolRuleRow(Keyed, Versioned, Base):
    """When leads return to the pool: of one region, or (without a region) of all that have no rule of their own."""

    __tablename__ = "pool_rule"
    __table_args__ = (
        CheckConstraint("reclaim_after_days > 0 and cooling_off_days >= 0 and claims_a_day > 0", name="amounts"),
        UniqueConstraint("region_id", postgresql_nulls_not_distinct=True),
    )
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("region.id"))
    reclaim_after_days: Mapped[int]
    cooling_off_days: Mapped[int]
    claims_a_day: Mapped[int]
    is_active: Mapped[bool]


class ScriptTemplate(Keyed, Versioned, Base):
    """首次联系话术: what to say first, by source and product line (null fits all)."""

    __tablename__ = "script_template"
    title: Mapped[str]
    source: Mapped[str | None]
    product_line: Mapped[str | None]
    body: Mapped[str]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    sort: Mapped[int] = mapped_column(server_default="0")
