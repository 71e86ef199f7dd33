"""The sealer."""

from typing import Any

from backend.audit import service
from backend.core.db import Lens, transaction


async def seal_audit(ctx: dict[Any, Any]) -> int:
    """Seals all that is open, batch by batch, each in a transaction of its own."""
    del ctx
    total = 0
    while True:
        async with transaction(Lens.SYSTEM, "system:audit") as session:
            sealed = await service.seal(session)
        total += sealed
        if sealed < service.BATCH:
            return total
