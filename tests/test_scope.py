"""SAFE-1: the policies alone, without any service before them: who has no business with a row neither sees nor writes it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Column, insert, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from backend import schema
from backend.core import outbox
from backend.core.db import Lens, bind
from backend.core.rowsecurity import PEOPLE
from backend.demo import seed
from backend.demo.world import person_id
from tests.conftest import NOW, as_owner
from tests.factories import make_person, make_region

COMMON = {
    "region", "region_area", "role", "role_permission", "person", "person_role", "person_leave", "deputy", "calendar_day", "calendar_year",
    "working_window", "ladder", "daily", "pool_rule", "script_template", "export_policy", "deadline",
    "product_family", "product", "routing_operation",
    "pipeline", "pipeline_stage", "pipeline_version", "document_kind", "funnel_base",
}  # fmt: skip
"""What everybody of the firm reads: who works here, and by which rules; a deadline says when, and of what only its id."""
EVERYBODY_WRITES = {outbox.Outbox.__tablename__, "deadline"}
"""Messages of the product to itself, written in the transaction of whoever changed something."""
SYSTEM_WRITES = {"audit_entry", "audit_seal"}
HOLDER = person_id("zhanglei")
DENIED = "42501"


def _value(column: Column[Any]) -> Any:
    """Something that fits the column."""
    given: dict[type, Any] = {
        str: "x", int: 1, Decimal: Decimal(1), bool: False, datetime: NOW, date: NOW.date(), bytes: b"x", UUID: HOLDER, dict: {}, list: [],
    }  # fmt: skip
    return {} if isinstance(column.type, JSONB) else given[column.type.python_type]


CHOSEN: dict[str, dict[str, Any]] = {"saved_view": {"sharing": "own"}}


NO_CHECKS = """
do $$ declare c record; begin
    for c in select conrelid::regclass as t, conname from pg_constraint where contype = 'c' and connamespace = 'public'::regnamespace loop
        execute format('alter table %s drop constraint %I', c.t, c.conname);
    end loop;
end $$
"""


async def _fill(session: AsyncSession) -> None:
    """The demo company, and one row of a rep in every table that it leaves empty; references are of no matter here."""
    await session.execute(text(NO_CHECKS))
    assert await seed.fill(session, NOW)
    await session.execute(text("set local session_replication_role = replica"))
    for table in schema.metadata.sorted_tables:
        if table.name not in SYSTEM_WRITES and not await session.scalar(text(f"select exists (select from {table.name})")):
            needed = [
                column for column in table.columns if not column.nullable and column.server_default is None and column.identity is None
            ]
            row = {column.name: uuid4() if column.name == "id" and column.type.python_type is UUID else _value(column) for column in needed}
            await session.execute(insert(table).values(row | CHOSEN.get(table.name, {})))
    await session.execute(text("set local session_replication_role = origin"))


async def _granted(session: AsyncSession, lens: Lens, right: str) -> list[str]:
    tables = [table.table for table in schema.TABLES]
    held = text("select t from unnest(cast(:tables as text[])) t where has_table_privilege(:lens, t, :right)")
    return list(await session.scalars(held, {"tables": tables, "lens": lens.value, "right": right}))


async def _seen(session: AsyncSession, lens: Lens, actor: UUID) -> dict[str, int]:
    """How many rows of each table this person sees through this lens; what the lens is granted can be read, whatever its policy asks."""
    found = {}
    for table in await _granted(session, lens, "select"):
        await bind(session, lens, str(actor))
        found[table] = await session.scalar(text(f"select count(*) from {table}"))
        await as_owner(session)
    return {table: number for table, number in found.items() if number}


async def _changed(session: AsyncSession, actor: UUID) -> dict[str, int]:
    """How many rows of each table this person can write over."""
    found = {}
    for table in await _granted(session, Lens.PERSON, "update"):
        column = next(name for name, of in schema.metadata.tables[table].columns.items() if of.identity is None and of.computed is None)
        async with session.begin_nested() as nested:
            await bind(session, Lens.PERSON, str(actor))
            found[table] = (await session.execute(text(f"update {table} set {column} = {column}"))).rowcount
            await nested.rollback()
    await as_owner(session)
    return {table: number for table, number in found.items() if number}


async def _added(session: AsyncSession, actor: UUID) -> list[str]:
    """The tables into which this person can write a row of somebody else once more."""
    found = []
    for table in await _granted(session, Lens.PERSON, "insert"):
        await as_owner(session)
        columns = schema.metadata.tables[table].columns
        row = (await session.execute(text(f"select * from {table} limit 1"))).mappings().one()
        written = {name: value for name, value in row.items() if columns[name].computed is None and columns[name].identity is None}
        try:
            async with session.begin_nested():
                await bind(session, Lens.PERSON, str(actor))
                await session.execute(insert(schema.metadata.tables[table]).values(written).inline())
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") == DENIED:
                continue
        found.append(table)
    await as_owner(session)
    return found


@pytest.mark.plants_writes
async def test_a_stranger_sees_and_writes_nothing(session: AsyncSession) -> None:
    """Neither a rep of another region nor somebody whose role reaches nothing."""
    await _fill(session)
    empty = [name for name in schema.metadata.tables if not await session.scalar(text(f"select exists (select from {name})"))]
    assert set(empty) <= SYSTEM_WRITES, "an empty table hides everything"
    rep = await make_person(session, "sales_rep", region=await make_region(session))
    clerk = await make_person(session, "hr")
    for stranger in (rep, clerk):
        for lens in PEOPLE:
            assert set(await _seen(session, lens, stranger.id)) <= COMMON, lens
        assert (await _changed(session, stranger.id)).keys() - EVERYBODY_WRITES == {"person"}
        assert (await _changed(session, stranger.id))["person"] == 1, "themselves"
        assert set(await _added(session, stranger.id)) == EVERYBODY_WRITES


@pytest.mark.plants_writes
async def test_who_sees_a_record_without_the_right_to_it_writes_nothing(session: AsyncSession) -> None:
    await _fill(session)
    clerk = await make_person(session, "hr")
    named = {"clerk": clerk.id, "holder": HOLDER}
    for statement in (
        "update lead set backup_owner_id = :clerk where owner_id = :holder",
        "update customer set backup_owner_id = :clerk where owner_id = :holder",
        "update saved_view set sharing = 'company' where owner_id = :holder",
    ):
        assert (await session.execute(text(statement), named)).rowcount >= 1
    seen = await _seen(session, Lens.PERSON, clerk.id)
    assert seen.keys() >= {"lead", "lead_assignment", "timeline_entry", "customer", "contact", "saved_view"}
    assert (await _changed(session, clerk.id)).keys() == EVERYBODY_WRITES - {"outbox"} | {"person"}
    assert set(await _added(session, clerk.id)) == EVERYBODY_WRITES
