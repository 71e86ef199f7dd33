"""The funnel as it stands on each day, kept for good: later a forecast is measured by what was expected then (VIEW-3)."""

from datetime import datetime

from sqlalchemy import literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import company_day
from backend.opportunities.funnel_models import FunnelDay, FunnelSnapshot
from backend.opportunities.models import Opportunity
from backend.opportunities.rules import OpportunityState

BATCH = 5000
KEPT = ("pipeline_id", "stage_id", "owner_id", "region_id", "expected_amount", "currency", "expected_close_on")


async def keep_some(session: AsyncSession, now: datetime) -> bool:
    """The next batch of today's snapshot, in the order of ids; returns whether there is more to do. A second worker waits for its turn and
    goes on from there; a day that is over is never written again.
    """
    day = company_day(now)
    await session.execute(insert(FunnelDay).values(day=day, begun_at=now).on_conflict_do_nothing())
    progress = (await session.execute(select(FunnelDay).where(FunnelDay.day == day).with_for_update())).scalar_one()
    if progress.finished_at is not None:
        return False
    open_ones = select(Opportunity.id).where(Opportunity.state == OpportunityState.OPEN).order_by(Opportunity.id).limit(BATCH)
    found = list(await session.scalars(open_ones if progress.last_id is None else open_ones.where(Opportunity.id > progress.last_id)))
    if found:
        rows = select(literal(day), Opportunity.id, *(getattr(Opportunity, name) for name in KEPT)).where(Opportunity.id.in_(found))
        await session.execute(insert(FunnelSnapshot).from_select(["day", "opportunity_id", *KEPT], rows))
        progress.last_id = found[-1]
    if len(found) < BATCH:
        progress.finished_at = now
    return len(found) == BATCH
