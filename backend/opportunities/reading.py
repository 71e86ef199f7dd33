"""What people read of opportunities."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.errors import NotFound
from backend.customers import reading as customers
from backend.customers.reading import named
from backend.customers.rules import customer_number
from backend.deadlines import rulebook
from backend.deadlines.rules import STALL, Ladder
from backend.documents import reading as documents
from backend.duplicates import service as duplicates
from backend.identity.deps import Actor
from backend.opportunities import queries, rules
from backend.opportunities.models import Opportunity
from backend.opportunities.rules import Clocks, OpportunityState, Standing
from backend.opportunities.schemas import CustomerOpportunities, Missing, OpportunityCard, OpportunityOut, StageStayOut, WayOut
from backend.pipelines import conditions
from backend.pipelines import rules as pipeline_rules
from backend.pipelines import service as pipelines
from backend.pipelines.conditions import Facts
from backend.pipelines.rules import Pipeline, Way
from backend.pipelines.schemas import PipelineOut, StageRef

MOST_OF_CUSTOMER = 200


def card_fields(row: Any, clocks: Clocks, now: datetime) -> dict[str, Any]:
    """A row of `queries.cards`, of SQLAlchemy or of the driver, as the fields of a card."""
    fields = dict(getattr(row, "_mapping", None) or vars(row))
    known, state = row.customer_name is not None, OpportunityState(row.state)
    customer = {"id": row.customer_id, "number": customer_number(row.customer_number), "name": row.customer_name} if known else None
    return {
        **fields,
        "number": rules.opportunity_number(row.number),
        "customer": customer,
        "owner": named(row.owner_id, row.owner_name),
        "backup_owner": named(row.backup_owner_id, row.backup_name),
        "region": named(row.region_id, row.region_name),
        "is_flagged": rules.is_flagged(state, row.last_activity_at, row.next_step_at, clocks, now),
        "is_unadvanced": rules.is_unadvanced(state, row.advanced_at, clocks, now),
    }


def card(row: Any, clocks: Clocks, now: datetime) -> OpportunityCard:
    return OpportunityCard.model_validate(card_fields(row, clocks, now))


async def clocks_of(session: AsyncSession) -> Clocks:
    """How long deals may stand still, as the ladder says now."""
    return clocks_from((await rulebook.load(session)).ladders[STALL])


def clocks_from(ladder: Ladder) -> Clocks:
    return Clocks(ladder.after("flag"), ladder.after("again"), ladder.after("report"), ladder.spares_planned)


def standing(row: Any, actor: Actor) -> Standing:
    """How the actor stands to the opportunity of this row (`queries.standing_of`)."""
    return Standing(actor.permissions, row.is_owner, row.is_backup, row.supervises_owner, row.manages_region)


async def detail_row(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> Any:
    """404 when the opportunity is not visible."""
    await session.flush()
    row = await queries.DETAIL.row(session, opportunity=opportunity_id, actor=actor.id)
    if row is None:
        raise NotFound
    return row


async def opportunity(
    session: AsyncSession, actor: Actor, opportunity_id: UUID, now: datetime, known: tuple[PipelineOut, Pipeline] | None = None
) -> OpportunityOut:
    """With its history of stages, and what stands between it and every stage that it can reach; `known`: its pipeline, where it was read."""
    row = await detail_row(session, actor, opportunity_id)
    stays = await queries.STAYS.rows(session, opportunity=opportunity_id)
    shown, pipeline = known or await rules_of(session, row.pipeline_id)
    known_contact = row.contact_name is not None
    return OpportunityOut.model_validate(
        {
            **card_fields(row, await clocks_of(session), now),
            "contact": {"id": row.contact_id, "name": row.contact_name, "phone": row.contact_phone} if known_contact else None,
            "created_by": named(row.created_by, row.creator_name),
            "stays": [_stay(one) for one in stays],
            "ways": _ways(shown, pipeline, row, await facts_of(session, row)) if row.contract_signed_at is None else [],
            "actions": rules.actions_for(standing(row, actor), OpportunityState(row.state), is_signed=row.contract_signed_at is not None),
        }
    )


def _stay(row: Any) -> StageStayOut:
    stage = {name: getattr(row, f"stage_{name}") for name in StageRef.model_fields}
    fields = {"id": row.id, "move": row.move, "reason": row.reason, "entered_at": row.entered_at, "left_at": row.left_at}
    return StageStayOut.model_validate({**fields, "stage": stage, "entered_by": named(row.entered_by, row.mover_name)})


def stage_of(shown: PipelineOut, stage_id: UUID) -> StageRef:
    return next(stage for stage in shown.stages if stage.id == stage_id)


def _ways(shown: PipelineOut, pipeline: Pipeline, row: Any, facts: Facts) -> list[WayOut]:
    here = stage_of(shown, row.stage_id)
    found = []
    for stage in shown.stages:
        way = pipeline_rules.way(pipeline, here.key, stage.key)
        if isinstance(way, Way):
            lacks = missing(here, stage, way, facts)
            found.append(WayOut(stage=_ref(stage), move=way.move, needs_reason=way.needs_reason, missing=lacks))
    return found


def _ref(stage: StageRef) -> StageRef:
    return StageRef.model_validate(stage, from_attributes=True)


def missing(here: StageRef, there: StageRef, way: Way, facts: Facts) -> list[Missing]:
    """What of a way's conditions is not met, those of the stage that is left first."""
    sides: Sequence[tuple[Any, StageRef, Any]] = (("exit", here, way.exit), ("entry", there, way.entry))
    return [
        Missing(side=side, stage=_ref(stage), condition=one) for side, stage, asked in sides for one in conditions.missing(asked, facts)
    ]


async def facts_of(session: AsyncSession, row: Any) -> Facts:
    """What the conditions of stages look at, of the opportunity of this row (`queries.DETAIL`); what was done with its lead counts."""
    subjects = [row.id, *([row.lead_id] if row.lead_id else [])]
    counted = await queries.ACTIVITIES.rows(session, subjects=subjects, since=row.stage_entered_at)
    family = await duplicates.firm(session, row.customer_id)
    roles = await queries.CONTACT_ROLES.rows(session, family=list(family))
    said = {**vars(row), "primary_contact": row.contact_id}
    return Facts(
        fields=rules.present(said),
        amount=row.expected_amount,
        documents=await documents.kinds_of(session, subjects),
        activities={one.kind: one.ever for one in counted},
        activities_in_stage={one.kind: one.in_stage for one in counted},
        effective_visits=sum(one.effective for one in counted),
        effective_visits_in_stage=sum(one.effective_in_stage for one in counted),
        contact_roles=frozenset(one.role for one in roles),
        needs_review=row.needs_review,
        is_review_approved=row.review_approved_at is not None,
    )


async def of_customer(session: AsyncSession, actor: Actor, customer_id: UUID, now: datetime) -> CustomerOpportunities:
    """Those of a customer and of what was merged into it."""
    await customers.detail_row(session, actor, customer_id)
    family = await duplicates.family(session, customer_id)
    is_closed = case((Opportunity.state == OpportunityState.OPEN, 0), else_=1)
    query = queries.cards().where(Opportunity.customer_id.in_(family))
    rows = await session.execute(query.order_by(is_closed, Opportunity.stage_entered_at.desc(), Opportunity.id).limit(MOST_OF_CUSTOMER))
    clocks = await clocks_of(session)
    return CustomerOpportunities(items=[card(row, clocks, now) for row in rows])


async def rules_of(session: AsyncSession, pipeline_id: UUID) -> tuple[PipelineOut, Pipeline]:
    shown = await pipelines.pipeline(session, pipeline_id)
    return shown, pipelines.as_rules(shown)
