import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.db import Database, make_engine, use_database
from backend.core.idempotency import IdempotencyKey
from backend.core.outbox import Outbox
from backend.identity import regions
from backend.identity.models import Region
from tests.conftest import Committed, SignIn, device_headers
from tests.factories import make_person

BODY = {"name": "华东", "code": "HD"}
REGIONS = "/api/v1/regions"


@pytest.fixture
async def admin(session: AsyncSession, sign_in: SignIn) -> dict[str, str]:
    return await sign_in(await make_person(session, "administrator"))


async def test_the_same_key_and_body_get_the_first_answer(client: httpx.AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    first = await client.post(REGIONS, json=BODY, headers=admin | {"Idempotency-Key": "k1"})
    again = await client.post(REGIONS, json=BODY, headers=admin | {"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert first.json() == again.json()
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert len((await session.scalars(select(Region))).all()) == 1
    assert len((await session.scalars(select(Outbox))).all()) == 1


async def test_another_body_under_the_same_key_is_refused(client: httpx.AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    await client.post(REGIONS, json=BODY, headers=admin | {"Idempotency-Key": "k1"})
    other = await client.post(REGIONS, json={"name": "华南", "code": "HN"}, headers=admin | {"Idempotency-Key": "k1"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len((await session.scalars(select(Region))).all()) == 1


async def test_keys_belong_to_a_person_and_a_route(
    client: httpx.AsyncClient, session: AsyncSession, admin: dict[str, str], sign_in: SignIn
) -> None:
    second = await make_person(session, "administrator")
    await client.post(REGIONS, json=BODY, headers=admin | {"Idempotency-Key": "k1"})
    theirs = await client.post(REGIONS, json={"name": "华南", "code": "HN"}, headers=await sign_in(second) | {"Idempotency-Key": "k1"})
    assert theirs.status_code == 201
    leave = {"starts_at": "2026-03-09T09:00:00Z", "ends_at": "2026-03-12T18:00:00Z", "kind": "annual"}
    other_route = await client.post(f"/api/v1/people/{second.id}/leaves", json=leave, headers=admin | {"Idempotency-Key": "k1"})
    assert other_route.status_code == 201


async def test_a_refused_request_keeps_its_key_free(client: httpx.AsyncClient, session: AsyncSession, admin: dict[str, str]) -> None:
    key = admin | {"Idempotency-Key": "k1"}
    assert (await client.post(REGIONS, json=BODY | {"code": "a b"}, headers=key)).status_code == 422
    assert (await client.post(REGIONS, json=BODY | {"parent_id": "0190a4f2-0000-4000-8000-000000000000"}, headers=key)).status_code == 422
    assert not (await session.scalars(select(IdempotencyKey))).all()
    assert (await client.post(REGIONS, json=BODY, headers=key)).status_code == 201


async def test_without_a_key_every_request_counts(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    assert (await client.post(REGIONS, json=BODY, headers=admin)).status_code == 201
    assert (await client.post(REGIONS, json=BODY, headers=admin)).status_code == 422
    too_long = await client.post(REGIONS, json=BODY, headers=admin | {"Idempotency-Key": "k" * 256})
    assert too_long.status_code == 422


@pytest.fixture
async def real_client(committed: Committed, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """The application on its own login with real commits."""
    engine = make_engine()
    use_database(Database(engine))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as opened:
        yield opened
    await engine.dispose()


async def test_two_at_once_do_the_work_once(real_client: httpx.AsyncClient, committed: Committed, monkeypatch: pytest.MonkeyPatch) -> None:
    async with committed.owner() as session:
        headers = await device_headers(session, (await make_person(session, "administrator")).id)
    inside, go_on = asyncio.Event(), asyncio.Event()
    create = regions.create_region

    async def slow(*arguments: object) -> object:
        inside.set()
        await go_on.wait()
        return await create(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(regions, "create_region", slow)
    key = headers | {"Idempotency-Key": "k1"}
    first = asyncio.create_task(real_client.post(REGIONS, json=BODY, headers=key))
    await asyncio.wait_for(inside.wait(), 10)
    second = await real_client.post(REGIONS, json=BODY, headers=key)
    assert (second.status_code, second.json()["code"]) == (409, "request_in_progress")
    go_on.set()
    assert (await first).status_code == 201
    third = await real_client.post(REGIONS, json=BODY, headers=key)
    assert (third.status_code, third.json()) == (201, (await first).json())
    async with committed.owner() as session:
        assert len((await session.scalars(select(Region))).all()) == 1
