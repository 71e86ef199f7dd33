"""What people read of customers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.errors import NotFound
from backend.core.pagination import Page, decode_cursor, page_of
from backend.customers import queries, rules
from backend.customers.models import ChangeRequest, Contact, Customer
from backend.customers.rules import CustomerState, RequestState, Standing
from backend.customers.schemas import ChangeRequestOut, ContactOut, CustomerCard, CustomerOut
from backend.duplicates import service as duplicates
from backend.identity.deps import Actor

View = Literal["to_decide", "mine"]


def named(key: UUID | None, name: str | None) -> dict[str, Any] | None:
    return {"id": key, "name": name} if key is not None and name is not None else None


def card_fields(row: Any) -> dict[str, Any]:
    """A row of `queries.cards`, of SQLAlchemy or of the driver, as the fields of a card."""
    people = {"owner": named(row.owner_id, row.owner_name), "backup_owner": named(row.backup_owner_id, row.backup_name)}
    fields = getattr(row, "_mapping", None) or vars(row)
    return {**fields, **people, "number": rules.customer_number(row.number), "region": named(row.region_id, row.region_name)}


def card(row: Any) -> CustomerCard:
    return CustomerCard.model_validate(card_fields(row))


def standing(row: Any, actor: Actor) -> Standing:
    """How the actor stands to the customer of this row (`queries.standing_of`)."""
    return Standing(
        permissions=actor.permissions,
        is_owner=row.is_owner,
        is_backup=row.is_backup,
        supervises_owner=row.supervises_owner,
        manages_region=row.manages_region,
        sees_company="company" in actor.reaches,
    )


async def detail_row(session: AsyncSession, actor: Actor, customer_id: UUID) -> Any:
    """404 when the customer is not visible."""
    row = (await session.execute(queries.detail(customer_id, actor.id))).first()
    if row is None:
        raise NotFound
    return row


async def customer(session: AsyncSession, actor: Actor, customer_id: UUID) -> CustomerOut:
    """With the contacts, companies and pending changes of what was merged into it."""
    row = await detail_row(session, actor, customer_id)
    family = await duplicates.family(session, customer_id)
    near = [_ref(one) for one in await session.execute(queries.group(family, row.parent_id))]
    contacts = (await session.execute(queries.contacts(Contact.customer_id.in_(family)))).all()
    pending = ChangeRequest.customer_id.in_(family), ChangeRequest.state == RequestState.PENDING
    asked = (await session.execute(queries.requests(actor.id).where(*pending).order_by(ChangeRequest.requested_at).limit(200))).all()
    return CustomerOut.model_validate(
        {
            **card_fields(row),
            "created_by": named(row.created_by, row.creator_name),
            "archived_by": named(row.archived_by, row.archiver_name),
            "parent": next((one for one in near if one["id"] == row.parent_id), None),
            "children": [one for one in near if one["id"] != row.parent_id],
            "contacts": contacts,
            "pending": await requests_out(session, actor, asked),
            "actions": rules.actions_for(standing(row, actor), CustomerState(row.state), is_merged=row.merged_into_id is not None),
        }
    )


def _ref(row: Any) -> dict[str, Any]:
    return {"id": row.id, "number": rules.customer_number(row.number), "name": row.name}


async def contact_row(session: AsyncSession, contact_id: UUID) -> Any:
    row = (await session.execute(queries.contacts(Contact.id == contact_id))).first()
    if row is None:
        raise NotFound
    return row


async def contact(session: AsyncSession, contact_id: UUID) -> ContactOut:
    return ContactOut.model_validate(await contact_row(session, contact_id))


async def current_facts(session: AsyncSession, subject_type: str, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The protected fields of these customers or contacts as they now stand, as JSON holds them; what cannot be seen is missing."""
    table: Any = Customer if subject_type == rules.SUBJECT else Contact
    fields = rules.PROTECTED_FIELDS if subject_type == rules.SUBJECT else rules.PROTECTED_CONTACT_FIELDS
    rows = await session.execute(select(table.id, *(getattr(table, name) for name in fields)).where(table.id.in_(ids)))
    return {row.id: {name: _as_json(row._mapping[name]) for name in fields} for row in rows}


def _as_json(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


async def requests_out(session: AsyncSession, actor: Actor, rows: Sequence[Any]) -> list[ChangeRequestOut]:
    """Rows of `queries.requests` with what this actor may do, and with what has moved since."""
    current: dict[UUID, dict[str, Any]] = {}
    for subject_type in {row.subject_type for row in rows}:
        ids = [row.subject_id for row in rows if row.subject_type == subject_type and row.state == RequestState.PENDING]
        current |= await current_facts(session, subject_type, ids) if ids else {}
    return [_request_out(row, actor, current.get(row.subject_id)) for row in rows]


def _request_out(row: Any, actor: Actor, current: Mapping[str, Any] | None) -> ChangeRequestOut:
    is_pending = row.state == RequestState.PENDING
    known = row.customer_name is not None
    return ChangeRequestOut.model_validate(
        {
            **row._mapping,
            "customer": {"id": row.customer_id, "number": rules.customer_number(row.number), "name": row.customer_name} if known else None,
            "subject_name": row.customer_name if row.subject_type == rules.SUBJECT else row.contact_name,
            "changes": [{"field": field, "old_name": None, "new_name": None, **change} for field, change in row.changes.items()],
            "requested_by": named(row.requested_by, row.author_name),
            "approver": named(row.approver_id, row.approver_name),
            "decided_by": named(row.decided_by, row.decider_name),
            "moved": rules.moved_since(row.changes, current) if is_pending and current is not None else [],
            "can_decide": is_pending and may_decide(row, actor),
            "can_withdraw": is_pending and row.requested_by == actor.id,
        }
    )


def may_decide(row: Any, actor: Actor) -> bool:
    """The superior who was asked, the owner's direct supervisor of this moment, or an administrator where no superior is left; never the author."""
    is_asked = row.approver_id == actor.id or row.leads_owner or (row.approver_id is None and actor.may("customer.approve"))
    return is_asked and row.requested_by != actor.id


async def request_row(session: AsyncSession, actor: Actor, request_id: UUID) -> Any:
    """404 when the request is not visible."""
    row = (await session.execute(queries.requests(actor.id).where(ChangeRequest.id == request_id))).first()
    if row is None:
        raise NotFound
    return row


async def change_request(session: AsyncSession, actor: Actor, request_id: UUID) -> ChangeRequestOut:
    row = await request_row(session, actor, request_id)
    return (await requests_out(session, actor, [row]))[0]


async def waiting_requests(session: AsyncSession, actor: Actor, most: int) -> list[ChangeRequestOut]:
    """What waits for this person's decision, the oldest first."""
    waits = queries.waits_for(actor.id, decides_orphans=actor.may("customer.approve"))
    query = queries.requests(actor.id).where(waits).order_by(ChangeRequest.requested_at, ChangeRequest.id).limit(most)
    return await requests_out(session, actor, (await session.execute(query)).all())


async def count_waiting(session: AsyncSession, actor: Actor) -> int:
    """How many wait for this person's decision."""
    waits = queries.waits_for(actor.id, decides_orphans=actor.may("customer.approve"))
    return await session.scalar(select(func.count()).select_from(ChangeRequest).where(waits)) or 0


async def change_requests(session: AsyncSession, actor: Actor, view: View, cursor: str | None, limit: int) -> Page[ChangeRequestOut]:
    """What waits for this person's decision, or what this person has asked for; the newest first."""
    shape = ("change_requests", view, actor.id)
    after = decode_cursor(cursor, (datetime, UUID), shape)
    query = queries.requests(actor.id)
    if view == "mine":
        query = query.where(ChangeRequest.requested_by == actor.id)
    else:
        query = query.where(queries.waits_for(actor.id, decides_orphans=actor.may("customer.approve")))
    rows = (await session.execute(queries.newest_first(query, after, limit))).all()
    shown, next_cursor = page_of(rows, limit, lambda row: (row.requested_at, row.id), shape)
    return Page[ChangeRequestOut](items=await requests_out(session, actor, shown), next_cursor=next_cursor)
