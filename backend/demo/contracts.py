"""The demo's contracts: one of each deal that was won, with what has been delivered of it and what is late."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.contracts import rules
from backend.contracts.models import Contract, ContractAmount, DeliveryMilestone
from backend.contracts.rules import ContractState
from backend.core.calendar import WorkingCalendar
from backend.core.clock import company_day, company_zone
from backend.core.db import Base
from backend.core.ids import new_id
from backend.deadlines.models import Deadline
from backend.deadlines.rules import MILESTONE_LATE, State, due_at
from backend.demo.world import World, key
from backend.opportunities.models import Opportunity
from backend.opportunities.rules import OpportunityState
from backend.pipelines.defaults import MILESTONES
from backend.timeline.models import TimelineEntry

DICE = 20260318
SIGNED_AFTER = (2, 3, 5, 8)
"""Days from the win to the signature."""
SLIPS = (0, 0, 0, 0, 0, 1, 2, 4)
"""Days by which a milestone is done too late."""
SLIPPED = ("模具返修", "材料到货晚", "首件尺寸超差，重做", "产线检修")
UNSIGNED = 2
"""The newest wins are still to be signed."""
LATE = 3
"""So many deliveries are late today."""


@dataclass
class Contracts:
    """Rows in the order of their foreign keys."""

    contract: list[dict[str, Any]] = field(default_factory=list)
    contract_amount: list[dict[str, Any]] = field(default_factory=list)
    delivery_milestone: list[dict[str, Any]] = field(default_factory=list)
    timeline_entry: list[dict[str, Any]] = field(default_factory=list)
    deadline: list[dict[str, Any]] = field(default_factory=list)


async def add_contracts(session: AsyncSession, world: World) -> None:
    """Reads the won deals as they are stored by now."""
    won = select(Opportunity).where(Opportunity.state == OpportunityState.WON).order_by(Opportunity.closed_at)
    contracts = build(world, (await session.scalars(won)).all(), Random(DICE))  # noqa: S311 - the same contracts every time
    tables: list[tuple[type[Base], list[dict[str, Any]]]] = [
        (Contract, contracts.contract),
        (ContractAmount, contracts.contract_amount),
        (DeliveryMilestone, contracts.delivery_milestone),
        (TimelineEntry, contracts.timeline_entry),
        (Deadline, contracts.deadline),
    ]
    for table, rows in tables:
        await session.execute(insert(table), rows, execution_options={"render_nulls": True})
    signed = update(Opportunity).where(Opportunity.id == Contract.opportunity_id, Contract.signed_on.is_not(None))
    await session.execute(signed.values(contract_signed_at=Contract.signed_on), execution_options={"synchronize_session": False})


def build(world: World, won: Sequence[Opportunity], dice: Random) -> Contracts:
    """All rows; each contract as the product itself would have written it."""
    rows, late = Contracts(), 0
    for place, deal in enumerate(won, 1):
        assert deal.closed_at is not None  # noqa: S101 - the database holds to it
        signed_on = company_day(deal.closed_at + timedelta(days=dice.choice(SIGNED_AFTER)))
        contract = _contract(rows, deal, dice)
        if place > len(won) - UNSIGNED or signed_on >= company_day(world.now):
            continue
        contract |= {"state": ContractState.DELIVERING.value, "signed_on": signed_on, "signed_by": deal.owner_id, "version": 2}
        steps = _deliver(rows, world, contract, signed_on, dice, slips=late < LATE)
        late += any(not one["done_on"] and one["due_on"] < company_day(world.now) for one in steps)
        told = [{"title": one["title"], "due_on": one["promised_on"].isoformat()} for one in steps]
        _note(rows, deal, contract, "contract.signed", signed_on, signed_on=signed_on.isoformat(), milestones=told)
        if all(one["done_on"] for one in steps):
            done_on = max(one["done_on"] for one in steps)
            contract |= {"state": ContractState.COMPLETED.value, "completed_on": done_on, "version": 3}
            _note(rows, deal, contract, "contract.completed", done_on, completed_on=done_on.isoformat())
    return rows


def _contract(rows: Contracts, deal: Opportunity, dice: Random) -> dict[str, Any]:
    row: dict[str, Any] = {"id": key("contract", deal.id), "opportunity_id": deal.id, "customer_id": deal.customer_id, "title": deal.name}
    row |= {"state": ContractState.SIGNING.value, "opened_at": deal.closed_at, "version": 1, "note": None, "signed_on": None}
    row |= {"reference": f"XS-{dice.randint(100, 999)}-{deal.number}", "signed_by": None, "completed_on": None}
    rows.contract.append(row)
    rows.contract_amount.append({"contract_id": row["id"], "amount": deal.expected_amount, "currency": deal.currency})
    return row


def _deliver(
    rows: Contracts, world: World, contract: dict[str, Any], signed_on: date, dice: Random, *, slips: bool
) -> list[dict[str, Any]]:
    """The milestones of the pipeline: those of the past are done, some of them late, and one that is still open may have slipped."""
    calendar, today, steps = world.book.calendar, company_day(world.now), []
    for place, planned in enumerate(MILESTONES):
        due_on = calendar.working_day_after(signed_on, planned.within_working_days)
        slip = dice.choice(SLIPS)
        done_on = due_on + timedelta(days=slip)
        is_done = done_on < today and not (slips and due_on < today <= due_on + timedelta(days=12))
        step = {"id": key("milestone", f"{contract['id']}/{place}"), "contract_id": contract["id"], "title": planned.title}
        step |= {"promised_on": due_on, "due_on": due_on, "done_on": done_on if is_done else None, "done_at": None, "cancelled_at": None}
        step |= {"reason": dice.choice(SLIPPED) if is_done and slip else None}
        if not is_done:
            _watch(rows, world, calendar, step)
        steps.append(step)
    rows.delivery_milestone += steps
    return steps


def _watch(rows: Contracts, world: World, calendar: WorkingCalendar, step: dict[str, Any]) -> None:
    """Its clock: what has fallen due was told at its time."""
    base = rules.falls_due(step["due_on"], company_zone())
    for rung in world.book.ladders[MILESTONE_LATE].rungs:
        due = due_at(rung, base, calendar)
        has_fired = due <= world.now
        row = {"id": new_id(), "kind": MILESTONE_LATE, "rung": rung.key, "subject_type": rules.MILESTONE, "subject_id": step["id"]}
        row |= {"base_at": base, "due_at": due, "state": (State.FIRED if has_fired else State.PENDING).value}
        rows.deadline.append(row | {"fired_at": due if has_fired else None})


def _note(rows: Contracts, deal: Opportunity, contract: dict[str, Any], kind: str, day: date, **body: Any) -> None:
    at = rules.falls_due(day, company_zone()) - timedelta(hours=8)
    entry = {"id": key("contract-entry", f"{contract['id']}/{kind}"), "subject_type": "opportunity", "subject_id": deal.id, "kind": kind}
    named = {"contract": contract["reference"], "contract_id": str(contract["id"])}
    rows.timeline_entry.append(entry | {"at": at, "recorded_at": at, "actor_id": deal.owner_id, "outcome": None, "body": named | body})
