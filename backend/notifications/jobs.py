"""The sender, which lives as long as its worker, its sweep, and the pruning of old live events."""

import asyncio
from typing import Any
from uuid import UUID

import structlog

from backend.core.clock import product_now, real_now
from backend.core.config import get_settings
from backend.core.db import Lens, transaction
from backend.core.pausepoints import pause
from backend.core.pruning import prune
from backend.core.tasks import carry_on
from backend.notifications import rules, sending
from backend.notifications.models import LiveEvent
from backend.notifications.ways import Ways, open_ways

log = structlog.get_logger()
ACTOR = "system:channels"
FALLBACK_SECONDS = 1.0


async def send_next(ways: Ways, channel_id: UUID) -> bool:
    """One message of a channel; False when it has none for now."""
    async with transaction(Lens.SYSTEM, ACTOR) as session:
        outgoing = await sending.claim(session, channel_id, real_now())
    if outgoing is None:
        return False
    await pause("deliveries.claimed")
    answer = await ways.send(outgoing.parcel)
    await pause("deliveries.sent")
    async with transaction(Lens.SYSTEM, ACTOR) as session:
        await sending.record(session, outgoing, answer, real_now(), product_now())
    return True


async def serve_channel(ways: Ways, channel_id: UUID) -> int:
    """Sends until the channel has nothing more or must be silent; returns the number of messages."""
    count = 0
    while await send_next(ways, channel_id):
        count += 1
    return count


async def work_waiting() -> list[UUID]:
    async with transaction(Lens.SYSTEM, ACTOR) as session:
        return await sending.channels_with_work(session, real_now())


async def send_deliveries(ctx: dict[Any, Any]) -> int:
    """The sweep beside the long-lived sender: all channels once, side by side."""
    del ctx
    async with open_ways(get_settings()) as ways:
        return sum(await asyncio.gather(*(serve_channel(ways, channel_id) for channel_id in await work_waiting())))


class Sender:
    """Wakes on the doorbell and looks by itself every second; a slow channel holds up no other."""

    def __init__(self) -> None:
        self._bell = asyncio.Event()
        self._busy: dict[UUID, asyncio.Task[None]] = {}

    def ring(self, _: str = "") -> None:
        self._bell.set()

    async def run(self) -> None:
        async with open_ways(get_settings()) as ways, asyncio.TaskGroup() as group:
            while True:
                try:
                    for channel_id in await work_waiting():
                        if channel_id not in self._busy:
                            self._busy[channel_id] = group.create_task(self._serve(ways, channel_id))
                except Exception as error:  # noqa: BLE001 - whatever it is, the sender must not fall silent
                    await carry_on("sender", error, 0)
                await self._rest()

    async def _serve(self, ways: Ways, channel_id: UUID) -> None:
        try:
            await serve_channel(ways, channel_id)
        except Exception:  # one channel's trouble must not stop the others; its lease brings the work back
            log.exception("channel_not_served", channel=str(channel_id))
        finally:
            del self._busy[channel_id]

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(FALLBACK_SECONDS):
                await self._bell.wait()
        except TimeoutError:
            return
        self._bell.clear()


async def prune_live_events(ctx: dict[Any, Any]) -> int:
    """A browser that was away for longer loads its screens anew."""
    del ctx
    return await prune(LiveEvent, LiveEvent.at < product_now() - rules.KEEP_LIVE_EVENTS)
