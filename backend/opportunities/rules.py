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

FLAG_AFTER = timedelta(days=7)
"""Without an update the card turns red (FLOW-5)."""


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


def is_flagged(state: OpportunityState, last_activity_at: datetime, now: datetime) -> bool:
    """Whether the card is red: open and without an update for seven days (SQL twin: `queries.flagged`)."""
    return state is OpportunityState.OPEN and last_activity_at + FLAG_AFTER <= now


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
