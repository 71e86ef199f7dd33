"""What a watching machine reads about the outbox: the workers have no port of their own."""

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import health
from backend.core.db import Database, make_engine, use_database
from tests.conftest import NOW, Committed
from tests.operations.test_dead_events import make_event


def gauges(page: str) -> dict[str, float]:
    return {name: float(value) for name, value in re.findall(r"^chengdan_outbox_(\w+) (\S+)$", page, re.MULTILINE)}


async def test_backlog_age_and_the_dead_are_counted_at_each_scrape(client: httpx.AsyncClient, session: AsyncSession) -> None:
    assert gauges((await client.get("/metrics")).text) == {"open_events": 0, "oldest_open_seconds": 0, "dead_events": 0}
    await make_event(session, dead_at=None, occurred_at=NOW - timedelta(minutes=3))
    await make_event(session, dead_at=None, occurred_at=NOW)
    await make_event(session)
    await make_event(session, dead_at=None, done_at=NOW)
    assert gauges((await client.get("/metrics")).text) == {"open_events": 2, "oldest_open_seconds": 180, "dead_events": 1}


async def test_a_huge_backlog_is_not_counted_to_its_end(
    client: httpx.AsyncClient, session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "MOST_COUNTED", 2)
    for _ in range(3):
        await make_event(session, dead_at=None)
        await make_event(session)
    page = gauges((await client.get("/metrics")).text)
    assert (page["open_events"], page["dead_events"]) == (2, 2)


async def test_the_query_reads_no_table_from_end_to_end(session: AsyncSession) -> None:
    await session.execute(text("set local enable_seqscan = off"))
    body = await session.scalar(text("select prosrc from pg_proc where proname = 'outbox_health'"))
    plan = "\n".join(await session.scalars(text("explain " + str(body).replace("most", "10000"))))
    assert "Seq Scan" not in plan
    assert all(index in plan for index in ("ix_outbox_open", "ix_outbox_dead"))


async def test_without_a_database_the_rest_is_still_there(client: httpx.AsyncClient, away: None) -> None:
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert "chengdan_http_seconds" in answer.text
    assert "chengdan_outbox" not in answer.text


async def test_the_application_s_own_login_may_ask(committed: Committed) -> None:
    engine = make_engine()
    use_database(Database(engine))
    async with committed.owner() as session:
        await make_event(session)
    async with engine.begin() as connection:
        row = (await connection.execute(health.OUTBOX_HEALTH, {"most": 10})).one()
    await engine.dispose()
    assert tuple(row) == (0, None, 1)
