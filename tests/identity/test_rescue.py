"""What the operator's command does, and what it refuses."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.db import Lens, bind, get_database, transaction
from backend.core.errors import Problem
from backend.core.outbox import Outbox
from backend.identity import rescue, tokens
from backend.identity.models import AuthSession, Credential, Person
from backend.identity.schemas import PersonCreate
from tests.conftest import NOW, Committed, SignIn, as_owner
from tests.factories import make_person
from tests.identity.conftest import PASSWORD, Desk, give_password

OPERATOR = "operator:root"
BODY = PersonCreate(login="lihua", name="李华", password="another good one")
PAST = datetime(2026, 1, 1, tzinfo=UTC)
EVIDENCE = text("select (select count(*) from audit_entry), (select count(*) from outbox), (select count(*) from person)")


async def refusal(session: AsyncSession, work: object) -> str:
    """The code of a refusal that left no trace."""
    before = (await session.execute(EVIDENCE)).one()
    await bind(session, Lens.SYSTEM, OPERATOR)
    with pytest.raises(Problem) as refused:
        await work  # type: ignore[misc]
    await as_owner(session)
    assert (await session.execute(EVIDENCE)).one() == before
    return refused.value.code


async def test_an_administrator_is_made_with_the_role_and_an_audit_entry_of_the_operator(session: AsyncSession) -> None:
    await bind(session, Lens.SYSTEM, OPERATOR)
    made = await rescue.create(session, BODY.model_copy(update={"roles": ["sales_rep"]}), "hash", NOW, NOW, is_further=False)
    assert (made.login, made.name, made.roles) == ("lihua", "李华", ["administrator"])
    await as_owner(session)
    actors = await session.scalars(text("select distinct actor from audit_entry where row_id = :id"), {"id": str(made.id)})
    assert actors.all() == [OPERATOR]
    told = (await session.scalars(select(Outbox).where(Outbox.kind == "person.changed"))).one()
    assert (told.subject_id, told.actor, told.payload["fields"]) == (made.id, OPERATOR, ["created"])


async def test_beside_an_administrator_a_further_one_must_be_asked_for(session: AsyncSession) -> None:
    await make_person(session, "administrator", login="zhoumin")
    assert await refusal(session, rescue.create(session, BODY, "hash", NOW, NOW, is_further=False)) == "administrator_exists"
    await bind(session, Lens.SYSTEM, OPERATOR)
    assert (await rescue.create(session, BODY, "hash", NOW, NOW, is_further=True)).login == "lihua"


async def test_a_login_that_exists_is_not_taken_over(session: AsyncSession) -> None:
    await make_person(session, "sales_rep", login="lihua")
    assert await refusal(session, rescue.create(session, BODY, "hash", NOW, NOW, is_further=False)) == "login_taken"


@pytest.mark.parametrize("fields", [{"is_active": False}, {"access_ends_at": PAST}])
async def test_who_has_left_neither_stands_in_the_way_nor_gets_a_password(session: AsyncSession, fields: dict[str, object]) -> None:
    await give_password(session, await make_person(session, "administrator", login="zhoumin", **fields))
    reset = rescue.reset_password(session, "zhoumin", "hash", NOW, NOW)
    assert await refusal(session, reset) == "no_such_access"
    await bind(session, Lens.SYSTEM, OPERATOR)
    assert (await rescue.create(session, BODY, "hash", NOW, NOW, is_further=False)).login == "lihua"


async def test_an_unknown_login_gets_no_password(session: AsyncSession) -> None:
    assert await refusal(session, rescue.reset_password(session, "nobody", "hash", NOW, NOW)) == "no_such_access"


async def test_a_new_password_opens_the_lock_and_ends_every_device(desk: Desk, session: AsyncSession, sign_in: SignIn) -> None:
    person = await make_person(session, "administrator", login="zhoumin")
    await give_password(session, person)
    phone = await sign_in(person)
    assert [(await desk.sign_in("zhoumin", "wrong")).status_code for _ in range(5)] == [401, 401, 401, 401, 429]
    await bind(session, Lens.SYSTEM, OPERATOR)
    await rescue.reset_password(session, "zhoumin", await tokens.hash_password("another good one"), NOW, desk.now)
    await as_owner(session)
    assert (await desk.client.get("/api/v1/me", headers=phone)).status_code == 401
    assert (await desk.sign_in("zhoumin", PASSWORD)).status_code == 401
    assert (await desk.sign_in("zhoumin", "another good one")).status_code == 200
    device = (await session.scalars(select(AuthSession).where(AuthSession.revoked_at.is_not(None)))).one()
    assert device.revoked_reason == "password_reset"
    entries = await session.execute(
        text("select table_name from audit_entry where actor = :who and action = 'update' order by 1"), {"who": OPERATOR}
    )
    assert [row.table_name for row in entries] == ["auth_session", "credential"]
    kinds = await session.scalars(select(Outbox.kind).where(Outbox.actor == OPERATOR).order_by(Outbox.id))
    assert kinds.all() == ["person.changed", "person.sessions_ended"]


async def _create(login: str) -> str:
    try:
        async with transaction(Lens.SYSTEM, OPERATOR) as session:
            await rescue.create(session, BODY.model_copy(update={"login": login}), "hash", NOW, NOW, is_further=False)
    except Problem as problem:
        return problem.code
    return "made"


async def test_of_two_commands_at_once_one_makes_the_administrator(committed: Committed) -> None:
    assert get_database()
    outcomes = await asyncio.gather(_create("lihua"), _create("zhoumin"))
    assert sorted(outcomes) == ["administrator_exists", "made"]
    async with committed.owner() as session:
        assert len((await session.scalars(select(Person))).all()) == 1
        assert len((await session.scalars(select(Credential))).all()) == 1
