"""The working calendar: known vectors of the Chinese calendar, and the laws that any calendar keeps."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from chinese_calendar import constants
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.calendar import EmptyCalendar, Windows, WorkingCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = dict.fromkeys(constants.holidays, False) | dict.fromkeys(constants.workdays, True)
TWO_WINDOWS: Windows = {None: [(time(9), time(12)), (time(13, 30), time(18))]}
WITH_LUNCH = WorkingCalendar(CHINA, TWO_WINDOWS)
OFFICE = WorkingCalendar(CHINA)
CALENDARS = [
    OFFICE,
    WITH_LUNCH,
    WorkingCalendar(CHINA, {None: [(time(8), time(12))], 5: [(time(9), time(10)), (time(22), time(0))], 2: []}),
    WorkingCalendar({date(2026, 3, day): day % 3 == 0 for day in range(1, 31)}, zone="America/New_York"),
    WorkingCalendar({}, {None: [(time(0), time(0))]}, zone="Europe/Berlin"),
]
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    """A moment on the clocks of Shanghai, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-02-13 17:00", 240, "2026-02-14 12:00"),
        ("2026-02-14 17:30", 60, "2026-02-24 09:30"),
        ("2026-09-30 16:00", 480, "2026-10-08 16:30"),
        ("2026-01-05 12:30", 30, "2026-01-05 14:00"),
        ("2026-01-05 10:00", 120, "2026-01-05 12:00"),
        ("2026-01-04 08:00", 450, "2026-01-04 18:00"),
        ("2026-04-03 18:00", 1, "2026-04-07 09:01"),
    ],
)
def test_due_with_a_lunch_break(start: str, minutes: int, due: str) -> None:
    assert WITH_LUNCH.add_working(at(start), minutes * MINUTE) == at(due)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-02-13 17:00", "2026-02-24 10:00", 9 * 60 + 30),
        ("2026-09-30 16:00", "2026-10-10 11:00", 19 * 60),
        ("2026-01-05 12:00", "2026-01-05 13:30", 0),
        ("2026-10-01 09:00", "2026-10-07 18:00", 0),
    ],
)
def test_elapsed_with_a_lunch_break(start: str, end: str, minutes: int) -> None:
    assert WITH_LUNCH.working_elapsed(at(start), at(end)) == minutes * MINUTE
    assert WITH_LUNCH.working_elapsed(at(end), at(start)) == -minutes * MINUTE


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-03-10 10:00", 60, "2026-03-10 11:00"),
        ("2026-03-10 17:00", 60, "2026-03-11 09:00"),
        ("2026-03-10 08:30", 540, "2026-03-10 17:30"),
        ("2026-03-10 17:30", 1, "2026-03-11 08:31"),
        ("2026-03-13 17:00", 31, "2026-03-16 08:31"),
        ("2026-02-14 17:29", 2, "2026-02-24 08:31"),
    ],
)
def test_due_in_office_hours(start: str, minutes: int, due: str) -> None:
    assert OFFICE.add_working(at(start), minutes * MINUTE) == at(due)


@pytest.mark.parametrize(
    ("moment", "is_open", "opening"),
    [
        ("2026-03-10 08:29:59", False, "2026-03-10 08:30"),
        ("2026-03-10 08:30", True, "2026-03-10 08:30"),
        ("2026-03-10 17:29:59", True, "2026-03-10 17:29:59"),
        ("2026-03-10 17:30", False, "2026-03-11 08:30"),
        ("2026-03-14 10:00", False, "2026-03-16 08:30"),
        ("2026-02-14 10:00", True, "2026-02-14 10:00"),
        ("2026-02-14 18:00", False, "2026-02-24 08:30"),
    ],
)
def test_openings(moment: str, is_open: bool, opening: str) -> None:
    assert OFFICE.is_open(at(moment)) is is_open
    assert OFFICE.next_opening(at(moment)) == at(opening)


@pytest.mark.parametrize(
    ("receipt", "number", "close"),
    [
        ("2026-03-10 10:00", 2, "2026-03-12 17:30"),
        ("2026-03-10 23:00", 2, "2026-03-12 17:30"),
        ("2026-03-12 10:00", 2, "2026-03-16 17:30"),
        ("2026-03-14 10:00", 1, "2026-03-16 17:30"),
        ("2026-02-13 09:00", 1, "2026-02-14 17:30"),
        ("2026-02-13 09:00", 2, "2026-02-24 17:30"),
        ("2026-09-30 08:00", 3, "2026-10-10 17:30"),
    ],
)
def test_close_of_working_day(receipt: str, number: int, close: str) -> None:
    assert OFFICE.close_of_working_day(at(receipt), number) == at(close)


def test_close_of_working_day_with_several_windows_is_the_last_close() -> None:
    assert WITH_LUNCH.close_of_working_day(at("2026-03-10 12:30"), 1) == at("2026-03-11 18:00")


def test_company_overrides_win() -> None:
    calendar = WorkingCalendar({**CHINA, date(2026, 3, 11): False, date(2026, 3, 14): True})
    assert calendar.add_working(at("2026-03-10 17:00"), 60 * MINUTE) == at("2026-03-12 09:00")
    assert calendar.add_working(at("2026-03-13 17:00"), 60 * MINUTE) == at("2026-03-14 09:00")


def test_a_weekday_may_have_its_own_windows() -> None:
    calendar = WorkingCalendar({date(2026, 3, 14): True}, {None: [(time(8, 30), time(17, 30))], 5: [(time(9), time(12))], 2: []})
    assert calendar.close_of_working_day(at("2026-03-13 10:00"), 1) == at("2026-03-14 12:00")
    assert calendar.close_of_working_day(at("2026-03-10 10:00"), 1) == at("2026-03-12 17:30")


def test_a_window_may_run_to_midnight() -> None:
    calendar = WorkingCalendar({}, {None: [(time(20), time(0))]})
    assert calendar.is_open(at("2026-03-10 23:59:59"))
    assert not calendar.is_open(at("2026-03-11 00:00"))
    assert calendar.add_working(at("2026-03-10 23:00"), 90 * MINUTE) == at("2026-03-11 20:30")


def test_missing_years_are_named_on_the_companys_clock() -> None:
    calendar = WorkingCalendar({date(2026, 10, 1): False, date(2027, 5, 4): False}, known_years=frozenset({2026}))
    assert calendar.missing_years(at("2026-05-01 00:00"), at("2026-12-31 23:59")) == []
    assert calendar.missing_years(at("2026-05-01 00:00"), at("2027-01-01 00:00")) == [2027]
    assert WorkingCalendar({date(2026, 1, 1): False}).missing_years(at("2025-12-31 12:00"), at("2028-01-01 12:00")) == [2025, 2027, 2028]


def test_years_without_data_are_worked_monday_to_friday() -> None:
    assert OFFICE.add_working(at("2031-10-01 10:00"), 60 * MINUTE) == at("2031-10-01 11:00")
    assert OFFICE.next_opening(at("2031-10-04 10:00")) == at("2031-10-06 08:30")


@pytest.mark.parametrize("windows", [{}, {None: []}, {5: [(time(9), time(12))]}])
def test_an_empty_calendar_is_refused_instead_of_searched_for_ever(windows: Windows) -> None:
    calendar = WorkingCalendar({}, windows)
    for search in (
        lambda: calendar.next_opening(at("2026-03-10 10:00")),
        lambda: calendar.add_working(at("2026-03-10 10:00"), MINUTE),
        lambda: calendar.close_of_working_day(at("2026-03-10 10:00"), 2),
    ):
        with pytest.raises(EmptyCalendar):
            search()
    assert calendar.working_elapsed(at("2026-03-10 10:00"), at("2026-03-20 10:00")) == timedelta()
    assert not calendar.is_open(at("2026-03-10 10:00"))


@pytest.mark.parametrize(
    "windows",
    [
        [(time(12), time(9))],
        [(time(9), time(9))],
        [(time(9), time(12)), (time(11), time(13))],
        [(time(20), time(0)), (time(21), time(22))],
    ],
)
def test_windows_that_make_no_sense_are_refused(windows: list[tuple[time, time]]) -> None:
    with pytest.raises(ValueError, match="window"):
        WorkingCalendar({}, {None: windows})


def test_arguments_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="forwards"):
        OFFICE.add_working(at("2026-03-10 10:00"), -MINUTE)
    with pytest.raises(ValueError, match="counted from 1"):
        OFFICE.close_of_working_day(at("2026-03-10 10:00"), 0)
    with pytest.raises(ValueError, match="aware"):
        OFFICE.next_opening(datetime(2026, 3, 10, 10))


def test_summer_time_neither_adds_nor_loses_working_time() -> None:
    berlin = WorkingCalendar({date(2026, 3, 29): True}, {None: [(time(0), time(6))]}, zone="Europe/Berlin")
    sunday = datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert berlin.working_elapsed(sunday, sunday + timedelta(hours=12)) == timedelta(hours=5)
    assert berlin.add_working(sunday, timedelta(hours=5)) == datetime(2026, 3, 29, 4, tzinfo=UTC)


calendars = st.sampled_from(CALENDARS)
moments = st.datetimes(datetime(2025, 6, 1), datetime(2027, 3, 1), timezones=st.just(UTC))
amounts = st.timedeltas(timedelta(), timedelta(days=20))


@given(calendars, moments, amounts)
def test_what_was_added_has_elapsed(calendar: WorkingCalendar, start: datetime, amount: timedelta) -> None:
    assert calendar.working_elapsed(start, calendar.add_working(start, amount)) == amount


@given(calendars, moments, amounts, amounts)
def test_adding_twice_is_adding_the_sum(calendar: WorkingCalendar, start: datetime, first: timedelta, second: timedelta) -> None:
    assert calendar.add_working(calendar.add_working(start, first), second) == calendar.add_working(start, first + second)


@given(calendars, moments, moments, amounts, amounts)
def test_due_grows_with_start_and_amount(calendar: WorkingCalendar, a: datetime, b: datetime, less: timedelta, more: timedelta) -> None:
    less, more = sorted((less, more))
    first, second = sorted((a, b))
    assert calendar.add_working(first, less) <= calendar.add_working(first, more)
    if less:
        assert calendar.add_working(first, less) <= calendar.add_working(second, less)


@given(calendars, moments, moments, moments)
def test_elapsed_adds_up_over_any_split(calendar: WorkingCalendar, a: datetime, b: datetime, c: datetime) -> None:
    assert calendar.working_elapsed(a, b) + calendar.working_elapsed(b, c) == calendar.working_elapsed(a, c)
    assert abs(calendar.working_elapsed(a, b)) <= abs(b - a)


@given(calendars, moments)
def test_the_next_opening_is_open_and_nothing_works_before_it(calendar: WorkingCalendar, moment: datetime) -> None:
    opening = calendar.next_opening(moment)
    assert opening >= moment
    assert calendar.is_open(opening)
    assert calendar.working_elapsed(moment, opening) == timedelta()
    assert calendar.is_open(moment) is (opening == moment)


@settings(max_examples=30)
@given(calendars, moments, st.timedeltas(timedelta(), timedelta(days=4)))
def test_intervals_agree_with_counting_minutes(calendar: WorkingCalendar, start: datetime, span: timedelta) -> None:
    start = start.replace(second=0, microsecond=0)
    minutes = int(span / MINUTE)
    counted = sum(calendar.is_open(start + minute * MINUTE) for minute in range(minutes))
    assert calendar.working_elapsed(start, start + minutes * MINUTE) == counted * MINUTE


@given(calendars, moments, st.integers(1, 15))
def test_the_nth_close_follows_the_one_before(calendar: WorkingCalendar, receipt: datetime, number: int) -> None:
    close = calendar.close_of_working_day(receipt, number)
    assert receipt < close < calendar.close_of_working_day(receipt, number + 1)
    assert calendar.working_elapsed(close - MINUTE, close) == MINUTE
