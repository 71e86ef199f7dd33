"""The watch over the outbox sees what it must: each planted silence is found, each announced change is not."""

from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend import schema
from backend.core import outbox
from backend.core.db import Lens, bind, transaction
from backend.core.outbox import OutboxRow
from backend.identity.events import PersonChanged
from backend.identity.models import Person
from tests.announced import EXEMPT, Silence, silences
from tests.conftest import NOW, Committed, as_owner
from tests.factories import make_person
from tests.relaying import drain

pytestmark = pytest.mark.plants_writes
WHO = "system:planted"
FOUND = Silence("person", "update", ("name",), WHO)


async def by_attribute(session: AsyncSession, person: Person) -> None:
    (await session.get_one(Person, person.id)).name = "新名"
    await session.flush()


async def by_statement(session: AsyncSession, person: Person) -> None:
    await session.execute(update(Person).where(Person.id == person.id).values(name="新名"))


async def by_text(session: AsyncSession, person: Person) -> None:
    await session.execute(text("update person set name = '新名' where id = :id"), {"id": person.id})


async def in_a_savepoint(session: AsyncSession, person: Person) -> None:
    async with session.begin_nested():
        await by_text(session, person)


@pytest.mark.parametrize("write", [by_attribute, by_statement, by_text, in_a_savepoint])
@pytest.mark.parametrize("is_announced", [False, True])
async def test_a_silent_change_inside_a_test_is_found(session: AsyncSession, write: Any, *, is_announced: bool) -> None:
    person = await make_person(session)
    await outbox.add(session, PersonChanged(person.id, ["created"]), NOW)
    await bind(session, Lens.SYSTEM, WHO)
    await write(session, person)
    if is_announced:
        await outbox.add(session, PersonChanged(person.id, ["name"]), NOW)
    await as_owner(session)
    assert await silences(session) == ([] if is_announced else [FOUND])


@pytest.mark.parametrize("is_announced", [False, True])
async def test_a_silent_transaction_is_found(committed: Committed, *, is_announced: bool) -> None:
    async with committed.owner() as owner:
        person = await make_person(owner)
    async with transaction(Lens.SYSTEM, WHO) as other:
        await outbox.add(other, PersonChanged(person.id, ["something before"]), NOW)
    async with transaction(Lens.SYSTEM, WHO) as session:
        await by_statement(session, person)
        if is_announced:
            await outbox.add(session, PersonChanged(person.id, ["name"]), NOW)
    async with committed.owner() as owner:
        assert await silences(owner) == ([] if is_announced else [FOUND])


async def test_each_event_of_the_relay_answers_for_itself(session: AsyncSession, monkeypatch: pytest.MonkeyPatch) -> None:
    """The event that is handled is no announcement of what its handler does, nor is the one before."""
    person = await make_person(session)

    async def quiet(opened: AsyncSession, event: OutboxRow, now: Any) -> None:
        await by_statement(opened, person)

    async def loud(opened: AsyncSession, event: OutboxRow, now: Any) -> None:
        await outbox.add(opened, PersonChanged(person.id, []), NOW)

    monkeypatch.setattr(outbox, "HANDLERS", {"person.changed": {"loud": loud}})
    monkeypatch.setattr("backend.core.relay.HANDLERS", outbox.HANDLERS)
    await outbox.add(session, PersonChanged(person.id, []), NOW)
    await bind(session, Lens.SYSTEM, WHO)
    assert await silences_after(session, limit=1) == []
    outbox.HANDLERS["person.changed"] = {"quiet": quiet}
    assert await silences_after(session, limit=1) == [FOUND]


async def silences_after(session: AsyncSession, *, limit: int) -> list[Silence]:
    await bind(session, Lens.SYSTEM, WHO)
    with pytest.raises(RuntimeError):
        await drain(session, NOW, limit=limit)
    await as_owner(session)
    return await silences(session)


async def test_an_exemption_holds_for_its_columns_only(session: AsyncSession) -> None:
    person = await make_person(session)
    for column in ("locale", "name"):
        await bind(session, Lens.SYSTEM, WHO)
        await session.execute(text(f"update person set {column} = 'en'"))
        await as_owner(session)
    assert await silences(session) == [FOUND]
    assert person.locale == "zh-CN"


def test_exemptions_are_of_audited_tables_and_say_why() -> None:
    audited = {table.table for table in schema.TABLES if table.audited}
    assert {table for table, _ in EXEMPT} <= audited
    assert all(exemption.because for exemption in EXEMPT.values())
