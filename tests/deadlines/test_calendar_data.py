"""The calendar as data: shipped days, company overrides, warnings."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.deadlines import company_calendar, defaults, queries, rulebook
from backend.deadlines.models import CalendarDay, LadderRow, WorkingWindow
from backend.deadlines.rules import DEFAULT_LADDERS, Source
from backend.deadlines.statutory import statutory_days
from tests.conftest import NOW

SHANGHAI = ZoneInfo("Asia/Shanghai")


async def count(session: AsyncSession, model: type) -> int:
    return await session.scalar(select(func.count()).select_from(model)) or 0


async def test_a_new_installation_knows_the_statutory_days(session: AsyncSession) -> None:
    assert await count(session, CalendarDay) == len(statutory_days())
    calendar = (await rulebook.load(session)).calendar
    assert not calendar.is_workday(date(2026, 10, 1))
    assert calendar.is_workday(date(2026, 10, 10))
    assert calendar.next_opening(datetime(2026, 3, 10, 7, tzinfo=SHANGHAI)) == datetime(2026, 3, 10, 8, 30, tzinfo=SHANGHAI)
    assert calendar.close_of_working_day(NOW, 1) == datetime(2026, 3, 11, 17, 30, tzinfo=SHANGHAI)


async def test_installing_again_changes_nothing_and_leaves_no_audit(session: AsyncSession) -> None:
    before = [await count(session, model) for model in (CalendarDay, WorkingWindow, LadderRow)]
    audited = await session.scalar(text("select count(*) from audit_entry"))
    await defaults.install(session)
    assert [await count(session, model) for model in (CalendarDay, WorkingWindow, LadderRow)] == before
    assert await session.scalar(text("select count(*) from audit_entry")) == audited


async def test_installing_again_keeps_the_companys_word_and_mends_shipped_days(session: AsyncSession) -> None:
    await session.execute(queries.put_days([{"date": date(2026, 10, 1), "is_workday": True, "name": ""}], Source.COMPANY))
    await session.execute(text("update calendar_day set is_workday = true where date = '2026-10-02'"))
    await session.execute(text("update working_window set closes = '18:00'"))
    await session.execute(text("update ladder set rungs = '[]'"))
    await defaults.install(session)
    days = {day.date: day for day in await session.scalars(queries.days_between(date(2026, 10, 1), date(2026, 10, 2)))}
    assert (days[date(2026, 10, 1)].is_workday, days[date(2026, 10, 1)].source) == (True, "company")
    assert not days[date(2026, 10, 2)].is_workday
    assert list(await session.scalars(select(func.to_char(WorkingWindow.closes, "HH24:MI")))) == ["18:00"]
    assert list(await session.scalars(select(LadderRow.rungs))) == [[]] * len(DEFAULT_LADDERS)


async def test_warnings_name_years_without_data_from_november_on(session: AsyncSession) -> None:
    last = max(entry.day.year for entry in statutory_days())
    november = datetime(last, 11, 1, tzinfo=SHANGHAI)
    assert await company_calendar.calendar_warnings(session, NOW) == []
    assert await company_calendar.calendar_warnings(session, november - timedelta(seconds=1)) == []
    for now in (november, november + timedelta(days=160)):
        assert await company_calendar.calendar_warnings(session, now) == [("calendar_year_missing", last + 1)]


async def test_the_rulebook_is_read_again_after_a_few_seconds(session: AsyncSession, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(rulebook.time, "monotonic", lambda: clock[0])
    first = await rulebook.load(session)
    clock[0] += rulebook.FRESH_SECONDS
    assert await rulebook.load(session) is first
    clock[0] += 0.1
    assert await rulebook.load(session) is not first
