"""The list of customers."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.listing import Listing
from backend.core.pagination import ListCount, Page
from backend.customers import queries
from backend.customers.finding import KEY_KINDS, NUMBERED, CustomerFilter, Sort
from backend.customers.models import Customer
from backend.customers.reading import card
from backend.customers.schemas import CustomerCard, Industries

CUSTOMERS = Listing("customers", Customer, queries.cards, KEY_KINDS, NUMBERED)
LOOKED_AT, MOST_INDUSTRIES = 2000, 50


async def page(session: AsyncSession, scope: str, wanted: CustomerFilter, sort: Sort, cursor: str | None, limit: int) -> Page[CustomerCard]:
    rows, next_cursor = await CUSTOMERS.page(session, scope, CUSTOMERS.conditions(wanted), sort, cursor, limit)
    return Page[CustomerCard](items=[card(row) for row in rows], next_cursor=next_cursor)


async def count(session: AsyncSession, wanted: CustomerFilter) -> ListCount:
    return await CUSTOMERS.count(session, CUSTOMERS.conditions(wanted))


async def industries(session: AsyncSession) -> Industries:
    """The most frequent ones among the customers that were worked on last."""
    newest = select(Customer.industry).order_by(Customer.last_activity_at.desc(), Customer.id.desc()).limit(LOOKED_AT).subquery()
    column = newest.c.industry
    query = select(column).where(column.is_not(None)).group_by(column).order_by(func.count().desc(), column).limit(MOST_INDUSTRIES)
    return Industries(items=list(await session.scalars(query)))
