"""What people do with contracts: note their facts, sign them, plan and follow the delivery, complete them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.contracts import queries, reading, rules, writing
from backend.contracts.events import ContractChanged, ContractCompleted, ContractSigned
from backend.contracts.models import ContractAmount, DeliveryMilestone
from backend.contracts.rules import ContractAction, ContractState, Milestone
from backend.contracts.schemas import Completion, ContractOut, ContractPatch, MilestoneIn, MilestonePatch, Signature
from backend.core import outbox
from backend.core.clock import company_day
from backend.core.errors import Invalid, NotFound, Refused, field_error, invalid
from backend.core.ids import new_id
from backend.identity.deps import Actor
from backend.opportunities import reading as opportunities
from backend.opportunities import rules as opportunity_rules
from backend.opportunities import writing as opportunity_writing


async def change(session: AsyncSession, actor: Actor, contract_id: UUID, body: ContractPatch, version: int, now: datetime) -> ContractOut:
    """Facts of a contract that is not signed yet."""
    row, _ = await writing.allowed(session, actor, contract_id, ContractAction.CHANGE, version, now)
    wanted = body.model_dump(exclude_unset=True)
    if "title" in wanted and not wanted["title"]:
        raise invalid("#/title", "Enter a title.", "string_too_short")
    worth: dict[str, Any] = {name: wanted.pop(name) for name in ("amount", "currency") if name in wanted}
    if worth:
        actor.require("contract.amount")
        worth = {"amount": row.amount, "currency": row.currency or "CNY"} | worth
        if worth["amount"] is None:
            raise invalid("#/amount", "A contract has an amount; correct it instead of emptying it.", "missing")
    changes = opportunity_rules.differences(row._mapping, wanted | worth)
    if changes:
        await writing.write(session, contract_id, **{name: value for name, value in wanted.items() if name in changes})
        if worth.keys() & changes.keys():
            await _put_amount(session, contract_id, worth)
        await writing.note(session, row, "contract.changed", actor.id, now, fields=sorted(changes))
        await outbox.add(session, ContractChanged(contract_id, actor.id), now)
    return await reading.contract(session, actor, contract_id, now)


async def _put_amount(session: AsyncSession, contract_id: UUID, worth: dict[str, Any]) -> None:
    statement = upsert(ContractAmount).values(contract_id=contract_id, **worth)
    await session.execute(statement.on_conflict_do_update(index_elements=["contract_id"], set_=worth))


async def sign(session: AsyncSession, actor: Actor, contract_id: UUID, body: Signature, version: int, now: datetime) -> ContractOut:
    """The contract is signed and its delivery begins: milestones are promised, each with a clock of its own. 409 `conditions_missing` says
    what the pipeline asks for; nothing changes then.
    """
    row, deal = await writing.allowed(session, actor, contract_id, ContractAction.SIGN, version, now)
    _refuse_future(body.signed_on, now, "#/signed_on")
    shown, _ = await opportunities.rules_of(session, deal.pipeline_id)
    _refuse_lacks(await reading.lacks(session, shown, deal, ContractState.SIGNING))
    promised: Sequence[Any] = await reading.planned(session, shown, body.signed_on) if body.milestones is None else body.milestones
    for place, step in enumerate(body.milestones or ()):
        if step.due_on < body.signed_on:
            raise invalid(f"#/milestones/{place}/due_on", "A milestone comes after the signature; choose a later day.", "too_early")
    await writing.write(session, contract_id, state=ContractState.DELIVERING.value, signed_on=body.signed_on, signed_by=actor.id)
    await opportunity_writing.write(session, deal.id, {"contract_signed_at": now})
    for step in promised:
        await _promise(session, contract_id, step.title, step.due_on, now)
    told = [{"title": step.title, "due_on": step.due_on.isoformat()} for step in promised]
    await writing.note(session, row, "contract.signed", actor.id, now, signed_on=body.signed_on.isoformat(), milestones=told)
    await outbox.add(session, ContractSigned(contract_id, deal.id, body.signed_on, actor.id), now)
    return await reading.contract(session, actor, contract_id, now)


async def _promise(session: AsyncSession, contract_id: UUID, title: str, due_on: date, now: datetime) -> UUID:
    milestone_id = new_id()
    values = {"id": milestone_id, "contract_id": contract_id, "title": title, "promised_on": due_on, "due_on": due_on}
    await session.execute(insert(DeliveryMilestone).values(values).inline())
    await writing.watch(session, milestone_id, Milestone(due_on, due_on, None), now)
    return milestone_id


async def add_milestone(
    session: AsyncSession, actor: Actor, contract_id: UUID, body: MilestoneIn, version: int, now: datetime
) -> ContractOut:
    """One more step of the delivery."""
    row, _ = await writing.allowed(session, actor, contract_id, ContractAction.PLAN, version, now)
    if body.due_on < row.signed_on:
        raise invalid("#/due_on", "A milestone comes after the signature; choose a later day.", "too_early")
    steps = (await session.scalars(queries.milestones(contract_id))).all()
    if len(steps) >= rules.MOST_MILESTONES:
        raise Refused("too_many_milestones", f"A contract has at most {rules.MOST_MILESTONES} milestones.", most=rules.MOST_MILESTONES)
    await _promise(session, contract_id, body.title, body.due_on, now)
    await writing.note(session, row, "milestone.planned", actor.id, now, title=body.title, due_on=body.due_on.isoformat())
    return await _changed(session, actor, contract_id, now)


async def change_milestone(
    session: AsyncSession, actor: Actor, contract_id: UUID, milestone_id: UUID, body: MilestonePatch, version: int, now: datetime
) -> ContractOut:
    """A step is done, put off, renamed or cancelled; the day first promised stays."""
    row, _ = await writing.allowed(session, actor, contract_id, ContractAction.PLAN, version, now)
    of_contract = select(DeliveryMilestone).where(DeliveryMilestone.id == milestone_id, DeliveryMilestone.contract_id == contract_id)
    step = await session.scalar(of_contract.execution_options(populate_existing=True))
    if step is None:
        raise NotFound
    if step.cancelled_at is not None:
        raise Refused("milestone_cancelled", "The milestone was cancelled; add a new one.")
    wanted = body.model_dump(exclude_unset=True, exclude={"reason"})
    kind, values = _milestone_change(step, wanted, body.reason, row.signed_on, now)
    if kind is None:
        return await reading.contract(session, actor, contract_id, now)
    before = {name: writing.day_text(getattr(step, name)) for name in ("due_on", "done_on")}
    await writing.write_milestone(session, milestone_id, values)
    after = Milestone(
        step.promised_on, values.get("due_on", step.due_on), values.get("done_on", step.done_on), values.get("cancelled_at") is not None
    )
    await writing.watch(session, milestone_id, after, now, step.done_at if kind == "reopened" else None)
    late = rules.delay_days(after, company_day(now))
    told = {"due_on": writing.day_text(after.due_on), "done_on": writing.day_text(after.done_on), "delay_days": late, "reason": body.reason}
    await writing.note(session, row, f"milestone.{kind}", actor.id, now, title=values.get("title", step.title), before=before, **told)
    return await _changed(session, actor, contract_id, now)


def _milestone_change(
    step: DeliveryMilestone, wanted: dict[str, Any], reason: str, signed_on: date, now: datetime
) -> tuple[str | None, dict[str, Any]]:
    """What happens to it, as its timeline entry is called, and the columns that change; None when nothing does."""
    values = {name: value for name, value in wanted.items() if name != "is_cancelled" and value != getattr(step, name)}
    errors = []
    if "title" in values and not values["title"]:
        errors.append(field_error("#/title", "Enter a title.", "string_too_short"))
    if "due_on" in values and (values["due_on"] is None or values["due_on"] < signed_on):
        errors.append(field_error("#/due_on", "Choose a day from the signature on.", "too_early"))
    if values.get("done_on") is not None:
        if values["done_on"] > company_day(now):
            errors.append(field_error("#/done_on", "What is done was done today at the latest.", "in_the_future"))
        elif values["done_on"] < signed_on:
            errors.append(field_error("#/done_on", "A delivery begins with the signature; choose a day from then on.", "too_early"))
    kind = _kind(values, is_cancelled=bool(wanted.get("is_cancelled")))
    if ("due_on" in values or kind in ("reopened", "cancelled")) and not reason:
        errors.append(field_error("#/reason", "Say why.", "missing"))
    if errors:
        raise Invalid("invalid_input", errors[0]["detail"], errors=errors)
    if kind == "cancelled":
        return kind, {"cancelled_at": now, "done_on": None, "done_at": None, "reason": reason}
    said = {"reason": reason} if reason else {}
    return kind, values | said | ({"done_at": now if kind == "done" else None} if "done_on" in values else {})


def _kind(values: dict[str, Any], *, is_cancelled: bool) -> str | None:
    if is_cancelled:
        return "cancelled"
    if "done_on" in values:
        return "done" if values["done_on"] is not None else "reopened"
    if "due_on" in values:
        return "moved"
    return "renamed" if "title" in values else None


async def complete(session: AsyncSession, actor: Actor, contract_id: UUID, body: Completion, version: int, now: datetime) -> ContractOut:
    """Delivered and accepted: every milestone is done or cancelled, and what the pipeline asks for at the end of the delivery is there."""
    row, deal = await writing.allowed(session, actor, contract_id, ContractAction.COMPLETE, version, now)
    _refuse_future(body.completed_on, now, "#/completed_on")
    if body.completed_on < row.signed_on:
        raise invalid("#/completed_on", "It was completed after the signature; choose a later day.", "too_early")
    steps = (await session.scalars(queries.milestones(contract_id))).all()
    if not rules.is_finished(map(reading.as_rules, steps)):
        left = [step.title for step in steps if step.done_on is None and step.cancelled_at is None]
        raise Refused("milestones_open", "Milestones are still open; mark each as done or cancel it.", milestones=left)
    shown, _ = await opportunities.rules_of(session, deal.pipeline_id)
    _refuse_lacks(await reading.lacks(session, shown, deal, ContractState.DELIVERING))
    await writing.write(session, contract_id, state=ContractState.COMPLETED.value, completed_on=body.completed_on)
    await writing.note(session, row, "contract.completed", actor.id, now, completed_on=body.completed_on.isoformat())
    await outbox.add(session, ContractCompleted(contract_id, deal.id, body.completed_on, actor.id), now)
    return await reading.contract(session, actor, contract_id, now)


async def _changed(session: AsyncSession, actor: Actor, contract_id: UUID, now: datetime) -> ContractOut:
    await writing.write(session, contract_id)
    await outbox.add(session, ContractChanged(contract_id, actor.id), now)
    return await reading.contract(session, actor, contract_id, now)


def _refuse_future(day: date, now: datetime, pointer: str) -> None:
    if day > company_day(now):
        raise invalid(pointer, "Choose today or an earlier day.", "in_the_future")


def _refuse_lacks(lacks: Sequence[Any]) -> None:
    if lacks:
        said = "Conditions of the pipeline are not met; see `missing` for each of them."
        raise Refused("conditions_missing", said, missing=[one.model_dump(mode="json") for one in lacks])
