"""Tasks that live as long as their process, and their end."""

import asyncio
from typing import Any

import structlog

from backend.core.db import DATABASE_ERRORS

log = structlog.get_logger()

_ASK_AGAIN_SECONDS = 0.2


async def recover(seconds: float) -> None:
    """The pause of a loop that carries on after an error. A connection that breaks while its task is cancelled puts its own error
    in place of the cancellation: then this raises it again, so that no loop outlives its process.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
    await asyncio.sleep(seconds)


async def carry_on(loop: str, error: Exception, seconds: float) -> None:
    """What a loop that must not fall silent does after any error: says so (a database that is away is no news), rests, goes on."""
    if isinstance(error, DATABASE_ERRORS):
        log.warning("loop_waits_for_database", loop=loop, error=str(error))
    else:
        log.error("loop_stumbled", loop=loop, error=repr(error), exc_info=error)
    await recover(seconds)


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancels the tasks and waits for their end, whatever it is. A library may lose a cancellation (redis-py does while it
    connects), so whoever goes on is told again.
    """
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        ended, pending = await asyncio.wait(pending, timeout=_ASK_AGAIN_SECONDS)
        await asyncio.gather(*ended, return_exceptions=True)
