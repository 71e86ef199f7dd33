"""Which record a letter belongs to: by its address, by its conversation, by who takes part in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.config import get_settings
from backend.correspondence import bodies, parsing, queries, records, rules
from backend.correspondence.conversations import Thread
from backend.correspondence.models import DropboxAddress
from backend.correspondence.parsing import Parsed
from backend.correspondence.records import Ref
from backend.correspondence.rules import EmailDirection, EmailReason
from backend.customers.rules import SUBJECT as CUSTOMER
from backend.duplicates.keys import email_key
from backend.identity.models import Person
from backend.integrations.smtp import wire
from backend.leads.rules import SUBJECT as LEAD
from backend.leads.rules import LeadState


@dataclass(frozen=True)
class Envelope:
    """What the mail server said beside the letter; `mail_from` is empty for the null path and None where nobody told us."""

    recipients: Sequence[str] = ()
    mail_from: str | None = None


@dataclass(frozen=True)
class Route:
    """Where a letter goes: a record, or nowhere yet, and why; `detail` is what may help who sorts it."""

    reason: EmailReason
    ref: Ref | None = None
    detail: str | None = None


@dataclass(frozen=True)
class Participants:
    """Who wrote, and who of them works here: `author` is the colleague who did, `outside` the addresses of the others, the nearest first."""

    direction: EmailDirection
    author: UUID | None
    sender: Sequence[str]
    outside: Sequence[str]


async def participants(session: AsyncSession, parsed: Parsed) -> Participants:
    """A colleague's letter to somebody outside goes out; one that only brings a stranger's letter here comes in."""
    senders = _keys([parsed.sender.address, *(one.address for one in parsed.reply_to)])
    everybody = _keys([*senders, *(one.address for one in (*parsed.to, *parsed.cc))])
    ours = {row.key: row.id for row in await session.execute(_colleagues(everybody))}
    author = ours.get(email_key(parsed.sender.address) or "")
    outside = [one for one in everybody if one not in ours and not _is_own(one)]
    if author is None:
        return Participants(EmailDirection.IN, None, [one for one in senders if one in outside], outside)
    if outside:
        return Participants(EmailDirection.OUT, author, outside, outside)
    brought = _keys(bodies.forwarded_from(parsed.text))
    colleagues = {row.key for row in await session.execute(_colleagues(brought))}
    strangers = [one for one in brought if one not in colleagues and not _is_own(one)]
    return Participants(EmailDirection.IN, author, strangers[:1], strangers)


def answer_to(who: Participants, parsed: Parsed) -> list[parsing.Person]:
    """Whom an answer is for where that is not the sender: whom they name for it, or who wrote what a colleague only brought here."""
    if who.direction is EmailDirection.IN and who.author is not None:
        return [parsing.Person(one, "") for one in who.sender]
    named = [one for one in parsed.reply_to if not _is_own(one.address)] if who.author is None else []
    return [] if [one.address for one in named] == [parsed.sender.address] else named


def _keys(addresses: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(key for address in addresses if (key := email_key(address))))


def _is_own(address: str) -> bool:
    """The drop-box itself, or the address that our letters come from."""
    settings = get_settings()
    sends = wire.address(settings.smtp_from).addr_spec.lower() if settings.smtp_from else ""
    return rules.is_dropbox(address, settings.dropbox_address) or address == sends


def _colleagues(keys: Sequence[str]) -> Any:
    key = func.lower(Person.email).label("key")
    return select(Person.id, key).where(key.in_(keys), Person.is_active).order_by(Person.id)


async def address_of(session: AsyncSession, parsed: Parsed, envelope: Envelope) -> DropboxAddress | None:
    """The drop-box address that the letter came by: the envelope first, as a blind copy stands nowhere else."""
    named = [*envelope.recipients, *parsed.delivered_to, *(one.address for one in (*parsed.to, *parsed.cc))]
    tokens = rules.tokens_of(named, get_settings().dropbox_address)
    found = {one.token: one for one in await session.scalars(queries.addresses_of(tokens))} if tokens else {}
    return next((found[token] for token in tokens if token in found), None)


def proves(address: DropboxAddress | None, author: UUID) -> bool:
    """Whether the way that a letter took shows that a colleague wrote it: anybody can write a name into `From:`, nobody guesses a token."""
    return address is not None and (address.subject_id is not None or address.person_id == author)


async def route(session: AsyncSession, who: Participants, address: DropboxAddress | None, thread: Thread) -> Route:
    found = await _route(session, who, address, thread.ref)
    if found.reason is not EmailReason.UNKNOWN_SENDER or thread.quoted is None:
        return found
    return Route(EmailReason.STRANGER_IN_THREAD, detail=(await records.facts(session, thread.quoted)).number)


async def _route(session: AsyncSession, who: Participants, address: DropboxAddress | None, thread: Ref | None) -> Route:
    if address is not None and address.subject_id is not None and address.subject_type is not None:
        return Route(EmailReason.BY_ADDRESS, await records.standing_for(session, Ref(address.subject_type, address.subject_id)))
    if address is not None and address.person_id != who.author:
        return Route(EmailReason.NOT_OWN_ADDRESS)
    if thread is not None:
        return Route(EmailReason.BY_THREAD, thread)
    if not who.outside:
        return Route(EmailReason.ONLY_COLLEAGUES if who.author is not None else EmailReason.UNKNOWN_SENDER)
    first = await _by_addresses(session, who.sender)
    if first.reason is not EmailReason.UNKNOWN_SENDER or set(who.outside) == set(who.sender):
        return first
    return await _by_addresses(session, who.outside)


async def _by_addresses(session: AsyncSession, keys: Sequence[str]) -> Route:
    """A customer whose contact has one of these addresses, else a lead."""
    found = (await session.execute(queries.RECORDS, {"addresses": list(keys)})).all() if keys else []
    leads = await records.leads_of(session, [row.subject_id for row in found if row.subject_type == LEAD])
    known = {row.subject_id for row in found if row.subject_type == CUSTOMER}
    known |= {row.customer_id for row in leads if row.state == LeadState.CONVERTED}
    customers = await records.active_customers(session, list(known))
    if len(customers) > 1:
        return Route(EmailReason.SEVERAL_CUSTOMERS)
    if customers:
        return Route(EmailReason.BY_CONTACT, await records.deal_of(session, customers[0]))
    return _by_leads([row for row in leads if row.state not in (LeadState.CONVERTED, LeadState.MERGED)])


def _by_leads(leads: Sequence[Any]) -> Route:
    """The only open one, else the only one."""
    alive = [row for row in leads if row.state != LeadState.DISQUALIFIED] or list(leads)
    if not alive:
        return Route(EmailReason.UNKNOWN_SENDER)
    return Route(EmailReason.BY_LEAD, Ref(LEAD, alive[0].id)) if len(alive) == 1 else Route(EmailReason.SEVERAL_LEADS)
