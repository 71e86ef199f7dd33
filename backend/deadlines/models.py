"""The company's calendar, ladders as data, and the deadlines that they set."""

from datetime import date as calendar_date
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Keyed, Moment
from backend.core.locking import Versioned
from backend.deadlines.rules import State

PENDING = text("state = 'pending'")


class CalendarDay(Base):
    """What one source says of a day that differs from Monday to Friday, or is named; the company's word, until it is withdrawn, wins."""

    __tablename__ = "calendar_day"
    __table_args__ = (CheckConstraint("source in ('state_council', 'company')", name="source"),)
    date: Mapped[calendar_date] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    is_workday: Mapped[bool]
    name: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())


class CalendarYear(Base):
    """A year whose holidays the company has entered itself, all of them, as somebody confirms."""

    __tablename__ = "calendar_year"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_confirmed: Mapped[bool]


class WorkingWindow(Keyed, Base):
    """Opening hours of a weekday (0 = Monday; null = weekdays without their own); replaced ones stay, inactive."""

    __tablename__ = "working_window"
    __table_args__ = (CheckConstraint("weekday between 0 and 6", name="weekday"),)
    weekday: Mapped[int | None]
    opens: Mapped[time]
    closes: Mapped[time]
    is_active: Mapped[bool] = mapped_column(default=True)


class LadderRow(Versioned, Base):
    """The rungs of one kind of deadline, as `rules.Ladder` reads them."""

    __tablename__ = "ladder"
    kind: Mapped[str] = mapped_column(primary_key=True)
    rungs: Mapped[list[dict[str, Any]]]
    spares_planned: Mapped[bool] = mapped_column(default=False, server_default=false())


class Deadline(Keyed, Base):
    """One rung for one subject from one base; the unique key makes it fire once."""

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("kind", "rung", "subject_id", "base_at"),
        CheckConstraint("state in ('pending', 'fired', 'stopped')", name="state"),
        Index("ix_deadline_due", "due_at", "id", postgresql_where=PENDING),
        Index("uq_deadline_pending", "subject_id", "kind", "rung", unique=True, postgresql_where=PENDING),
    )
    kind: Mapped[str]
    rung: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    base_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(default=State.PENDING, server_default=State.PENDING)
    fired_at: Mapped[datetime | None] = mapped_column(Moment)
    stopped_at: Mapped[datetime | None] = mapped_column(Moment)


class Daily(Versioned, Base):
    """Something that goes out once on each working day, at that time on the company's clock."""

    __tablename__ = "daily"
    kind: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[time]
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())


class DailyRun(Base):
    """A day's run that has come to its end: nobody is left to tell."""

    __tablename__ = "daily_run"
    kind: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[calendar_date] = mapped_column(primary_key=True)
    finished_at: Mapped[datetime] = mapped_column(Moment)


class DailyReceipt(Base):
    """A person has had their turn on that day: the key makes it happen once, however often the run begins."""

    __tablename__ = "daily_receipt"
    __table_args__ = (Index("ix_daily_receipt_person", "person_id", "kind", "day"),)
    kind: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[calendar_date] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
