"""FLOW-9: sales asks an engineer, who answers with an initial proposal within the promised time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Forbidden, Refused, invalid
from backend.core.ids import new_id
from backend.customers import reading as customers
from backend.customers.rules import CustomerState
from backend.deadlines import service as deadlines
from backend.deadlines.rules import SUPPORT
from backend.identity.deps import Actor
from backend.opportunities import reading as opportunities
from backend.opportunities.rules import OpportunityState
from backend.support import queries, reading, rules, writing
from backend.support.events import SupportAnswered, SupportAsked, SupportClosed, SupportHandedOver
from backend.support.models import SupportRequest, SupportRound
from backend.support.rules import Choice, SupportAction, SupportState
from backend.support.schemas import SupportAgain, SupportAnswer, SupportClosing, SupportCreate, SupportHandover, SupportRequestOut


async def ask(session: AsyncSession, actor: Actor, body: SupportCreate, now: datetime) -> SupportRequestOut:
    """A request from somebody who works with the record; its promise runs from this moment."""
    actor.require(rules.ASKS)
    customer_id = await _customer_of(session, actor, body)
    choice = await _choose(session, actor, body.engineer_id, now)
    request_id = new_id()
    values = {
        "id": request_id,
        "opportunity_id": body.opportunity_id,
        "customer_id": customer_id,
        "asked_by": actor.id,
        "engineer_id": choice.id,
        "chosen": choice.chosen.value,
        "need": body.need,
        "created_at": now,
        "asked_at": now,
    }
    await session.execute(insert(SupportRequest).values(values).inline())
    await _open_round(session, actor, request_id, 1, body.need, now)
    row = await reading.request_row(session, request_id)
    engineer = {"id": str(choice.id), "name": choice.name}
    await writing.note(session, row, "support.asked", actor.id, now, need=body.need, to=engineer, instead_of=choice.instead_of)
    await outbox.add(session, SupportAsked(request_id, 1), now)
    return await reading.request(session, actor, request_id)


async def _customer_of(session: AsyncSession, actor: Actor, body: SupportCreate) -> Any:
    """404 for a record that is out of sight, 403 for one that is not the actor's to work with, 409 for one that is over."""
    if body.opportunity_id is not None:
        deal = await opportunities.detail_row(session, actor, body.opportunity_id)
        _require(opportunities.standing(deal, actor).works_with)
        if deal.state == OpportunityState.LOST:
            raise Refused("opportunity_state_forbids", "The opportunity is lost; reopen it first.", state=deal.state)
        return deal.customer_id
    customer = await customers.detail_row(session, actor, _given(body.customer_id))
    _require(customers.standing(customer, actor).works_with)
    if customer.state != CustomerState.ACTIVE or customer.merged_into_id is not None:
        raise Refused("customer_state_forbids", "The customer is archived or part of another one.")
    return customer.id


def _given(key: UUID | None) -> UUID:
    if key is None:
        raise ValueError("the schema asks for an opportunity or a customer")
    return key


def _require(works_with: bool) -> None:
    if not works_with:
        raise Forbidden("not_your_record", "Only its owner, backup, their superior or regional manager may ask for support.")


async def _choose(session: AsyncSession, actor: Actor, wanted: UUID | None, now: datetime) -> Choice:
    known = [one for one in await reading.candidates(session, now) if one.id != actor.id]
    choice = rules.choose(known, wanted)
    if choice is not None and choice.id != actor.id:
        return choice
    if wanted is not None:
        raise invalid("#/engineer_id", "Choose an active engineer other than yourself.", "unknown")
    raise Refused("no_engineer", "Nobody has the role of an engineer; ask an administrator to give it to somebody.")


async def _open_round(session: AsyncSession, actor: Actor, request_id: UUID, number: int, need: str, now: datetime) -> None:
    """The question, and the clock that runs from it."""
    values = {"id": new_id(), "request_id": request_id, "number": number, "need": need, "asked_by": actor.id, "asked_at": now}
    await session.execute(insert(SupportRound).values(values).inline())
    await deadlines.arm(session, SUPPORT, rules.SUBJECT, request_id, {"asked": now}, now, is_first=number == 1)


async def answer(session: AsyncSession, actor: Actor, request_id: UUID, body: SupportAnswer, now: datetime) -> SupportRequestOut:
    """The initial proposal stops the clock; whether the promise was kept goes to the ledger."""
    row = await writing.allowed(session, actor, request_id, SupportAction.ANSWER)
    due = await session.scalar(queries.open_promise(request_id, row.asked_at))
    written = {"due_at": due, "answered_by": actor.id, "answered_at": now, "answer": body.answer}
    this_round = SupportRound.request_id == request_id, SupportRound.number == row.round
    await session.execute(update(SupportRound).where(*this_round).values(written).execution_options(synchronize_session=False))
    await writing.write(session, request_id, {"state": SupportState.ANSWERED.value, "answered_at": now})
    await deadlines.stop(session, SUPPORT, request_id, now)
    await outbox.add(session, SupportAnswered(request_id, row.round, actor.id, row.holder_id, row.asked_at, due, now), now)
    return await reading.request(session, actor, request_id)


async def accept(session: AsyncSession, actor: Actor, request_id: UUID, body: SupportClosing, now: datetime) -> SupportRequestOut:
    """The proposal is what was needed."""
    return await _close(session, actor, request_id, SupportAction.ACCEPT, SupportState.ACCEPTED, body, now)


async def withdraw(session: AsyncSession, actor: Actor, request_id: UUID, body: SupportClosing, now: datetime) -> SupportRequestOut:
    """It is not needed any more; a promise that was missed before stays missed."""
    return await _close(session, actor, request_id, SupportAction.WITHDRAW, SupportState.WITHDRAWN, body, now)


async def _close(
    session: AsyncSession, actor: Actor, request_id: UUID, action: SupportAction, state: SupportState, body: SupportClosing, now: datetime
) -> SupportRequestOut:
    row = await writing.allowed(session, actor, request_id, action)
    await writing.write(session, request_id, {"state": state.value, "closed_at": now, "closing_note": body.note or None})
    await deadlines.stop(session, SUPPORT, request_id, now)
    if reading.is_in_sight(row):
        await writing.note(session, row, f"support.{state.value}", actor.id, now, comment=body.note)
    await outbox.add(session, SupportClosed(request_id, state.value, actor.id), now)
    return await reading.request(session, actor, request_id)


async def ask_again(session: AsyncSession, actor: Actor, request_id: UUID, body: SupportAgain, now: datetime) -> SupportRequestOut:
    """A new round for the same engineer, with a promise of its own; earlier rounds stay readable."""
    row = await writing.allowed(session, actor, request_id, SupportAction.ASK_AGAIN)
    number = row.round + 1
    values: dict[str, Any] = {"state": SupportState.ASKED.value, "need": body.need, "round": number, "asked_at": now}
    await writing.write(session, request_id, values | {"answered_at": None, "missed_at": None, "missed_by": None})
    await _open_round(session, actor, request_id, number, body.need, now)
    asked = await reading.request_row(session, request_id)
    engineer = {"id": str(row.engineer_id), "name": row.engineer_name}
    if reading.is_in_sight(asked):
        await writing.note(session, asked, "support.asked", actor.id, now, need=body.need, to=engineer)
    await outbox.add(session, SupportAsked(request_id, number), now)
    return await reading.request(session, actor, request_id)


async def hand_over(session: AsyncSession, actor: Actor, request_id: UUID, body: SupportHandover, now: datetime) -> SupportRequestOut:
    """Another engineer answers; the promise to the one who asked stays as it is, and one that has passed stays with who held it then."""
    row = await writing.allowed(session, actor, request_id, SupportAction.HAND_OVER)
    known = {one.id: one for one in await reading.candidates(session, now)}
    if body.engineer_id not in known or body.engineer_id in (row.engineer_id, row.asked_by):
        raise invalid("#/engineer_id", "Choose another active engineer.", "unknown")
    if not known[body.engineer_id].is_present:
        raise invalid("#/engineer_id", "This engineer is on leave; choose somebody who is there.", "on_leave")
    values = {"engineer_id": body.engineer_id, "handed_by": actor.id, "chosen": rules.Chosen.BY_NAME.value}
    if row.missed_by is None and rules.is_late(row.due_at, now):
        values["missed_by"] = row.engineer_id
    await writing.write(session, request_id, values)
    await outbox.add(session, SupportHandedOver(request_id, row.engineer_id, body.engineer_id, actor.id), now)
    return await reading.request(session, actor, request_id)
