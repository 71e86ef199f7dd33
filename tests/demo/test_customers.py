"""The customers of the demo company: every row one that the product itself would have written."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers import queries
from backend.customers.credit_code import is_credit_code
from backend.customers.models import ChangeRequest, Contact, Customer
from backend.deadlines import service as deadlines
from backend.demo import company, seed
from backend.identity.models import Region
from backend.leads.models import Lead
from backend.leads.rules import LeadState
from tests.conftest import NOW


async def test_sixty_customers_in_all_regions_each_with_somebody_to_call(session: AsyncSession) -> None:
    assert await seed.fill(session, NOW)
    customers = (await session.scalars(select(Customer))).all()
    won_over = await session.scalar(select(func.count()).select_from(Lead).where(Lead.state == LeadState.CONVERTED)) or 0
    assert len(customers) == len({one.name for one in customers}) == 60 + won_over
    assert all(is_credit_code(one.credit_code) for one in customers if one.credit_code)
    regions = set(await session.scalars(select(Region.name).join(Customer, Customer.region_id == Region.id)))
    assert regions == {territory.name for territory in company.TERRITORIES}
    primaries = select(func.count(func.distinct(Contact.customer_id))).where(Contact.is_primary)
    assert await session.scalar(primaries) == len(customers)
    assert all(one.created_at <= one.last_activity_at <= NOW for one in customers)
    assert len([one for one in customers if one.state == "archived"]) == 1
    assert len([one for one in customers if one.parent_id]) == 2


async def test_some_key_customers_lack_a_backup_and_four_changes_wait(session: AsyncSession) -> None:
    await seed.fill(session, NOW)
    assert len((await session.scalars(select(Customer.id).where(Customer.is_key))).all()) == 5
    assert len((await session.scalars(select(Customer.id).where(queries.LACKS_BACKUP))).all()) == 2
    requests = (await session.scalars(select(ChangeRequest))).all()
    assert [one.state for one in requests] == ["pending"] * 4
    for one in requests:
        customer = await session.get_one(Customer, one.subject_id)
        assert len(one.changes) == 1
        assert all(getattr(customer, field) == change["old"] != change["new"] for field, change in one.changes.items())
        assert one.approver_id not in {None, one.requested_by}
    assert await deadlines.sweep(session, NOW) == 0
    assert await deadlines.sweep(session, NOW + timedelta(days=15)) >= 4
