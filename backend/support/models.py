"""Technical support requests, their rounds, and the performance ledger of the engineers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Keyed, Moment
from backend.core.locking import Versioned
from backend.support.rules import Chosen, Record, SupportState


def _one_of(column: str, values: type[SupportState | Chosen | Record]) -> str:
    return f"{column} in ({', '.join(repr(value.value) for value in values)})"


class SupportRequest(Keyed, Versioned, Base):
    """What sales needs of an engineer, for an opportunity or for a customer; `need`, `asked_at` and `round` are those of the present round.

    `missed_by` is who held it when its promise passed, where it was handed over after that.
    """

    __tablename__ = "support_request"
    __table_args__ = (
        CheckConstraint(_one_of("state", SupportState), name="state"),
        CheckConstraint(_one_of("chosen", Chosen), name="chosen"),
        CheckConstraint("round >= 1", name="round"),
        CheckConstraint("engineer_id <> asked_by", name="asks_another"),
        Index("ix_support_request_engineer", "engineer_id", "state", "asked_at", "id"),
        Index("ix_support_request_asker", "asked_by", "asked_at", "id"),
        Index("ix_support_request_opportunity", "opportunity_id", postgresql_where=text("opportunity_id is not null")),
        Index("ix_support_request_customer", "customer_id"),
    )
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    opportunity_id: Mapped[UUID | None] = mapped_column(ForeignKey("opportunity.id"))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    engineer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    handed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    missed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    chosen: Mapped[str]
    need: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=SupportState.ASKED.value)
    round: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    missed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closing_note: Mapped[str | None]


class SupportRound(Keyed, Base):
    """One question and its answer. Append-only: a row is written open and answered once, which a trigger holds to."""

    __tablename__ = "support_round"
    __table_args__ = (UniqueConstraint("request_id", "number"),)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("support_request.id"))
    number: Mapped[int]
    need: Mapped[str]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answer: Mapped[str | None]


class SupportRecord(Keyed, Base):
    """The performance ledger: what became of a promise. Written by the product alone, never changed; `late_minutes` are working time."""

    __tablename__ = "support_record"
    __table_args__ = (
        CheckConstraint(_one_of("kind", Record), name="kind"),
        CheckConstraint("(kind = 'late') = (late_minutes is not null)", name="late_has_minutes"),
        UniqueConstraint("request_id", "round", "kind"),
        Index("ix_support_record_engineer", "engineer_id", "due_at", "id"),
    )
    engineer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    request_id: Mapped[UUID] = mapped_column(ForeignKey("support_request.id"))
    round: Mapped[int]
    kind: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    late_minutes: Mapped[int | None]
    recorded_at: Mapped[datetime] = mapped_column(Moment)
