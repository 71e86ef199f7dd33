"""Locks and writes of customers and contacts that all use cases share."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.errors import Forbidden, Refused
from backend.customers import facts, reading, rules, same_firm, searching
from backend.customers.models import Contact, Customer
from backend.customers.rules import CustomerAction, CustomerState
from backend.duplicates import service as duplicates
from backend.identity.deps import Actor
from backend.timeline.service import record


async def allowed(session: AsyncSession, actor: Actor, customer_id: UUID, action: CustomerAction) -> Any:
    """The customer's row, locked, when this actor may do this now: 404 unseen, 403 not allowed, 409 where its state forbids."""
    row = await reading.detail_row(session, actor, customer_id)
    actor.require(rules.PERMISSION[action])
    version = await session.scalar(select(Customer.version).where(Customer.id == customer_id).with_for_update(key_share=True))
    if version is not None and version != row.version:
        row = await reading.detail_row(session, actor, customer_id)
    standing = reading.standing(row, actor)
    is_merged = row.merged_into_id is not None
    if version is not None and action in rules.actions_for(standing, CustomerState(row.state), is_merged=is_merged):
        return row
    if is_merged and action in rules.actions_for(standing, CustomerState(row.state)):
        raise Refused("customer_is_merged", "The customer is part of another one by now; work with that one.")
    if any(action in rules.actions_for(standing, state) for state in CustomerState):
        raise Refused("customer_state_forbids", "The customer is archived already, or is not.", state=row.state)
    raise Forbidden("not_your_customer", "Only its owner, backup, their superior or an administrator may do this.", action=action.value)


@asynccontextmanager
async def refusing_doubles(session: AsyncSession) -> AsyncIterator[None]:
    """A credit code stands for one customer: 409, also where the other one cannot be seen."""
    try:
        async with session.begin_nested():
            yield
    except IntegrityError as error:
        if "uq_customer_credit_code" not in str(error.orig):
            raise
        raise Refused("credit_code_taken", "A customer with this credit code exists; ask its owner or an administrator.") from error


async def write_customer(session: AsyncSession, customer_id: UUID, values: Mapping[str, Any], now: datetime) -> None:
    """Sets columns of a customer; a person's work on it is an activity."""
    found = await searching.columns(session, customer_id, values) if searching.FOLLOWED & values.keys() else {}
    changed = {**values, **found, "last_activity_at": now, "version": Customer.version + 1}
    statement = update(Customer).where(Customer.id == customer_id).values(changed).returning(Customer.id)
    async with refusing_doubles(session):
        _written(await session.scalar(statement.execution_options(synchronize_session=False)))
    if {"name", "credit_code"} & values.keys():
        await same_firm.register(session, customer_id)


async def write_contact(session: AsyncSession, contact_id: UUID, customer_id: UUID, values: Mapping[str, Any], now: datetime) -> None:
    """Sets columns of a contact of this customer or of what was merged into it; a new primary one takes the place of the old."""
    if values.get("is_primary"):
        family = await duplicates.family(session, customer_id)
        others = update(Contact).where(Contact.customer_id.in_(family), Contact.is_primary, Contact.id != contact_id)
        changed = {"is_primary": False, "version": Contact.version + 1}
        await session.execute(others.values(changed).execution_options(synchronize_session=False))
    columns = facts.contact_columns(values) | {"version": Contact.version + 1}
    statement = update(Contact).where(Contact.id == contact_id).values(columns).returning(Contact.customer_id)
    holder = _written(await session.scalar(statement.execution_options(synchronize_session=False)))
    found = await searching.columns(session, customer_id) if searching.FOLLOWED_OF_CONTACT & values.keys() else {}
    await touch(session, customer_id, now, **found)
    await same_firm.register(session, holder)


def _written(found: UUID | None) -> UUID:
    if found is None:
        raise Forbidden("outside_your_reach", "The record is outside what you may write.")
    return found


async def touch(session: AsyncSession, customer_id: UUID, at: datetime, **values: Any) -> None:
    """An activity of that moment, which changes no fact: an open form stays good."""
    newest = func.greatest(Customer.last_activity_at, at)
    statement = update(Customer).where(Customer.id == customer_id).values(last_activity_at=newest, **values)
    await session.execute(statement.execution_options(synchronize_session=False))


async def note(session: AsyncSession, customer_id: UUID, kind: str, actor_id: UUID | None, now: datetime, **body: Any) -> UUID:
    """An entry on the customer's timeline."""
    return await record(session, subject_type=rules.SUBJECT, subject_id=customer_id, kind=kind, now=now, actor_id=actor_id, body=body)
