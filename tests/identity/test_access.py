"""An end of access ends everything that is open, when it is set or when it comes."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.outbox import Outbox
from backend.identity import queries, rules
from backend.identity.jobs import end_ended_access
from backend.identity.models import AuthSession, Person
from backend.identity.tokens import read_access_token
from tests.conftest import NOW, SignIn
from tests.factories import make_person
from tests.identity.conftest import Desk, bearer, give_password

FIRST = {"If-Match": '"v1"'}


@pytest.fixture
async def admin(session: AsyncSession, sign_in: SignIn) -> dict[str, str]:
    return await sign_in(await make_person(session, "administrator"))


async def ended_sessions(session: AsyncSession) -> list[tuple[str, int]]:
    """Whose sessions were said to have ended, and how many."""
    told = await session.scalars(select(Outbox).where(Outbox.kind == "person.sessions_ended").order_by(Outbox.id))
    return [(str(row.subject_id), len(row.payload["session_ids"])) for row in told]


@pytest.mark.parametrize("ago", [timedelta(), timedelta(days=3)])
async def test_an_end_set_to_now_or_the_past_signs_the_person_out_at_once(
    desk: Desk, session: AsyncSession, admin: dict[str, str], sign_in: SignIn, ago: timedelta
) -> None:
    person, bystander = await make_person(session, login="wangfang"), await make_person(session)
    await give_password(session, person)
    signed, other = await desk.sign_in("wangfang"), await sign_in(bystander)
    answer = await desk.client.patch(
        f"/api/v1/people/{person.id}", json={"access_ends_at": (desk.now - ago).isoformat()}, headers=admin | FIRST
    )
    assert (answer.status_code, answer.json()["is_active"]) == (200, True), answer.text
    assert (await desk.refresh()).status_code == 401
    assert (await desk.client.get("/api/v1/me", headers=bearer(signed))).status_code == 401
    assert (await desk.client.get("/api/v1/me", headers=other)).status_code == 200
    assert await ended_sessions(session) == [(str(person.id), 1)]
    device = (await session.scalars(select(AuthSession).where(AuthSession.person_id == person.id))).one()
    assert device.revoked_reason == "access_ended"
    actors = await session.scalars(text("select actor from audit_entry where table_name = 'auth_session' and action = 'update'"))
    assert [actor for actor in actors if actor == str(person.id)] == [], "the administrator did it, not the person"


async def test_an_end_in_the_future_leaves_the_person_signed_in_until_it_comes(
    desk: Desk, session: AsyncSession, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await make_person(session, login="wangfang")
    await give_password(session, person)
    signed = await desk.sign_in("wangfang")
    end = desk.now + timedelta(hours=1)
    body = {"access_ends_at": end.isoformat()}
    assert (await desk.client.patch(f"/api/v1/people/{person.id}", json=body, headers=admin | FIRST)).status_code == 200
    monkeypatch.setattr("backend.identity.jobs.real_now", lambda: desk.now)
    desk.wait(minutes=59)
    assert await end_ended_access({}) == 0
    assert (await desk.client.get("/api/v1/me", headers=bearer(signed))).status_code == 200
    assert await ended_sessions(session) == []
    desk.wait(minutes=1)
    assert await end_ended_access({}) == 1
    assert await ended_sessions(session) == [(str(person.id), 1)]
    assert (await desk.refresh()).status_code == 401
    assert await end_ended_access({}) == 0, "once is enough"
    assert len(await ended_sessions(session)) == 1


async def test_a_token_does_not_outlive_the_access(desk: Desk, session: AsyncSession) -> None:
    end = desk.now.replace(microsecond=0) + timedelta(minutes=4)
    await give_password(session, await make_person(session, login="wangfang", access_ends_at=end))
    signed = await desk.sign_in("wangfang")
    assert datetime.fromtimestamp(read_access_token(signed.json()["access_token"]).expires_at, UTC) == end
    assert 238 <= signed.json()["expires_in"] <= 240
    desk.wait(minutes=3)
    again = await desk.refresh()
    assert datetime.fromtimestamp(read_access_token(again.json()["access_token"]).expires_at, UTC) == end
    assert 58 <= again.json()["expires_in"] <= 60
    desk.wait(minutes=1)
    assert (await desk.refresh()).status_code == 401


async def test_the_sweep_goes_on_past_its_batch(session: AsyncSession, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.identity.sign_in.MOST_AT_ONCE", 2)
    past = datetime(2026, 1, 1, tzinfo=UTC)
    for fields in ({"access_ends_at": past}, {"access_ends_at": past}, {"is_active": False}, {}):
        await sign_in(await make_person(session, **fields))
    assert await end_ended_access({}) == 3
    assert len(await ended_sessions(session)) == 3


@pytest.mark.parametrize("is_active", [True, False])
@pytest.mark.parametrize("end", [None, NOW - timedelta(seconds=1), NOW, NOW + timedelta(seconds=1)])
async def test_the_rule_and_its_sql_agree(session: AsyncSession, is_active: bool, end: datetime | None) -> None:
    person = await make_person(session, is_active=is_active, access_ends_at=end)
    found = await session.scalar(select(Person.id).where(Person.id == person.id, queries.has_access(Person, NOW)))
    assert (found is not None) == rules.has_access(is_active, end, NOW)


async def test_an_edit_of_something_else_signs_nobody_out(
    client: httpx.AsyncClient, session: AsyncSession, admin: dict[str, str], sign_in: SignIn
) -> None:
    person = await make_person(session, access_ends_at=datetime.now(UTC) + timedelta(days=1))
    device = await sign_in(person)
    assert (await client.patch(f"/api/v1/people/{person.id}", json={"name": "改名"}, headers=admin | FIRST)).status_code == 200
    assert (await client.get("/api/v1/me", headers=device)).status_code == 200
    assert await ended_sessions(session) == []
