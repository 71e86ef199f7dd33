"""The sweeps over leads: what no event brought to an owner, what its owner left untouched, what is not yet findable as a duplicate."""

from typing import Any

import structlog
from arq import cron
from sqlalchemy.exc import DBAPIError

from backend.core.clock import product_now
from backend.core.db import Lens, transaction
from backend.duplicates import service as duplicates
from backend.leads import pool, queries, rules, same_firm
from backend.leads.assignment import assign
from backend.leads.pool_rules import RECLAIM_BATCH

log = structlog.get_logger()
ACTOR = "system:leads"
BATCH = 200


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
    return await duplicates.backfill_some(rules.SUBJECT, same_firm.unregistered, ACTOR, product_now())


async def sweep_pool(ctx: dict[Any, Any]) -> int:
    """Returns untouched leads to the pool, batch by batch, each in a transaction of its own."""
    del ctx
    now, total = product_now(), 0
    while True:
        async with transaction(Lens.SYSTEM, ACTOR) as session:
            taken = await pool.reclaim(session, now, RECLAIM_BATCH)
        total += taken
        if taken < RECLAIM_BATCH:
            return total


RECLAIM_EVERY_10_MIN = cron(sweep_pool, minute=set(range(2, 60, 10)), timeout=600, keep_result=0, unique=True)
