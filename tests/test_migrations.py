"""The migrations build what the models say, run again without effect, and two at once do no harm."""

import asyncio
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from backend import schema
from backend.core.config import get_settings
from backend.migrate import apply_security, migrate
from tests.conftest import Committed


def _differences(connection: Connection) -> list[Any]:
    def is_ours(name: str | None, kind: str, _: object) -> bool:
        return not (kind == "table" and name in {"schema_security", "alembic_version"})

    context = MigrationContext.configure(connection, opts={"include_name": is_ours, "compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, schema.metadata))


async def test_the_migrations_build_the_models(connection: AsyncConnection) -> None:
    assert await connection.run_sync(_differences) == []


async def test_security_is_applied_only_when_it_changed(connection: AsyncConnection) -> None:
    assert await apply_security(connection) is False
    has = text("select schema_has(:version)")
    assert (await connection.scalar(has, {"version": schema.version()}), await connection.scalar(has, {"version": "newer"})) == (
        True,
        False,
    )
    await connection.execute(text("update schema_security set fingerprint = 'older'"))
    await connection.execute(text("grant delete on lead to cd_person"))
    before = await connection.scalar(text("select count(*) from pg_policies"))
    assert await apply_security(connection) is True
    assert await connection.scalar(text("select count(*) from pg_policies")) == before
    assert await connection.scalar(text("select has_table_privilege('cd_person', 'lead', 'delete')")) is False
    for version in (schema.version(), "older"):
        assert await connection.scalar(has, {"version": version}), "older code goes on while newer code takes over"


async def test_two_migrations_at_once(committed: Committed) -> None:
    await asyncio.gather(migrate(), migrate())
    engine = create_async_engine(get_settings().owner_url(), poolclass=NullPool)
    async with engine.connect() as connection:
        assert await connection.scalar(text("select count(*) from role")) == 10
        assert await connection.scalar(text("select count(*) from schema_security")) == 1
    await engine.dispose()
