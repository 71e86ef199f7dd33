"""The people at a customer and their part in the decision chain."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Invalid, field_error
from backend.core.ids import new_id
from backend.core.locking import require_version
from backend.customers import change_requests, facts, reading, rules, same_firm, searching
from backend.customers.events import ContactAdded, CustomerChanged
from backend.customers.models import Contact
from backend.customers.rules import CustomerAction
from backend.customers.schemas import ContactChangeOut, ContactFields, ContactOut, ContactPatch
from backend.customers.writing import allowed, note, touch, write_contact
from backend.duplicates import service as duplicates
from backend.identity.deps import Actor


async def add(session: AsyncSession, actor: Actor, customer_id: UUID, body: ContactFields, now: datetime) -> ContactOut:
    """Needs no approval; the first one is the primary one."""
    await allowed(session, actor, customer_id, CustomerAction.CHANGE)
    person = facts.contact_facts(body.model_dump(mode="json"))
    has_primary = await primary_of(session, await duplicates.family(session, customer_id)) is not None
    (contact_id,) = await insert_contacts(session, actor, customer_id, [person], now, has_primary=has_primary)
    await note(session, customer_id, "contact.added", actor.id, now, contact={"id": str(contact_id), "name": body.name}, role=body.role)
    await touch(session, customer_id, now, **await searching.columns(session, customer_id))
    await same_firm.register(session, customer_id)
    return await reading.contact(session, contact_id)


async def primary_of(session: AsyncSession, family: Sequence[UUID]) -> UUID | None:
    """The primary contact of a customer and of what was merged into it: there is one at most."""
    found: UUID | None = await session.scalar(
        select(Contact.id).where(Contact.customer_id.in_(family), Contact.is_primary, Contact.is_active)
    )
    return found


async def set_primary(session: AsyncSession, contact_id: UUID, *, is_primary: bool) -> None:
    statement = update(Contact).where(Contact.id == contact_id).values(is_primary=is_primary, version=Contact.version + 1)
    await session.execute(statement.execution_options(synchronize_session=False))


async def insert_contacts(
    session: AsyncSession, actor: Actor, customer_id: UUID, people: Sequence[dict[str, Any]], now: datetime, *, has_primary: bool
) -> list[UUID]:
    rows = [
        {
            **facts.contact_columns(person),
            "id": new_id(),
            "customer_id": customer_id,
            "is_primary": place == 0 and not has_primary,
            "created_by": actor.id,
            "created_at": now,
        }
        for place, person in enumerate(people)
    ]
    if rows:
        await session.execute(insert(Contact).values(rows).inline())
    for row in rows:
        await outbox.add(session, ContactAdded(customer_id, row["id"]), now)
    return [row["id"] for row in rows]


async def change(
    session: AsyncSession, actor: Actor, contact_id: UUID, body: ContactPatch, version: int, now: datetime
) -> ContactChangeOut:
    """Notes at once; everything else becomes a change request for the superior of the customer's owner (HAND-1)."""
    found = await reading.contact_row(session, contact_id)
    customer = await allowed(session, actor, await duplicates.survivor(session, found.customer_id), CustomerAction.CHANGE)
    found = await reading.contact_row(session, contact_id)
    require_version(version, found.version, ContactOut.model_validate(found))
    wanted = facts.contact_facts(body.wanted())
    free = rules.differences({"notes": found.notes}, {name: wanted.pop(name) for name in rules.FREE_CONTACT_FIELDS if name in wanted})
    current = (await reading.current_facts(session, rules.CONTACT, [contact_id]))[contact_id]
    changes = rules.differences(current, wanted)
    _check_primary(current, wanted)
    name = {"id": str(contact_id), "name": found.name}
    if free:
        await write_contact(session, contact_id, customer.id, {field: one["new"] for field, one in free.items()}, now)
        await note(session, customer.id, "contact.changed", actor.id, now, contact=name, changes=free)
        await outbox.add(session, CustomerChanged(customer.id, list(free), contact_id, None), now)
    subject = change_requests.Subject(rules.CONTACT, contact_id, found.version, name)
    asked = await change_requests.propose(session, actor, customer, subject, changes, body.reason, now)
    return ContactChangeOut(contact=await reading.contact(session, contact_id), change_request=asked)


def _check_primary(current: dict[str, Any], wanted: dict[str, Any]) -> None:
    """The primary contact is somebody who still works there."""
    after = {**current, **wanted}
    if after["is_primary"] and not after["is_active"]:
        wrong = field_error("#/is_active", "Choose another primary contact first.", "primary")
        raise Invalid("primary_contact", wrong["detail"], errors=[wrong])
