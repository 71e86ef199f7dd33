"""What people read of contracts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.contracts import queries, rules
from backend.contracts.models import Contract, DeliveryMilestone
from backend.contracts.rules import ContractState, Milestone
from backend.contracts.schemas import ContractCard, ContractOut, CustomerContracts, MilestoneOut, OpportunityContract, PlannedOn
from backend.core.clock import company_day
from backend.core.errors import NotFound
from backend.core.pagination import Page, decode_cursor, page_of
from backend.customers import reading as customers
from backend.customers.reading import named
from backend.customers.rules import customer_number
from backend.deadlines import rulebook
from backend.duplicates import service as duplicates
from backend.identity.deps import Actor
from backend.opportunities import reading as opportunities
from backend.opportunities.rules import opportunity_number
from backend.opportunities.schemas import Missing
from backend.pipelines.conditions import missing
from backend.pipelines.rules import StageKind
from backend.pipelines.schemas import PipelineOut, StageOut, StageRef

MOST_OF_CUSTOMER = 200


def card_fields(row: Any, day: date) -> dict[str, Any]:
    """A row of `queries.cards` as the fields of a card."""
    customer = {"id": row.customer_id, "number": customer_number(row.customer_number), "name": row.customer_name}
    deal = {"id": row.opportunity_id, "number": opportunity_number(row.opportunity_number), "name": row.opportunity_name}
    is_delivering = row.state == ContractState.DELIVERING
    return {
        **row._mapping,
        "number": rules.contract_number(row.number),
        "opportunity": deal,
        "customer": customer if row.customer_name is not None else None,
        "owner": named(row.owner_id, row.owner_name),
        "backup_owner": named(row.backup_owner_id, row.backup_name),
        "region": named(row.region_id, row.region_name),
        "is_late": is_delivering and row.next_due_on is not None and row.next_due_on < day,
    }


def card(row: Any, now: datetime) -> ContractCard:
    return ContractCard.model_validate(card_fields(row, company_day(now)))


async def detail_row(session: AsyncSession, contract_id: UUID) -> Any:
    """404 when the contract is not visible."""
    row = (await session.execute(queries.detail(contract_id))).first()
    if row is None:
        raise NotFound
    return row


async def contract(session: AsyncSession, actor: Actor, contract_id: UUID, now: datetime) -> ContractOut:
    """With its milestones, what is missing, and what the actor may do."""
    row = await detail_row(session, contract_id)
    day = company_day(now)
    deal = await opportunities.detail_row(session, actor, row.opportunity_id)
    shown, _ = await opportunities.rules_of(session, deal.pipeline_id)
    steps = (await session.scalars(queries.milestones(contract_id).execution_options(populate_existing=True))).all()
    works_with = opportunities.standing(deal, actor).works_with
    state = ContractState(row.state)
    return ContractOut.model_validate(
        {
            **card_fields(row, day),
            "signed_by": named(row.signed_by, row.signer_name),
            "delivery": [milestone_out(step, day) for step in steps],
            "planned": await planned(session, shown, day) if state is ContractState.SIGNING else [],
            "missing": await lacks(session, shown, deal, state),
            "actions": rules.actions_for(may_change=actor.may("contract.change"), works_with=works_with, state=state),
        }
    )


def as_rules(step: DeliveryMilestone) -> Milestone:
    return Milestone(step.promised_on, step.due_on, step.done_on, step.cancelled_at is not None)


def milestone_out(step: DeliveryMilestone, day: date) -> MilestoneOut:
    fields = {name: getattr(step, name) for name in ("id", "title", "promised_on", "due_on", "done_on", "reason")}
    read = as_rules(step)
    return MilestoneOut.model_validate({**fields, "state": rules.milestone_state(read, day), "delay_days": rules.delay_days(read, day)})


def stage_of_kind(shown: PipelineOut, kind: StageKind) -> StageOut | None:
    """The contract or delivery stage, where the pipeline has one."""
    return next((stage for stage in shown.stages if stage.kind is kind), None)


async def planned(session: AsyncSession, shown: PipelineOut, signed_on: date) -> list[PlannedOn]:
    """What the pipeline promises after a signature on that day: a day each, by the company's calendar."""
    stage = stage_of_kind(shown, StageKind.DELIVERY)
    if stage is None or not stage.milestones:
        return []
    calendar = (await rulebook.load(session)).calendar
    return [PlannedOn(title=one.title, due_on=calendar.working_day_after(signed_on, one.within_working_days)) for one in stage.milestones]


ASKED = {
    ContractState.SIGNING: ((StageKind.CONTRACT, "exit"), (StageKind.DELIVERY, "entry")),
    ContractState.DELIVERING: ((StageKind.DELIVERY, "exit"),),
}
"""Whose conditions stand before the next step: signing leaves the contract stage and enters the delivery, completing leaves that."""


async def lacks(session: AsyncSession, shown: PipelineOut, deal: Any, state: ContractState) -> list[Missing]:
    """Conditions of the pipeline that are not met (FLOW-1), looked at on the opportunity of this row (`opportunities.queries.DETAIL`)."""
    asked = [(stage_of_kind(shown, kind), side) for kind, side in ASKED.get(state, ())]
    if not any(stage and getattr(stage, side) for stage, side in asked):
        return []
    facts = await opportunities.facts_of(session, deal)
    return [
        Missing.model_validate({"side": side, "stage": StageRef.model_validate(stage, from_attributes=True), "condition": one})
        for stage, side in asked
        if stage is not None
        for one in missing(getattr(stage, side), facts)
    ]


async def of_opportunity(session: AsyncSession, actor: Actor, opportunity_id: UUID, now: datetime) -> OpportunityContract:
    """The contract that a win has opened; one that was void again is not shown."""
    await opportunities.detail_row(session, actor, opportunity_id)
    query = queries.cards().where(Contract.opportunity_id == opportunity_id, Contract.state != ContractState.VOID)
    row = (await session.execute(query)).first()
    return OpportunityContract(contract=card(row, now) if row else None)


async def of_customer(session: AsyncSession, actor: Actor, customer_id: UUID, now: datetime) -> CustomerContracts:
    """Those of a customer and of what was merged into it."""
    await customers.detail_row(session, actor, customer_id)
    family = await duplicates.family(session, customer_id)
    query = queries.cards().where(Contract.customer_id.in_(family), Contract.state != ContractState.VOID)
    rows = await session.execute(query.order_by(Contract.opened_at.desc(), Contract.id.desc()).limit(MOST_OF_CUSTOMER))
    return CustomerContracts(items=[card(row, now) for row in rows])


async def page(
    session: AsyncSession,
    scope: str,
    states: Sequence[ContractState],
    owners: Sequence[UUID],
    cursor: str | None,
    limit: int,
    now: datetime,
    *,
    is_late: bool,
) -> Page[ContractCard]:
    """The newest first, as far as the scope reaches; those that are void only when they are asked for."""
    wanted = list(states) or [state for state in ContractState if state is not ContractState.VOID]
    shape = ("contracts", scope, sorted(wanted), sorted(map(str, owners)), is_late)
    after = decode_cursor(cursor, (datetime, UUID), shape)
    query = queries.page(wanted, company_day(now) if is_late else None, owners, after, limit + 1)
    rows, next_cursor = page_of((await session.execute(query)).all(), limit, lambda row: (row.opened_at, row.id), shape)
    return Page[ContractCard](items=[card(row, now) for row in rows], next_cursor=next_cursor)
