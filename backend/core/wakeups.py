"""Redis as a doorbell: wake-ups and fan-out that may be lost without losing anything (the database is swept besides)."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from backend.core.tasks import end, recover

log = structlog.get_logger()
RETRY_SECONDS = 0.5
Listener = Callable[[str], None]


def open_redis(dsn: str) -> Redis:
    """A client that gives up quickly: nobody waits for a hint."""
    client: Redis = Redis.from_url(dsn, decode_responses=True, socket_connect_timeout=1, socket_timeout=5, health_check_interval=30)
    return client


class Wakeups:
    """Sends and hears wake-ups of one process; `send` never blocks and never fails."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self.is_listening = False
        self._pending: dict[str, set[str]] = {}
        self._ring = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def send(self, channel: str, *names: str) -> None:
        """Queues a wake-up; those of the same moment leave in one round trip."""
        self._pending.setdefault(channel, set()).update(names or ("",))
        self._ring.set()

    def start(self, listeners: dict[str, Listener]) -> None:
        self._tasks.append(asyncio.create_task(self._send_loop()))
        if listeners:
            self._tasks.append(asyncio.create_task(self._listen_loop(listeners)))

    async def stop(self) -> None:
        await end(*self._tasks)
        self._tasks.clear()
        with suppress(RedisError, OSError):
            await self.redis.aclose()

    async def _send_loop(self) -> None:
        while True:
            await self._ring.wait()
            self._ring.clear()
            pending, self._pending = self._pending, {}
            try:
                async with self.redis.pipeline(transaction=False) as pipe:
                    for channel, names in pending.items():
                        pipe.publish(channel, " ".join(sorted(names)))
                    await pipe.execute()
            except (RedisError, OSError) as error:
                log.warning("wakeup_not_sent", channels=sorted(pending), error=str(error))
                await recover(0)

    async def _listen_loop(self, listeners: dict[str, Listener]) -> None:
        while True:
            try:
                async with self.redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(*listeners)
                    self.is_listening = True
                    for listener in listeners.values():
                        listener("")
                    while True:
                        message = await pubsub.get_message(timeout=5)
                        if message is not None:
                            listeners[message["channel"]](message["data"])
            except (RedisError, OSError) as error:
                log.warning("wakeups_not_heard", error=str(error))
            finally:
                self.is_listening = False
            for listener in listeners.values():
                listener("")  # from now on everybody looks by himself
            await recover(RETRY_SECONDS)


_wakeups: Wakeups | None = None


def use_wakeups(wakeups: Wakeups | None) -> None:
    """Chooses the doorbell of this process; without one, wake-ups are dropped and the sweeps do the work."""
    global _wakeups  # noqa: PLW0603
    _wakeups = wakeups


def wake(channel: str, *names: str) -> None:
    if _wakeups is not None:
        _wakeups.send(channel, *names)
