"""What a search finds of opportunities follows the name of their customer."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers.models import Customer
from backend.opportunities.finding import search_columns
from backend.opportunities.models import Opportunity


async def follow(session: AsyncSession, customer_id: UUID) -> None:
    """Writes the search columns of a customer's opportunities anew; no version rises, as no fact has changed."""
    query = select(Opportunity.id, Opportunity.name, Customer.name.label("customer")).join(Customer, Customer.id == Opportunity.customer_id)
    for row in (await session.execute(query.where(Customer.id == customer_id))).all():
        found = search_columns(row.name, row.customer)
        statement = update(Opportunity).where(Opportunity.id == row.id).values(found)
        await session.execute(statement.execution_options(synchronize_session=False))
