"""The sweeps over opportunities: what stands still, next steps that are due, and the superiors' morning report."""

from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from backend.core.clock import product_now
from backend.core.db import Lens, transaction
from backend.core.pausepoints import pause
from backend.opportunities import report, stalls

log = structlog.get_logger()
ACTOR = "system:opportunities"


async def sweep_stalls(ctx: dict[Any, Any]) -> int:
    """Tells owners of deals without an update, batch by batch, each in a transaction of its own; returns how many deals."""
    del ctx
    now, total = product_now(), 0
    while True:
        async with transaction(Lens.SYSTEM, ACTOR) as session:
            told = await stalls.tell_stalled(session, now)
            await pause("stalls.told")
        total += told
        if told < stalls.SWEEP_BATCH:
            return total


async def remind_next_steps(ctx: dict[Any, Any]) -> int:
    """Tells owners of next steps whose moment has come."""
    del ctx
    now, total = product_now(), 0
    while True:
        async with transaction(Lens.SYSTEM, ACTOR) as session:
            told = await stalls.tell_due_steps(session, now)
            await pause("next_steps.told")
        total += told
        if told < stalls.SWEEP_BATCH:
            return total


async def report_exceptions(ctx: dict[Any, Any]) -> int:
    """The reports of this working day that are not sent yet, each in a transaction of its own; returns how many it sent."""
    del ctx
    now, sent, failed = product_now(), 0, 0
    async with transaction(Lens.SYSTEM, ACTOR) as session:
        planned = await report.plan(session, now)
    if planned is None:
        return 0
    for recipient_id, pairs in planned.pairs_of.items():
        try:
            async with transaction(Lens.SYSTEM, ACTOR) as session:
                sent += await report.send(session, planned.day, recipient_id, pairs, now)
                await pause("report.sent")
        except DBAPIError as error:
            failed += 1
            log.warning("report_not_sent", person_id=str(recipient_id), error=str(error))
    if not failed:
        async with transaction(Lens.SYSTEM, ACTOR) as session:
            await report.finish(session, planned, now)
    return sent
