"""Brings a database to the present schema: roles, tables (Alembic), row security, default data. Safe to run at every start."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from backend import schema
from backend.core.config import APP_LOGIN, WORKER_LOGIN, Settings, get_settings
from backend.core.db import Lens, reason
from backend.core.errors import Refused
from backend.core.rowsecurity import APP_ROLES, function_statements, table_statements
from backend.defaults import install_defaults

ROOT = Path(__file__).resolve().parent.parent
LOCK = 7_240_311
SECURITY_LOG = (
    "create table if not exists schema_security (fingerprint text not null)",
    "alter table schema_security add column if not exists applied_at timestamptz not null default '-infinity'",
)


def _role_statements(settings: Settings) -> list[str]:
    """Roles belong to the whole cluster; making one that exists is no error."""
    logins = {APP_LOGIN: settings.app_db_password, WORKER_LOGIN: settings.worker_db_password}
    found = [_create_role(lens.value, "nologin") for lens in Lens]
    for login, password in logins.items():
        found.append(_create_role(login, "login noinherit"))
        if password.get_secret_value():
            secret = password.get_secret_value().replace("'", "''")
            found.append(f"alter role {login} with login noinherit password '{secret}'")
        found.append(_make_weak(login))
    found += [f"grant {lens.value} to {APP_LOGIN} with inherit false, set true" for lens in APP_ROLES]
    found += [f"grant {lens.value} to {WORKER_LOGIN} with inherit false, set true" for lens in Lens]
    return found


def _create_role(name: str, options: str) -> str:
    return f"do $$ begin create role {name} {options}; exception when duplicate_object or unique_violation then null; end $$"


def _make_weak(login: str) -> str:
    """A login that was given too much loses it; an owner that is no superuser may not even say so, and need not where nothing is wrong."""
    mighty = f"exists (select from pg_roles where rolname = '{login}' and (rolsuper or rolbypassrls))"
    return f"do $$ begin if {mighty} then alter role {login} with nosuperuser nobypassrls; end if; end $$"


async def create_roles(connection: AsyncConnection, settings: Settings) -> None:
    if settings.environment == "production" and not (
        settings.app_db_password.get_secret_value() and settings.worker_db_password.get_secret_value()
    ):
        raise Refused(
            "passwords_missing",
            "Set CHENGDAN_APP_DB_PASSWORD and CHENGDAN_WORKER_DB_PASSWORD, the same on every machine: the two database logins get them.",
        )
    try:
        for statement in _role_statements(settings):
            await connection.execute(text(statement.replace(":", r"\:")))
    except DBAPIError as error:
        raise Refused(
            "roles_not_made",
            f"The database roles cannot be made ({reason(error)}). The owner in DATABASE_URL needs CREATEROLE, and must be the one that made"
            f" {APP_LOGIN} and {WORKER_LOGIN} where these exist, or a superuser.",
        ) from None  # the statement holds a password


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def _upgrade(connection: Connection) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def apply_security(connection: AsyncConnection) -> bool:
    """Makes all functions, policies, grants and triggers anew when what the modules describe has changed.

    `schema_security` keeps every version that was reached: older code finds its own there and goes on while newer code takes over.
    """
    for statement in SECURITY_LOG:
        await connection.execute(text(statement))
    wanted = schema.version()
    if await connection.scalar(text("select fingerprint from schema_security order by applied_at desc limit 1")) == wanted:
        return False
    old = await connection.execute(text("select policyname, tablename from pg_policies where schemaname = 'public'"))
    statements = [f'drop policy "{name}" on "{table}"' for name, table in old]
    statements += [statement for function in schema.FUNCTIONS for statement in function_statements(function)]
    statements += [statement for table in schema.TABLES for statement in table_statements(table)]
    for statement in statements:
        await connection.exec_driver_sql(statement)
    await connection.execute(text("insert into schema_security values (:wanted, clock_timestamp())"), {"wanted": wanted})
    return True


async def migrate_engine(engine: AsyncEngine, settings: Settings) -> None:
    """All steps in one transaction: a failure leaves the database as it was; two at once run one after the other."""
    async with engine.begin() as connection:
        await connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        await connection.execute(text("set local lock_timeout = '30s'"))
        await connection.execute(text("select set_config('app.actor', 'system:migrate', true)"))
        await create_roles(connection, settings)
        await connection.run_sync(_upgrade)
        await apply_security(connection)
        async with AsyncSession(connection, join_transaction_mode="create_savepoint") as session:
            await install_defaults(session)
            await session.commit()


async def migrate() -> None:
    settings = get_settings()
    engine = create_async_engine(settings.owner_url())
    try:
        await migrate_engine(engine, settings)
    finally:
        await engine.dispose()


async def make_roles() -> None:
    """The roles alone: a backup names them, so they come before its restore."""
    engine = create_async_engine(get_settings().owner_url())
    async with engine.begin() as connection:
        await create_roles(connection, get_settings())
    await engine.dispose()


def run() -> None:
    """Entry point of `chengdan migrate`."""
    asyncio.run(migrate())
