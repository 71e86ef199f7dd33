"""Statements over deadlines and the calendar."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Update, Uuid, and_, bindparam, func, literal, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import Insert, insert

from backend.core.db import Moment
from backend.core.hot import Hot
from backend.deadlines.models import CalendarDay, CalendarYear, Deadline, LadderRow, WorkingWindow
from backend.deadlines.rules import MAX_DAYS, Source, State

# Written out, not bound: a cached plan must still be able to use the partial indexes.
PENDING = Deadline.state == literal(State.PENDING.value, literal_execute=True)


def due(now: datetime) -> ColumnElement[bool]:
    """`rules.is_due`."""
    return and_(PENDING, Deadline.due_at <= now)


def fire_due(now: datetime, limit: int) -> Update:
    """Claims what is due, oldest first, past what another sweep holds; each row is returned to one caller only."""
    claimed = select(Deadline.id).where(due(now)).order_by(Deadline.due_at, Deadline.id).limit(limit).with_for_update(skip_locked=True)
    return (
        update(Deadline)
        .where(Deadline.id.in_(select(claimed.cte("claimed").c.id)))
        .values(state=State.FIRED, fired_at=now)
        .returning(Deadline.id, Deadline.kind, Deadline.rung, Deadline.subject_type, Deadline.subject_id, Deadline.base_at, Deadline.due_at)
    )


def superseded(kind: str, subject_id: UUID, bases: Mapping[str, datetime]) -> ColumnElement[bool]:
    """`rules.is_superseded` for the rungs whose new bases are given."""
    moved = or_(*(and_(Deadline.rung == rung, Deadline.base_at != base) for rung, base in bases.items()))
    return and_(PENDING, Deadline.kind == kind, Deadline.subject_id == subject_id, moved)


def stop_where(condition: ColumnElement[bool], now: datetime) -> Update:
    return update(Deadline).where(PENDING, condition).values(state=State.STOPPED, stopped_at=now)


def resume(kind: str, subject_id: UUID, stopped_at: datetime, base_at: datetime | None) -> Update:
    stopped = and_(Deadline.kind == kind, Deadline.subject_id == subject_id, Deadline.stopped_at == stopped_at)
    if base_at is not None:
        stopped &= Deadline.base_at == base_at
    return update(Deadline).where(stopped, Deadline.state == State.STOPPED).values(state=State.PENDING, stopped_at=None)


ADD_MISSING = Hot("""
insert into deadline (id, kind, rung, subject_type, subject_id, base_at, due_at)
select new.id, :kind, new.rung, :subject_type, :subject, new.base_at, new.due_at
from unnest(cast(:ids as uuid[]), cast(:rungs as text[]), cast(:bases as timestamptz[]), cast(:dues as timestamptz[])) as new(id, rung, base_at, due_at)
on conflict (kind, rung, subject_id, base_at) do nothing
""")
"""Rungs that this base has had before, pending, fired or stopped, stay as they are."""

ADD_FIRST = Hot("""
insert into deadline (id, kind, rung, subject_type, subject_id, base_at, due_at)
select uuidv7(), :kind, r.rung, :subject_type, s.id, r.base_at, r.due_at
from unnest(cast(:subjects as uuid[])) as s(id)
cross join unnest(cast(:rungs as text[]), cast(:bases as timestamptz[]), cast(:dues as timestamptz[])) as r(rung, base_at, due_at)
""")
"""The first rungs of many subjects at once."""


def pending(subject_ids: Collection[UUID]) -> Select[UUID, str, str, datetime, datetime]:
    return (
        select(Deadline.subject_id, Deadline.kind, Deadline.rung, Deadline.base_at, Deadline.due_at)
        .where(PENDING, Deadline.subject_id.in_(subject_ids))
        .order_by(Deadline.due_at, Deadline.id)
    )


def pending_rungs(rungs: Collection[tuple[str, str]]) -> Select[UUID, str, str, datetime, datetime]:
    """Pending deadlines of these rungs, each named by its kind and key."""
    wanted = tuple_(Deadline.kind, Deadline.rung).in_(list(rungs))
    return select(Deadline.id, Deadline.kind, Deadline.rung, Deadline.base_at, Deadline.due_at).where(PENDING, wanted)


def pending_groups(kind: str) -> Select[str, datetime, datetime, int]:
    """Pending deadlines of a ladder by what decides when they fall due; `many` counts them."""
    return (
        select(Deadline.rung, Deadline.base_at, Deadline.due_at, func.count().label("many"))
        .where(PENDING, Deadline.kind == kind)
        .group_by(Deadline.rung, Deadline.base_at, Deadline.due_at)
    )


def drop(ids: Collection[UUID], now: datetime) -> Update:
    """Turns deadlines that were just claimed, but whose rung is gone, from fired to stopped."""
    return update(Deadline).where(Deadline.id.in_(ids)).values(state=State.STOPPED, fired_at=None, stopped_at=now)


def pending_without_rung(kind: str, rungs: Collection[str]) -> ColumnElement[bool]:
    """Pending deadlines whose rung is no longer part of the ladder."""
    return and_(PENDING, Deadline.kind == kind, Deadline.rung.not_in(rungs))


def move_due(changes: Mapping[UUID, datetime]) -> Update:
    """Sets new due dates in one statement; passes rows that somebody is firing or stopping at this moment."""
    ids = bindparam("ids", list(changes), type_=ARRAY(Uuid))
    dues = bindparam("dues", list(changes.values()), type_=ARRAY(Moment))
    new = select(func.unnest(ids).label("id"), func.unnest(dues).label("due_at")).cte("new")
    free = select(Deadline.id).where(PENDING, Deadline.id.in_(select(new.c.id))).order_by(Deadline.id).with_for_update(skip_locked=True)
    return (
        update(Deadline)
        .where(Deadline.id == new.c.id, Deadline.id.in_(select(free.cte("free").c.id)))
        .values(due_at=new.c.due_at)
        .returning(Deadline.id)
    )


def days_between(first: date, last: date) -> Select[CalendarDay]:
    return _in_force().where(CalendarDay.date.between(first, last)).limit(MAX_DAYS)


def days_on(dates: Collection[date]) -> Select[CalendarDay]:
    """These days as they now stand, past what the session remembers."""
    return _in_force().where(CalendarDay.date.in_(dates)).execution_options(populate_existing=True)


def _in_force() -> Select[CalendarDay]:
    """One row a day: `company` sorts before `state_council`."""
    return select(CalendarDay).distinct(CalendarDay.date).where(CalendarDay.is_active).order_by(CalendarDay.date, CalendarDay.source)


def all_days() -> Select[date, bool, str]:
    """What every source says; of two the later one, the company's, counts."""
    days = select(CalendarDay.date, CalendarDay.is_workday, CalendarDay.source)
    return days.where(CalendarDay.is_active).order_by(CalendarDay.source.desc())


def confirmed_years() -> Select[int]:
    return select(CalendarYear.year).where(CalendarYear.is_confirmed).order_by(CalendarYear.year)


def withdraw_days(dates: Collection[date]) -> Update:
    """Takes the company's word back; the State Council's counts again."""
    ours = and_(CalendarDay.source == Source.COMPANY, CalendarDay.is_active, CalendarDay.date.in_(dates))
    return update(CalendarDay).where(ours).values(is_active=False).execution_options(synchronize_session=False)


def confirm_year(year: int, *, is_confirmed: bool) -> Insert:
    statement = insert(CalendarYear).values(year=year, is_confirmed=is_confirmed)
    return statement.on_conflict_do_update(
        index_elements=["year"], set_={"is_confirmed": is_confirmed}, where=CalendarYear.is_confirmed.is_not(is_confirmed)
    )


def active_windows() -> Select[WorkingWindow]:
    return select(WorkingWindow).where(WorkingWindow.is_active).order_by(WorkingWindow.weekday.nulls_first(), WorkingWindow.opens)


def ladders() -> Select[LadderRow]:
    return select(LadderRow).order_by(LadderRow.kind)


def put_days(rows: list[dict[str, Any]], source: Source) -> Insert:
    """Writes what one source says, beside what the other one says; equal rows leave no trace."""
    statement = insert(CalendarDay).values([{**row, "source": source, "is_active": True} for row in rows])
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["date", "source"],
        set_={"is_workday": new.is_workday, "name": new.name, "is_active": True},
        where=or_(CalendarDay.is_workday != new.is_workday, CalendarDay.name != new.name, CalendarDay.is_active.is_(False)),
    )
