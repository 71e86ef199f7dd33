"""The funnel is kept as it stands on each day, once, whatever befalls the job."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from backend.core.db import Lens, bind
from backend.opportunities import snapshots
from backend.opportunities.funnel_models import FunnelDay, FunnelSnapshot
from tests.conftest import NOW, as_owner
from tests.factories import make_opportunity
from tests.opportunities.conftest import Sales


async def keep(sales: Sales, hours: float = 0) -> int:
    """As the job does, at that time; in how many batches."""
    await bind(sales.house.session, Lens.SYSTEM, "system:opportunities")
    batches = 1
    while await snapshots.keep_some(sales.house.session, NOW + timedelta(hours=hours)):
        batches += 1
    await as_owner(sales.house.session)
    return batches


async def test_each_open_deal_is_kept_once_a_day_as_it_stands(sales: Sales, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "BATCH", 2)
    session = sales.house.session
    deals = [await make_opportunity(session, sales.customer, "needs", expected_amount=Decimal(100 * number)) for number in range(5)]
    await make_opportunity(session, sales.customer, "closed", state="lost", loss_reason="price", closed_at=NOW)
    assert await keep(sales) == 3
    rows = (await session.scalars(select(FunnelSnapshot).order_by(FunnelSnapshot.expected_amount))).all()
    kept = [(row.opportunity_id, row.stage_id, row.owner_id, row.region_id, row.expected_amount, str(row.day)) for row in rows]
    assert kept == [
        (deal.id, deal.stage_id, deal.owner_id, deal.region_id, deal.expected_amount, "2026-03-10") for deal in deals
    ]  # fmt: skip
    await sales.move(sales.house.zhang, deals[0], "closed", outcome="lost", loss_reason="price")
    assert await keep(sales, 1) == 1, "the day is over"
    assert await session.scalar(select(func.count()).select_from(FunnelSnapshot)) == 5
    assert await keep(sales, 14) == 3, "the next day of the house begins at 16:00 UTC"
    days = select(FunnelSnapshot.day, func.count()).group_by(FunnelSnapshot.day).order_by(FunnelSnapshot.day)
    assert [(str(day), count) for day, count in await session.execute(days)] == [("2026-03-10", 5), ("2026-03-11", 4)]


async def test_a_job_that_was_interrupted_goes_on_where_it_was(sales: Sales, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "BATCH", 2)
    session = sales.house.session
    for _ in range(3):
        await make_opportunity(session, sales.customer)
    await bind(session, Lens.SYSTEM, "system:opportunities")
    assert await snapshots.keep_some(session, NOW) is True
    await as_owner(session)
    assert (await session.execute(select(FunnelDay))).scalar_one().finished_at is None
    assert await keep(sales, 1) == 1
    assert await session.scalar(select(func.count()).select_from(FunnelSnapshot)) == 3


@pytest.mark.parametrize("how", ["update funnel_snapshot set expected_amount = 1", "delete from funnel_snapshot"])
async def test_what_was_kept_stays(sales: Sales, how: str) -> None:
    await make_opportunity(sales.house.session, sales.customer)
    await keep(sales)
    await bind(sales.house.session, Lens.SYSTEM, "system:opportunities")
    with pytest.raises(DBAPIError, match="permission denied"):
        await sales.house.session.execute(text(how))
