"""The sweep that fires deadlines, and the hourly check of due dates."""

from typing import Any

import structlog
from arq import cron

from backend.core.clock import product_now
from backend.core.db import Lens, transaction
from backend.deadlines import company_calendar, service
from backend.deadlines.rules import SWEEP_BATCH

log = structlog.get_logger()
ACTOR = "system:deadlines"


async def sweep_deadlines(ctx: dict[Any, Any]) -> int:
    """Fires all that is due, batch by batch, each in a transaction of its own."""
    del ctx
    now, total = product_now(), 0
    while True:
        async with transaction(Lens.SYSTEM, ACTOR) as session:
            taken = await service.sweep(session, now)
        total += taken
        if taken < SWEEP_BATCH:
            return total


async def recheck_deadlines(ctx: dict[Any, Any]) -> int:
    """Repairs due dates that were set by a rule read just before its change; warns of years without data."""
    del ctx
    now = product_now()
    async with transaction(Lens.SYSTEM, ACTOR) as session:
        for warning in await company_calendar.calendar_warnings(session, now):
            log.warning(warning.code, year=warning.year, remedy="enter the holidays of that year in the browser: Admin, working calendar")
        return await service.recompute(session, now)


RECHECK_HOURLY = cron(recheck_deadlines, minute=7, timeout=300, keep_result=0, unique=True)
