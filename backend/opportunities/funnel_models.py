"""Figures of the funnel that are kept ready (`funnel`), and its daily snapshot."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Identity, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Moment


class _Figures:
    """What is counted (`kind`), of what (the keys that this kind has; null where it has none), and how much."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)

    kind: Mapped[str]
    month: Mapped[date | None]
    """Its first day; of `won_day` and `lost_day` the day itself."""
    stage_id: Mapped[UUID | None]
    region_id: Mapped[UUID | None]
    source: Mapped[str | None]
    currency: Mapped[str | None]
    n: Mapped[int] = mapped_column(BigInteger)
    ended: Mapped[int] = mapped_column(BigInteger)
    advanced: Mapped[int] = mapped_column(BigInteger)
    amount: Mapped[Decimal] = mapped_column(Numeric)
    seconds: Mapped[Decimal] = mapped_column(Numeric)


class FunnelCell(_Figures, Base):
    """The folded figures, one row for each combination of keys; those of `dwell` are in `FunnelDwell`."""

    __tablename__ = "funnel_cell"
    __table_args__ = (
        Index(
            "uq_funnel_cell",
            "region_id", "kind", "month", "stage_id", "source", "currency",
            unique=True, postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip


class FunnelDwell(Base):
    """How many stays ended in a month after how long: the n-th of `counts` are those of `funnel.place` n-1. Medians of many regions read
    thousands of these where they would read hundreds of thousands of cells.
    """

    __tablename__ = "funnel_dwell"
    __table_args__ = (Index("uq_funnel_dwell", "region_id", "month", "stage_id", unique=True, postgresql_nulls_not_distinct=True),)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    month: Mapped[date]
    region_id: Mapped[UUID | None]
    stage_id: Mapped[UUID]
    counts: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))


class FunnelDelta(_Figures, Base):
    """What a transaction added to the figures or took from them, until a job folds it."""

    __tablename__ = "funnel_delta"
    bucket: Mapped[int | None]


class FunnelBase(Base):
    """The zone by whose months the figures are kept; one row."""

    __tablename__ = "funnel_base"
    zone: Mapped[str] = mapped_column(primary_key=True)


class FunnelDay(Base):
    """How far the snapshot of a day has come."""

    __tablename__ = "funnel_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    begun_at: Mapped[datetime] = mapped_column(Moment)
    last_id: Mapped[UUID | None]
    finished_at: Mapped[datetime | None] = mapped_column(Moment)


class FunnelSnapshot(Base):
    """An open opportunity as it stood on a day; append-only. What a forecast will be measured by."""

    __tablename__ = "funnel_snapshot"
    __table_args__ = (Index("ix_funnel_snapshot_opportunity", "opportunity_id"),)
    day: Mapped[date] = mapped_column(primary_key=True)
    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey("opportunity.id"), primary_key=True)
    pipeline_id: Mapped[UUID]
    stage_id: Mapped[UUID]
    owner_id: Mapped[UUID]
    region_id: Mapped[UUID | None]
    expected_amount: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    currency: Mapped[str]
    expected_close_on: Mapped[date | None]
