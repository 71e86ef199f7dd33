"""Ladders: when a rung falls due, and which years are known."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from backend.core.calendar import WorkingCalendar
from backend.deadlines.rules import (
    DEFAULT_LADDERS,
    FIRST_CONTACT,
    How,
    Ladder,
    Recipient,
    Rung,
    Source,
    due_at,
    is_due,
    known_years,
)
from backend.deadlines.statutory import statutory_days
from tests.conftest import NOW

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = WorkingCalendar({entry.day: entry.is_workday for entry in statutory_days()})
NEVER_OPEN = WorkingCalendar({}, {})
FIRST = DEFAULT_LADDERS[FIRST_CONTACT]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def rung(how: How, amount: int) -> Rung:
    return Rung(key="step", base="received", how=how, amount=amount, who=Recipient.OWNER, is_urgent=False)


@pytest.mark.parametrize(
    ("how", "amount", "base", "due"),
    [
        (How.ELAPSED_HOURS, 48, "2026-02-14 17:00", "2026-02-16 17:00"),
        (How.ELAPSED_HOURS, 96, "2026-03-13 09:00", "2026-03-17 09:00"),
        (How.WORKING_MINUTES, 90, "2026-03-13 17:00", "2026-03-16 09:30"),
        (How.WORKING_DAYS, 2, "2026-03-12 10:00", "2026-03-16 17:30"),
        (How.WORKING_DAYS, 2, "2026-02-13 10:00", "2026-02-24 17:30"),
        (How.NEXT_OPENING_WITHIN_HOURS, 24, "2026-03-10 10:00", "2026-03-10 10:00"),
        (How.NEXT_OPENING_WITHIN_HOURS, 24, "2026-03-10 22:00", "2026-03-11 08:30"),
        (How.NEXT_OPENING_WITHIN_HOURS, 24, "2026-03-14 08:30", "2026-03-15 08:30"),
        (How.NEXT_OPENING_WITHIN_HOURS, 24, "2026-03-15 08:30", "2026-03-16 08:30"),
        (How.NEXT_OPENING_WITHIN_HOURS, 24, "2026-03-15 08:29", "2026-03-16 08:29"),
        (How.NEXT_OPENING_WITHIN_HOURS, 24, "2026-02-14 17:30", "2026-02-15 17:30"),
    ],
)
def test_due_at(how: How, amount: int, base: str, due: str) -> None:
    assert due_at(rung(how, amount), at(base), CHINA) == at(due)


def test_a_script_never_waits_for_a_calendar_that_never_opens() -> None:
    assert due_at(rung(How.NEXT_OPENING_WITHIN_HOURS, 24), NOW, NEVER_OPEN) == NOW + timedelta(hours=24)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))
def test_a_script_waits_at_most_24_hours_and_only_while_closed(base: datetime) -> None:
    wait = due_at(rung(How.NEXT_OPENING_WITHIN_HOURS, 24), base, CHINA) - base
    assert timedelta() <= wait <= timedelta(hours=24)
    assert (wait == timedelta()) is CHINA.is_open(base)


def test_first_contact_asks_48_hours_after_assignment_and_96_after_the_first() -> None:
    """LEAD-5."""
    assert [(step.key, step.base, step.how, step.amount, step.who, step.is_urgent) for step in FIRST.rungs] == [
        ("script", "assigned", "next_opening_within_hours", 24, "owner", False),
        ("supervisor", "assigned", "elapsed_hours", 48, "supervisor", True),
        ("next_level", "first_assigned", "elapsed_hours", 96, "supervisor_of_supervisor", True),
    ]


def test_a_ladder_survives_storage() -> None:
    assert Ladder.model_validate(FIRST.model_dump(mode="json")) == FIRST


def test_a_ladder_names_each_rung_once() -> None:
    with pytest.raises(ValidationError, match="two rungs are called step"):
        Ladder(kind="any", rungs=(rung(How.ELAPSED_HOURS, 1), rung(How.ELAPSED_HOURS, 2)))


@pytest.mark.parametrize(("seconds", "expected"), [(-1, True), (0, True), (1, False)])
def test_due_from_its_moment_on(seconds: int, expected: bool) -> None:
    assert is_due("pending", NOW + timedelta(seconds=seconds), NOW) is expected
    assert not is_due("fired", NOW + timedelta(seconds=seconds), NOW)


def test_shipped_days_of_2026() -> None:
    days = {entry.day: entry for entry in statutory_days()}
    made_up = {day for day, entry in days.items() if entry.is_workday and day.year == 2026}
    assert made_up == {date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10)}
    assert sum(not entry.is_workday for day, entry in days.items() if day.year == 2026) == 33
    assert days[date(2026, 10, 1)].name == "国庆节"
    assert days[date(2026, 2, 14)].name == "春节调休上班"
    assert min(days).year == 2025


def test_a_year_is_known_when_shipped_or_confirmed_and_not_by_what_somebody_enters() -> None:
    days = [(date(2026, 1, 1), Source.STATE_COUNCIL), *((date(2027, 1, day), Source.COMPANY) for day in range(1, 32))]
    assert known_years(days, [2029]) == {2026, 2029}


def test_windows_of_the_company_move_working_time() -> None:
    late = WorkingCalendar({}, {None: [(time(10), time(19))]})
    assert due_at(rung(How.NEXT_OPENING_WITHIN_HOURS, 24), at("2026-03-10 09:00"), late) == at("2026-03-10 10:00")
