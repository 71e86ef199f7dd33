"""What a search finds of opportunities follows the names of their customer, and of what it was merged with."""

from uuid import UUID

from sqlalchemy import case, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers.models import Customer
from backend.duplicates import service as duplicates
from backend.opportunities.finding import search_columns
from backend.opportunities.models import Opportunity

MOST_NAMES = 20


async def columns(session: AsyncSession, name: str, customer_id: UUID) -> dict[str, str]:
    """The search columns of an opportunity of this name with that customer."""
    return search_columns(name, await _names(session, await duplicates.firm(session, customer_id)))


async def follow(session: AsyncSession, customer_id: UUID) -> None:
    """Writes the search columns of all opportunities of the firm anew; no version rises, as no fact has changed."""
    firm = await duplicates.firm(session, customer_id)
    names = await _names(session, firm)
    deals = select(Opportunity.id, Opportunity.name).where(Opportunity.customer_id.in_(firm)).order_by(Opportunity.id)
    for row in (await session.execute(deals)).all():
        statement = update(Opportunity).where(Opportunity.id == row.id).values(search_columns(row.name, names))
        await session.execute(statement.execution_options(synchronize_session=False))


async def _names(session: AsyncSession, firm: list[UUID]) -> list[str]:
    """Of the record that stands for the firm first."""
    stands = case((Customer.id == firm[0], 0), else_=1)
    return list(await session.scalars(select(Customer.name).where(Customer.id.in_(firm)).order_by(stands, Customer.id).limit(MOST_NAMES)))
