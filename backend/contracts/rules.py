"""What a contract and its delivery milestones are, who may do what with them, and how late they are (FLOW-8; pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

SUBJECT = "contract"
MILESTONE = "milestone"
MOST_MILESTONES = 40


class ContractState(StrEnum):
    """`signing` from the win until it is signed; `void` when the deal was taken up again before that."""

    SIGNING = "signing"
    DELIVERING = "delivering"
    COMPLETED = "completed"
    VOID = "void"


class ContractAction(StrEnum):
    CHANGE = "change"
    SIGN = "sign"
    PLAN = "plan"
    COMPLETE = "complete"


FITS = {
    ContractAction.CHANGE: frozenset({ContractState.SIGNING}),
    ContractAction.SIGN: frozenset({ContractState.SIGNING}),
    ContractAction.PLAN: frozenset({ContractState.DELIVERING}),
    ContractAction.COMPLETE: frozenset({ContractState.DELIVERING}),
}
"""In which states each is possible; what was signed is not changed."""


class MilestoneState(StrEnum):
    OPEN = "open"
    LATE = "late"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Milestone:
    """What decides about one milestone: `promised_on` is the day first promised, `due_on` the one that now counts."""

    promised_on: date
    due_on: date
    done_on: date | None
    is_cancelled: bool = False


def actions_for(*, may_change: bool, works_with: bool, state: ContractState) -> list[ContractAction]:
    """What somebody may do now; the API refuses all else."""
    return [action for action, states in FITS.items() if state in states and works_with and may_change]


def milestone_state(milestone: Milestone, day: date) -> MilestoneState:
    """Late from the day after the one that counts (SQL twin: `queries.is_late`)."""
    if milestone.is_cancelled:
        return MilestoneState.CANCELLED
    if milestone.done_on is not None:
        return MilestoneState.DONE
    return MilestoneState.LATE if milestone.due_on < day else MilestoneState.OPEN


def delay_days(milestone: Milestone, day: date) -> int:
    """Days past the day first promised: of what is done until then, of what is open until today or the later day that it was put off to."""
    if milestone.is_cancelled:
        return 0
    reached = milestone.done_on or max(day, milestone.due_on)
    return max(0, (reached - milestone.promised_on).days)


def falls_due(due_on: date, zone: ZoneInfo) -> datetime:
    """The moment that the ladder counts from: the last of that day on the company's clock. Where the plant never closes the rung is due at that
    moment, and by the time that anybody looks the next day has begun.
    """
    return datetime.combine(due_on, time.max, zone)


def is_finished(milestones: Iterable[Milestone]) -> bool:
    """Whether nothing is left to deliver."""
    return all(one.is_cancelled or one.done_on is not None for one in milestones)


def contract_number(number: int) -> str:
    """`HT00000123`: the contract's number in this house."""
    return f"HT{number:08d}"
