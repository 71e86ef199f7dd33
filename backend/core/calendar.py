"""Working time by interval arithmetic: half-open windows a day, weekends, holidays and make-up workdays (调休).

Moments go in and come out as aware UTC datetimes; days and windows are read on the company's own clock.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

Window = tuple[time, time]
Windows = Mapping[int | None, Sequence[Window]]

OFFICE_HOURS: Windows = {None: ((time(8, 30), time(17, 30)),)}
SATURDAY = 5
MIDNIGHT = time(0)
ONE_DAY = timedelta(days=1)
MAX_CLOSED_DAYS = 366


class EmptyCalendar(ValueError):
    """No window opens within a year: the calendar is misconfigured, and a search would never end."""


class WorkingCalendar:
    """When the company works.

    `days` says for single dates whether they are worked; other dates are worked Monday to Friday.
    `windows` maps a weekday (0 = Monday) to its opening hours; None stands for weekdays without their own.
    A window that closes at 00:00 runs to the end of its day. `known_years` are those whose holidays are on file.
    """

    def __init__(
        self,
        days: Mapping[date, bool],
        windows: Windows = OFFICE_HOURS,
        zone: str = "Asia/Shanghai",
        known_years: frozenset[int] | None = None,
    ) -> None:
        self._days = dict(days)
        self._windows = {weekday: _checked(listed) for weekday, listed in windows.items()}
        self._zone = ZoneInfo(zone)
        self._known_years = frozenset(day.year for day in days) if known_years is None else known_years

    def is_workday(self, day: date) -> bool:
        return self._days.get(day, day.weekday() < SATURDAY)

    def local(self, moment: datetime) -> datetime:
        """The moment on the company's own clock."""
        return moment.astimezone(self._zone)

    def is_open(self, moment: datetime) -> bool:
        """Half-open: open at 08:30 sharp, closed at 17:30 sharp."""
        return any(opens <= moment < closes for opens, closes in self._openings(self._day_of(moment)))

    def next_opening(self, moment: datetime) -> datetime:
        """The moment itself while open, else when the next window opens."""
        opens, _ = next(self._open_from(moment))
        return opens

    def add_working(self, start: datetime, amount: timedelta) -> datetime:
        """The first moment at which `amount` of working time has passed since `start`; no time leaves `start` as it is."""
        if amount < timedelta():
            raise ValueError("working time is added forwards only")
        left = amount
        for opens, closes in self._open_from(start) if left else ():
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        return start.astimezone(UTC)

    def working_elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Working time between two moments; negative when `end` lies before `start`."""
        if end < start:
            return -self.working_elapsed(end, start)
        days = _days_between(self._day_of(start), self._day_of(end))
        overlaps = (min(end, closes) - max(start, opens) for day in days for opens, closes in self._openings(day))
        return sum((overlap for overlap in overlaps if overlap > timedelta()), timedelta())

    def close_of_working_day(self, start: datetime, number: int) -> datetime:
        """The close of the `number`-th working day after the day of receipt."""
        return self._openings(self.working_day_after(self._day_of(start), number))[-1][1]

    def working_day_after(self, day: date, number: int) -> date:
        """The `number`-th working day after that day."""
        if number < 1:
            raise ValueError("working days are counted from 1, the first one after the day of receipt")
        days = self._working_days(day + ONE_DAY)
        for _ in range(number - 1):
            next(days)
        return next(days)

    def missing_years(self, start: datetime, end: datetime) -> list[int]:
        """Years touched by this span for which only Monday to Friday is assumed."""
        return [year for year in range(self._day_of(start).year, self._day_of(end).year + 1) if year not in self._known_years]

    def _day_of(self, moment: datetime) -> date:
        if moment.tzinfo is None:
            raise ValueError("the calendar takes aware datetimes only")
        return moment.astimezone(self._zone).date()

    def _openings(self, day: date) -> list[tuple[datetime, datetime]]:
        """The open intervals of one day, in UTC and in order; none on a day off."""
        if not self.is_workday(day):
            return []
        windows = self._windows.get(day.weekday(), self._windows.get(None, ()))
        spans = (
            (self._moment(day, opens), self._moment(day + ONE_DAY if closes == MIDNIGHT else day, closes)) for opens, closes in windows
        )
        return [(opens, closes) for opens, closes in spans if opens < closes]

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self._zone).astimezone(UTC)

    def _working_days(self, first: date) -> Iterator[date]:
        """Days with a window from `first` on, without end; EmptyCalendar after a year without one."""
        day, closed = first, 0
        while closed <= MAX_CLOSED_DAYS:
            closed += 1
            if self._openings(day):
                closed = 0
                yield day
            day += ONE_DAY
        raise EmptyCalendar(f"no working time between {first} and {day}")

    def _open_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Open intervals from a moment on, the first one clipped to it."""
        for day in self._working_days(self._day_of(moment)):
            for opens, closes in self._openings(day):
                if moment < closes:
                    yield max(opens, moment.astimezone(UTC)), closes


def _checked(windows: Sequence[Window]) -> tuple[Window, ...]:
    """Windows in order; refused when one is empty or two overlap."""
    ordered = tuple(sorted(windows))
    if any(closes != MIDNIGHT and closes <= opens for opens, closes in ordered):
        raise ValueError("a window closes after it opens")
    if any(closes == MIDNIGHT or following < closes for (_, closes), (following, _) in pairwise(ordered)):
        raise ValueError("windows of one day do not overlap")
    return ordered


def _days_between(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))
