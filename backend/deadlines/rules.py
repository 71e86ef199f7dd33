"""Ladders of deadlines: who is asked, how long after what (pure)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from backend.core.calendar import EmptyCalendar, WorkingCalendar

FIRST_CONTACT = "lead.first_contact"
UNOWNED = "lead.unowned"
CHANGE_REQUEST = "customer.change_request"
MILESTONE_LATE = "contract.milestone"
STALL = "opportunity.stall"
SUPPORT = "support.request"
SWEEP_BATCH = 200
WARN_AHEAD = timedelta(days=61)
"""From the first of November on: the State Council announces a year's holidays around then."""
TRIAL_AHEAD = timedelta(hours=24)
MAX_RUNGS = 20
MAX_DAYS = 1000

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class How(StrEnum):
    """How the time from base to due is counted; the amount is in the unit that the name says."""

    ELAPSED_HOURS = "elapsed_hours"
    ELAPSED_DAYS = "elapsed_days"
    WORKING_MINUTES = "working_minutes"
    WORKING_DAYS = "working_days"
    NEXT_OPENING_WITHIN_HOURS = "next_opening_within_hours"


ELAPSED = {How.ELAPSED_HOURS: timedelta(hours=1), How.ELAPSED_DAYS: timedelta(days=1)}
"""What one of each is, on any calendar."""


class Recipient(StrEnum):
    """Whom a rung addresses, as seen from the subject at the moment of firing."""

    OWNER = "owner"
    SUPERVISOR = "supervisor"
    SUPERVISOR_OF_SUPERVISOR = "supervisor_of_supervisor"
    GIVES_OUT = "gives_out"
    DIRECTORS = "directors"


class State(StrEnum):
    """A deadline fires or is stopped, once and for good."""

    PENDING = "pending"
    FIRED = "fired"
    STOPPED = "stopped"


class Source(StrEnum):
    """Who says whether a day is worked; the company's word wins."""

    STATE_COUNCIL = "state_council"
    COMPANY = "company"


class Rung(BaseModel):
    """One step: `amount` after the base of that name, somebody is asked."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    key: Word
    """Name of the rung, unique in its ladder."""
    base: Word
    """Name of the moment that the time is counted from."""
    how: How
    amount: Annotated[int, Field(ge=1, le=100_000, strict=True)]
    who: Recipient
    is_urgent: Annotated[bool, Field(strict=True)]

    @property
    def is_working_time(self) -> bool:
        """Whether the due date depends on the calendar."""
        return self.how not in ELAPSED


def _named_once(rungs: tuple[Rung, ...]) -> tuple[Rung, ...]:
    doubled = [key for key, times in Counter(rung.key for rung in rungs).items() if times > 1]
    if doubled:
        raise ValueError(f"two rungs are called {doubled[0]}")
    return rungs


Rungs = Annotated[tuple[Rung, ...], Field(max_length=MAX_RUNGS), AfterValidator(_named_once)]


class Ladder(BaseModel):
    """The rungs of one kind of deadline, in order. `spares_planned`: what has a planned next step ahead is left alone by the flag."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    rungs: Rungs
    spares_planned: bool = False

    def rung(self, key: str) -> Rung | None:
        return next((rung for rung in self.rungs if rung.key == key), None)

    def after(self, key: str) -> timedelta:
        """How long the rung of that name waits, of a ladder whose rungs are fixed and elapse."""
        rung = self.rung(key) or DEFAULT_LADDERS[self.kind].rung(key)
        assert rung is not None  # noqa: S101 - the ladder ships with it
        return rung.amount * ELAPSED[rung.how]

    def bases(self) -> frozenset[str]:
        return frozenset(rung.base for rung in self.rungs)


def _rung(key: str, base: str, how: How, amount: int, who: Recipient, *, is_urgent: bool) -> Rung:
    return Rung(key=key, base=base, how=how, amount=amount, who=who, is_urgent=is_urgent)


DEFAULT_LADDERS = {
    FIRST_CONTACT: Ladder(
        kind=FIRST_CONTACT,
        rungs=(
            _rung("script", "assigned", How.NEXT_OPENING_WITHIN_HOURS, 24, Recipient.OWNER, is_urgent=False),
            _rung("supervisor", "assigned", How.ELAPSED_HOURS, 48, Recipient.SUPERVISOR, is_urgent=True),
            _rung("next_level", "first_assigned", How.ELAPSED_HOURS, 96, Recipient.SUPERVISOR_OF_SUPERVISOR, is_urgent=True),
        ),
    ),
    UNOWNED: Ladder(
        kind=UNOWNED,
        rungs=(
            _rung("reminder", "unowned", How.ELAPSED_HOURS, 4, Recipient.GIVES_OUT, is_urgent=False),
            _rung("directors", "unowned", How.ELAPSED_HOURS, 24, Recipient.DIRECTORS, is_urgent=True),
            _rung("daily", "last_asked", How.ELAPSED_HOURS, 24, Recipient.DIRECTORS, is_urgent=True),
        ),
    ),
    CHANGE_REQUEST: Ladder(
        kind=CHANGE_REQUEST,
        rungs=(
            _rung("next_level", "requested", How.ELAPSED_HOURS, 48, Recipient.SUPERVISOR_OF_SUPERVISOR, is_urgent=False),
            _rung("expiry", "requested", How.ELAPSED_HOURS, 336, Recipient.OWNER, is_urgent=False),
        ),
    ),
    MILESTONE_LATE: Ladder(
        kind=MILESTONE_LATE,
        rungs=(
            _rung("late", "due", How.NEXT_OPENING_WITHIN_HOURS, 72, Recipient.OWNER, is_urgent=True),
            _rung("supervisor", "due", How.WORKING_DAYS, 3, Recipient.SUPERVISOR, is_urgent=True),
        ),
    ),
    STALL: Ladder(
        kind=STALL,
        rungs=(
            _rung("flag", "updated", How.ELAPSED_DAYS, 7, Recipient.OWNER, is_urgent=True),
            _rung("again", "told", How.ELAPSED_DAYS, 7, Recipient.OWNER, is_urgent=True),
            _rung("report", "advanced", How.ELAPSED_DAYS, 15, Recipient.SUPERVISOR, is_urgent=False),
        ),
    ),
    SUPPORT: Ladder(
        kind=SUPPORT,
        rungs=(
            _rung("ahead", "asked", How.WORKING_DAYS, 1, Recipient.OWNER, is_urgent=False),
            _rung("missed", "asked", How.WORKING_DAYS, 2, Recipient.SUPERVISOR, is_urgent=True),
        ),
    ),
}
FIXED = frozenset({STALL})
"""Ladders whose rungs are what they are: only how long each waits can be changed. Their subjects keep the moments themselves (ADR 0011)."""

CHAIN = (Recipient.OWNER, Recipient.SUPERVISOR, Recipient.SUPERVISOR_OF_SUPERVISOR)
RECIPIENTS = {
    FIRST_CONTACT: CHAIN,
    UNOWNED: (Recipient.GIVES_OUT, Recipient.DIRECTORS),
    CHANGE_REQUEST: CHAIN,
    MILESTONE_LATE: CHAIN,
    STALL: CHAIN,
    SUPPORT: CHAIN,
}
"""Whom a rung of each ladder may address: what has no owner has no chain above one."""


@dataclass
class RungTrial:
    """What would become of the pending deadlines of one rung under other rules; moments are compared as the sweep does."""

    rung: str
    pending: int = 0
    moved: int = 0
    due_now: int = 0
    due_soon: int = 0

    def count(self, many: int, *, was_due: datetime, due: datetime, now: datetime) -> None:
        self.pending += many
        self.moved += many if due != was_due else 0
        self.due_now += many if due <= now else 0
        self.due_soon += many if now < due <= now + TRIAL_AHEAD else 0


def same_steps(ladder: Ladder, shipped: Ladder) -> bool:
    """Whether a fixed ladder differs from the shipped one in nothing but how long its rungs wait, in elapsed time."""

    def steps(one: Ladder) -> list[Rung]:
        return [rung.model_copy(update={"amount": 1, "how": How.ELAPSED_DAYS if rung.how in ELAPSED else rung.how}) for rung in one.rungs]

    return steps(ladder) == steps(shipped)


class DailyKind(StrEnum):
    """What goes out once on each working day, to each person whom it concerns."""

    EXCEPTION_REPORT = "opportunity.report"
    DIGEST = "today.digest"


@dataclass(frozen=True)
class DailyHours:
    """On the company's clock: when it goes out as shipped, and from when on it is too late for that day."""

    at: time
    before: time


DAILIES = {
    DailyKind.EXCEPTION_REPORT: DailyHours(time(8), time(17, 30)),
    DailyKind.DIGEST: DailyHours(time(8, 30), time(12)),
}


def day_of(kind: DailyKind, at: time, now: datetime, calendar: WorkingCalendar) -> date | None:
    """The working day for which this is to go out now; None before its hour, when it is too late, and on a day off."""
    local = calendar.local(now)
    return local.date() if calendar.is_workday(local.date()) and at <= local.time() < DAILIES[kind].before else None


def asks_at_once(ladder: Ladder, who: Recipient, base: str, base_at: datetime, calendar: WorkingCalendar) -> bool:
    """Whether a rung addresses `who` at the very moment that it counts from."""
    return any(due_at(rung, base_at, calendar) <= base_at for rung in ladder.rungs if (rung.who, rung.base) == (who, base))


def due_at(rung: Rung, base_at: datetime, calendar: WorkingCalendar) -> datetime:
    """When a rung falls due; its base is the moment that starts the clock."""
    match rung.how:
        case How.ELAPSED_HOURS | How.ELAPSED_DAYS:
            return base_at + rung.amount * ELAPSED[rung.how]
        case How.WORKING_MINUTES:
            return calendar.add_working(base_at, timedelta(minutes=rung.amount))
        case How.WORKING_DAYS:
            return calendar.close_of_working_day(base_at, rung.amount)
        case How.NEXT_OPENING_WITHIN_HOURS:
            return _opening_within(base_at, timedelta(hours=rung.amount), calendar)


def _opening_within(base_at: datetime, limit: timedelta, calendar: WorkingCalendar) -> datetime:
    """At once while open, else at the next opening, never later than the limit."""
    try:
        return min(calendar.next_opening(base_at), base_at + limit)
    except EmptyCalendar:
        return base_at + limit


def is_due(state: str, due: datetime, now: datetime) -> bool:
    """A pending deadline is due from its moment on (SQL twin: `queries.due`)."""
    return state == State.PENDING and due <= now


def is_superseded(state: str, base_at: datetime, new_base_at: datetime) -> bool:
    """A pending deadline gives way when its base has moved (SQL twin: `queries.superseded`)."""
    return state == State.PENDING and base_at != new_base_at


def known_years(days: Iterable[tuple[date, str]], confirmed: Iterable[int]) -> frozenset[int]:
    """Years whose holidays are on file: the State Council's, or the company's own once somebody confirms that they are all there."""
    return frozenset({*confirmed, *(day.year for day, source in days if source == Source.STATE_COUNCIL)})
