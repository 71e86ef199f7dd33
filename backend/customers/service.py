"""What people do with customers: enter, change, follow up, archive, restore."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.ids import new_id
from backend.core.locking import require_version
from backend.customers import change_requests, contacts, facts, participants, reading, rules, same_firm
from backend.customers.events import CustomerArchived, CustomerChanged, CustomerCreated, CustomerFollowedUp
from backend.customers.finding import search_columns
from backend.customers.models import Customer
from backend.customers.rules import CustomerAction, CustomerState
from backend.customers.schemas import CustomerChangeOut, CustomerCreate, CustomerOut, CustomerPatch
from backend.customers.writing import allowed, note, refusing_doubles, touch, write_customer
from backend.documents import service as documents
from backend.identity.deps import Actor
from backend.identity.schemas import PersonRef
from backend.timeline import follow_ups
from backend.timeline.schemas import FollowUpCreate, NoteCreate, TimelineEntryOut


async def create(session: AsyncSession, actor: Actor, body: CustomerCreate, now: datetime) -> CustomerOut:
    """A new customer, owned by its author; needs no approval."""
    customer_id = await make(session, actor, body, PersonRef(id=actor.id, name=actor.name), now)
    return await reading.customer(session, actor, customer_id)


async def make(session: AsyncSession, actor: Actor, body: CustomerCreate, owner: PersonRef, now: datetime, **more: Any) -> UUID:
    """A customer of this owner, with its contacts; 409 when somebody else owns the same firm. `more` are further columns."""
    actor.require("customer.create")
    entered = facts.customer_facts(body.model_dump(exclude={"contacts"}))
    people = [facts.contact_facts(contact.model_dump(mode="json")) for contact in body.contacts]
    await facts.check_references(session, entered, None, {"owner_id": str(owner.id), "backup_owner_id": None}, now)
    entered["region_id"] = await facts.region_for(session, entered, actor.region_id)
    customer_id = new_id()
    moments = {"created_by": actor.id, "created_at": now, "last_activity_at": now}
    found = search_columns([body.name], [one["name"] for one in people], [one["phone"] for one in people], [entered["credit_code"]])
    values = facts.customer_columns(entered) | found | moments | {"id": customer_id, "owner_id": owner.id} | more
    async with refusing_doubles(session):
        await session.execute(insert(Customer).values(values).inline())
    await note(session, customer_id, "customer.created", actor.id, now, source=body.source, owner=owner.model_dump(mode="json"))
    await contacts.insert_contacts(session, actor, customer_id, people, now, has_primary=False)
    await same_firm.settle(session, customer_id, owner.id, now)
    await outbox.add(session, CustomerCreated(customer_id, owner.id), now)
    return customer_id


async def change(
    session: AsyncSession, actor: Actor, customer_id: UUID, body: CustomerPatch, version: int, now: datetime
) -> CustomerChangeOut:
    """Free fields at once; protected ones become a change request for the owner's superior (HAND-1)."""
    row = await allowed(session, actor, customer_id, CustomerAction.CHANGE)
    if version != row.version:
        require_version(version, row.version, await reading.customer(session, actor, customer_id))
    current = (await reading.current_facts(session, rules.SUBJECT, [customer_id]))[customer_id]
    wanted = facts.customer_facts(body.wanted(), current)
    free = rules.differences(
        {"tags": row.tags, "notes": row.notes}, {name: wanted.pop(name) for name in rules.FREE_FIELDS if name in wanted}
    )
    if {"province", "city"} & rules.differences(current, wanted).keys() and "region_id" not in wanted:
        wanted["region_id"] = await facts.region_for(session, wanted, row.region_id)
    changes = rules.differences(current, wanted)
    await facts.check_references(session, {field: change["new"] for field, change in changes.items()}, customer_id, current, now)
    if free:
        await write_customer(session, customer_id, {field: change["new"] for field, change in free.items()}, now)
        await note(session, customer_id, "customer.changed", actor.id, now, changes=free)
        await outbox.add(session, CustomerChanged(customer_id, list(free), None, None), now)
    subject = change_requests.Subject(rules.SUBJECT, customer_id, row.version)
    asked = await change_requests.propose(session, actor, row, subject, changes, body.reason, now)
    return CustomerChangeOut(customer=await reading.customer(session, actor, customer_id), change_request=asked)


async def log_follow_up(session: AsyncSession, actor: Actor, customer_id: UUID, body: FollowUpCreate, now: datetime) -> TimelineEntryOut:
    """A call, visit, meeting, message or e-mail with an outcome; its next step replaces the one before."""
    await allowed(session, actor, customer_id, CustomerAction.LOG_FOLLOW_UP)
    people = await participants.of(session, customer_id, body)
    files = await documents.add_own(session, actor, rules.SUBJECT, customer_id, body.files, now)
    logged = await follow_ups.log(
        session, subject_type=rules.SUBJECT, subject_id=customer_id, actor_id=actor.id, body=body, people=people, files=files, now=now
    )
    await touch(session, customer_id, logged.entry.at, **logged.steps)
    await outbox.add(session, CustomerFollowedUp(customer_id, logged.entry.id), now)
    return logged.entry


async def log_note(session: AsyncSession, actor: Actor, customer_id: UUID, body: NoteCreate, now: datetime) -> TimelineEntryOut:
    """Something to remember of the customer; no follow-up."""
    await allowed(session, actor, customer_id, CustomerAction.LOG_FOLLOW_UP)
    files = await documents.add_own(session, actor, rules.SUBJECT, customer_id, body.files, now)
    return await follow_ups.note(
        session, subject_type=rules.SUBJECT, subject_id=customer_id, actor_id=actor.id, body=body, files=files, now=now
    )


async def archive(session: AsyncSession, actor: Actor, customer_id: UUID, reason: str, now: datetime) -> CustomerOut:
    """Out of the lists, not out of the house (HAND-2)."""
    await allowed(session, actor, customer_id, CustomerAction.ARCHIVE)
    values = {"state": CustomerState.ARCHIVED.value, "archived_at": now, "archived_by": actor.id, "archive_reason": reason}
    return await _file(session, actor, customer_id, values, reason, now)


async def restore(session: AsyncSession, actor: Actor, customer_id: UUID, reason: str, now: datetime) -> CustomerOut:
    await allowed(session, actor, customer_id, CustomerAction.RESTORE)
    values = {"state": CustomerState.ACTIVE.value, "archived_at": None, "archived_by": None, "archive_reason": None}
    return await _file(session, actor, customer_id, values, reason, now)


async def _file(session: AsyncSession, actor: Actor, customer_id: UUID, values: dict[str, Any], reason: str, now: datetime) -> CustomerOut:
    await write_customer(session, customer_id, values, now)
    is_archived = values["state"] == CustomerState.ARCHIVED
    kind = "customer.archived" if is_archived else "customer.restored"
    await note(session, customer_id, kind, actor.id, now, reason=reason)
    await outbox.add(session, CustomerArchived(customer_id, is_archived, actor.id, reason), now)
    return await reading.customer(session, actor, customer_id)
