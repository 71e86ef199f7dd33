"""Calendar and ladders over HTTP."""

from datetime import date as calendar_date
from datetime import time
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from backend.core.schemas import Flag, In, Line, Out, Written
from backend.deadlines.rules import DailyKind, Recipient, Rung, Rungs, Source


class DayIn(In):
    """What the company says about one day."""

    date: Annotated[calendar_date, Written]
    is_workday: Flag
    name: Line = ""


class DaysIn(In):
    """Days to write; of two that name the same date the later one counts."""

    items: Annotated[list[DayIn], Field(min_length=1, max_length=400)]


class DatesIn(In):
    """Days on which the company's own word is taken back."""

    dates: Annotated[list[Annotated[calendar_date, Written]], Field(min_length=1, max_length=400)]


class YearIn(In):
    """Whether all holidays of the year are entered."""

    is_confirmed: Flag


class YearsOut(Out):
    """Years whose holidays the company has entered itself and confirmed."""

    items: list[int]


class DayOut(Out):
    """A day that differs from Monday to Friday, or is named."""

    date: calendar_date
    is_workday: bool
    name: str
    source: Source


class DaysOut(Out):
    items: list[DayOut]


def _as_text(value: object) -> object:
    return value.strftime("%H:%M") if isinstance(value, time) else value


ClockTime = Annotated[str, BeforeValidator(_as_text), StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class WindowIn(In):
    """Opening hours; `weekday` 0 is Monday, null stands for weekdays without their own; closing at 00:00 is the end of the day."""

    weekday: Annotated[int, Field(ge=0, le=6, strict=True)] | None
    opens: ClockTime
    closes: ClockTime


class WindowsIn(In):
    items: Annotated[list[WindowIn], Field(min_length=1, max_length=56)]


class WindowOut(Out):
    weekday: int | None
    opens: ClockTime
    closes: ClockTime


class WindowsOut(Out):
    items: list[WindowOut]


class WarningOut(Out):
    """`calendar_year_missing`: Monday to Friday is assumed in that year."""

    code: str
    year: int


class WarningsOut(Out):
    items: list[WarningOut]


class LadderIn(In):
    """`spares_planned`, where the ladder has a flag: a planned next step ahead suspends it."""

    rungs: Rungs
    spares_planned: Flag = False


class LadderOut(Out):
    kind: str
    rungs: list[Rung]
    spares_planned: bool
    version: int


class LaddersOut(Out):
    """`bases` are the moments that a rung of each ladder may count from, `recipients` whom it may address; of those in `fixed` only the waiting
    times can be changed.
    """

    items: list[LadderOut]
    bases: dict[str, list[str]]
    recipients: dict[str, list[Recipient]]
    fixed: list[str]


class RungTrialOut(Out):
    """Deadlines of this rung that run now: how many move, fire at once, and within the next 24 hours."""

    rung: str
    pending: int
    moved: int
    due_now: int
    due_soon: int


class LadderTrial(Out):
    """`stopped`: deadlines of rungs that would be gone. A new rung counts for subjects whose clock starts from then on."""

    rungs: list[RungTrialOut]
    stopped: int


class DailyIn(In):
    """When it goes out on each working day, and whether at all."""

    at: ClockTime
    is_active: Flag


class DailyOut(Out):
    """What goes out once on each working day; `before` is when it is too late for that day."""

    kind: DailyKind
    at: ClockTime
    before: ClockTime
    is_active: bool
    version: int


class DailiesOut(Out):
    items: list[DailyOut]
