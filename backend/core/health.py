"""Liveness, readiness, metrics: outside the API prefix, for machines that watch."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.clock import Now
from backend.core.config import LAUNCH_HEADER, get_settings
from backend.core.db import DATABASE_ERRORS, Lens, bind, get_database
from backend.core.errors import Forbidden
from backend.core.metrics import INSTALLATION, OUTBOX_DEAD, OUTBOX_OLDEST, OUTBOX_OPEN

log = structlog.get_logger()
router = APIRouter(include_in_schema=False)
TIMEOUT = 2
LOOPBACK = {"127.0.0.1", "::1"}
FORWARDED = {
    "forwarded", "via", "x-real-ip", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto", "x-forwarded-server",
    "x-forwarded-prefix", "x-original-forwarded-for", "x-original-host", "x-cluster-client-ip", "x-envoy-external-address", "true-client-ip",
    "cf-connecting-ip", "cf-ray", "fastly-client-ip", "x-client-ip",
}  # fmt: skip
"""What proxies add; one may add none of them, so that production asks for the token always."""
MOST_COUNTED = 10_000
HAS_SCHEMA = text("select schema_has(:version)")
BEHIND = "behind, run `chengdan migrate`"
OUTBOX_HEALTH = text("select open, oldest, dead from outbox_health(:most)")
Advice = Callable[[AsyncSession, datetime], Awaitable[list[str]]]
"""A module's warnings for the operator (`app.state.advice`); they do not make the installation unready."""


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request, now: Now) -> JSONResponse:
    """The database answers, and was migrated as far as this code needs. Redis is told, but its absence only slows things down, so it does not make us
    unready.
    """
    database, schema = await _database(request.app.state.schema)
    checks = {"database": database, "schema": schema, "redis": await _redis(request.app.state)}
    ready = database == schema == "ok"
    warnings = await _warnings(request.app.state.advice, now) if ready else []
    body = {"status": "ok" if ready else "unready", "checks": checks, "warnings": warnings}
    return JSONResponse(body, 200 if ready else 503, {LAUNCH_HEADER: get_settings().launch})


@router.get("/metrics")
async def metrics(request: Request, now: Now) -> Response:
    """Prometheus text format, for the holder of the token (of a demo: for its own machine). While the database is away, its part is missing and the rest is there."""
    _require_watcher(request)
    parts = [generate_latest()]
    try:
        async with asyncio.timeout(TIMEOUT), get_database().session() as session:
            await _measure_outbox(session, now)
        parts.append(generate_latest(INSTALLATION))
    except DATABASE_ERRORS as error:
        log.warning("outbox_not_measured", error=type(error).__name__)
    return Response(b"".join(parts), media_type=CONTENT_TYPE_LATEST)


def _require_watcher(request: Request) -> None:
    """The token where one is set; without one nobody in production, and in a demo a process of this machine that shows no sign of a proxy."""
    settings = get_settings()
    token = settings.metrics_token.get_secret_value()
    if token:
        may = secrets.compare_digest(request.headers.get("authorization", "").encode(), f"Bearer {token}".encode())
    else:
        is_direct = settings.environment == "demo" and not FORWARDED & set(request.headers.keys())
        may = is_direct and request.client is not None and request.client.host in LOOPBACK
    if not may:
        raise Forbidden(
            "metrics_closed", "Set CHENGDAN_METRICS_TOKEN and send it as a bearer token; only a demo answers its own machine without one."
        )


async def _measure_outbox(session: AsyncSession, now: datetime) -> None:
    """Backlog, its age and the dead, by index only; bounded, so that a backlog does not make itself worse."""
    row = (await session.execute(OUTBOX_HEALTH, {"most": MOST_COUNTED})).one()
    OUTBOX_OPEN.set(row.open)
    OUTBOX_OLDEST.set(max((now - row.oldest).total_seconds(), 0) if row.oldest else 0)
    OUTBOX_DEAD.set(row.dead)


async def _database(version: str) -> tuple[str, str]:
    """How the database is, and whether it ever was what this code needs: by then it may be newer, never older."""
    try:
        async with asyncio.timeout(TIMEOUT), get_database().session() as session:
            reached = await session.scalar(HAS_SCHEMA, {"version": version})
    except ProgrammingError:  # not even the function is there
        return "ok", BEHIND
    except DATABASE_ERRORS as error:
        return type(error).__name__, "unknown"
    return "ok", "ok" if reached else BEHIND


async def _warnings(advice: list[Advice], now: datetime) -> list[str]:
    async with get_database().session() as session:
        await bind(session, Lens.PERSON, "system:readyz")
        return [warning for advise in advice for warning in await advise(session, now)]


async def _redis(state: Any) -> str:
    try:
        async with asyncio.timeout(TIMEOUT):
            await state.redis.ping()
    except (RedisError, OSError, TimeoutError, AttributeError) as error:
        return type(error).__name__
    return "ok"
