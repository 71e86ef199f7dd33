"""The dashboard over HTTP: a count or amount is of what the scope and the filter let through, as in lists."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from backend.core.schemas import Out
from backend.opportunities.schemas import Sums
from backend.pipelines.schemas import StageRef


class PeriodOut(Out):
    """Whole months of the house: the first days of the first and of the last, and the moments between which they lie."""

    first_month: date
    last_month: date
    starts_at: datetime
    ends_before: datetime


class AmountOut(Out):
    currency: str
    amount: Decimal


class Closed(Out):
    """What was won or lost in the period."""

    count: int
    amounts: list[AmountOut]


class Cohort(Out):
    """The stays that began in a month: how many there are, how many of them have ended since, and how many in a later stage. The share that
    advanced is final when all have ended.
    """

    month: date
    began: int
    ended: int
    advanced: int


class StageFigures(Out):
    """A stage: what stands in it now, how long finished stays took that ended in the period (days), how long the open ones have gone on,
    and how many went on to a later stage.
    """

    stage: StageRef
    baseline_rate: Decimal | None
    dwell_min_days: int | None
    dwell_max_days: int | None
    count: int
    sums: list[Sums]
    finished: int
    average_days: Decimal | None
    median_days: Decimal | None
    standing: int
    standing_days: Decimal | None
    cohorts: list[Cohort]


class SourceFigures(Out):
    """Leads of a source that were received in the period, the opportunities that they became, and those of them that are won."""

    source: str
    leads: int
    deals: int
    deal_amounts: list[AmountOut]
    won: int
    won_amounts: list[AmountOut]


class Dashboard(Out):
    """仪表盘. `bottleneck` is the key of the stage that most exceeds its standard dwell time, if one does."""

    generated_at: datetime
    pipeline_id: UUID
    period: PeriodOut
    stages: list[StageFigures]
    bottleneck: str | None
    won: Closed
    lost: Closed
    sources: list[SourceFigures]
