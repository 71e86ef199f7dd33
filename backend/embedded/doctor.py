"""`chengdan doctor`: what is missing or wrong on this machine, each with its remedy."""

import asyncio
import os
import platform
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import create_async_engine

from backend.core.config import get_settings
from backend.core.db import DATABASE_ERRORS, reason
from backend.core.errors import Problem
from backend.core.storage.chosen import get_store
from backend.embedded import machine, ports, postgres, valkey
from backend.embedded.process import EmbeddedError, is_held
from backend.embedded.unprivileged import unprivileged

Finding = tuple[bool, str]
TIMEOUT = 5
NEEDED = 18
SPA = Path(__file__).resolve().parents[2] / "frontend" / "dist" / "index.html"


def examine() -> Iterator[Finding]:
    """One line a check: whether it is well, and what it saw or what to do."""
    for check in (_settings, _postgres, _valkey, _data_dir, _files, _ports, _web, _clock):
        yield _safely(check)


def _safely(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except (EmbeddedError, OSError, ValueError, RuntimeError) as error:
        return False, str(error)


def _settings() -> Finding:
    return True, f"{get_settings().environment} environment, Python {platform.python_version()}"


def _postgres() -> Finding:
    url = get_settings().database_url
    if url is not None:
        return asyncio.run(_given_postgres(get_settings().owner_url()))
    user = " ".join(unprivileged().prefix) or "this user"
    return postgres.binary("postgres").is_file(), f"embedded PostgreSQL, run as: {user}"


async def _given_postgres(url: URL) -> Finding:
    """Signs in as the owner, as `chengdan migrate` does."""
    where = f"{url.host}:{url.port or 5432}"
    engine = create_async_engine(url)
    try:
        async with asyncio.timeout(TIMEOUT), engine.connect() as connection:
            number = int(await connection.scalar(text("select current_setting('server_version_num')")) or 0)
    except DATABASE_ERRORS as error:
        return False, f"PostgreSQL at {where}: {reason(error) or type(error).__name__}; check DATABASE_URL"
    finally:
        await engine.dispose()
    major = number // 10_000
    return major >= NEEDED, f"PostgreSQL {major} answers at {where}" + ("" if major >= NEEDED else f"; {NEEDED} is needed")


def _valkey() -> Finding:
    if get_settings().redis_url is not None:
        address = get_settings().redis_dsn().rsplit("@")[-1].removeprefix("redis://").split("/")[0]
        host, _, port = address.partition(":")
        return _reaches("Redis", host, int(port or 6379))
    return valkey.binary().is_file(), "embedded Valkey"


def _reaches(what: str, host: str | None, port: int) -> Finding:
    with socket.create_connection((host or "127.0.0.1", port), timeout=3):
        return True, f"{what} answers at {host}:{port}"


def _data_dir() -> Finding:
    home = machine.data_dir()
    nearest = next(path for path in (home, *home.parents) if path.exists())
    free = shutil.disk_usage(nearest).free / 1024**3
    if not os.access(nearest, os.W_OK):
        return False, f"{nearest} cannot be written; choose another directory with CHENGDAN_DATA_DIR"
    return free > 1, f"data in {home}, {free:.0f} GiB free" + ("" if free > 1 else ": make room")


def _files() -> Finding:
    """A bucket must answer; on one machine the disk is looked at with the data."""
    settings = get_settings()
    if not settings.s3_bucket:
        return True, f"files in {machine.data_dir() / 'files'}"
    try:
        return True, asyncio.run(get_store().examine())
    except Problem as error:
        return False, f"bucket {settings.s3_bucket} at {settings.s3_endpoint or 'AWS'}: {error}; check the CHENGDAN_S3_ settings"


def _ports() -> Finding:
    port, running = get_settings().port, is_held(machine.data_dir(), "postgres")
    busy = [str(number) for number in (port, port + 1) if not ports.is_free(number)]
    if running or not busy:
        return True, f"port {port}" + (" (chengdan is running)" if running else " is free")
    return False, f"port {' and '.join(busy)} in use by another program: stop it or set PORT"


def _web() -> Finding:
    return (True, "web application is built") if SPA.is_file() else (False, "web application is not built: make build")


def _clock() -> Finding:
    path = get_settings().clock_file
    moved = path is not None and path.exists()
    return True, f"product clock is moved: chengdan clock reset ({path})" if moved else "product clock shows real time"
