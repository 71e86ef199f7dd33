"""The five stages that a manufacturer's sales begin with; what the company has changed is left alone."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.ids import new_id
from backend.customers.rules import ContactRole
from backend.documents.rules import REQUIREMENT
from backend.pipelines import service
from backend.pipelines.conditions import ActivityLogged, AnyOf, ContactKnown, DocumentAttached, FieldPresent, RequiredField, ReviewApproved
from backend.pipelines.models import PipelineRow, PipelineVersion
from backend.pipelines.rules import NextStep, Phase, Pipeline, PlannedMilestone, Stage, StageKind
from backend.timeline.rules import FollowUpKind

SHIPPED = UUID("6c5b8a8e-9a34-5f5c-9f0e-2f3c6a1d7b90")


MILESTONES = (
    PlannedMilestone(title="首件确认", within_working_days=15),
    PlannedMilestone(title="批量生产完成", within_working_days=30),
    PlannedMilestone(title="发货", within_working_days=33),
    PlannedMilestone(title="客户验收", within_working_days=40),
)


def _field(field: RequiredField) -> FieldPresent:
    return FieldPresent(field=field)


STANDARD = Pipeline(
    name_zh="标准销售流程",
    name_en="Standard sales process",
    stages=(
        Stage(
            key="first_contact", name_zh="初步接触", name_en="First contact", kind=StageKind.OPEN, phase=Phase.CAPTURE,
            baseline_rate=Decimal("0.6"), dwell_min_days=1, dwell_max_days=3, may_be_returned_to=True,
            next_step=NextStep(title="首次联系，确认需求与联系人", within_working_days=1),
            exit=(AnyOf(conditions=(ActivityLogged(activity=FollowUpKind.CALL), ActivityLogged(activity=FollowUpKind.VISIT),
                ActivityLogged(activity=FollowUpKind.MEETING))), _field(RequiredField.NEED)),
        ),
        Stage(
            key="needs", name_zh="需求调研", name_en="Needs analysis", kind=StageKind.OPEN, phase=Phase.NEEDS,
            baseline_rate=Decimal("0.7"), dwell_min_days=3, dwell_max_days=7, may_be_returned_to=True,
            next_step=NextStep(title="收集图纸、用量和技术要求", within_working_days=3),
            exit=(DocumentAttached(document=REQUIREMENT), _field(RequiredField.EXPECTED_AMOUNT),
                _field(RequiredField.EXPECTED_CLOSE_ON), _field(RequiredField.PRODUCT_LINE)),
        ),
        Stage(
            key="proposal", name_zh="方案制定", name_en="Proposal", kind=StageKind.OPEN, phase=Phase.PROPOSAL,
            baseline_rate=Decimal("0.65"), dwell_min_days=5, dwell_max_days=7, may_be_skipped=True, may_be_returned_to=True,
            next_step=NextStep(title="请技术部出初步方案", within_working_days=2),
            exit=(ContactKnown(role=ContactRole.DECIDER),),
        ),
        Stage(
            key="negotiation", name_zh="报价谈判", name_en="Quote and negotiation", kind=StageKind.OPEN, phase=Phase.PROPOSAL,
            baseline_rate=Decimal("0.5"), dwell_min_days=5, dwell_max_days=15, may_be_returned_to=True,
            next_step=NextStep(title="发送报价并约定答复时间", within_working_days=2),
            entry=(_field(RequiredField.EXPECTED_AMOUNT), ReviewApproved()),
        ),
        Stage(key="closed", name_zh="成交/关闭", name_en="Won / lost", kind=StageKind.CLOSED, phase=Phase.CONTRACT,
            entry=(_field(RequiredField.EXPECTED_AMOUNT), _field(RequiredField.EXPECTED_CLOSE_ON))),
        Stage(key="contract", name_zh="合同签订", name_en="Contract", kind=StageKind.CONTRACT, phase=Phase.CONTRACT),
        Stage(key="delivery", name_zh="交付跟进", name_en="Delivery", kind=StageKind.DELIVERY, phase=Phase.DELIVERY,
            milestones=MILESTONES),
    ),
)  # fmt: skip


async def install(session: AsyncSession) -> None:
    """Idempotent."""
    row = {"id": SHIPPED, "name_zh": STANDARD.name_zh, "name_en": STANDARD.name_en, "is_default": True}
    made = await session.scalar(insert(PipelineRow).values(row).on_conflict_do_nothing().returning(PipelineRow.id))
    if made is None:
        return
    await service.put_stages(session, SHIPPED, STANDARD)
    version = {"id": new_id(), "pipeline_id": SHIPPED, "number": 1, "content": STANDARD.model_dump(mode="json"), "changed_at": func.now()}
    await session.execute(insert(PipelineVersion).values(version))
