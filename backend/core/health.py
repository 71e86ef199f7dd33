"""Liveness, readiness, metrics: outside the API prefix, for machines that watch."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from backend.core.db import get_database

router = APIRouter(include_in_schema=False)
TIMEOUT = 2


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """The database answers. Redis is told, but its absence only slows things down, so it does not make us unready."""
    checks = {"database": await _database(), "redis": await _redis(request.app.state)}
    ready = checks["database"] == "ok"
    return JSONResponse({"status": "ok" if ready else "unready", "checks": checks}, 200 if ready else 503)


@router.get("/metrics")
async def metrics() -> Response:
    """Prometheus text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _database() -> str:
    try:
        async with asyncio.timeout(TIMEOUT), get_database().session() as session:
            await session.execute(text("select 1"))
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        return type(error).__name__
    return "ok"


async def _redis(state: Any) -> str:
    try:
        async with asyncio.timeout(TIMEOUT):
            await state.redis.ping()
    except (RedisError, OSError, TimeoutError, AttributeError) as error:
        return type(error).__name__
    return "ok"
