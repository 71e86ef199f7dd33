"""Statements past SQLAlchemy: in the session's transaction, with errors that everybody knows."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from backend.core.db import Database
from backend.core.hot import Hot
from backend.identity.models import Region
from tests.conftest import Committed
from tests.simulators.late import late_way

ADD = Hot("insert into region (id, name, code, sort_key, version) values (:id, :name, :name, :name, 1) returning id, name")


async def test_names_become_numbers_and_casts_stay() -> None:
    assert Hot("select :a::int, cast(:b as text), :a, '12:30'").sql == "select $1::int, cast($2 as text), $1, '12:30'"


async def test_rows_have_attributes_and_json_is_decoded(session: AsyncSession) -> None:
    row = await Hot("select cast(:given as jsonb) as body, :number + 1 as next").row(session, given='{"a": [1]}', number=1)
    assert (row.body, row.next) == ({"a": [1]}, 2)
    assert await Hot("select 1 as one where false").row(session) is None


async def test_a_query_built_once_keeps_its_constants(session: AsyncSession) -> None:
    session.add(Region(name="华东", code="E", sort_key="1"))
    await session.flush()
    query = Hot.of(select(Region.name).where(Region.code == bindparam("code"), Region.sort_key == "1"))
    assert (await query.row(session, code="E")).name == "华东"
    assert await query.row(session, code="W") is None


async def test_it_is_part_of_the_transaction_even_as_its_first_statement(committed: Committed) -> None:
    with pytest.raises(LookupError):
        async with committed.owner() as session:
            assert (await ADD.row(session, id=uuid4(), name="a")).name == "a"
            raise LookupError
    async with committed.owner() as session:
        assert (await session.scalars(select(Region))).all() == []


async def test_a_failure_is_the_error_that_handlers_of_errors_know(session: AsyncSession) -> None:
    await ADD.row(session, id=uuid4(), name="a")
    with pytest.raises(DBAPIError) as caught:
        async with session.begin_nested():
            await ADD.row(session, id=uuid4(), name="a")
    assert caught.value.orig.sqlstate == "23505"
    assert not caught.value.connection_invalidated


async def test_a_cut_connection_is_told_apart(committed: Committed) -> None:
    with pytest.raises(DBAPIError) as caught:
        async with committed.owner() as session:
            own = (await Hot("select pg_backend_pid() as pid").row(session)).pid
            async with committed.owner() as other:
                await other.execute(text("select pg_terminate_backend(:pid)"), {"pid": own})
            await Hot("select 1").rows(session)
    assert caught.value.connection_invalidated


async def test_a_connection_that_is_dead_and_does_not_know_it_is_told_apart_too(committed: Committed) -> None:
    """The server's last words have arrived, the end of the connection has not: the driver then fails with an error of its own kind."""
    address = committed.engine.url
    async with late_way(str(address.host), int(address.port or 0)) as way:
        engine = create_async_engine(address.set(port=way.port))
        with pytest.raises(DBAPIError) as caught:
            async with Database(engine).session() as session:
                own = (await Hot("select pg_backend_pid() as pid").row(session)).pid
                async with committed.owner() as other:
                    await other.execute(text("select pg_terminate_backend(:pid)"), {"pid": own})
                await asyncio.wait_for(way.ended.wait(), 10)
                await Hot("select 1").rows(session)
        assert isinstance(caught.value.orig, asyncpg.InternalClientError)
        assert caught.value.connection_invalidated
        async with Database(engine).session() as session:
            assert (await Hot("select 1 as one").row(session)).one == 1
        await engine.dispose()
