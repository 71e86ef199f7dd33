"""VIEW-2: the dashboard."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.analytics import queries, rules
from backend.analytics.queries import Narrowed
from backend.analytics.rules import Dwell, Months
from backend.analytics.schemas import AmountOut, Closed, Cohort, Dashboard, PeriodOut, SourceFigures, StageFigures
from backend.core.config import get_settings
from backend.core.errors import NotFound
from backend.opportunities.schemas import Sums
from backend.pipelines import service as pipelines
from backend.pipelines.rules import StageKind
from backend.pipelines.schemas import PipelineOut, StageOut, StageRef

CENT = Decimal("0.01")


async def dashboard(
    session: AsyncSession, scope: str, pipeline_id: UUID | None, last: date | None, count: int, wanted: Narrowed, now: datetime
) -> Dashboard:
    """Of a pipeline, the default one unless another is asked for."""
    shown = (await pipelines.pipelines(session)).items
    pipeline = next((one for one in shown if pipeline_id in (None, one.id)), None)
    if pipeline is None:
        raise NotFound
    zone = get_settings().company_zone
    months = rules.months_until(last or rules.this_month(now, zone), count)
    since, before = rules.begins(months.first, zone), rules.begins(rules.shift(months.last, 1), zone)
    rows = await _rows(session, scope, pipeline, months, wanted)
    leads = dict((await session.execute(queries.leads_by_source(wanted, since, before))).tuples().all())
    kinds: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        kinds[row.kind].append(row)
    stages = [_stage(stage, kinds, months, now) for stage in pipeline.stages if _is_shown(stage, kinds)]
    dwells = (Dwell(one.stage.key, one.finished, one.average_days, one.dwell_max_days) for one in stages)
    return Dashboard(
        generated_at=now,
        pipeline_id=pipeline.id,
        period=PeriodOut(first_month=months.first, last_month=months.last, starts_at=since, ends_before=before),
        stages=stages,
        bottleneck=rules.bottleneck(dwells),
        won=_closed(kinds["won"]),
        lost=_closed(kinds["lost"]),
        sources=_sources(kinds, leads),
    )


async def _rows(session: AsyncSession, scope: str, pipeline: PipelineOut, months: Months, wanted: Narrowed) -> Sequence[Any]:
    given: dict[str, Any] = {"first": months.first, "last": months.last, "regions": wanted.regions or None}
    if scope == "own" or wanted.owners or wanted.sources:
        more = {"pipeline": pipeline.id, "owners": wanted.owners or None, "sources": wanted.sources or None}
        return await queries.OF_RECORDS.rows(session, **given, **more)
    given |= {"stages": [stage.id for stage in pipeline.stages]}
    dwells = rules.dwells_of((row.stage_id, row.counts, row.bucket, row.n) for row in await queries.OF_DWELLS.rows(session, **given))
    return [*await queries.OF_CELLS.rows(session, **given), *dwells]


def _is_shown(stage: StageOut, kinds: dict[str, list[Any]]) -> bool:
    """Open stages; one out of use while something is told of it."""
    return stage.kind is StageKind.OPEN and (stage.is_active or any(row.stage_id == stage.id for rows in kinds.values() for row in rows))


def _stage(stage: StageOut, kinds: dict[str, list[Any]], months: Months, now: datetime) -> StageFigures:
    here = {kind: [row for row in rows if row.stage_id == stage.id] for kind, rows in kinds.items()}
    ended, standing = here.get("ended", []), here.get("standing", [])
    finished, waiting = _n(ended), _n(standing)
    age = waiting * Decimal(str(now.timestamp())) - sum((row.seconds for row in standing), Decimal(0))
    sums = [
        Sums(currency=row.currency, count=row.n, amount=_cents(row.amount), weighted=_cents(row.amount * stage.win_rate))
        for row in sorted(here.get("open", []), key=lambda row: row.currency)
    ]
    began = {row.month: row for row in here.get("began", [])}
    return StageFigures(
        stage=StageRef.model_validate(stage, from_attributes=True),
        baseline_rate=stage.baseline_rate,
        dwell_min_days=stage.dwell_min_days,
        dwell_max_days=stage.dwell_max_days,
        count=sum(one.count for one in sums),
        sums=sums,
        finished=finished,
        average_days=rules.in_days(sum((row.seconds for row in ended), Decimal(0)), finished),
        median_days=rules.median_days({row.bucket: row.n for row in here.get("dwell", [])}),
        standing=waiting,
        standing_days=rules.in_days(age, waiting),
        cohorts=[_cohort(month, began.get(month)) for month in months.all()],
    )


def _cohort(month: date, row: Any) -> Cohort:
    return Cohort(month=month, began=row.n if row else 0, ended=row.ended if row else 0, advanced=row.advanced if row else 0)


def _closed(rows: Iterable[Any]) -> Closed:
    found = list(rows)
    return Closed(count=_n(found), amounts=_amounts(found))


def _sources(kinds: dict[str, list[Any]], leads: dict[str, int]) -> list[SourceFigures]:
    """The most leads first."""
    deals: dict[str, list[Any]] = defaultdict(list)
    won: dict[str, list[Any]] = defaultdict(list)
    for row in (*kinds["lead_deal"], *kinds["lead_won"]):
        deals[row.source].append(row)
        if row.kind == "lead_won":
            won[row.source].append(row)
    named = sorted({*leads, *deals}, key=lambda source: (-leads.get(source, 0), source))
    return [
        SourceFigures(
            source=source,
            leads=leads.get(source, 0),
            deals=_n(deals[source]),
            deal_amounts=_amounts(deals[source]),
            won=_n(won[source]),
            won_amounts=_amounts(won[source]),
        )
        for source in named
    ]


def _n(rows: Iterable[Any]) -> int:
    return sum(row.n for row in rows)


def _amounts(rows: Iterable[Any]) -> list[AmountOut]:
    sums: Counter[str] = Counter()
    for row in rows:
        sums[row.currency] += row.amount
    return [AmountOut(currency=currency, amount=_cents(amount)) for currency, amount in sorted(sums.items())]


def _cents(amount: Decimal | int) -> Decimal:
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP)
