"""SELECTs over e-mail; row security adds the scope."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, String, Uuid, bindparam, cast, column, func, literal, select, text, true, tuple_
from sqlalchemy.orm import aliased

from backend.core.hot import Hot
from backend.correspondence.models import DropboxAddress, EmailDelivery, EmailFile, EmailMessage
from backend.correspondence.rules import MOST_OF_THREAD, MOST_THREADS, EmailState
from backend.customers.models import Contact
from backend.identity.models import Person
from backend.leads.models import Lead
from backend.leads.rules import SUBJECT as LEAD
from backend.opportunities.models import Opportunity
from backend.opportunities.rules import SUBJECT as OPPORTUNITY

Filer = aliased(Person, name="filer")
CARD = (
    "id", "thread_id", "direction", "state", "reason", "detail", "from_address", "from_name", "to_people", "cc_people", "subject", "excerpt",
    "files", "at", "person_id", "contact_id", "subject_type", "subject_id", "version",
)  # fmt: skip
WHOLE = (
    "message_id", "in_reply_to", "text", "is_cut", "sent_at", "received_at", "filed_by", "filed_at", "raw_sha256", "raw_size", "references_ids",
    "answer_to",
)  # fmt: skip
Place = tuple[datetime, UUID]
COUNTED = 1000


def cards() -> Select[Any]:
    """Rows for `EmailCard`: without the text, which may be long."""
    table = EmailMessage
    return (
        select(*(getattr(table, name) for name in CARD), Person.name.label("person_name"), Contact.name.label("contact_name"))
        .outerjoin(Person, Person.id == table.person_id)
        .outerjoin(Contact, Contact.id == table.contact_id)
    )


def page(subject_ids: Sequence[UUID], after: Place | None, limit: int) -> Select[Any]:
    """Of these records, the newest first; one row more than the page. Each record gives its newest by its own index, however many it has."""
    table = EmailMessage
    given = bindparam("subjects", list(subject_ids), type_=ARRAY(Uuid))
    subjects = func.unnest(given).table_valued(column("id", Uuid), name="subject").render_derived()
    each = _newest(select(table.id).where(table.subject_id == subjects.c.id), after, limit).lateral("each")
    return _newest(cards().where(table.id.in_(select(each.c.id).select_from(subjects).join(each, true()))), None, limit)


def tray(state: EmailState, owner_id: UUID | None, after: Place | None, limit: int) -> Select[Any]:
    """What belongs to no record (of one person, or all), the newest first; one row more than the page."""
    return _newest(cards().where(*_unfiled(state, owner_id)), after, limit)


def _unfiled(state: EmailState, owner_id: UUID | None) -> list[ColumnElement[bool]]:
    """Row security says the same of the person; said here, an index finds it."""
    mine = [EmailMessage.person_id == owner_id] if owner_id is not None else []
    return [EmailMessage.state == state, EmailMessage.subject_id.is_(None), *mine]


def _newest(query: Select[Any], after: Place | None, limit: int) -> Select[Any]:
    table = EmailMessage
    ordered = query.order_by(table.at.desc(), table.id.desc()).limit(limit + 1)
    return ordered if after is None else ordered.where(tuple_(table.at, table.id) < after)


def waiting(owner_id: UUID | None) -> Select[Any]:
    """How many wait in the tray (of one person, or all), up to a bound."""
    found = select(EmailMessage.id).where(*_unfiled(EmailState.SORTING, owner_id)).limit(COUNTED)
    return select(func.count()).select_from(found.subquery())


def whole() -> Select[Any]:
    """Rows for `EmailOut`, without the files."""
    table = EmailMessage
    delivery = (EmailDelivery.attempts, EmailDelivery.next_at, EmailDelivery.last_error)
    return (
        cards()
        .add_columns(*(getattr(table, name) for name in WHOLE), Filer.name.label("filer_name"), *delivery)
        .outerjoin(Filer, Filer.id == table.filed_by)
        .outerjoin(EmailDelivery, EmailDelivery.email_id == table.id)
    )


def one(email_id: UUID) -> Select[Any]:
    return whole().where(EmailMessage.id == email_id)


def thread(thread_id: UUID) -> Select[Any]:
    """The oldest first; of very long ones the newest."""
    table = EmailMessage
    return whole().where(table.thread_id == thread_id).order_by(table.at.desc(), table.id.desc()).limit(MOST_OF_THREAD)


def files(email_ids: Sequence[UUID]) -> Select[EmailFile]:
    return select(EmailFile).where(EmailFile.email_id.in_(email_ids)).order_by(EmailFile.email_id, EmailFile.place)


def file(file_id: UUID) -> Select[EmailFile]:
    return select(EmailFile).where(EmailFile.id == file_id)


def contact_of(subject_type: str, subject_id: UUID, keys: Sequence[str]) -> Select[UUID]:
    """The contact of a record's customer who has one of these addresses, the primary one first."""
    of: dict[str, Select[Any]] = {
        LEAD: select(Lead.customer_id).where(Lead.id == subject_id),
        OPPORTUNITY: select(Opportunity.customer_id).where(Opportunity.id == subject_id),
    }
    customer = of.get(subject_type, select(cast(literal(subject_id), Uuid))).scalar_subquery()
    family = func.unnest(func.merge_family(customer)).table_valued("id").render_derived(name="family")
    return (
        select(Contact.id)
        .where(Contact.customer_id.in_(select(family.c.id)), Contact.is_active, func.lower(Contact.email).in_(keys))
        .order_by(Contact.is_primary.desc(), Contact.created_at, Contact.id)
        .limit(1)
    )


def written_since(person_id: UUID, since: datetime) -> Select[Any]:
    """How many letters a person has written here since then."""
    table = EmailMessage
    mine = (table.person_id == person_id, table.received_at.is_(None), table.at >= since)
    return select(func.count()).select_from(table).where(*mine)


def own_address(person_id: UUID) -> Select[DropboxAddress]:
    return select(DropboxAddress).where(DropboxAddress.person_id == person_id, DropboxAddress.revoked_at.is_(None))


def record_address(subject_id: UUID) -> Select[DropboxAddress]:
    return select(DropboxAddress).where(DropboxAddress.subject_id == subject_id, DropboxAddress.revoked_at.is_(None))


def addresses_of(tokens: Sequence[str]) -> Select[DropboxAddress]:
    return select(DropboxAddress).where(DropboxAddress.token.in_(tokens), DropboxAddress.revoked_at.is_(None))


def named(message_id: str) -> Select[Any]:
    """What tells a letter from another that bears the same Message-ID."""
    table = EmailMessage
    columns: tuple[Any, ...] = (table.id, table.raw_sha256, table.from_address, table.subject, table.text, table.is_cut)
    return select(*columns, table.sent_at, table.received_at).where(table.message_id == message_id)


def threads_of(message_id: str, named: Sequence[str]) -> Select[UUID]:
    """Conversations of the letters that this one names, then of those that name it or what it names, the oldest first."""
    table = EmailMessage
    wanted = list(dict.fromkeys([*named, message_id]))
    is_named = table.message_id.in_(wanted)
    kin = is_named | table.references_ids.bool_op("&&")(cast(wanted, ARRAY(String)))
    order = func.bool_or(is_named).desc(), func.min(table.at), table.thread_id
    return select(table.thread_id).where(kin, table.message_id != message_id).group_by(table.thread_id).order_by(*order).limit(MOST_THREADS)


def records_of_threads(threads: Sequence[UUID]) -> Select[Any]:
    table = EmailMessage
    lies = table.thread_id.in_(threads), table.subject_id.is_not(None), table.state != EmailState.AUTOMATIC
    columns: tuple[Any, ...] = (table.thread_id, table.subject_type, table.subject_id)
    return select(*columns).where(*lies).distinct()


def nearest(threads: Sequence[UUID], named: Sequence[str]) -> Select[Any]:
    """The record of the nearest letter among those named, else of the newest of these conversations."""
    table = EmailMessage
    lies = table.thread_id.in_(threads), table.subject_id.is_not(None), table.state != EmailState.AUTOMATIC
    place = func.array_position(cast(list(named), ARRAY(String)), table.message_id)
    columns: tuple[Any, ...] = (table.subject_type, table.subject_id)
    return select(*columns).where(*lies).order_by(place.desc().nulls_last(), table.at.desc(), table.id.desc()).limit(1)


def received_of(address: str, since: datetime) -> Select[Any]:
    """How many letters of this sender have come in since then."""
    table = EmailMessage
    return select(func.count()).select_from(table).where(table.from_address == address, table.received_at.is_not(None), table.at >= since)


PARTS = text("""
select m.thread_id,
    bool_or(m.subject_id is not null and m.state <> 'automatic') as is_filed,
    bool_or(m.subject_id is not null and m.state <> 'automatic' and (m.from_address = any(given.senders) or mail.people && given.senders))
        as takes_part,
    bool_or(m.reason is distinct from 'not_authentic'
        and (m.from_address = any(given.senders) or (m.from_address = any(given.people) and mail.people && given.senders))) as is_mutual,
    bool_or(m.received_at is null and m.message_id = any(cast(:named as text[]))) as is_returned
from (select cast(:senders as text[]) as senders, cast(:people as text[]) as people) given
cross join email_message m
cross join lateral (select array(select lower(one ->> 'address') from jsonb_array_elements(m.to_people || m.cc_people) one) as people) mail
where m.thread_id = any(cast(:threads as uuid[]))
group by m.thread_id order by min(m.at), m.thread_id
""")
"""Of conversations, the oldest first: whether they lie with a record, and how these senders stand to them."""
RECORDS = text("select address, subject_type, subject_id from email_records(:addresses)")
LOCK = Hot("select pg_advisory_xact_lock(hashtextextended('email:' || cast(:message as text), 0))")
"""Until this transaction ends nobody else takes in this letter."""
