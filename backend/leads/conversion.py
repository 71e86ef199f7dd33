"""LEAD-7, 建为客户: a lead becomes a customer with a contact, or joins one that exists; twice gives the same customer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import outbox
from backend.core.errors import Invalid, Refused, field_error
from backend.core.locking import require_version
from backend.customers import contacts, writing
from backend.customers import reading as customers
from backend.customers import service as customer_service
from backend.customers.models import Contact, Customer
from backend.customers.rules import CustomerAction
from backend.customers.schemas import ContactFields, CustomerCreate
from backend.deadlines import service as deadlines
from backend.deadlines.rules import FIRST_CONTACT
from backend.duplicates import service as duplicates
from backend.duplicates.keys import email_key, phone_key
from backend.identity.deps import Actor
from backend.identity.schemas import PersonRef
from backend.leads import queries, reading, rules
from backend.leads.cards import card
from backend.leads.events import LeadConverted
from backend.leads.models import Lead
from backend.leads.rules import Action, LeadState
from backend.leads.schemas import Conversion, CustomerLeads, LeadOut
from backend.leads.service import allowed, record_by, watchers_of

LONGEST = 200


async def convert(session: AsyncSession, actor: Actor, lead_id: UUID, body: Conversion, version: int | None, now: datetime) -> LeadOut:
    """One transaction under the lead's lock: customer and contact, the lead closed as theirs, its owner and timeline kept."""
    await reading.detail_row(session, actor, lead_id)
    actor.require(rules.PERMISSION[Action.CONVERT])
    held = await session.scalar(select(Lead.customer_id).where(Lead.id == lead_id).with_for_update())
    if held is None:
        row = await allowed(session, actor, lead_id, Action.CONVERT)
        if version is not None and version != row.version:
            require_version(version, row.version, await reading.lead(session, actor, lead_id))
        customer_id = await (_joined if body.customer_id else _made)(session, actor, row, body, now)
        await _close(session, actor, row, customer_id, now, is_new=body.customer_id is None)
    elif body.customer_id not in {None, held}:
        raise Refused("already_converted", "This lead belongs to another customer already; look at it again.")
    return await reading.lead(session, actor, lead_id)


async def leads_of(session: AsyncSession, actor: Actor, customer_id: UUID) -> CustomerLeads:
    """What belongs to a customer and to those merged into it, the newest first."""
    await customers.detail_row(session, actor, customer_id)
    family = await duplicates.family(session, customer_id)
    newest = queries.cards().where(Lead.customer_id.in_(family)).order_by(Lead.received_at.desc(), Lead.id.desc()).limit(200)
    return CustomerLeads(items=[card(row) for row in await session.execute(newest)])


async def _made(session: AsyncSession, actor: Actor, lead: Any, body: Conversion, now: datetime) -> UUID:
    """A new customer of the lead's owner; 409 when somebody else owns the same firm."""
    name = body.name or lead.company[:LONGEST]
    if not name:
        raise _missing("name", "Enter the name of the company.")
    person = _contact(lead, body)
    draft = CustomerCreate(
        name=name,
        credit_code=body.credit_code,
        industry=body.industry,
        region_id=lead.region_id,
        province=lead.province,
        city=lead.city,
        source=lead.source,
        backup_owner_id=lead.backup_owner_id,
        contacts=[person] if person else [],
    )
    owner = PersonRef(id=lead.owner_id, name=lead.owner_name)
    return await customer_service.make(session, actor, draft, owner, now, next_step=lead.next_step, next_step_at=lead.next_step_at)


async def _joined(session: AsyncSession, actor: Actor, lead: Any, body: Conversion, now: datetime) -> UUID:
    """The customer that was chosen, which the actor may change; it gets the lead's contact unless it has that person already."""
    if body.customer_id is None:
        raise _missing("customer_id", "Choose a customer.")
    customer = await writing.allowed(session, actor, body.customer_id, CustomerAction.CHANGE)
    person = _contact(lead, body)
    if person is not None and not await _knows(session, customer.id, person):
        await contacts.add(session, actor, customer.id, person, now)
    keeps_step = customer.next_step_at is not None or lead.next_step_at is None
    step = {} if keeps_step else {"next_step": lead.next_step, "next_step_at": lead.next_step_at}
    await writing.touch(session, customer.id, now, **step)
    found: UUID = customer.id
    return found


def _contact(lead: Any, body: Conversion) -> ContactFields | None:
    """Who asked, as far as the lead says it; a number that is none stays on the lead. None for a lead that names nobody."""
    name = body.contact_name or lead.contact_name[:LONGEST]
    phone = lead.phone if phone_key(lead.phone) else None
    email = lead.email if email_key(lead.email) else None
    if name:
        return ContactFields(name=name, role=body.contact_role, title=body.contact_title, phone=phone, email=email, wechat=lead.wechat)
    if phone or email or lead.wechat:
        raise _missing("contact_name", "Enter the name of the contact.")
    return None


async def _knows(session: AsyncSession, customer_id: UUID, person: ContactFields) -> bool:
    same = [Contact.name == person.name]
    if person.phone:
        same.append(Contact.phone_key == phone_key(person.phone))
    if person.email:
        same.append(Contact.email == person.email)
    family = await duplicates.family(session, customer_id)
    known = select(Contact.id).where(Contact.customer_id.in_(family), Contact.is_active, or_(*same))
    return (await session.execute(known.limit(1))).first() is not None


def _missing(field: str, said: str) -> Invalid:
    return Invalid("invalid_input", said, errors=[field_error(f"#/{field}", said, "missing")])


async def _close(session: AsyncSession, actor: Actor, lead: Any, customer_id: UUID, now: datetime, *, is_new: bool) -> None:
    """The lead is the customer's from here on: its ladder ends, its next step went along, its owner stays."""
    name = await session.scalar(select(Customer.name).where(Customer.id == customer_id))
    body = {"customer": {"id": str(customer_id), "name": name}, "is_new": is_new}
    await record_by(session, lead.id, "lead.converted", actor, now, body=body)
    await deadlines.stop(session, FIRST_CONTACT, lead.id, now)
    await outbox.add(session, LeadConverted(lead.id, customer_id, actor.id, is_new, watchers_of(lead)), now)
    values = {
        "state": LeadState.CONVERTED.value,
        "customer_id": customer_id,
        "escalated_to_id": None,
        "escalation_level": 0,
        "last_activity_at": now,
        "next_step": None,
        "next_step_at": None,
        "version": Lead.version + 1,
    }
    await session.execute(update(Lead).where(Lead.id == lead.id).values(values).execution_options(synchronize_session=False))
