"""OPEN-5: what a change of a pipeline would mean for the opportunities in flight, before anybody saves it. Read only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.identity.deps import Actor
from backend.identity.rules import OwnedScope
from backend.opportunities import rules, trial_queries, trial_rules
from backend.opportunities.trial_rules import EXAMPLES, Lacking, Onward, Verdict
from backend.opportunities.trial_schemas import ConditionTrial, DealRef, PipelineTrial, StageName, StageTrial, WeightedSums
from backend.pipelines import rules as pipeline_rules
from backend.pipelines import service as pipelines
from backend.pipelines.conditions import Condition
from backend.pipelines.rules import Pipeline, Stage, StageKind
from backend.pipelines.schemas import StageOut, StageRef

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Tried:
    """A stage as it is and as it shall be, with what stands in it: a row of each currency, and whether its next move is free."""

    stage: StageOut
    wanted: Stage
    win_rate: Decimal
    rows: Sequence[Any]
    before: Onward
    after: Onward
    verdict: Verdict

    @property
    def leaves_use(self) -> bool:
        return self.stage.is_active and not self.wanted.is_active

    @property
    def late_after(self) -> int:
        return sum(row.late_will for row in self.rows)


async def trial(
    session: AsyncSession, actor: Actor, scope: OwnedScope, pipeline_id: UUID, wanted: Pipeline, now: datetime
) -> PipelineTrial:
    """The pipeline as it is against the one on the screen, on every open opportunity that the scope shows: all are counted, and an even
    part of each stage is looked at for its conditions (`trial_rules.CHECKED_A_STAGE`).
    """
    actor.require(pipelines.MANAGES)
    actor.require("opportunity.read")
    shown = await pipelines.pipeline(session, pipeline_id)
    await pipelines.require_usable(session, shown, wanted)
    before = pipelines.as_rules(shown)
    shown_stages = {stage.key: stage for stage in shown.stages if stage.kind is StageKind.OPEN}
    pairs = [(shown_stages[stage.key], stage) for stage in wanted.stages if stage.key in shown_stages]
    standing = await _standing(session, pairs, now)
    rates = pipeline_rules.win_rates(wanted.stages)
    tried = []
    for stage, changed in pairs:
        rows = standing.get(stage.id, [])
        sides = trial_rules.onward(before, stage.key), trial_rules.onward(wanted, stage.key)
        verdict = await _verdict(session, stage.id, *sides, sum(row.count for row in rows))
        tried.append(Tried(stage, changed, rates[stage.key], rows, *sides, verdict))
    longest, deals = await _examples(session, tried)
    stages = [_out(one, longest.get(one.stage.id, []), deals) for one in tried]
    return PipelineTrial(
        counted_at=now,
        scope=scope,
        open=sum(one.open for one in stages),
        checked=sum(one.checked for one in stages),
        sums=_totals(one.sums for one in stages),
        stages=stages,
    )


async def _standing(session: AsyncSession, pairs: Sequence[tuple[StageOut, Stage]], now: datetime) -> dict[UUID, list[Any]]:
    """By stage, a row of each currency."""
    late = trial_rules.entered_before
    limits = {stage.id: (late(stage.dwell_max_days, now), late(changed.dwell_max_days, now)) for stage, changed in pairs}
    found: dict[UUID, list[Any]] = {}
    for row in await session.execute(trial_queries.standing(limits)):
        found.setdefault(row.stage_id, []).append(row)
    return found


async def _verdict(session: AsyncSession, stage_id: UUID, before: Onward, after: Onward, standing: int) -> Verdict:
    asked = trial_rules.asked(before, after)
    if not asked or not standing:
        return trial_rules.judge(before, after, [Lacking([False] * len(asked), standing)])
    rows = await session.execute(trial_queries.lacking(stage_id, asked, trial_rules.one_in(standing)))
    return trial_rules.judge(before, after, [Lacking(row.unmet, row.count, row.examples[:EXAMPLES]) for row in rows])


async def _examples(session: AsyncSession, tried: Sequence[Tried]) -> tuple[dict[UUID, list[UUID]], dict[UUID, DealRef]]:
    """Of each stage that leaves use or keeps some too long, those that have stood there longest; and all examples by their ids."""
    longest: dict[UUID, list[UUID]] = {}
    wanted = [one.stage.id for one in tried if one.rows and (one.leaves_use or one.late_after)]
    if wanted:
        for row in await session.execute(trial_queries.longest(wanted)):
            longest.setdefault(row.stage_id, []).append(row.id)
    ids = {one for found in longest.values() for one in found} | {one for done in tried for one in done.verdict.examples}
    rows = await session.execute(trial_queries.named(list(ids))) if ids else []
    return longest, {row.id: DealRef.model_validate({**row._mapping, "number": rules.opportunity_number(row.number)}) for row in rows}


def _out(tried: Tried, longest: Sequence[UUID], deals: Mapping[UUID, DealRef]) -> StageTrial:
    verdict, before, after = tried.verdict, tried.before, tried.after
    conditions = [
        ConditionTrial(condition=one, asked=_when(one, before, after), missing=missing)
        for one, missing in zip(trial_rules.asked(before, after), verdict.lacking, strict=True)
    ]
    return StageTrial(
        stage=_name(tried.wanted),
        leaves_use=tried.leaves_use,
        open=sum(row.count for row in tried.rows),
        checked=verdict.checked,
        next_before=_name(before.stage) if before.stage else None,
        next_after=_name(after.stage) if after.stage else None,
        blocked_before=verdict.blocked_before,
        blocked_after=verdict.blocked_after,
        newly_blocked=verdict.newly_blocked,
        conditions=conditions,
        too_long_before=sum(row.late_was for row in tried.rows),
        too_long_after=tried.late_after,
        sums=[_weighted(row, tried.stage.win_rate, tried.win_rate) for row in tried.rows],
        examples=[deals[one] for one in verdict.examples if one in deals],
        longest=[deals[one] for one in longest if one in deals],
    )


def _when(condition: Condition, before: Onward, after: Onward) -> Literal["before", "after", "both"]:
    if condition in before.asked and condition in after.asked:
        return "both"
    return "before" if condition in before.asked else "after"


def _name(stage: Stage | StageRef) -> StageName:
    return StageName(key=stage.key, name_zh=stage.name_zh, name_en=stage.name_en)


def _weighted(row: Any, before: Decimal, after: Decimal) -> WeightedSums:
    was, will = ((row.amount * rate).quantize(CENT, ROUND_HALF_UP) for rate in (before, after))
    return WeightedSums(currency=row.currency, count=row.count, amount=row.amount, weighted_before=was, weighted_after=will)


def _totals(stages: Iterable[Sequence[WeightedSums]]) -> list[WeightedSums]:
    """Over all stages, by currency."""
    found: dict[str, list[WeightedSums]] = {}
    for sums in stages:
        for one in sums:
            found.setdefault(one.currency, []).append(one)
    return [
        WeightedSums(
            currency=currency,
            count=sum(one.count for one in sums),
            amount=sum((one.amount for one in sums), Decimal(0)),
            weighted_before=sum((one.weighted_before for one in sums), Decimal(0)),
            weighted_after=sum((one.weighted_after for one in sums), Decimal(0)),
        )
        for currency, sums in sorted(found.items())
    ]
