"""Real servers for the tests: one embedded PostgreSQL and Valkey a run, one database a worker, one rolled-back transaction a test."""

import asyncio
import gc
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import structlog
from fastapi import FastAPI
from hypothesis import settings as hypothesis_settings
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from tests import announced, resetting

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
TEMPLATE = "chengdan_template"

# A shared machine stalls now and then: an example is judged by its outcome, not by its milliseconds.
hypothesis_settings.register_profile("chengdan", deadline=None)
hypothesis_settings.load_profile("chengdan")


def pytest_configure(config: pytest.Config) -> None:
    """The controlling process starts the servers; xdist's workers inherit their addresses."""
    if hasattr(config, "workerinput") or config.option.collectonly or _only_browser(config):
        return
    from backend.core.config import get_settings
    from backend.embedded.postgres import start_postgres
    from backend.embedded.valkey import start_valkey

    home = Path(tempfile.mkdtemp(prefix="chengdan-test-"))
    servers = [start_postgres(home, durable=False), start_valkey(home, durable=False)]
    config.stash[SERVERS] = (servers, home)
    os.environ.update(
        {
            "DATABASE_URL": servers[0].url,
            "REDIS_URL": servers[1].url,
            "CHENGDAN_DATA_DIR": str(home),
            "CHENGDAN_APP_DB_PASSWORD": secrets.token_hex(8),
            "CHENGDAN_WORKER_DB_PASSWORD": secrets.token_hex(8),
            "CHENGDAN_JWT_SECRET": secrets.token_hex(32),
            "CHENGDAN_LOG_LEVEL": "WARNING",
        }
    )
    get_settings.cache_clear()
    asyncio.run(_make_template())


def pytest_collection_finish() -> None:
    """What is loaded by now stays loaded: looking through it for garbage again and again takes a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _only_browser(config: pytest.Config) -> bool:
    """The browser tests start the whole product themselves."""
    folder = Path(__file__).parent / "e2e"
    return all((config.invocation_params.dir / name.partition("::")[0]).resolve().is_relative_to(folder) for name in config.args)


SERVERS = pytest.StashKey[Any]()


def pytest_unconfigure(config: pytest.Config) -> None:
    servers, home = config.stash.get(SERVERS, ([], None))
    for server in reversed(servers):
        server.stop()
    if home is not None:
        shutil.rmtree(home, ignore_errors=True)


def _admin() -> AsyncEngine:
    from backend.core.config import get_settings

    return create_async_engine(get_settings().owner_url(), isolation_level="AUTOCOMMIT", poolclass=NullPool)


async def _make_template() -> None:
    from backend.core.config import get_settings
    from backend.migrate import migrate_engine

    admin = _admin()
    async with admin.connect() as connection:
        await connection.execute(text(f"create database {TEMPLATE}"))
    engine = create_async_engine(get_settings().owner_url().set(database=TEMPLATE), poolclass=NullPool)
    await migrate_engine(engine, get_settings())
    async with engine.begin() as connection:
        for statement in (*announced.WATCH, *resetting.KEEP):
            await connection.execute(text(statement))
    await engine.dispose()
    await admin.dispose()


async def _clone(name: str) -> None:
    """A database from the template; the copies of parallel workers take turns."""
    admin = _admin()
    async with admin.connect() as connection:
        await connection.execute(text("select pg_advisory_lock(1)"))
        await connection.execute(text(f"drop database if exists {name} with (force)"))
        await connection.execute(text(f"create database {name} template {TEMPLATE} strategy wal_log"))
    await admin.dispose()


def _point_at(name: str) -> None:
    from backend.core.config import get_settings

    url = get_settings().owner_url().set(database=name, drivername="postgresql")
    os.environ["DATABASE_URL"] = url.render_as_string(hide_password=False)
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def database_name(worker_id: str) -> Iterator[str]:
    """The database of this worker, as `DATABASE_URL` of this process names it."""
    name = f"chengdan_{worker_id}"
    asyncio.run(_clone(name))
    _point_at(name)
    yield name


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> None:
    """Without it structlog draws a coloured traceback with all locals, which takes seconds."""
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()]
    )


@pytest.fixture(scope="session")
async def server(database_name: str) -> AsyncIterator[AsyncEngine]:
    """One connection a process as the owner: a fresh one would read the catalogue and plan every statement anew for each test."""
    from backend.core.config import get_settings

    engine = create_async_engine(get_settings().owner_url(), pool_size=1, max_overflow=0)
    yield engine
    await engine.dispose()


@pytest.fixture
async def connection(server: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """The connection of this process as the owner, inside a transaction that is rolled back."""
    async with server.connect() as opened:
        transaction = await opened.begin()
        yield opened
        await transaction.rollback()


class RolledBack:
    """Stands where the process's database stands: every session is a savepoint of the test's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """Like `Database.session`, and leaves the connection as the owner again."""
        from backend.core.db import run_after_commit, run_before_commit

        try:
            async with AsyncSession(self.connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
                try:
                    yield session
                    await run_before_commit(session)
                    await session.commit()
                except BaseException:
                    await session.rollback()
                    raise
            await run_after_commit(session)
        finally:
            await as_owner(self.connection)


async def as_owner(connection: AsyncConnection | AsyncSession) -> None:
    """Ends what somebody did on this connection: the test goes on as the owner."""
    await connection.execute(text("select set_config('role', 'none', true), set_config('app.actor', 'test', true), watch.next_unit()"))


@pytest.fixture
async def session(connection: AsyncConnection, request: pytest.FixtureRequest) -> AsyncIterator[AsyncSession]:
    """A session as the owner (for factories and for looking at everything); `bind` narrows it."""
    from backend.core.db import use_database

    use_database(RolledBack(connection))  # type: ignore[arg-type]
    await as_owner(connection)
    async with AsyncSession(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as opened:
        yield opened
        use_database(None)
        if _is_watched(request) and not await _is_broken(connection):
            await as_owner(connection)
            announced.assert_announced(await announced.silences(connection))


def _is_watched(request: pytest.FixtureRequest) -> bool:
    """Not where the test itself plants writes in somebody's name (`plants_writes`)."""
    return request.node.get_closest_marker("plants_writes") is None


async def _is_broken(connection: AsyncConnection) -> bool:
    """Whether the test ended with the refusal of its last statement."""
    try:
        await connection.execute(text("select 1"))
    except DBAPIError:
        return True
    return False


@pytest.fixture(scope="session")
def built_app(database_name: str) -> FastAPI:
    """The application, made once a process: its routes are put together at its first request, which takes longer than most tests."""
    from backend.main import create_app

    return create_app()


@pytest.fixture
def app(built_app: FastAPI) -> Iterator[FastAPI]:
    """The application with the product clock at NOW and limits of its own; what a test sets besides is undone."""
    from backend.core.clock import product_moment
    from backend.core.limiting import Limiter, get_limiter

    limiter = Limiter(None)
    built_app.dependency_overrides |= {product_moment: lambda: NOW, get_limiter: lambda: limiter}
    yield built_app
    built_app.dependency_overrides.clear()


@pytest.fixture
async def client(session: AsyncSession, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """The application in this process, on the test's transaction."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", follow_redirects=False) as opened:
        opened.app = app  # type: ignore[attr-defined]
        yield opened


@pytest.fixture
def away(session: AsyncSession, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database that does not answer: nobody listens on its port."""
    from backend.core.config import get_settings
    from backend.core.db import Database, make_engine, use_database

    url = get_settings().owner_url().set(port=1).render_as_string(hide_password=False)
    with monkeypatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        get_settings.cache_clear()
        use_database(Database(make_engine()))
        yield
    get_settings.cache_clear()


SignIn = Callable[[Any], Awaitable[dict[str, str]]]


@pytest.fixture
def sign_in(session: AsyncSession) -> SignIn:
    """Headers of a fresh device of a person, without the price of a password hash."""

    async def headers(person: Any) -> dict[str, str]:
        return await device_headers(session, person.id)

    return headers


async def device_headers(session: AsyncSession, person_id: UUID) -> dict[str, str]:
    """Opens an auth session for a person and issues its access token."""
    from datetime import timedelta

    from backend.core.clock import real_now
    from backend.identity.models import AuthSession
    from backend.identity.tokens import issue_access_token, new_session_id

    now = real_now()
    device = AuthSession(
        id=new_session_id(),
        person_id=person_id,
        token_hash=secrets.token_hex(8),
        created_at=now,
        rotated_at=now,
        expires_at=now + timedelta(days=1),
        user_agent="test",
        ip="",
    )
    session.add(device)
    await session.flush()
    token, _ = issue_access_token(person_id, device.id, now)
    return {"Authorization": f"Bearer {token}"}


class Committed:
    """A database of its own with committed data and the real logins, for races and faults."""

    def __init__(self, name: str) -> None:
        from backend.core.config import get_settings

        self.name = name
        self.engine = create_async_engine(get_settings().owner_url())

    @asynccontextmanager
    async def owner(self) -> AsyncIterator[AsyncSession]:
        """A committing session as the owner."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            yield session


@pytest.fixture(scope="session")
def spare(database_name: str) -> list[str]:
    """Databases of committed tests that are as they were made."""
    return []


@pytest.fixture
async def committed(database_name: str, spare: list[str], request: pytest.FixtureRequest) -> AsyncIterator[Committed]:
    """A fresh database; the process's database runs as the worker's login (it may bind every lens)."""
    from backend.core.config import WORKER_LOGIN
    from backend.core.db import Database, make_engine, use_database

    if not spare:
        spare.append(f"{database_name}_{secrets.token_hex(3)}")
        await _clone(spare[0])
    name = spare.pop()
    _point_at(name)
    engine = make_engine(WORKER_LOGIN)
    use_database(Database(engine))
    database = Committed(name)
    yield database
    use_database(None)
    await engine.dispose()
    async with database.owner() as session:
        silent = await announced.silences(session)
        await session.execute(text(resetting.RESTORE))
    await database.engine.dispose()
    _point_at(database_name)
    spare.append(name)
    if _is_watched(request):
        announced.assert_announced(silent)


async def waits_for_a_lock(committed: Committed) -> bool:
    """Whether some transaction stands still for another one."""
    waiting = "select exists (select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"
    async with committed.owner() as session:
        return bool(await session.scalar(text(waiting)))
