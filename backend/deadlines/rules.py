"""Ladders of deadlines: who is asked, how long after what (pure)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from backend.core.calendar import EmptyCalendar, WorkingCalendar

FIRST_CONTACT = "lead.first_contact"
UNOWNED = "lead.unowned"
CHANGE_REQUEST = "customer.change_request"
MILESTONE_LATE = "contract.milestone"
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
    WORKING_MINUTES = "working_minutes"
    WORKING_DAYS = "working_days"
    NEXT_OPENING_WITHIN_HOURS = "next_opening_within_hours"


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
        return self.how is not How.ELAPSED_HOURS


def _named_once(rungs: tuple[Rung, ...]) -> tuple[Rung, ...]:
    doubled = [key for key, times in Counter(rung.key for rung in rungs).items() if times > 1]
    if doubled:
        raise ValueError(f"two rungs are called {doubled[0]}")
    return rungs


Rungs = Annotated[tuple[Rung, ...], Field(max_length=MAX_RUNGS), AfterValidator(_named_once)]


class Ladder(BaseModel):
    """The rungs of one kind of deadline, in order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    rungs: Rungs

    def rung(self, key: str) -> Rung | None:
        return next((rung for rung in self.rungs if rung.key == key), None)

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
}

CHAIN = (Recipient.OWNER, Recipient.SUPERVISOR, Recipient.SUPERVISOR_OF_SUPERVISOR)
RECIPIENTS = {FIRST_CONTACT: CHAIN, UNOWNED: (Recipient.GIVES_OUT, Recipient.DIRECTORS), CHANGE_REQUEST: CHAIN, MILESTONE_LATE: CHAIN}
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


def asks_at_once(ladder: Ladder, who: Recipient, base: str, base_at: datetime, calendar: WorkingCalendar) -> bool:
    """Whether a rung addresses `who` at the very moment that it counts from."""
    return any(due_at(rung, base_at, calendar) <= base_at for rung in ladder.rungs if (rung.who, rung.base) == (who, base))


def due_at(rung: Rung, base_at: datetime, calendar: WorkingCalendar) -> datetime:
    """When a rung falls due; its base is the moment that starts the clock."""
    match rung.how:
        case How.ELAPSED_HOURS:
            return base_at + timedelta(hours=rung.amount)
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
