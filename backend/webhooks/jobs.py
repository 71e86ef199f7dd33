"""The sweep that announces what came into quarantine since the last announcement."""

from typing import Any

from backend.core.clock import product_now
from backend.core.db import Lens, transaction
from backend.webhooks import queries, service

ACTOR = "system:webhooks"


async def sweep_quarantine(ctx: dict[Any, Any]) -> int:
    """Returns how many submissions it announced."""
    del ctx
    now = product_now()
    async with transaction(Lens.SYSTEM, ACTOR) as session:
        forms = sorted(await session.scalars(queries.forms_with_unannounced()))
        return sum([await service.announce_quarantine(session, form_id, now) for form_id in forms])
