"""The list of opportunities as it is taken out."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.imports import sources
from backend.imports.targets.leaving import Column, Leaving, ago, local, refuse_short
from backend.opportunities import lists, rules
from backend.opportunities.finding import OpportunityFilter
from backend.opportunities.models import Opportunity
from backend.opportunities.reading import clocks_of
from backend.opportunities.view_settings import OpportunityFilterSettings
from backend.pipelines.models import StageRow

STATES = {"open": ("进行中", "Open"), "won": ("赢单", "Won"), "lost": ("丢单", "Lost")}
LOSSES = {
    "price": ("价格", "Price"),
    "delivery_time": ("交期", "Delivery time"),
    "technical": ("技术做不到", "Technically not feasible"),
    "competitor": ("选了同行", "Chose a competitor"),
    "no_budget": ("没有预算", "No budget"),
    "no_answer": ("联系不上", "Cannot be reached"),
    "cancelled": ("项目取消", "Project cancelled"),
    "other": ("其他", "Other"),
}
STAGE = select(StageRow).where(StageRow.id == Opportunity.stage_id)
MORE = (
    STAGE.with_only_columns(StageRow.name_zh).scalar_subquery().label("stage_zh"),
    STAGE.with_only_columns(StageRow.name_en).scalar_subquery().label("stage_en"),
    Opportunity.created_at,
    Opportunity.need,
    Opportunity.closing_note,
)


async def filters(session: AsyncSession, given: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The filter of the list route, as the list looks it up at this moment."""
    wanted = OpportunityFilterSettings.model_validate(given)
    plain = {
        "q", "amount_from", "amount_to", "closes_from", "closes_before", "closed_from", "closed_before", "lead_received_from",
        "lead_received_before", "needs_review", "has_backup", "is_late", "is_unadvanced", "is_flagged",
    }  # fmt: skip
    narrowed = OpportunityFilter(
        stages=wanted.stage or [],
        pipelines=wanted.pipeline or [],
        states=[state.value for state in wanted.state or ()],
        owners=wanted.owner or [],
        regions=wanted.region or [],
        sources=wanted.source or [],
        product_lines=wanted.product_line or [],
        loss_reasons=[reason.value for reason in wanted.loss_reason or ()],
        created_from=ago(now, wanted.created_days),
        entered_from=ago(now, wanted.entered_days),
        entered_before=ago(now, wanted.in_stage_days),
        quiet_since=ago(now, wanted.quiet_days),
        **wanted.model_dump(include=plain),
    )
    refuse_short(narrowed.q)
    return lists.conditions(narrowed, await clocks_of(session), now)


COLUMNS = (
    Column("商机编号", "Opportunity number", lambda row: rules.opportunity_number(row.number)),
    Column("商机名称", "Opportunity", lambda row: row.name),
    Column("客户", "Customer", lambda row: row.customer_name),
    Column("阶段", "Stage", lambda row: (row.stage_zh, row.stage_en)),
    Column("状态", "State", lambda row: STATES[row.state]),
    Column("预计金额", "Expected amount", lambda row: row.expected_amount),
    Column("币种", "Currency", lambda row: row.currency),
    Column("预计成交日", "Expected close", lambda row: row.expected_close_on),
    Column("负责人", "Owner", lambda row: row.owner_name),
    Column("备份负责人", "Backup owner", lambda row: row.backup_name),
    Column("辖区", "Region", lambda row: row.region_name),
    Column("来源", "Source", lambda row: sources.words(row.source)),
    Column("产品线", "Product line", lambda row: row.product_line),
    Column("需求", "Need", lambda row: row.need),
    Column("下一步", "Next step", lambda row: row.next_step),
    Column("下一步时间", "Next step due", lambda row: local(row.next_step_at)),
    Column("建立时间", "Added on", lambda row: local(row.created_at)),
    Column("进入本阶段", "Entered its stage", lambda row: local(row.stage_entered_at)),
    Column("最近更新", "Last update", lambda row: local(row.last_activity_at)),
    Column("结束时间", "Closed on", lambda row: local(row.closed_at)),
    Column("丢单原因", "Reason of loss", lambda row: LOSSES[row.loss_reason] if row.loss_reason else None),
    Column("说明", "Closing note", lambda row: row.closing_note),
)

LEAVING = Leaving(("商机", "Opportunities"), lists.OPPORTUNITIES, COLUMNS, MORE, filters)
