"""Limits hold across processes by Redis, and in each process without it."""

from datetime import timedelta

import pytest

from backend.core.config import get_settings
from backend.core.errors import TooMany
from backend.core.ids import new_id
from backend.core.limiting import Limiter, Rate

AWAY = "redis://127.0.0.1:1"


def rate(per_minute: int, kind: str = "thing") -> Rate:
    return Rate(kind, per_minute, "thing_rate_exceeded", "not so often")


async def test_the_rate_is_shared_through_redis(database_name: str) -> None:
    processes, key = [Limiter(get_settings().redis_dsn()) for _ in range(2)], str(new_id())
    for process in (*processes, *processes):
        await process.check(rate(4), key)
    for process in processes:
        with pytest.raises(TooMany) as refused:
            await process.check(rate(4), key)
        assert (refused.value.code, refused.value.params["limit"]) == ("thing_rate_exceeded", 4)
        assert 1 <= int(refused.value.headers["Retry-After"]) <= timedelta(minutes=1).total_seconds()
    await processes[0].check(rate(4), f"{key} of somebody else")
    await processes[0].check(rate(4, "other thing"), key)
    for process in processes:
        await process.close()


@pytest.mark.parametrize("dsn", [AWAY, None])
async def test_without_redis_each_process_still_bounds(dsn: str | None) -> None:
    alone = Limiter(dsn)
    for _ in range(2):
        await alone.check(rate(2), "key")
    with pytest.raises(TooMany):
        await alone.check(rate(2), "key")
    await alone.close()
