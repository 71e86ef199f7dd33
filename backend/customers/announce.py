"""Who is told what about customers: bell, channels and open screens."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers import queries, rules
from backend.customers.models import ChangeRequest, Customer
from backend.customers.reading import card
from backend.notifications.service import Notice, emit_live


def notice(people: Iterable[UUID], kind: str, customer: Any, **params: Any) -> Notice:
    """One about a customer."""
    snapshot = {"number": rules.customer_number(customer.number), "customer": customer.name, **params}
    return Notice(people, kind, snapshot, rules.SUBJECT, customer.id)


def request_notice(people: Iterable[UUID], kind: str, request: Any) -> Notice:
    """One about a change request."""
    params = {
        "number": rules.customer_number(request.number),
        "customer": request.customer_name,
        "contact": request.contact_name if request.subject_type == rules.CONTACT else None,
        "by": request.author_name,
        "decided_by": request.decider_name,
        "reason": request.reason,
        "comment": request.comment,
        "fields": list(request.changes),
    }
    return Notice(people, kind, params, rules.CHANGE_REQUEST, request.id)


async def current(session: AsyncSession, customer_id: UUID) -> Any:
    """The customer's card row as it now stands, with its owner's supervisor."""
    return (await session.execute(queries.cards(queries.Owner.supervisor_id).where(Customer.id == customer_id))).one()


async def request(session: AsyncSession, request_id: UUID, reader_id: UUID) -> Any:
    return (await session.execute(queries.requests(reader_id).where(ChangeRequest.id == request_id))).one()


async def show(session: AsyncSession, row: Any, now: datetime, *more: UUID | None) -> None:
    """The card on the open screens of those who work with the customer."""
    people = [person for person in (row.owner_id, row.backup_owner_id, row.supervisor_id, *more) if person is not None]
    await emit_live(session, people, "customer.changed", card(row).model_dump(mode="json"), now)


async def show_request(session: AsyncSession, people: Iterable[UUID | None], row: Any, now: datetime) -> None:
    """Open screens of approver and author read the request anew."""
    payload = {"id": row.id, "customer_id": row.customer_id, "state": row.state}
    await emit_live(session, [person for person in people if person is not None], "change_request.changed", payload, now)
