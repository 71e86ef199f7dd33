"""What an opportunity is, who may do what with it, and what a move asks of it (FLOW-1; pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from backend.customers import rules as customers
from backend.pipelines.conditions import RequiredField
from backend.pipelines.rules import Move

SUBJECT = "opportunity"


class OpportunityState(StrEnum):
    """`open` stands in an open stage of its pipeline; `won` and `lost` in the closed one."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class LossReason(StrEnum):
    """Why a deal was lost."""

    PRICE = "price"
    DELIVERY_TIME = "delivery_time"
    TECHNICAL = "technical"
    COMPETITOR = "competitor"
    NO_BUDGET = "no_budget"
    NO_ANSWER = "no_answer"
    CANCELLED = "cancelled"
    OTHER = "other"


class OpportunityAction(StrEnum):
    LOG_FOLLOW_UP = "log_follow_up"
    CHANGE = "change"
    MOVE = "move"
    REOPEN = "reopen"


PERMISSION = {
    OpportunityAction.LOG_FOLLOW_UP: "opportunity.change",
    OpportunityAction.CHANGE: "opportunity.change",
    OpportunityAction.MOVE: "opportunity.change",
    OpportunityAction.REOPEN: "opportunity.reopen",
}
ACTIVE_FIELDS = frozenset({"expected_amount", "expected_close_on"})
"""A person's change of one of these is an update (7-day clock); of anything else it is none."""


@dataclass(frozen=True)
class Clocks:
    """How long an opportunity may stand still (FLOW-5), as the ladder says it: without an update (`flag_after`, told of again every
    `again_after`), and without coming into a later stage (`report_after`). `spares_planned`: a planned next step ahead suspends the flag,
    never the report.
    """

    flag_after: timedelta
    again_after: timedelta
    report_after: timedelta
    spares_planned: bool = False

    def stale_before(self, now: datetime) -> datetime:
        """Without an update since this moment it stands still."""
        return now - self.flag_after

    def advance_before(self, now: datetime) -> datetime:
        """Not advanced since this moment it belongs into the report."""
        return now - self.report_after


@dataclass(frozen=True)
class Standing:
    """How an actor stands to one opportunity."""

    permissions: frozenset[str]
    is_owner: bool = False
    is_backup: bool = False
    supervises_owner: bool = False
    manages_region: bool = False

    @property
    def works_with(self) -> bool:
        """Owner, backup, or who may step in for them."""
        return self.is_owner or self.is_backup or self.supervises_owner or self.manages_region


def actions_for(standing: Standing, state: OpportunityState, *, is_signed: bool = False) -> list[OpportunityAction]:
    """What this actor may do now; the API refuses all else. A deal whose contract is signed is not taken up again."""
    is_open = state is OpportunityState.OPEN
    fits = {
        OpportunityAction.LOG_FOLLOW_UP: True,
        OpportunityAction.CHANGE: is_open,
        OpportunityAction.MOVE: is_open,
        OpportunityAction.REOPEN: not is_open and not is_signed,
    }
    return [action for action, fit in fits.items() if fit and standing.works_with and PERMISSION[action] in standing.permissions]


def present(values: Mapping[str, Any]) -> frozenset[RequiredField]:
    """Which of the facts that a stage may ask for are there; `values` has a key for each."""
    return frozenset(field for field in RequiredField if values[field.value] not in (None, ""))


def state_after(move: Move) -> OpportunityState:
    """What an opportunity is when it has come into a stage this way."""
    return {Move.WON: OpportunityState.WON, Move.LOST: OpportunityState.LOST}.get(move, OpportunityState.OPEN)


def is_flagged(state: OpportunityState, last_activity_at: datetime, next_step_at: datetime | None, clocks: Clocks, now: datetime) -> bool:
    """Whether the card is red: open and without an update for too long (SQL twins: `queries.flagged`, `stalls.TELL`, `definers.FLAGGED`)."""
    is_spared = clocks.spares_planned and next_step_at is not None and next_step_at > now
    return state is OpportunityState.OPEN and last_activity_at <= clocks.stale_before(now) and not is_spared


def is_unadvanced(state: OpportunityState, advanced_at: datetime, clocks: Clocks, now: datetime) -> bool:
    """Whether the superior's report names it: open, and in no later stage for too long (SQL twin: `queries.unadvanced`)."""
    return state is OpportunityState.OPEN and advanced_at <= clocks.advance_before(now)


def is_told(base_at: datetime, told: tuple[datetime, datetime] | None, again_before: datetime | None) -> bool:
    """Whether the owner knows of what began at `base_at`; `told` is (base, moment) of the last time, and one from before `again_before` has
    worn off (SQL twin: `stalls.TELL`).
    """
    return told is not None and told[0] == base_at and (again_before is None or told[1] > again_before)


def differences(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Field -> old and new as JSON holds them, for what would really change."""
    return customers.differences({name: _plain(before[name]) for name in wanted}, {name: _plain(value) for name, value in wanted.items()})


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)


def is_active(changed: Iterable[str]) -> bool:
    return not ACTIVE_FIELDS.isdisjoint(changed)


def opportunity_number(number: int) -> str:
    """`SJ00000123`: 商机编号, as people read it to each other."""
    return f"SJ{number:08d}"
