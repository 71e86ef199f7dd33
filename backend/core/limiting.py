"""How often something may be asked in a minute: counted in Redis for all processes, in memory of each while Redis is away."""

import math
import time
from dataclasses import dataclass
from typing import Any

import structlog
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from backend.core.config import get_settings
from backend.core.errors import TooMany

log = structlog.get_logger()
REST_SECONDS = 5.0


@dataclass(frozen=True)
class Rate:
    """At most so many of one kind in a minute for each key; `code` and `detail` say so to whoever asks for more."""

    kind: str
    per_minute: int
    code: str
    detail: str


class Limiter:
    """429 with Retry-After beyond a rate."""

    def __init__(self, redis_dsn: str | None) -> None:
        self._pool = ConnectionPool.from_url(redis_dsn, socket_connect_timeout=0.5, socket_timeout=1.0) if redis_dsn else None
        self._shared = FixedWindowRateLimiter(_storage(self._pool)) if self._pool else None
        self._alone = FixedWindowRateLimiter(MemoryStorage())
        self._away_until = 0.0

    async def check(self, rate: Rate, key: str) -> None:
        if self._shared is not None and time.monotonic() >= self._away_until:
            try:
                await self._hit(self._shared, rate, key)
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("limits_counted_alone", error=str(error))
                self._away_until = time.monotonic() + REST_SECONDS
            else:
                return
        await self._hit(self._alone, rate, key)

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.aclose()

    @staticmethod
    async def _hit(limiter: FixedWindowRateLimiter, rate: Rate, key: str) -> None:
        item = RateLimitItemPerMinute(rate.per_minute)
        if await limiter.hit(item, rate.kind, key):
            return
        stats = await limiter.get_window_stats(item, rate.kind, key)
        wait = max(1, math.ceil(stats.reset_time - time.time()))
        raise TooMany(rate.code, rate.detail, headers={"Retry-After": str(wait)}, limit=rate.per_minute, seconds=wait)


def _storage(pool: ConnectionPool) -> RedisStorage:
    options: dict[str, Any] = {"connection_pool": pool}
    return RedisStorage("async+redis://", implementation="redispy", **options)


_limiter: Limiter | None = None


async def get_limiter() -> Limiter:
    """The limiter of this process."""
    global _limiter  # noqa: PLW0603
    if _limiter is None:
        _limiter = Limiter(get_settings().redis_dsn() if get_settings().redis_url else None)
    return _limiter


async def close_limiter() -> None:
    """Called by the application when it stops."""
    global _limiter  # noqa: PLW0603
    if _limiter is not None:
        await _limiter.close()
    _limiter = None
