"""Alembic environment: `chengdan migrate` hands over the connection; `alembic revision` opens one of its own."""

import asyncio

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from backend import schema
from backend.core.config import get_settings


def include_name(name: str | None, kind: str, _: object) -> bool:
    return not (kind == "table" and name == "schema_security")


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=schema.metadata,
        include_name=include_name,
        compare_server_default=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_alone() -> None:
    engine = create_async_engine(get_settings().owner_url())
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(run_alone())
else:
    run(given)
