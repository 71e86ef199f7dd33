"""How many posts a form takes in a minute: counted in Redis for all processes, in memory while Redis is away."""

import math
import time

import structlog
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

from backend.core.config import get_settings
from backend.core.errors import TooMany

log = structlog.get_logger()
REST_SECONDS = 5.0


class FormLimiter:
    """429 with Retry-After beyond the form's rate."""

    def __init__(self, redis_dsn: str | None) -> None:
        shared = _shared_storage(redis_dsn) if redis_dsn else None
        self._shared = FixedWindowRateLimiter(shared) if shared else None
        self._alone = FixedWindowRateLimiter(MemoryStorage())
        self._away_until = 0.0

    async def check(self, form_key: str, per_minute: int) -> None:
        item = RateLimitItemPerMinute(per_minute)
        if self._shared is not None and time.monotonic() >= self._away_until:
            try:
                await self._hit(self._shared, item, form_key)
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("form_limit_counts_alone", error=str(error))
                self._away_until = time.monotonic() + REST_SECONDS
            else:
                return
        await self._hit(self._alone, item, form_key)

    @staticmethod
    async def _hit(limiter: FixedWindowRateLimiter, item: RateLimitItemPerMinute, form_key: str) -> None:
        if await limiter.hit(item, "form", form_key):
            return
        stats = await limiter.get_window_stats(item, "form", form_key)
        wait = max(1, math.ceil(stats.reset_time - time.time()))
        raise TooMany(
            "form_rate_exceeded",
            f"This form takes {item.amount} posts a minute; send it again after Retry-After seconds with the same webhook-id.",
            headers={"Retry-After": str(wait)},
            limit=item.amount,
        )


def _shared_storage(redis_dsn: str) -> RedisStorage:
    return RedisStorage(f"async+{redis_dsn}", implementation="redispy", socket_connect_timeout=0.5, socket_timeout=1.0)


_limiter: FormLimiter | None = None


def get_limiter() -> FormLimiter:
    """The limiter of this process."""
    global _limiter  # noqa: PLW0603
    if _limiter is None:
        _limiter = FormLimiter(get_settings().redis_dsn() if get_settings().redis_url else None)
    return _limiter
