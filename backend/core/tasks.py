"""Tasks that live as long as their process, and their end."""

import asyncio


async def recover(seconds: float) -> None:
    """The pause of a loop that carries on after an error. A connection that breaks while its task is cancelled puts its own error
    in place of the cancellation: then this raises it again, so that no loop outlives its process.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
    await asyncio.sleep(seconds)
