"""The sweep that repairs what no event brought to an owner."""

from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from backend.core.clock import product_now
from backend.core.db import Lens, transaction
from backend.leads import queries
from backend.leads.assignment import assign

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
