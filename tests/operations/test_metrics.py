"""What a watching machine reads about the outbox: the workers have no port of their own."""

import re
from datetime import timedelta
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core import health
from backend.core.config import get_settings
from backend.core.db import Database, make_engine, use_database
from backend.core.http import LIVE, route_label
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


async def asked_from(app: FastAPI, host: str, **headers: str) -> int:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(host, 1)), base_url="http://here") as machine:
        return (await machine.get("/metrics", headers=headers)).status_code


async def test_only_this_machine_or_the_holder_of_the_token_reads_them(
    app: FastAPI, session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = "127.0.0.1", "10.0.0.7"
    assert [await asked_from(app, host) for host in (here, "::1", there)] == [200, 200, 403]
    assert await asked_from(app, here, **{"X-Forwarded-For": here}) == 403
    monkeypatch.setattr(get_settings(), "metrics_token", SecretStr("t" * 32))
    assert [await asked_from(app, host, Authorization=f"Bearer {'t' * 32}") for host in (here, there)] == [200, 200]
    assert [await asked_from(app, host, Authorization=f"Bearer {'t' * 31}") for host in (here, there)] == [403, 403]
    assert await asked_from(app, here) == 403


PROXIED = ("Forwarded", "Via", "X-Real-IP", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "CF-Connecting-IP")


@pytest.mark.parametrize("header", PROXIED)
async def test_whatever_shows_a_proxy_closes_them(app: FastAPI, session: AsyncSession, header: str) -> None:
    assert await asked_from(app, "127.0.0.1", **{header: "x"}) == 403


async def test_production_asks_for_the_token_always(app: FastAPI, session: AsyncSession, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy on the same machine that adds no header looks like a process of it."""
    monkeypatch.setattr(get_settings(), "environment", "production")
    assert await asked_from(app, "127.0.0.1") == 403
    assert await asked_from(app, "127.0.0.1", Authorization="Bearer ") == 403
    monkeypatch.setattr(get_settings(), "metrics_token", SecretStr("t" * 32))
    assert await asked_from(app, "127.0.0.1", Authorization=f"Bearer {'t' * 32}") == 200


async def counted(client: httpx.AsyncClient) -> set[str]:
    return set(re.findall(r'chengdan_http_seconds_count\{method="GET",route="([^"]+)"', (await client.get("/metrics")).text))


async def test_a_request_is_counted_under_the_route_of_the_contract(client: httpx.AsyncClient, session: AsyncSession) -> None:
    before = await counted(client)
    for path in ("/api/v1/leads/5", "/api/v1/nothing", "/some/page"):
        await client.get(path)
    routes = await counted(client)
    assert {"/api/v1/leads/{lead_id}", "unrouted", "files"} <= routes
    assert routes - before <= {"/api/v1/leads/{lead_id}", "unrouted", "files", "/metrics"}


@pytest.mark.parametrize(("path", "route", "label"), [
    ("/api/v1/live", "/live", LIVE), ("/api/docs", None, "unrouted"), ("/", None, "files"), ("/readyz", "/readyz", "/readyz"),
])  # fmt: skip
def test_labels(path: str, route: str | None, label: str) -> None:
    assert route_label({"path": path, "route": SimpleNamespace(path=route) if route else None}) == label


async def test_an_open_stream_is_no_slow_request(client: httpx.AsyncClient, session: AsyncSession) -> None:
    assert (await client.get(LIVE)).status_code == 401
    assert f'route="{LIVE}"' not in (await client.get("/metrics")).text
