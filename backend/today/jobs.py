"""The morning digest."""

from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from backend.core.clock import product_now, real_now
from backend.core.db import Lens, transaction
from backend.core.pausepoints import pause
from backend.today import digest

log = structlog.get_logger()
ACTOR = "system:digest"


async def send_digests(ctx: dict[Any, Any]) -> int:
    """The digests of this working day that are not sent yet, each in a transaction of its own; returns how many it sent."""
    del ctx
    now, sent, failed = product_now(), 0, 0
    async with transaction(Lens.SYSTEM, ACTOR) as session:
        planned = await digest.plan(session, now)
    if planned is None:
        return 0
    day, people = planned
    for person in people:
        try:
            async with transaction(Lens.SYSTEM, ACTOR) as session:
                sent += await digest.send(session, day, person, now, real_now())
                await pause("digest.sent")
        except DBAPIError as error:
            failed += 1
            log.warning("digest_not_sent", person_id=str(person.id), error=str(error))
    if not failed:
        async with transaction(Lens.SYSTEM, ACTOR) as session:
            await digest.finish(session, day, now)
    return sent
