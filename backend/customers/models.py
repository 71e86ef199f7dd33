"""Customers, their contacts, and changes that wait for a superior."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Identity, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Keyed, Moment
from backend.core.locking import Versioned
from backend.customers.rules import ContactRole, CustomerState, RequestState

NEWEST = (text("last_activity_at desc"), text("id desc"))
STANDS = "state = 'active' and merged_into_id is null"
PENDING = "state = 'pending'"


def _one_of(column: str, values: type[CustomerState | ContactRole | RequestState]) -> str:
    return f"{column} in ({', '.join(repr(value.value) for value in values)})"


class Customer(Keyed, Versioned, Base):
    """A company that the house sells to; it belongs to the house, not to its owner."""

    __tablename__ = "customer"
    __table_args__ = (
        CheckConstraint(_one_of("state", CustomerState), name="state"),
        CheckConstraint("(state = 'archived') = (archived_at is not null)", name="archived_has_moment"),
        CheckConstraint("parent_id <> id", name="not_own_parent"),
        CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
        CheckConstraint("backup_owner_id <> owner_id", name="backup_is_another"),
        Index("ix_customer_owner_newest", "owner_id", *NEWEST),
        Index("ix_customer_region_newest", "region_id", *NEWEST),
        Index("ix_customer_newest", *NEWEST),
        Index("ix_customer_key_newest", *NEWEST, postgresql_where=text("is_key")),
        Index("ix_customer_archived", *NEWEST, postgresql_where=text("state = 'archived'")),
        Index("ix_customer_backup", "backup_owner_id", postgresql_where=text("backup_owner_id is not null")),
        Index("ix_customer_owner_next", "owner_id", "next_step_at", postgresql_where=text("next_step_at is not null")),
        Index("ix_customer_parent", "parent_id", postgresql_where=text("parent_id is not null")),
        Index("ix_customer_merged_into", "merged_into_id", postgresql_where=text("merged_into_id is not null")),
        Index("ix_customer_name_key", "name_key"),
        Index("ix_customer_search", text("search_grams(search_text)"), postgresql_using="gin"),
        Index("ix_customer_name_sort", "name_sort", "id"),
        Index("ix_customer_created", "created_at", "id"),
        Index("ix_customer_next_step", text("coalesce(next_step_at, '9999-12-31 00:00:00+00'::timestamptz)"), "id"),
        Index("ix_customer_industry_newest", "industry", *NEWEST, postgresql_where=text("industry is not null")),
        Index("ix_customer_tags", text("(tags::text[])"), postgresql_using="gin"),
        Index("uq_customer_credit_code", "credit_code", unique=True, postgresql_where=text(f"credit_code is not null and {STANDS}")),
    )
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    name: Mapped[str]
    name_key: Mapped[str]
    credit_code: Mapped[str | None]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("customer.id"))
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("region.id"))
    province: Mapped[str | None]
    city: Mapped[str | None]
    address: Mapped[str | None]
    industry: Mapped[str | None]
    website: Mapped[str | None]
    payment_terms: Mapped[str | None]
    source: Mapped[str]
    is_key: Mapped[bool] = mapped_column(server_default=text("false"))
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    backup_owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(server_default=CustomerState.ACTIVE.value)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)
    archived_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    archive_reason: Mapped[str | None]
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("customer.id"))
    tags: Mapped[list[str]] = mapped_column(ARRAY(String), server_default=text("'{}'"))
    notes: Mapped[str | None]
    custom: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_activity_at: Mapped[datetime] = mapped_column(Moment)
    next_step: Mapped[str | None]
    next_step_at: Mapped[datetime | None] = mapped_column(Moment)
    search_text: Mapped[str] = mapped_column(server_default="")
    name_sort: Mapped[str] = mapped_column(server_default="")


class Contact(Keyed, Versioned, Base):
    """A person at a customer, with the part that they play in a purchase."""

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint(_one_of("role", ContactRole), name="role"),
        Index("ix_contact_customer", "customer_id"),
        Index("ix_contact_phone_key", "phone_key", postgresql_where=text("phone_key is not null")),
        Index("uq_contact_primary", "customer_id", unique=True, postgresql_where=text("is_primary and is_active")),
    )
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    name: Mapped[str]
    title: Mapped[str | None]
    role: Mapped[str]
    phone: Mapped[str | None]
    phone_key: Mapped[str | None]
    email: Mapped[str | None]
    wechat: Mapped[str | None]
    is_primary: Mapped[bool] = mapped_column(server_default=text("false"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    notes: Mapped[str | None]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)


class ChangeRequest(Keyed, Base):
    """HAND-1: what somebody wants to change of a customer or of one of its contacts, and what its owner's superior said."""

    __tablename__ = "change_request"
    __table_args__ = (
        CheckConstraint(_one_of("state", RequestState), name="state"),
        CheckConstraint("subject_type in ('customer', 'contact')", name="subject_type"),
        CheckConstraint("(state = 'pending') = (decided_at is null)", name="decided_has_moment"),
        CheckConstraint("state not in ('approved', 'rejected') or decided_by <> requested_by", name="nobody_decides_their_own"),
        CheckConstraint("approver_id <> requested_by", name="nobody_is_their_own_approver"),
        Index("ix_change_request_approver", "approver_id", text("requested_at desc"), text("id desc"), postgresql_where=text(PENDING)),
        Index("ix_change_request_author", "requested_by", text("requested_at desc"), text("id desc")),
        Index("ix_change_request_customer", "customer_id", postgresql_where=text(PENDING)),
    )
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    subject_version: Mapped[int]
    changes: Mapped[dict[str, Any]]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=RequestState.PENDING.value)
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime] = mapped_column(Moment)
    approver_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    comment: Mapped[str | None]
