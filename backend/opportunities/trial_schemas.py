"""The dry run of a pipeline over HTTP."""

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from backend.core.schemas import Out
from backend.identity.rules import OwnedScope
from backend.pipelines.conditions import Condition


class DealRef(Out):
    """An opportunity as an example, with a way to look at it."""

    id: UUID
    number: str
    name: str
    customer: str | None
    owner: str
    stage_entered_at: datetime


class StageName(Out):
    key: str
    name_zh: str
    name_en: str


class WeightedSums(Out):
    """Of one currency: what is open, and that by the win rates of before and after."""

    currency: str
    count: int
    amount: Decimal
    weighted_before: Decimal
    weighted_after: Decimal


class ConditionTrial(Out):
    """A condition of the next move: asked for before, after, or both; `missing` of those looked at do not meet it."""

    condition: Condition
    asked: Literal["before", "after", "both"]
    missing: int


class StageTrial(Out):
    """What stands in a stage now, and what the change means for it. `open` counts all; conditions were looked at for `checked` of them,
    and blocked are those whose next move, to `next_before` or `next_after`, lacks at least one.
    """

    stage: StageName
    leaves_use: bool
    open: int
    checked: int
    next_before: StageName | None
    next_after: StageName | None
    blocked_before: int
    blocked_after: int
    newly_blocked: int
    conditions: list[ConditionTrial]
    too_long_before: int
    too_long_after: int
    sums: list[WeightedSums]
    examples: list[DealRef]
    """Those that lack what only the change asks for."""
    longest: list[DealRef]
    """Those that have stood here longest, where some stand too long or the stage leaves use."""


class PipelineTrial(Out):
    """What a change of a pipeline would mean for the opportunities in flight; nothing is stored."""

    counted_at: datetime
    scope: OwnedScope
    open: int
    checked: int
    sums: list[WeightedSums]
    stages: list[StageTrial]
