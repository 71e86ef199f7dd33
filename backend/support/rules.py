"""FLOW-9: technical support requests: whom they go to, who may do what, what was promised and kept (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from backend.core.calendar import WorkingCalendar

SUBJECT = "support_request"
ENGINEER_ROLE = "engineer"
DUE_RUNG = "missed"
"""The rung that is the promise: the initial proposal is there before it falls due."""
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class SupportState(StrEnum):
    """`asked` waits for the engineer, `answered` for the one who asked; asked again it waits for the engineer once more."""

    ASKED = "asked"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class SupportAction(StrEnum):
    ANSWER = "answer"
    ACCEPT = "accept"
    ASK_AGAIN = "ask_again"
    WITHDRAW = "withdraw"
    HAND_OVER = "hand_over"


class Chosen(StrEnum):
    """How the engineer was found."""

    BY_NAME = "by_name"
    LEAST_LOAD = "least_load"
    DEPUTY = "deputy"


class Record(StrEnum):
    """What the performance ledger holds of one round: kept in time, missed, and the answer that came too late."""

    KEPT = "kept"
    MISSED = "missed"
    LATE = "late"


ASKS, ANSWERS = "support.ask", "support.answer"


@dataclass(frozen=True)
class Standing:
    """How an actor stands to one request."""

    permissions: frozenset[str]
    is_engineer: bool = False
    supervises_engineer: bool = False
    is_asker: bool = False
    works_with_record: bool = False


def actions_for(standing: Standing, state: SupportState) -> list[SupportAction]:
    """What this actor may do now; the API refuses all else. Only the engineer answers, and nobody accepts their own proposal."""
    asks = (standing.is_asker or standing.works_with_record) and not standing.is_engineer and ASKS in standing.permissions
    answers = standing.is_engineer and ANSWERS in standing.permissions
    waits, has_answer = state is SupportState.ASKED, state is SupportState.ANSWERED
    allowed = {
        SupportAction.ANSWER: waits and answers,
        SupportAction.ACCEPT: has_answer and asks,
        SupportAction.ASK_AGAIN: has_answer and asks,
        SupportAction.WITHDRAW: (waits or has_answer) and asks,
        SupportAction.HAND_OVER: waits and (answers or standing.supervises_engineer),
    }
    return [action for action, fits in allowed.items() if fits]


@dataclass(frozen=True)
class Engineer:
    """Who could be asked, and how much waits for them."""

    id: UUID
    name: str
    is_present: bool
    deputy_id: UUID | None
    deputy_name: str | None
    open_requests: int
    last_asked_at: datetime | None


@dataclass(frozen=True)
class Choice:
    """Who is asked and why; `instead_of` is who is away."""

    id: UUID
    name: str
    chosen: Chosen
    instead_of: str | None = None


def by_load(engineers: Iterable[Engineer]) -> list[Engineer]:
    """The present first, then the fewest open requests, then the longest since the last one, then the id."""
    return sorted(engineers, key=lambda one: (not one.is_present, one.open_requests, one.last_asked_at or LONG_AGO, one.id))


def choose(engineers: Sequence[Engineer], wanted: UUID | None) -> Choice | None:
    """The engineer of one's choice or the least loaded; the deputy of who is away. None where there is nobody like that."""
    found = next(iter(by_load(one for one in engineers if wanted in (None, one.id))), None)
    if found is None:
        return None
    if not found.is_present and found.deputy_id is not None:
        return Choice(found.deputy_id, found.deputy_name or "", Chosen.DEPUTY, found.name)
    return Choice(found.id, found.name, Chosen.BY_NAME if wanted else Chosen.LEAST_LOAD)


def is_late(due_at: datetime | None, answered_at: datetime) -> bool:
    """A proposal at the very close of the day is in time."""
    return due_at is not None and answered_at > due_at


def late_by(due_at: datetime, answered_at: datetime, calendar: WorkingCalendar) -> timedelta:
    """Working time between the promise and the answer."""
    return calendar.working_elapsed(due_at, answered_at)


def hit_rate(kept: int, missed: int) -> float | None:
    """Share of the promises that were kept; None where there were none."""
    return round(kept / (kept + missed), 4) if kept + missed else None


def request_number(number: int) -> str:
    """`JZ00000123`: 技术支持编号, as people read it to each other."""
    return f"JZ{number:08d}"
