"""Sessions: one request or job is one transaction, bound to an actor and a lens before its first query."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from enum import StrEnum
from typing import Any, TypeVar, cast
from uuid import UUID

import asyncpg
from pydantic_core import from_json
from sqlalchemy import DateTime, MetaData, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from backend.core.config import APP_LOGIN, get_settings
from backend.core.errors import Unavailable
from backend.core.ids import new_id

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables; moments are `timestamptz`, dictionaries are `jsonb`."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {dict[str, Any]: JSONB, list[dict[str, Any]]: JSONB}


class Keyed:
    """A UUIDv7 primary key."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


DRIVER_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What the driver itself may raise; the internal one when a connection breaks in the middle of an exchange, and SQLAlchemy lets it through."""

DATABASE_ERRORS = (SQLAlchemyError, *DRIVER_ERRORS, TimeoutError)
"""What a database that is away or refuses may raise."""


def reason(error: BaseException) -> str:
    """What the database or the network says of a failure, without statement and parameters, in which secrets may stand."""
    return str(getattr(error, "orig", None) or error).rpartition(">: ")[2].partition("\n")[0]


def database_away(error: BaseException) -> Unavailable:
    """What an operator is told whose command failed for it."""
    return Unavailable(
        "database_away",
        f"The database did not do this ({reason(error)}). Check DATABASE_URL and the passwords, and run `chengdan migrate`.",
    )


Moment = DateTime(timezone=True)


class Lens(StrEnum):
    """Database roles a transaction looks through; each table's policies say what each one sees."""

    OWN = "cd_own"
    REGION = "cd_region"
    COMPANY = "cd_company"
    POOL = "cd_pool"
    MACHINE = "cd_machine"
    PERSON = "cd_person"
    AUTH = "cd_auth"
    SYSTEM = "cd_system"


BIND = text(
    "select set_config('role', :role, true), set_config('app.actor', :actor, true),"
    " set_config('app.request', :request, true), set_config('app.ip', :ip, true)"
)


class RequestTrace:
    """Who asked and from where: written to every audit row of the transaction."""

    def __init__(self, request_id: str = "", ip: str = "") -> None:
        self.request_id = request_id
        self.ip = ip


trace_var: ContextVar[RequestTrace] = ContextVar("request_trace", default=RequestTrace())  # noqa: B039


class Database:
    """The engine of this process and what runs after a commit."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """One transaction, unbound: sees no row until `bind`."""
        async with AsyncSession(self.engine, expire_on_commit=False, autoflush=True) as session:
            try:
                yield session
                await run_before_commit(session)
                await session.commit()
            except BaseException:
                with suppress(*DATABASE_ERRORS):  # a broken connection must not put its error in place of a cancellation
                    await session.rollback()
                raise
        await run_after_commit(session)


async def bind(session: AsyncSession, lens: Lens, actor: str) -> None:
    """Sets role and actor for the rest of this transaction, in one round trip."""
    trace = trace_var.get()
    await session.execute(BIND, {"role": lens.value, "actor": actor, "request": trace.request_id, "ip": trace.ip})


async def let_go(session: AsyncSession) -> None:
    """Gives the connection back before slow work that needs no database. Only after reading: what was written would be undone; bind again."""
    await session.rollback()


async def change_lens(session: AsyncSession, lens: Lens) -> None:
    """Looks through another lens for the rest of this transaction; who acts stays the same."""
    await session.execute(text("select set_config('role', :role, true)"), {"role": lens.value})


Action = Callable[[], Awaitable[None]]
Gathers = TypeVar("Gathers", bound=Action)


def before_commit(session: AsyncSession, make: Callable[[], Gathers], *, key: str) -> Gathers:
    """What runs once per key when the work of the transaction is done, made at the first call: it gathers what is to be done together."""
    actions: dict[str, Gathers] = session.info.setdefault("before_commit", {})
    if key not in actions:
        actions[key] = make()
    return actions[key]


async def run_before_commit(session: AsyncSession) -> None:
    for action in session.info.pop("before_commit", {}).values():
        await action()


def forget_before_commit(session: AsyncSession) -> None:
    """What was to be done at the end of work that has been undone."""
    session.info.pop("before_commit", None)


def after_commit(session: AsyncSession, action: Action, *, key: str) -> None:
    """Runs once per key when the transaction has committed; only for hints that may be lost (wake-ups)."""
    session.info.setdefault("after_commit", {})[key] = action


async def run_after_commit(session: AsyncSession) -> None:
    for action in session.info.pop("after_commit", {}).values():
        await action()


_database: Database | None = None
FROZEN_AFTER = "30s"
"""A process that is alive but stands still must not hold its locks for ever; PostgreSQL then cuts its connection."""


def make_engine(login: str = APP_LOGIN) -> AsyncEngine:
    """Connections for this login. One that the server has closed meanwhile (restarted) is not given out: the driver knows it without asking."""
    settings = get_settings()
    engine = create_async_engine(
        settings.login_url(login),
        pool_size=settings.pool_size,
        max_overflow=settings.pool_size,
        pool_timeout=10,
        json_deserializer=from_json,
        connect_args={
            "timeout": 10,
            "server_settings": {"application_name": login, "jit": "off", "idle_in_transaction_session_timeout": FROZEN_AFTER},
        },
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def _refuse_closed(connection: DBAPIConnection, _record: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
    if cast("asyncpg.Connection", connection.driver_connection).is_closed():
        raise InvalidatePoolError


def use_database(database: Database | None) -> None:
    """Chooses the database of this process: at start-up, and by the tests."""
    global _database  # noqa: PLW0603
    _database = database


def get_database() -> Database:
    """The database of this process; opened by the application or the worker."""
    if _database is None:
        raise RuntimeError("No database is open: create_app() or the worker opens it")
    return _database


@asynccontextmanager
async def transaction(lens: Lens, actor: str) -> AsyncIterator[AsyncSession]:
    """One bound transaction outside a request: commits on exit, rolls back on any error."""
    async with get_database().session() as session:
        await bind(session, lens, actor)
        yield session
