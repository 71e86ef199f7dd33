"""The last administrator stays one, also where two unmake each other at the same moment."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.db import Lens, transaction
from backend.core.errors import Problem
from backend.identity import service
from backend.identity.deps import Actor
from backend.identity.models import Person, PersonRole
from backend.identity.queries import holders
from backend.identity.rules import PERMISSIONS
from backend.identity.schemas import PersonPatch
from tests.conftest import NOW, Committed, SignIn
from tests.factories import make_person

FIRST = {"If-Match": '"v1"'}
LATER = datetime(2099, 1, 1, tzinfo=UTC)
EVIDENCE = text("select (select count(*) from audit_entry), (select count(*) from outbox)")
CHANGES: dict[str, dict[str, Any]] = {
    "role": {"roles": ["engineer"]},
    "no role": {"roles": []},
    "end today": {"access_ends_at": "2026-03-10T02:00:00Z"},
    "end later": {"access_ends_at": LATER.isoformat()},
}


async def unmake(client: httpx.AsyncClient, headers: dict[str, str], person: Person, change: dict[str, Any]) -> httpx.Response:
    return await client.patch(f"/api/v1/people/{person.id}", json=change, headers=headers | FIRST)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_the_last_one_cannot_step_down(
    client: httpx.AsyncClient, session: AsyncSession, sign_in: SignIn, change: dict[str, Any]
) -> None:
    last = await make_person(session, "administrator")
    await make_person(session, "administrator", is_active=False)
    await make_person(session, "administrator", access_ends_at=LATER)
    headers = await sign_in(last)
    before = (await session.execute(EVIDENCE)).one()
    refused = await unmake(client, headers, last, change)
    assert (refused.status_code, refused.json()["code"]) == (409, "last_administrator")
    assert "make a colleague an administrator first" in refused.json()["detail"]
    assert (await session.execute(EVIDENCE)).one() == before
    kept = await session.get_one(Person, last.id, populate_existing=True)
    assert (kept.access_ends_at, kept.version) == (None, 1)
    assert (await client.get("/api/v1/me", headers=headers)).json()["roles"][0]["code"] == "administrator"


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_with_a_second_one_anybody_may_step_down(
    client: httpx.AsyncClient, session: AsyncSession, sign_in: SignIn, change: dict[str, Any]
) -> None:
    first = await make_person(session, "administrator")
    await make_person(session, "administrator")
    assert (await unmake(client, await sign_in(first), first, change)).status_code == 200


async def test_the_last_one_whose_access_lasts_is_not_deactivated_by_one_whose_does_not(
    client: httpx.AsyncClient, session: AsyncSession, sign_in: SignIn
) -> None:
    last = await make_person(session, "administrator")
    leaving = await sign_in(await make_person(session, "administrator", access_ends_at=LATER))
    before = (await session.execute(EVIDENCE)).one()
    refused = await client.post(f"/api/v1/people/{last.id}/deactivation", headers=leaving)
    assert (refused.status_code, refused.json()["code"]) == (409, "last_administrator")
    assert (await session.execute(EVIDENCE)).one() == before
    assert (await session.get_one(Person, last.id, populate_existing=True)).is_active


async def test_the_last_one_may_change_all_else_and_others_may_leave(
    client: httpx.AsyncClient, session: AsyncSession, sign_in: SignIn
) -> None:
    last, rep = await make_person(session, "administrator"), await make_person(session)
    headers = await sign_in(last)
    body = {"name": "周敏敏", "roles": ["administrator", "hr"], "access_ends_at": None}
    assert (await unmake(client, headers, last, body)).status_code == 200
    assert (await unmake(client, headers, rep, {"roles": [], "access_ends_at": LATER.isoformat()})).status_code == 200
    assert (await client.post(f"/api/v1/people/{rep.id}/deactivation", headers=headers)).status_code == 200


Unmaking = Callable[[AsyncSession, Actor, Person], Awaitable[object]]
REAL = datetime(2026, 3, 10, 2, tzinfo=UTC)


def demote(session: AsyncSession, actor: Actor, victim: Person) -> Awaitable[object]:
    return service.change_person(session, actor, victim.id, PersonPatch(roles=["engineer"]), 1, NOW, REAL)


def end(session: AsyncSession, actor: Actor, victim: Person) -> Awaitable[object]:
    return service.change_person(session, actor, victim.id, PersonPatch(access_ends_at=LATER), 1, NOW, REAL)


def deactivate(session: AsyncSession, actor: Actor, victim: Person) -> Awaitable[object]:
    return service.deactivate_person(session, actor, victim.id, NOW, REAL)


@pytest.mark.parametrize(
    ("first", "second"), [(demote, demote), (deactivate, deactivate), (demote, deactivate), (end, demote)], ids=lambda do: do.__name__
)
async def test_of_two_who_unmake_each_other_one_succeeds(committed: Committed, first: Unmaking, second: Unmaking) -> None:
    async with committed.owner() as session:
        people = [await make_person(session, "administrator") for _ in range(2)]
    both_have_begun = asyncio.Barrier(2)

    async def attempt(do: Unmaking, person: Person, victim: Person) -> str:
        actor = Actor(person.id, person.name, None, frozenset(), frozenset(), frozenset(PERMISSIONS))
        try:
            async with transaction(Lens.PERSON, str(person.id)) as session:
                await both_have_begun.wait()
                await do(session, actor, victim)
        except Problem as problem:
            return problem.code
        return "done"

    async with asyncio.timeout(30):
        outcomes = await asyncio.gather(attempt(first, people[0], people[1]), attempt(second, people[1], people[0]))
    assert sorted(outcomes) == ["done", "last_administrator"]
    async with committed.owner() as session:
        left = (await session.scalars(holders("administrator").where(Person.access_ends_at.is_(None)))).all()
        assert len(left) == 1
        assert len((await session.scalars(select(PersonRole).where(PersonRole.person_id == left[0].id, PersonRole.is_active))).all()) == 1
