"""The calendar as data: shipped days, the company's own word, and warnings about years without data."""

from datetime import date, datetime, time
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.calendar import EmptyCalendar
from backend.core.errors import Refused
from backend.core.ids import new_id
from backend.deadlines import queries, rulebook
from backend.deadlines.events import CalendarChanged
from backend.deadlines.models import CalendarDay, WorkingWindow
from backend.deadlines.rules import WARN_AHEAD, Source
from backend.deadlines.schemas import DayIn, WindowIn
from backend.identity.deps import Actor


class CalendarWarning(NamedTuple):
    """A year that the calendar will soon need, and has no holidays for."""

    code: str
    year: int


async def days(session: AsyncSession, first: date, last: date) -> list[CalendarDay]:
    """The exceptional days between two dates, both included."""
    return list(await session.scalars(queries.days_between(first, last)))


async def set_days(session: AsyncSession, actor: Actor, items: list[DayIn], now: datetime) -> list[CalendarDay]:
    """Writes the company's own word on single days; due dates in working time follow."""
    actor.require("settings.manage")
    await _lock(session)
    rows = {item.date: item.model_dump() for item in items}
    await session.execute(queries.put_days(list(rows.values()), Source.COMPANY))
    await _changed(session, now)
    return list(await session.scalars(queries.days_on(rows)))


async def withdraw_days(session: AsyncSession, actor: Actor, dates: list[date], now: datetime) -> list[CalendarDay]:
    """Takes the company's own word back: the State Council's day, or Monday to Friday, counts again. Returns what is left on file."""
    actor.require("settings.manage")
    await _lock(session)
    await session.execute(queries.withdraw_days(dates))
    await _changed(session, now)
    return list(await session.scalars(queries.days_on(dates)))


async def confirmed_years(session: AsyncSession) -> list[int]:
    return list(await session.scalars(queries.confirmed_years()))


async def confirm_year(session: AsyncSession, actor: Actor, year: int, now: datetime, *, is_confirmed: bool) -> list[int]:
    """Somebody says that all holidays of a year are entered, or takes that back; the warning follows."""
    actor.require("settings.manage")
    await session.execute(queries.confirm_year(year, is_confirmed=is_confirmed))
    await _changed(session, now)
    return await confirmed_years(session)


async def windows(session: AsyncSession) -> list[WorkingWindow]:
    return list(await session.scalars(queries.active_windows()))


async def set_windows(session: AsyncSession, actor: Actor, items: list[WindowIn], now: datetime) -> list[WorkingWindow]:
    """Replaces the opening hours; due dates in working time follow."""
    actor.require("settings.manage")
    await _lock(session)
    await session.execute(update(WorkingWindow).where(WorkingWindow.is_active).values(is_active=False))
    rows = [
        {"id": new_id(), "weekday": item.weekday, "opens": time.fromisoformat(item.opens), "closes": time.fromisoformat(item.closes)}
        for item in items
    ]
    await session.execute(insert(WorkingWindow).values(rows))
    await _changed(session, now)
    return await windows(session)


async def calendar_warnings(session: AsyncSession, now: datetime) -> list[CalendarWarning]:
    """Years without holidays on file that begin within the next weeks, or have begun: Monday to Friday is assumed there."""
    calendar = (await rulebook.load(session)).calendar
    return [CalendarWarning("calendar_year_missing", year) for year in calendar.missing_years(now, now + WARN_AHEAD)]


async def advice(session: AsyncSession, now: datetime) -> list[str]:
    """The same for the operator of the installation."""
    return [f"{warning.code}:{warning.year}" for warning in await calendar_warnings(session, now)]


async def _lock(session: AsyncSession) -> None:
    """One change at a time: two sets of windows would overlap."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext("working_calendar"))))


async def _changed(session: AsyncSession, now: datetime) -> None:
    """Refuses a calendar that cannot work, tells the others of one that can."""
    try:
        (await rulebook.read(session)).calendar.next_opening(now)
    except EmptyCalendar as error:
        raise Refused("calendar_never_opens", "With this change no working time would be left within a year.") from error
    except ValueError as error:
        raise Refused("windows_clash", f"These windows do not fit together: {error}.") from error
    rulebook.forget()
    await outbox.add(session, CalendarChanged(), now)
