"""The sweeps that repair what no event brought to an owner, and that make old leads findable as duplicates."""

from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from backend.core.clock import product_now
from backend.core.db import Lens, transaction
from backend.duplicates import service as duplicates
from backend.leads import queries, rules, same_firm
from backend.leads.assignment import assign

log = structlog.get_logger()
ACTOR = "system:leads"
BATCH = 200
BATCHES = 10


async def sweep_unassigned(ctx: dict[Any, Any]) -> int:
    """Assigns what is left over, each lead in a transaction of its own; returns how many it looked at."""
    del ctx
    now = product_now()
    async with transaction(Lens.SYSTEM, ACTOR) as session:
        found = list(await session.scalars(queries.needs_repair(now, BATCH)))
    for lead_id in found:
        try:
            async with transaction(Lens.SYSTEM, ACTOR) as session:
                await assign(session, lead_id, now)
        except DBAPIError as error:
            log.warning("lead_not_repaired", lead_id=str(lead_id), error=str(error))
    return len(found)


async def register_firms(ctx: dict[Any, Any]) -> int:
    """Makes leads from before findable, some batches at a time; returns how many."""
    del ctx
    now, total = product_now(), 0
    for _ in range(BATCHES):
        async with transaction(Lens.SYSTEM, ACTOR) as session:
            found = await duplicates.backfill(session, rules.SUBJECT, same_firm.unregistered, now)
        total += found
        if found < duplicates.BACKFILL_BATCH:
            break
    return total
