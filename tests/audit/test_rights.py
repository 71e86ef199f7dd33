"""Tried with the real logins: nobody who serves requests or jobs can change the audit or delete business rows."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from backend import schema
from backend.core.config import APP_LOGIN, WORKER_LOGIN
from backend.core.db import Lens, make_engine
from backend.core.rowsecurity import APP_ROLES

AUDIT = ("audit_entry", "audit_seal")
BUSINESS = [table.table for table in schema.TABLES if not table.delete]
REFUSED = "42501"
ROLES = {APP_LOGIN: ["none", *APP_ROLES], WORKER_LOGIN: ["none", *Lens]}


@pytest.fixture
async def logins(database_name: str) -> AsyncIterator[dict[str, AsyncEngine]]:
    engines = {login: make_engine(login) for login in ROLES}
    yield engines
    for engine in engines.values():
        await engine.dispose()


async def accepted(engine: AsyncEngine, role: str, statements: list[str]) -> list[str]:
    """The statements that this login in this role gets through; all are rolled back."""
    found = []
    async with engine.connect() as connection:
        await connection.execute(text("select set_config('role', :role, true)"), {"role": role})
        for statement in statements:
            savepoint = await connection.begin_nested()
            try:
                await connection.execute(text(statement))
                found.append(statement)
            except DBAPIError as error:
                assert getattr(error.orig, "sqlstate", "") == REFUSED, (statement, error)  # noqa: PT017
            await savepoint.rollback()
        await connection.rollback()
    return found


def forbidden() -> list[str]:
    audit = [statement for table in AUDIT for statement in (
        f"update {table} set batch = 1", f"delete from {table}", f"truncate {table}",
        f"alter table {table} disable trigger all", f"drop table {table}",
    )]  # fmt: skip
    audit += [
        "insert into audit_entry (at, actor, request_id, ip, table_name, row_id, action) values (now(), '', '', '', '', '', '')",
        "insert into audit_seal (batch, entries, hash, sealed_at) values (1000, 1, '', now())",
    ]
    business = [f'{verb} "{table}"' for table in BUSINESS for verb in ("delete from", "truncate")]
    triggers = [f'alter table "{table}" disable trigger all' for table in BUSINESS]
    rest = ["drop function audit_write() cascade", "drop function audit_write_made() cascade", "alter function audit_write() rename to x", "set session_replication_role = replica",
            "create or replace function audit_write() returns trigger language plpgsql as $$ begin return null; end $$",
            "create table public.x (a int)", "create role x", "alter role chengdan_app bypassrls", "grant cd_system to chengdan_app"]  # fmt: skip
    return [*audit, *business, *triggers, *rest]


@pytest.mark.parametrize("login", ROLES)
async def test_no_login_in_any_role_can_change_the_evidence(logins: dict[str, AsyncEngine], login: str) -> None:
    for role in ROLES[login]:
        assert await accepted(logins[login], role, forbidden()) == [], (login, role)


async def test_the_app_may_not_become_the_system(logins: dict[str, AsyncEngine]) -> None:
    assert await accepted(logins[APP_LOGIN], "none", ["set role cd_system", "set local role cd_system"]) == []
    assert await accepted(logins[WORKER_LOGIN], "none", ["set role cd_system"]) == ["set role cd_system"]


@pytest.mark.parametrize("login", ROLES)
async def test_a_login_by_itself_sees_and_writes_no_table(logins: dict[str, AsyncEngine], login: str) -> None:
    statements = [f'select 1 from "{table.table}"' for table in schema.TABLES]
    assert await accepted(logins[login], "none", statements) == []


async def test_the_app_cannot_seal(logins: dict[str, AsyncEngine]) -> None:
    for role in ROLES[APP_LOGIN]:
        assert await accepted(logins[APP_LOGIN], role, ["select audit_seal_next(1)", "select audit_digest(1)"]) == []
