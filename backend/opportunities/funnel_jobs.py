"""Jobs over the figures of the funnel: differences of the figures are folded, and every day the funnel is kept as it stands."""

from typing import Any

from backend.core.clock import product_now
from backend.core.db import Lens, transaction
from backend.core.pausepoints import pause
from backend.opportunities import funnel, snapshots

ACTOR = "system:opportunities"


async def fold_funnel(ctx: dict[Any, Any]) -> int:
    """In bounded batches, each a transaction of its own; returns how many."""
    del ctx
    batches, is_more = 0, True
    while is_more:
        async with transaction(Lens.SYSTEM, ACTOR) as session:
            is_more = await funnel.fold(session)
            await pause("funnel.folded")
        batches += 1
    return batches


async def keep_funnel(ctx: dict[Any, Any]) -> int:
    """The snapshot of today, if there is none yet, in bounded batches; returns how many."""
    del ctx
    now, batches, is_more = product_now(), 0, True
    while is_more:
        async with transaction(Lens.SYSTEM, ACTOR) as session:
            is_more = await snapshots.keep_some(session, now)
            await pause("funnel.kept")
        batches += 1
    return batches
