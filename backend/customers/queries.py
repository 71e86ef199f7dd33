"""SELECTs over customers; row security adds the scope."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, literal_column, or_, select, tuple_
from sqlalchemy.orm import aliased

from backend.customers.models import ChangeRequest, Contact, Customer
from backend.customers.rules import CustomerState, RequestState
from backend.identity.models import Person, Region

Owner, Backup, Creator, Archiver, Author, Approver, Decider = (
    aliased(Person, name=name) for name in ("owner", "backup_owner", "creator", "archiver", "author", "approver", "decider")
)
CARD_FIELDS = (
    "id", "number", "name", "credit_code", "province", "city", "industry", "source", "is_key", "state", "owner_id", "backup_owner_id",
    "region_id", "tags", "created_at", "last_activity_at", "next_step", "next_step_at", "version",
)  # fmt: skip
MORE_FIELDS = (
    "address", "website", "payment_terms", "notes", "custom", "created_by", "archived_at", "archived_by", "archive_reason", "parent_id",
    "merged_into_id",
)  # fmt: skip
CONTACT_FIELDS = (
    "id", "customer_id", "name", "title", "role", "phone", "email", "wechat", "is_primary", "is_active", "notes", "version",
)  # fmt: skip
REQUEST_FIELDS = (
    "id", "customer_id", "subject_type", "subject_id", "changes", "reason", "state", "requested_by", "requested_at", "approver_id",
    "decided_by", "decided_at", "comment",
)  # fmt: skip
LACKS_BACKUP: ColumnElement[bool] = and_(Customer.is_key, Customer.backup_owner_id.is_(None), Customer.state == CustomerState.ACTIVE)
"""`rules.lacks_backup`."""
MANAGES_REGION: ColumnElement[bool] = literal_column("coalesce(customer.region_id = any((select app_regions())::uuid[]), false)")
Place = tuple[datetime, UUID]


def cards(*more: Any) -> Select[Any]:
    """Rows for `CustomerCard`: the customer with the names of its people and region and its first contact."""
    first = (
        select(Contact.name.label("contact"), Contact.phone)
        .where(Contact.customer_id == Customer.id, Contact.is_active)
        .order_by(Contact.is_primary.desc(), Contact.id)
        .limit(1)
        .lateral("first_contact")
    )
    return (
        select(
            *(getattr(Customer, name) for name in CARD_FIELDS),
            LACKS_BACKUP.label("lacks_backup"),
            Owner.name.label("owner_name"),
            Backup.name.label("backup_name"),
            Region.name.label("region_name"),
            first.c.contact,
            first.c.phone,
            *more,
        )
        .select_from(Customer)
        .join(Owner, Owner.id == Customer.owner_id)
        .outerjoin(Backup, Backup.id == Customer.backup_owner_id)
        .outerjoin(Region, Region.id == Customer.region_id)
        .outerjoin(first, literal(True))
    )


def standing_of(actor_id: UUID) -> tuple[ColumnElement[Any], ...]:
    """How the actor stands to each customer, as `rules.Standing` reads it."""
    me = literal(actor_id)
    return (
        (Customer.owner_id == me).label("is_owner"),
        func.coalesce(Customer.backup_owner_id == me, false()).label("is_backup"),
        func.coalesce(Owner.supervisor_id == me, false()).label("supervises_owner"),
        MANAGES_REGION.label("manages_region"),
    )


def detail(customer_id: UUID, actor_id: UUID) -> Select[Any]:
    """One row for `CustomerOut`, with how the actor stands to it."""
    names = (Creator.name.label("creator_name"), Archiver.name.label("archiver_name"), Owner.supervisor_id)
    return (
        cards(*(getattr(Customer, name) for name in MORE_FIELDS), *names, *standing_of(actor_id))
        .outerjoin(Creator, Creator.id == Customer.created_by)
        .outerjoin(Archiver, Archiver.id == Customer.archived_by)
        .where(Customer.id == customer_id)
    )


def group(family: Sequence[UUID], parent_id: UUID | None) -> Select[Any]:
    """The parent and the children that can be seen, of a customer and of what was merged into it."""
    near = and_(Customer.parent_id.in_(family), Customer.merged_into_id.is_(None))
    condition = near if parent_id is None else or_(near, Customer.id == parent_id)
    fields: tuple[Any, ...] = (Customer.id, Customer.number, Customer.name)
    return select(*fields).where(condition).order_by(Customer.number).limit(200)


def contacts(condition: ColumnElement[bool]) -> Select[Any]:
    """The present ones first, the primary one before them."""
    order = (Contact.is_active.desc(), Contact.is_primary.desc(), Contact.id)
    return select(*(getattr(Contact, name) for name in CONTACT_FIELDS)).where(condition).order_by(*order).limit(500)


def requests(actor_id: UUID, *more: Any) -> Select[Any]:
    """Rows for `ChangeRequestOut`; the customer's name is null where it has left the reader's sight."""
    me = literal(actor_id)
    leads_owner = func.coalesce(Owner.supervisor_id == me, false())
    return (
        select(
            *(getattr(ChangeRequest, name) for name in REQUEST_FIELDS),
            Customer.number,
            Customer.name.label("customer_name"),
            Contact.name.label("contact_name"),
            Author.name.label("author_name"),
            Approver.name.label("approver_name"),
            Decider.name.label("decider_name"),
            leads_owner.label("leads_owner"),
            *more,
        )
        .select_from(ChangeRequest)
        .outerjoin(Customer, Customer.id == ChangeRequest.customer_id)
        .outerjoin(Owner, Owner.id == Customer.owner_id)
        .outerjoin(Contact, Contact.id == ChangeRequest.subject_id)
        .join(Author, Author.id == ChangeRequest.requested_by)
        .outerjoin(Approver, Approver.id == ChangeRequest.approver_id)
        .outerjoin(Decider, Decider.id == ChangeRequest.decided_by)
    )


def waits_for(actor_id: UUID, *, decides_orphans: bool) -> ColumnElement[bool]:
    """Requests on this person's desk; those without any superior lie on the administrators'."""
    mine = ChangeRequest.approver_id == actor_id
    orphans = and_(ChangeRequest.approver_id.is_(None), ChangeRequest.requested_by != actor_id)
    return and_(ChangeRequest.state == RequestState.PENDING, or_(mine, orphans) if decides_orphans else mine)


def newest_first(query: Select[Any], after: Place | None, limit: int) -> Select[Any]:
    query = query.order_by(ChangeRequest.requested_at.desc(), ChangeRequest.id.desc()).limit(limit + 1)
    return query if after is None else query.where(tuple_(ChangeRequest.requested_at, ChangeRequest.id) < after)


def firms() -> Select[Any]:
    """What identifies customers: their own name and code, and how their active contacts are reached."""
    contacts = select(
        func.array_remove(func.array_agg(Contact.phone), None).label("phones"),
        func.array_remove(func.array_agg(Contact.email), None).label("emails"),
    ).where(Contact.customer_id == Customer.id, Contact.is_active)
    reached = contacts.lateral("reached")
    return select(Customer.id, Customer.name, Customer.credit_code, reached.c.phones, reached.c.emails).join(reached, literal(True))
