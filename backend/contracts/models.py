"""Contracts, their amounts, and the milestones of their delivery."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.contracts.rules import ContractState
from backend.core.db import Base, Keyed, Moment
from backend.core.locking import Versioned

STILL_DUE = text("done_on is null and cancelled_at is null")


class Contract(Keyed, Versioned, Base):
    """What a won deal is settled by; owner, backup and region are those of its opportunity."""

    __tablename__ = "contract"
    __table_args__ = (
        CheckConstraint(f"state in ({', '.join(repr(state.value) for state in ContractState)})", name="state"),
        CheckConstraint("(state in ('delivering', 'completed')) = (signed_on is not null)", name="signed_has_day"),
        CheckConstraint("(state = 'completed') = (completed_on is not null)", name="completed_has_day"),
        Index("ix_contract_opened", text("opened_at desc"), text("id desc")),
        Index("ix_contract_state", "state", text("opened_at desc"), text("id desc")),
        Index("ix_contract_customer", "customer_id"),
    )
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey("opportunity.id"), unique=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    state: Mapped[str] = mapped_column(server_default=ContractState.SIGNING.value)
    title: Mapped[str]
    reference: Mapped[str | None]
    note: Mapped[str | None]
    opened_at: Mapped[datetime] = mapped_column(Moment)
    signed_on: Mapped[date | None]
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    completed_on: Mapped[date | None]


class ContractAmount(Base):
    """What a contract is worth: a table of its own, since not everybody who follows a delivery may see it (SAFE-1)."""

    __tablename__ = "contract_amount"
    __table_args__ = (CheckConstraint("amount >= 0", name="amount"),)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    amount: Mapped[Decimal] = mapped_column(Numeric(18, 2))
    currency: Mapped[str]


class DeliveryMilestone(Keyed, Base):
    """A step of the delivery with the day first promised and the one that now counts; `done_at` is when somebody said that it is done."""

    __tablename__ = "delivery_milestone"
    __table_args__ = (
        CheckConstraint("done_on is null or cancelled_at is null", name="one_end"),
        Index("ix_delivery_milestone_contract", "contract_id", "due_on", "id"),
        Index("ix_delivery_milestone_due", "due_on", "contract_id", postgresql_where=STILL_DUE),
    )
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"))
    title: Mapped[str]
    promised_on: Mapped[date]
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str | None]
