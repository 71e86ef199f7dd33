"""What a search finds of a customer follows its name, its credit code and its people, and those of what was merged into it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers.finding import search_columns
from backend.customers.models import Contact, Customer
from backend.duplicates import service as duplicates

FOLLOWED = frozenset({"name", "credit_code"})
FOLLOWED_OF_CONTACT = frozenset({"name", "phone"})


async def columns(session: AsyncSession, customer_id: UUID, changed: Mapping[str, Any] | None = None) -> dict[str, str]:
    """The search columns of a customer as it stands, or as it will stand with these new values."""
    family = await duplicates.family(session, customer_id)
    own = Customer.id == customer_id
    firms = select(Customer.id, Customer.name, Customer.credit_code).where(Customer.id.in_(family)).order_by(own.desc(), Customer.id)
    rows = [{**row._mapping} for row in await session.execute(firms)]
    rows[0] |= {name: value for name, value in (changed or {}).items() if name in FOLLOWED}
    theirs = select(Contact.name, Contact.phone).where(Contact.customer_id.in_([row["id"] for row in rows])).order_by(Contact.id).limit(500)
    people = (await session.execute(theirs)).all()
    return search_columns(
        [row["name"] for row in rows], [one.name for one in people], [one.phone for one in people], [row["credit_code"] for row in rows]
    )
